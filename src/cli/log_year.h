/* SPDX-License-Identifier: ISC */
/*
 * log_year - the year of stamps without one in a log that has no date of its own.
 *
 * Tests: tests/system/92_access_log.sh
 */
#ifndef KW_CLI_LOG_YEAR_H
#define KW_CLI_LOG_YEAR_H

/* This year for standard input ("-") and what else is no plain file, a pipe; 0 where the file's date tells it. */
int log_year_of(const char *path);

#endif
