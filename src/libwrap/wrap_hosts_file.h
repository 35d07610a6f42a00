/* SPDX-License-Identifier: ISC */
/*
 * wrap_hosts_file - names and addresses in a file of the form of hosts(5): address, name, other names.
 *
 * Read anew at each question, for it belongs to the admin and is short; a line counts as far as its first 2000 bytes.
 * A file that cannot be read is empty.
 *
 * Tests: tests/unit/libwrap/test_wrap_hosts_file.c
 */
#ifndef KW_LIBWRAP_WRAP_HOSTS_FILE_H
#define KW_LIBWRAP_WRAP_HOSTS_FILE_H

#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>

/* The first name in the first line of this address; false without one, or where it does not fit into `size`. */
bool wrap_hosts_file_name_of(const char *path, const struct addr *a, char *name, size_t size);

enum wrap_hosts_file_answer {
	WRAP_HOSTS_FILE_NOBODY, /* nobody has this name */
	WRAP_HOSTS_FILE_HAS,    /* a line of this address has it, and it is the first name of the first line that has it */
	WRAP_HOSTS_FILE_OTHER,  /* only others have it, or it is another name of somebody */
};

/* Has the name this address? Letters in any case. */
enum wrap_hosts_file_answer wrap_hosts_file_has(const char *path, const char *name, const struct addr *a);

#endif
