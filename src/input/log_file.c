/* SPDX-License-Identifier: ISC */
#include "input/log_file.h"

#include <inttypes.h>
#include <string.h>

#define YEAR_UNKNOWN 1970

/* Month and day as a number that grows through the year. */
static int day_key(int month, int day)
{
	return month * 32 + day;
}

/* The day key of a classic stamp at the beginning of a line; 0 if it begins otherwise. */
static int read_day_key(const char *line, size_t length)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *limit = line + length;
	if (length > 0 && *line == '<') { /* RFC 3164's priority */
		const char *close = memchr(line, '>', length < 5 ? length : 5);
		if (close != NULL)
			line = close + 1;
	}
	if (limit - line < 7 || line[3] != ' ')
		return 0;
	for (int month = 0; month < 12; month++) {
		if (memcmp(line, months + (size_t)month * 3, 3) == 0) {
			int tens = line[4] == ' ' ? 0 : line[4] - '0', ones = line[5] - '0';
			bool number = tens >= 0 && tens <= 3 && ones >= 0 && ones <= 9;
			return number ? day_key(month + 1, tens * 10 + ones) : 0;
		}
	}
	return 0;
}

static int find_day_key(const char *text, size_t size)
{
	int key = 0;
	while (size > 0 && key == 0) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline != NULL ? (size_t)(newline - text) : size;
		key = read_day_key(text, length);
		size_t step = newline != NULL ? length + 1 : length;
		text += step;
		size -= step;
	}
	return key;
}

int log_file_first_year(
	const uint8_t *bytes, size_t size, struct wall_time file_date, int utc_offset_s)
{
	if (file_date.us < 0)
		return YEAR_UNKNOWN;
	const int64_t seconds_a_day = 86400;
	int64_t year;
	int month, day;
	clock_civil_from_days(
		(wall_time_seconds(file_date) + utc_offset_s) / seconds_a_day, &year, &month, &day);
	int first = find_day_key((const char *)bytes, size);
	const int slack = 1; /* a day: zones and clocks that differ a little */
	if (first > day_key(month, day) + slack)
		year--;
	return year < YEAR_UNKNOWN ? YEAR_UNKNOWN : (int)year;
}

void log_file_init(struct log_file *f, struct byte_window *window, struct source_tally *tally,
	const struct event_source_options *options, struct wall_time file_date)
{
	*f = (struct log_file){.names = options->names, .tally = tally};
	line_file_init(&f->lines, window);
	f->clock.utc_offset_s = options->utc_offset_s;
	f->clock.year = options->year;
	if (options->year == 0)
		f->clock.year = log_file_first_year(
			window->at, byte_window_left(window), file_date, options->utc_offset_s);
}

/* Asks the name table, and remembers what it said. */
static uint16_t find_number(
	struct name_table *names, struct log_file_name *last, struct text_slice name)
{
	uint16_t number = name_table_intern(names, name);
	if (name.length <= sizeof last->text) {
		memcpy(last->text, name.start, name.length);
		last->length = name.length;
		last->number = number;
	}
	return number;
}

static inline uint16_t number_of(
	struct log_file *f, struct log_file_name *last, struct text_slice name)
{
	if (name.length == 0 || f->names == NULL)
		return 0;
	if (name.length == last->length &&
		text_slice_same_word(name.start, last->text, name.length))
		return last->number;
	return find_number(f->names, last, name);
}

/* 1 if the line became an event. */
static size_t take_line(struct log_file *f, struct text_slice line, struct event *out)
{
	struct event_source_report *report = &f->tally->report;
	struct log_line_facts facts;
	report->records++;
	switch (log_line_read(&f->clock, line.start, line.length, &facts)) {
	case LOG_LINE_KNOCK:
		*out = facts.event;
		out->host = number_of(f, &f->host, facts.host);
		out->iface = number_of(f, &f->iface, facts.iface);
		report->events++;
		return 1;
	case LOG_LINE_ACCESS:
		if (addr_is_none(&facts.event.src)) /* of a client that has a name alone */
			break;
		*out = facts.event;
		out->host = number_of(f, &f->host, facts.host);
		if (f->names != NULL)
			out->access_service =
				name_table_intern_service(f->names, facts.access.service);
		report->events++;
		return 1;
	case LOG_LINE_OTHER:
		break;
	case LOG_LINE_BROKEN:
		report->broken++;
		source_tally_note(f->tally, ":%" PRIu64 ": %s", report->records, facts.fault);
		return 0;
	}
	report->other++;
	return 0;
}

size_t log_file_read(struct log_file *f, struct event *out, size_t max)
{
	size_t n = 0;
	struct text_slice line;
	while (n < max && line_file_next(&f->lines, &line))
		n += take_line(f, line, &out[n]);
	return n;
}
