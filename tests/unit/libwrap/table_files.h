/* SPDX-License-Identifier: ISC */
/*
 * table_files - hosts.allow and hosts.deny of a test, in a folder of its own that is the current one, and a /run of its own.
 */
#ifndef KW_TESTS_TABLE_FILES_H
#define KW_TESTS_TABLE_FILES_H

#include "libwrap/libwrap_abi.h"
#include "own_counts.h"
#include "table_check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char table_files_folder[] = "/tmp/kw-tables-XXXXXX", table_files_allow[64], table_files_deny[64];

static inline void table_files_write(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static inline void table_files_set(const char *allow, const char *deny)
{
	table_files_write("hosts.allow", allow);
	table_files_write("hosts.deny", deny);
}

static inline int table_files_begin(void **state)
{
	own_counts_begin(state);
	if (!mkdtemp(table_files_folder))
		return -1;
	/* Whole paths, for commands are counted by their table: what an earlier run did is no matter of this one. */
	snprintf(table_files_allow, sizeof table_files_allow, "%s/hosts.allow", table_files_folder);
	snprintf(table_files_deny, sizeof table_files_deny, "%s/hosts.deny", table_files_folder);
	hosts_allow_table = table_files_allow;
	hosts_deny_table = table_files_deny;
	return chdir(table_files_folder);
}

static inline int table_files_end(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", table_files_folder);
	return system(command); // NOLINT: a test
}

/* The first bytes of a file; empty without one. */
static inline const char *table_files_read(const char *name, char text[400])
{
	FILE *f = fopen(name, "r");
	size_t got = f ? fread(text, 1, 399, f) : 0;
	if (f)
		fclose(f);
	text[got] = '\0';
	return text;
}

#endif
