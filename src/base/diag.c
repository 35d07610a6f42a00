/* SPDX-License-Identifier: ISC */
#include "base/diag.h"

#include "base/system_journal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static int quiet_notes;

void diag_set_quiet(int quiet)
{
	quiet_notes = quiet;
}

struct kind {
	const char *prefix; /* on standard error */
	enum system_journal_weight weight;
};

static const struct kind note = {"", SYSTEM_JOURNAL_INFO};
static const struct kind warning = {"warning: ", SYSTEM_JOURNAL_WARNING};
static const struct kind error = {"error: ", SYSTEM_JOURNAL_ERROR};

__attribute__((format(printf, 3, 0))) static void write_line(
	const struct kind *kind, const char *id, const char *format, va_list args)
{
	int kept = errno;
	char line[1024];
	vsnprintf(line, sizeof line, format, args);
	struct system_journal_message message = {.weight = kind->weight, .id = id, .text = line};
	if (!system_journal_send(&message))
		fprintf(stderr, "knockwatch: %s%s\n", kind->prefix, line);
	errno = kept;
}

void diag_note(const char *format, ...)
{
	va_list args;
	if (quiet_notes)
		return;
	va_start(args, format);
	write_line(&note, NULL, format, args);
	va_end(args);
}

void diag_warn(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(&warning, NULL, format, args);
	va_end(args);
}

void diag_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(&error, NULL, format, args);
	va_end(args);
}

void diag_note_as(const char *id, const char *format, ...)
{
	va_list args;
	if (quiet_notes)
		return;
	va_start(args, format);
	write_line(&note, id, format, args);
	va_end(args);
}

void diag_warn_as(const char *id, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(&warning, id, format, args);
	va_end(args);
}

void diag_error_as(const char *id, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(&error, id, format, args);
	va_end(args);
}
