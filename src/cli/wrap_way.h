/* SPDX-License-Identifier: ISC */
/*
 * wrap_way - the ways in which programs of this host come to ask hosts.allow and hosts.deny, and by whose code.
 *
 * A way is a line that starts a program: ExecStart of a unit of systemd, a line of inetd.conf, a service of xinetd. The program asks by
 * itself (it is linked with libwrap.so.0), or a tcpd that is started in its place asks before it, or nobody does. Which file
 * would be used now is told: the library that the loader would find, or the tcpd that is named.
 *
 * Only files are read, below a root where one is given.
 */
#ifndef KW_CLI_WRAP_WAY_H
#define KW_CLI_WRAP_WAY_H

#include "cli/systemd_unit.h"

#include <limits.h>
#include <stdbool.h>

#define WRAP_LIBRARY "libwrap.so.0"

enum wrap_way_kind {
	WRAP_BY_UNIT,
	WRAP_BY_INETD,
	WRAP_BY_XINETD,
	WRAP_BY_NOBODY, /* a program that was named, and that none of them starts */
};

enum wrap_way_how {
	WRAP_LINKED,
	WRAP_TCPD,
	WRAP_NOT,     /* it asks nobody */
	WRAP_UNKNOWN, /* no program that can be read: a script, not there */
};

/* Where ours is, as programs of the host see it. */
struct wrap_place {
	const char *root;      /* "" or the directory below which the host is */
	const char *directory; /* of our libwrap.so.0 */
	const char *tcpd;
};

struct wrap_way {
	enum wrap_way_kind kind;
	enum wrap_way_how how;
	char name[SYSTEMD_UNIT_NAME]; /* "ssh.service", "finger"; "" by nobody */
	char file[PATH_MAX];          /* that has the line; "" by nobody */
	unsigned line;
	char program[PATH_MAX]; /* that serves, without root */
	char uses[PATH_MAX];    /* the library, or the tcpd; "" where there is none */
	bool ours;              /* that is ours */
	bool by_old_path;       /* the library is found by a run path that nothing comes before */
	unsigned word_bits, machine; /* of a linked program (elf_needs.h) */
	struct systemd_unit *unit;   /* owned; of a unit whose program asks; else null */
};

struct wrap_ways {
	const struct wrap_place *place; /* borrowed */
	struct wrap_way *items;         /* owned */
	unsigned count;
};

/* Finds all of the host. Clear it afterwards. */
void wrap_ways_read(struct wrap_ways *w, const struct wrap_place *place);
/* Adds a program by its path, or by its name in the usual directories; false if there is none. */
bool wrap_ways_add_program(struct wrap_ways *w, const char *word);
/* Adds the units that are gone and have left our drop-in in /etc/systemd/system. */
void wrap_ways_add_left_overs(struct wrap_ways *w);
void wrap_ways_clear(struct wrap_ways *w);

/* True if this is what the word means: the unit or service, with or without ".service", or the program by path or name. */
bool wrap_way_is_meant(
	const struct wrap_place *place, const struct wrap_way *way, const char *word);

/* True if both are the same file below the root. */
bool wrap_way_same_file(const struct wrap_place *place, const char *a, const char *b);

#endif
