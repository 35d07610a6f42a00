/* SPDX-License-Identifier: ISC */
#include "cli/doctor_row.h"

#include "base/text_buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void doctor_say(struct doctor_answer *a, enum doctor_grade grade, const char *format, ...)
{
	va_list arguments;
	a->grade = grade;
	va_start(arguments, format);
	vsnprintf(a->words, sizeof a->words, format, arguments);
	va_end(arguments);
}

static void add(char *list, const char *line)
{
	size_t used = strlen(list);
	if (used + strlen(line) + 2 <= DOCTOR_LINES)
		snprintf(list + used, DOCTOR_LINES - used, "%s\n", line);
}

static bool holds(const char *list, const char *line)
{
	size_t length = strlen(line);
	for (const char *at = list; *at != '\0'; at = strchr(at, '\n') + 1) {
		if (strncmp(at, line, length) == 0 && at[length] == '\n')
			return true;
	}
	return false;
}

void doctor_add_line(struct doctor_answer *a, const char *format, ...)
{
	char line[DOCTOR_WORDS];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	add(a->lines, line);
}

void doctor_add_setting(struct doctor_answer *a, const char *key, long value)
{
	char line[DOCTOR_WORDS];
	snprintf(line, sizeof line, "%s=%ld", key, value);
	if (!holds(a->settings, line))
		add(a->settings, line);
}
