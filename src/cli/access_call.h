/* SPDX-License-Identifier: ISC */
/*
 * access_call - what was asked of 'knockwatch access', for its three subcommands.
 */
#ifndef KW_CLI_ACCESS_CALL_H
#define KW_CLI_ACCESS_CALL_H

#include "base/stop_code.h"

#include <stdbool.h>

struct access_call {
	bool json, all, fix, dry_run;
	const char *tables; /* directory of hosts.allow and hosts.deny; null: /etc */
	const char *root;   /* the host to look at; "": this one */
	const char *server; /* address of ours; null: unknown */
	const char
		*user; /* whom the client's ident service names; null: part of the client's word */
	const char *name; /* the client's name, instead of asking; null: ask */
	int port;         /* of ours; -1: unknown */
	char **words;     /* operands behind the subcommand */
	int word_count;
};

/* PATH of a table: in the directory of --tables, or in /etc, below --root. False if it does not fit. */
bool access_call_table(const struct access_call *c, const char *name, char *path, unsigned size);

enum stop_code access_check_run(const struct access_call *c);   /* access_check.c */
enum stop_code access_trial_run(const struct access_call *c);   /* access_trial.c */
enum stop_code access_compile_run(const struct access_call *c); /* access_compile.c */

#endif
