/* SPDX-License-Identifier: ISC */
/*
 * access_call - what was asked of 'knockwatch access', for its subcommands.
 */
#ifndef KW_CLI_ACCESS_CALL_H
#define KW_CLI_ACCESS_CALL_H

#include "base/stop_code.h"

#include <stdbool.h>

struct access_call {
	char **words; /* operands behind the subcommand; first, so that no option has offset 0 */
	int word_count;
	bool json, all, fix, dry_run;
	bool no_dns;         /* test: as if no name server answered */
	bool renew;          /* compile: only an index that is there, and that nobody would use */
	bool allow;          /* add: let in, not keep out */
	bool force;          /* add: whoever it is */
	const char *span;    /* add: for how long; null: until it is removed */
	const char *why;     /* add; null: nothing said */
	const char *service; /* add, remove, log: a daemon; null: all */
	const char *set;     /* the file of entries; null: ACCESS_SET_PATH */
	const char *tables;  /* directory of hosts.allow and hosts.deny; null: /etc */
	const char *root;    /* the host to look at; "": this one */
	const char *server;  /* address of ours; null: unknown */
	const char
		*user; /* whom the client's ident service names; null: part of the client's word */
	const char *name; /* the client's name, instead of asking; null: ask */
	int port;         /* of ours; -1: unknown */
	bool rules;       /* check: every rule, and what it decides */
	/* under a name that others know */
	const char *classic;    /* that name: the words and exit codes of the original; null: our own */
	const char *inetd_conf; /* instead of /etc/inetd.conf; null: that */
	bool implicit;          /* check: rules that grant without saying "allow" */
	/* of the log */
	const char *since, *until; /* as they were typed; null: no bound */
	const char *source;        /* an address, a prefix, a name; null: any */
	const char *state;         /* whose journal; null: as configured */
	bool denied, utc;
};

/* PATH of a table: in the directory of --tables, or in /etc, below --root. False if it does not fit. */
bool access_call_table(const struct access_call *c, const char *name, char *path, unsigned size);

/* False, with a message that begins with `who`, where the directory of --tables or --root is not there. */
bool access_call_has_directories(const struct access_call *c, const char *who);

/* How a command ends that could not read or write a file it was told of, by errno: what is not there, or is no plain
 * file, is a fault of the call's words. */
enum stop_code access_call_code_of(int fault);

enum stop_code access_check_run(const struct access_call *c);   /* access_check.c */
enum stop_code access_trial_run(const struct access_call *c);   /* access_trial.c */
enum stop_code access_compile_run(const struct access_call *c); /* access_compile.c */
enum stop_code access_add_run(const struct access_call *c);     /* access_entry.c */
enum stop_code access_remove_run(const struct access_call *c);
enum stop_code access_list_run(const struct access_call *c);
enum stop_code access_export_run(const struct access_call *c); /* access_export.c */

#endif
