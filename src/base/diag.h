/* SPDX-License-Identifier: ISC */
/*
 * diag - what the program says about itself, on standard error; to the system's journal where that is
 * open (system_journal.h).
 *
 * Events and incidents are about the world and never go through here; these lines are about the
 * program. A message names its subject first ("kern.log:17: ..."). errno is kept. Text from outside
 * must be escaped by the caller (text_buffer_add_escaped).
 */
#ifndef KW_BASE_DIAG_H
#define KW_BASE_DIAG_H

/* Something the person should know, on a line of its own behind "knockwatch: ". */
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Something went wrong and work goes on: "knockwatch: warning: ...". */
void diag_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Something went wrong and the command ends: "knockwatch: error: ...". Does not end it. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, for what has an explanation under this number in the catalog of the system's journal. */
void diag_note_as(const char *id, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_warn_as(const char *id, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_error_as(const char *id, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Silences diag_note (for -q). Warnings and errors always come through. */
void diag_set_quiet(int quiet);

#endif
