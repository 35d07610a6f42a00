/* SPDX-License-Identifier: ISC */
/*
 * systemd_unit - a service of systemd as its files tell it: which programs it starts, and which LD_LIBRARY_PATH they get.
 *
 * A unit is the first file of its name in the directories below, and the drop-ins in NAME.d of all of them, in the order of
 * their file names; one that has the name of one in an earlier directory is masked. Read are ExecStart, Environment,
 * EnvironmentFile, UnsetEnvironment and RootDirectory of [Service]. Not read: drop-ins for all services, or for a part of the name.
 * Specifiers (%i) stay as they are written.
 *
 *   /etc/systemd/system  /run/systemd/system  /usr/local/lib/systemd/system  /usr/lib/systemd/system  /lib/systemd/system
 *
 * Tests: tests/unit/cli/test_systemd_unit.c   Fuzzed: fuzz/cli/fuzz_systemd_unit.c
 */
#ifndef KW_CLI_SYSTEMD_UNIT_H
#define KW_CLI_SYSTEMD_UNIT_H

#include "base/text_slice.h"

#include <limits.h>
#include <stdbool.h>

/* Our own drop-in: what it sets is told apart from the rest. */
#define SYSTEMD_UNIT_DROP_IN "50-knockwatch-libwrap.conf"

enum {
	SYSTEMD_UNIT_EXECS = 4, /* ExecStart lines of a unit that are kept */
	SYSTEMD_UNIT_NAME = 256,
	SYSTEMD_UNIT_TEXT = 4096, /* of a value that are kept */
};

struct systemd_unit_exec {
	char value[SYSTEMD_UNIT_TEXT]; /* as it is written, with its prefix */
	char program[PATH_MAX]; /* its first word, without prefix: a path, or a name to look for */
	char called[PATH_MAX];  /* with '@' the name it is called by, the word behind; "" without */
	char second[PATH_MAX];  /* the next word; "" where there is none */
	char rest[SYSTEMD_UNIT_TEXT]; /* all that follows the first word, with its blanks; "" */
	char prefix[8];               /* "-", "@-", ... */
	char file[PATH_MAX];          /* that has the line */
	unsigned line;
	bool ours; /* of our drop-in */
};

struct systemd_unit {
	char name[SYSTEMD_UNIT_NAME]; /* "ssh.service" */
	char file[PATH_MAX];          /* its main file, with `root` */
	bool has_ours;                /* our drop-in is there */
	bool cut; /* a value was too long, or there are more ExecStart: what is told is not all */
	struct systemd_unit_exec execs[SYSTEMD_UNIT_EXECS];
	unsigned exec_count;
	struct systemd_unit_exec
		before[SYSTEMD_UNIT_EXECS]; /* the same where our drop-in comes in, without it */
	unsigned before_count;
	bool has_path;                /* LD_LIBRARY_PATH is set */
	char path[SYSTEMD_UNIT_TEXT]; /* to this */
	bool has_path_before;         /* by what comes before our drop-in */
	char path_before[SYSTEMD_UNIT_TEXT];
	/* Files that undo what our drop-in sets; "" where there is none. */
	char path_after[PATH_MAX];     /* sets or clears it again */
	char exec_after[PATH_MAX];     /* starts other programs, or the same otherwise */
	char path_unset[PATH_MAX];     /* UnsetEnvironment names it */
	char path_file[PATH_MAX];      /* an EnvironmentFile that sets it */
	char root_directory[PATH_MAX]; /* RootDirectory; "" */
};

/* Where the program is a tcpd: the daemon behind it, by its path or name; "" where none is named. */
const char *systemd_unit_served(const struct systemd_unit_exec *e);

/*
 * Tells every service unit below `root` ("": this host) once; masked ones and other names of a unit are left out. The unit is gone
 * after the call. `take` returns false to end it.
 */
typedef bool systemd_unit_fn(void *context, const struct systemd_unit *u);
void systemd_unit_each(const char *root, systemd_unit_fn *take, void *context);

/* Takes in one file's text, for tests; `ours` and `after` say where it stands to our drop-in. `u` was zeroed, or read before. */
void systemd_unit_take(struct systemd_unit *u, const char *root, const char *file,
	struct text_slice text, bool ours, bool after);

#endif
