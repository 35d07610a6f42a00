/* SPDX-License-Identifier: ISC */
#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static int quiet_notes;

void diag_set_quiet(int quiet)
{
	quiet_notes = quiet;
}

__attribute__((format(printf, 2, 0))) static void write_line(
	const char *kind, const char *format, va_list args)
{
	int kept = errno;
	char line[1024];
	vsnprintf(line, sizeof line, format, args);
	fprintf(stderr, "knockwatch: %s%s\n", kind, line);
	errno = kept;
}

void diag_note(const char *format, ...)
{
	va_list args;
	if (quiet_notes)
		return;
	va_start(args, format);
	write_line("", format, args);
	va_end(args);
}

void diag_warn(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line("warning: ", format, args);
	va_end(args);
}

void diag_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line("error: ", format, args);
	va_end(args);
}
