/* SPDX-License-Identifier: ISC */
/*
 * file_sandbox - which paths the process may still open (Landlock), whatever its user may.
 *
 * Everything opened before stays open. Needs no privilege, cannot be undone, and is inherited.
 * Newer kernels refuse more (truncation, TCP, devices, signals to others): each is used where it is
 * there. Source of fact: landlock(7), Documentation/userspace-api/landlock.
 */
#ifndef KW_PRIV_FILE_SANDBOX_H
#define KW_PRIV_FILE_SANDBOX_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum file_sandbox_access {
	FILE_SANDBOX_READ,  /* files, and lists of directories, at and below the path */
	FILE_SANDBOX_WRITE, /* also create, change, rename and remove files and directories */
};

struct file_sandbox_path {
	const char
		*path; /* one that does not exist is left out, and nothing is opened by it later */
	enum file_sandbox_access access;
};

enum file_sandbox_result {
	FILE_SANDBOX_ON,
	FILE_SANDBOX_ABSENT, /* this kernel has no Landlock: nothing was done; said in `report` */
	FILE_SANDBOX_FAILED, /* with a message in `error` */
};

/* `ports`: of TCP, that may be connected to (kernels that know how refuse all others, and to listen). Adds one sentence on
 * what was done to `report`. */
enum file_sandbox_result file_sandbox_enter(const struct file_sandbox_path *paths, size_t count,
	const uint16_t *ports, size_t port_count, struct text_buffer *report, char *error,
	size_t error_size);

#endif
