/* SPDX-License-Identifier: ISC */
#include "input/source_tally.h"

#include "base/text_buffer.h"

#include <stdarg.h>
#include <stdio.h>

/* `format` holds our own words and numbers only, or text of libpcap, so it is escaped as a whole.
 */
__attribute__((format(printf, 3, 0))) static void write_fault(
	struct source_tally *t, unsigned place, const char *format, va_list args)
{
	char text[sizeof t->report.faults[0]];
	int length = vsnprintf(text, sizeof text, format, args);
	size_t used = length < 0                     ? 0
		      : (size_t)length < sizeof text ? (size_t)length
						     : sizeof text - 1;
	struct text_buffer b =
		text_buffer_over(t->report.faults[place], sizeof t->report.faults[place]);
	text_buffer_add(&b, t->name);
	text_buffer_add_escaped(&b, text, used);
}

void source_tally_note(struct source_tally *t, const char *format, ...)
{
	if (t->report.faults_kept == EVENT_SOURCE_FAULTS_KEPT)
		return;
	va_list args;
	va_start(args, format);
	write_fault(t, t->report.faults_kept++, format, args);
	va_end(args);
}

void source_tally_end_early(struct source_tally *t, const char *format, ...)
{
	t->report.ended_early = true;
	if (t->report.faults_kept == EVENT_SOURCE_FAULTS_KEPT)
		t->report.faults_kept--;
	va_list args;
	va_start(args, format);
	write_fault(t, t->report.faults_kept++, format, args);
	va_end(args);
}
