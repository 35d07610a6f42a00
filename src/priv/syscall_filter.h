/* SPDX-License-Identifier: ISC */
/*
 * syscall_filter - which system calls each process of a watch may still make (seccomp).
 *
 * The tables stand in syscall_filter.c: what every role needs, and what each has beside it. What is neither allowed nor listed as
 * hostile fails with EPERM, so that a library that tries something new goes on without it; what
 * only an intruder would do (run a program, open an Internet socket, load a module, trace, mount)
 * ends the process at once with SIGSYS. Cannot be undone.
 */
#ifndef KW_PRIV_SYSCALL_FILTER_H
#define KW_PRIV_SYSCALL_FILTER_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum syscall_role {
	SYSCALL_ROLE_SENSOR,  /* hears: sockets that are open */
	SYSCALL_ROLE_COURIER, /* sends: connections to the outside, what is open */
	SYSCALL_ROLE_ENGINE,  /* keeps: files; its sensor may be waited for */
	SYSCALL_ROLES
};

/* Without `opens_files` no file can be opened or looked at by name. Adds one sentence on what was done to
 * `report`. False with a message in `error`, and then nothing is enforced. */
bool syscall_filter_enter(enum syscall_role role, bool opens_files, struct text_buffer *report,
	char *error, size_t error_size);

#endif
