/* SPDX-License-Identifier: ISC */
/*
 * doctor_row - one question that `knockwatch doctor` asks of this host, and its answer.
 *
 * A topic is a file doctor_TOPIC.c with a table of rows, named in doctor_list.c. A row's function looks,
 * changes nothing, and always says one sentence; where it says that something is weak, it also gives the
 * lines that mend it, to paste as root. What it may not look at is `unknown`, and the sentence says which right
 * would be needed.
 */
#ifndef KW_CLI_DOCTOR_ROW_H
#define KW_CLI_DOCTOR_ROW_H

#include "base/clock.h"
#include "detect/settings.h"

#include <stdbool.h>

enum doctor_grade {
	DOCTOR_GOOD,
	DOCTOR_WEAK,    /* to be mended: the command ends with 1 */
	DOCTOR_NOTE,    /* a fact to know; nothing is wrong with it */
	DOCTOR_UNKNOWN, /* cannot be told, from here or by this user */
	DOCTOR_GRADES
};

/* What the rows may look at. */
struct doctor_host {
	const char *proc_sys;            /* "/proc/sys", or a test's directory */
	const char *proc_net;            /* "/proc/net", likewise */
	const struct settings *settings; /* the configuration, or the defaults if it is broken */
	bool settings_good;              /* false = it has faults, which were not said */
	const char *settings_path;       /* the file that was read; null = there is none */
	const char *state;               /* the state directory that counts */
	bool is_root;                    /* effective user */
};

#define DOCTOR_WORDS 512 /* bytes of the sentence; a longer one is cut */
#define DOCTOR_LINES                                                                               \
	2048 /* bytes of all lines to paste; the last that does not fit whole is left out */

struct doctor_answer {
	enum doctor_grade grade;
	char words[DOCTOR_WORDS];    /* without a full stop at its end */
	char lines[DOCTOR_LINES];    /* shell lines, each ended by '\n' */
	char settings[DOCTOR_LINES]; /* kernel settings, "net.ipv4.x=1", each ended by '\n' */
};

/* Sets grade and sentence. */
void doctor_say(struct doctor_answer *a, enum doctor_grade grade, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds a line that mends it. */
void doctor_add_line(struct doctor_answer *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds a kernel setting that mends it. It is shown as a line for sysctl, and again for the file that keeps it
 * over a restart. One that is there is not added again. */
void doctor_add_setting(struct doctor_answer *a, const char *key, long value);

struct doctor_row {
	const char *name; /* at most DOCTOR_NAME_COLUMNS, in lower case */
	void (*ask)(const struct doctor_host *host, struct doctor_answer *answer);
};

#define DOCTOR_NAME_COLUMNS 21

struct doctor_topic {
	const char *title;
	const struct doctor_row *rows; /* ended by a null name */
};

/* All topics, in the order of the page; ended by a null title. */
extern const struct doctor_topic doctor_topics[];

/* The rows of each topic, ended by a null name. */
extern const struct doctor_row doctor_host_rows[];
extern const struct doctor_row doctor_path_rows[];
extern const struct doctor_row doctor_wrapper_rows[];
extern const struct doctor_row doctor_route_rows[];
extern const struct doctor_row doctor_sender_rows[];
extern const struct doctor_row doctor_flood_rows[];

#endif
