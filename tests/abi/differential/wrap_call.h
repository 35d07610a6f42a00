/* SPDX-License-Identifier: ISC */
/*
 * wrap_call - calls the library as a program does, and keeps what it logs.
 *
 * Needs a process that may be lost: see library_runner.
 */
#ifndef KW_ABI_WRAP_CALL_H
#define KW_ABI_WRAP_CALL_H

#include "access_case.h"
#include "library_runner.h"

#include <stdbool.h>

struct host_info;
struct request_info;

struct wrap_library {
	struct request_info *(*request_init)(struct request_info *, ...);
	struct request_info *(*request_set)(struct request_info *, ...);
	int (*hosts_access)(struct request_info *);
	int (*hosts_ctl)(char *, char *, char *, char *);
	void (*sock_hostname)(struct host_info *);
	void (*sock_hostaddr)(struct host_info *);
	char **hosts_allow_table, **hosts_deny_table;
	int *hosts_access_verbose, *resident;
};

/* False with a word on stderr. */
bool wrap_call_load(struct wrap_library *l, const char *path);

/* All rounds of the case; writes `out` as it goes, so that it tells how far it came. */
void wrap_call_case(const struct wrap_library *l, const struct access_case *c, int client, struct outcome *out);

#endif
