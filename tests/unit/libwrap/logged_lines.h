/* SPDX-License-Identifier: ISC */
/*
 * logged_lines - takes the place of syslog(3) in a test program, and keeps what the library said.
 *
 * A header for one file of a program: it defines the functions.
 */
#ifndef KW_TESTS_LOGGED_LINES_H
#define KW_TESTS_LOGGED_LINES_H

#include "table_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

static char logged_lines[16000]; /* each with its severity before it: "3 error: ..." */

static inline void __attribute__((format(printf, 2, 0))) logged_lines_add(int severity, const char *format, va_list args)
{
	const size_t used = strlen(logged_lines);
	char line[1200];
	vsnprintf(line, sizeof line, format, args);
	snprintf(logged_lines + used, sizeof logged_lines - used, "%d %s\n", severity, line);
}

static inline void logged_lines_forget(void)
{
	logged_lines[0] = '\0';
}

static inline unsigned logged_lines_count(void)
{
	unsigned n = 0;
	for (const char *c = logged_lines; *c; c++)
		n += *c == '\n';
	return n;
}

static inline bool logged_lines_have(const char *text)
{
	if (strstr(logged_lines, text) != NULL)
		return true;
	print_error("not logged: %s\nbut:\n%s", text, logged_lines);
	return false;
}

#undef syslog
void __syslog_chk(int severity, int flag, const char *format, ...) __attribute__((format(printf, 3, 4)));

void syslog(int severity, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	logged_lines_add(severity, format, args);
	va_end(args);
}

/* What it is called where the C library checks formats. */
void __syslog_chk(int severity, int flag, const char *format, ...)
{
	va_list args;
	(void)flag;
	va_start(args, format);
	logged_lines_add(severity, format, args);
	va_end(args);
}

#endif
