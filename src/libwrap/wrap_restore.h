/* SPDX-License-Identifier: ISC */
/*
 * wrap_restore - options that change the process hold for one decision, not for all that come after.
 *
 * "severity", "umask" and "setenv" must still hold when hosts_access() has returned: the program logs, or becomes another
 * one. They are undone when the next decision begins, where the program itself has not changed the same
 * thing meanwhile. That memory (two severities, a mask, WRAP_RESTORE_VARIABLES variables) is all that this library keeps
 * from one call to the next. From threads: what belongs to the process can be right for one of them only; nothing breaks.
 *
 * The C library guards the environment by a lock which fork() copies as it stands: a child made while another thread was in
 * setenv() would wait for it for ever. So a fork() waits for the setenv() that is going on here, a second at most.
 *
 * Tests: tests/unit/libwrap/test_wrap_restore.c
 */
#ifndef KW_LIBWRAP_WRAP_RESTORE_H
#define KW_LIBWRAP_WRAP_RESTORE_H

#include <stdbool.h>
#include <sys/types.h>

/* Undoes what was set since the last call. */
void wrap_restore_undo(void);

/* allow_severity and deny_severity. */
void wrap_restore_set_severity(int severity);
void wrap_restore_set_umask(mode_t mask);
enum { WRAP_RESTORE_VARIABLES = 1024 }; /* more in one rule are a mistake, and each costs more than the one before */

/* False, and why: without memory, for a variable too many, and where another thread holds the environment for longer than a second
 * or held it when this process was forked. */
bool wrap_restore_set_variable(const char *name, const char *value, const char **why);

#endif
