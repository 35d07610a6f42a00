/* SPDX-License-Identifier: ISC */
/*
 * config_fault - what is wrong in the admin's files, collected so that all of it is told at once.
 *
 * A fault names the file, the place and what was expected. The list is bounded: after
 * CONFIG_FAULTS_MAX the rest is only counted. Texts are printable ASCII whatever the file held.
 *
 * Lines and columns count from 1; 0 means that the fault belongs to no line.
 */
#ifndef KW_CONFIG_CONFIG_FAULT_H
#define KW_CONFIG_CONFIG_FAULT_H

#include "base/text_buffer.h"

#include <stdbool.h>

#define CONFIG_FAULTS_MAX 32    /* a screenful; nobody mends more in one go */
#define CONFIG_FAULT_LENGTH 320 /* bytes of one message; longer ones are cut */
#define CONFIG_FAULT_QUOTED 48  /* bytes of the admin's text repeated in a message */

struct config_fault {
	char *file;                     /* as the admin named it; owned */
	unsigned line, column;          /* from 1; 0 = the whole file */
	char text[CONFIG_FAULT_LENGTH]; /* what is wrong and what was expected */
};

struct config_faults {
	struct config_fault items[CONFIG_FAULTS_MAX];
	unsigned count;  /* items told */
	unsigned untold; /* faults beyond the room for them */
};

/* Starts an empty list. */
void config_faults_init(struct config_faults *faults);
/* Gives back what the list owns and empties it. */
void config_faults_clear(struct config_faults *faults);

/* Adds one fault; the format's texts must be printable (config_fault_quote makes them so). */
void config_faults_add(struct config_faults *faults, const char *file, unsigned line,
	unsigned column, const char *format, ...) __attribute__((format(printf, 5, 6)));

static inline bool config_faults_any(const struct config_faults *faults)
{
	return faults->count > 0;
}

/* Writes "file:line:column: text", leaving out what is 0. */
void config_fault_write(const struct config_fault *fault, struct text_buffer *out);
/* Says every fault, and the number of the untold, as errors of the program. */
void config_faults_report(const struct config_faults *faults);

struct config_fault_quoted {
	char text[4 * CONFIG_FAULT_QUOTED + 8];
};

/* Text from a file, in double quotes, printable and cut to a readable length. */
struct config_fault_quoted config_fault_quote(const char *text);

#endif
