/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* tm_gmtoff, timegm */
#include "report/time_text.h"

#include "base/text_buffer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static struct tm break_down(struct wall_time t, enum time_text_zone zone)
{
	struct tm parts;
	time_t seconds = (time_t)wall_time_seconds(t);
	struct tm *ok =
		zone == TIME_TEXT_UTC ? gmtime_r(&seconds, &parts) : localtime_r(&seconds, &parts);
	if (ok == NULL)
		memset(&parts, 0, sizeof parts);
	return parts;
}

/* The reverse; fields outside their range carry over, as mktime does it. */
static struct wall_time put_together(struct tm parts, enum time_text_zone zone)
{
	parts.tm_isdst = -1;
	time_t seconds = zone == TIME_TEXT_UTC ? timegm(&parts) : mktime(&parts);
	return wall_time_from_parts((int64_t)seconds, 0);
}

/* Midnight `days` after the day of `t`. */
static struct wall_time midnight(struct wall_time t, int days, enum time_text_zone zone)
{
	struct tm parts = break_down(t, zone);
	parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
	parts.tm_mday += days;
	return put_together(parts, zone);
}

static bool parse_word(const char *text, struct wall_time now, enum time_text_zone zone,
	enum time_text_edge edge, struct wall_time *out)
{
	int later = edge == TIME_TEXT_UNTIL;
	if (strcmp(text, "now") == 0)
		*out = now;
	else if (strcmp(text, "today") == 0)
		*out = midnight(now, later, zone);
	else if (strcmp(text, "yesterday") == 0)
		*out = midnight(now, later - 1, zone);
	else
		return false;
	return true;
}

/* "-90m" and so on. Ten digits of weeks do not overflow microseconds of 64 bits by far; nine are
 * read. */
static bool parse_ago(const char *text, struct wall_time now, struct wall_time *out)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	if (*text != '-')
		return false;
	const char *digits = text + 1;
	size_t length = strspn(digits, "0123456789");
	if (length == 0 || length > 7 || digits[length] == '\0' || digits[length + 1] != '\0')
		return false;
	int64_t count = 0;
	for (size_t i = 0; i < length; i++)
		count = count * 10 + (digits[i] - '0');
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (units[i].unit != digits[length])
			continue;
		struct wall_time t = {now.us - count * units[i].seconds * CLOCK_US_PER_S};
		if (!wall_time_is_sane(t))
			t.us = 0;
		*out = t;
		return true;
	}
	return false;
}

/* True if the text has the digits and marks of the pattern: '0' stands for any digit. */
static bool has_form(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++) {
		bool digit = *text >= '0' && *text <= '9';
		if (*pattern == '0' ? !digit : *text != *pattern)
			return false;
	}
	return *text == '\0';
}

/* "2026-11" and "2026-11-20". */
static bool parse_date(
	const char *text, enum time_text_zone zone, enum time_text_edge edge, struct wall_time *out)
{
	int year, month, day = 1, later = edge == TIME_TEXT_UNTIL;
	bool whole_month = has_form(text, "0000-00");
	if (!whole_month && !has_form(text, "0000-00-00"))
		return false;
	if (sscanf(text, "%4d-%2d-%2d", &year, &month, &day) < 2 || year < 1970 || month < 1 ||
		month > 12 || day < 1 || day > 31)
		return false;
	struct tm parts = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	struct wall_time start = put_together(parts, TIME_TEXT_UTC);
	struct tm check = break_down(start, TIME_TEXT_UTC);
	if (check.tm_mday != day || check.tm_mon != month - 1)
		return false; /* 31 November */
	if (whole_month)
		parts.tm_mon += later;
	else
		parts.tm_mday += later;
	*out = put_together(parts, zone);
	return true;
}

/* Date and time; without a zone the clock of `zone` is meant. Seconds may be missing. */
static bool parse_moment(const char *text, enum time_text_zone zone, struct wall_time *out)
{
	char full[64];
	const char *end;
	struct wall_time t;
	struct text_buffer b = text_buffer_over(full, sizeof full);
	bool short_form = has_form(text, "0000-00-00T00:00") || has_form(text, "0000-00-00 00:00");
	text_buffer_printf(&b, "%s%s", text, short_form ? ":00" : "");
	if (b.cut || !wall_time_parse_iso(full, full + b.used, 0, &t, &end) || *end != '\0')
		return false;
	bool zoned = strpbrk(full + 10, "Zz+-") != NULL;
	if (!zoned && zone == TIME_TEXT_LOCAL) {
		int64_t fraction = t.us % CLOCK_US_PER_S;
		t = put_together(break_down(t, TIME_TEXT_UTC), TIME_TEXT_LOCAL);
		t.us += fraction;
	}
	*out = t;
	return true;
}

bool time_text_parse(const char *text, struct wall_time now, enum time_text_zone zone,
	enum time_text_edge edge, struct wall_time *out)
{
	return parse_word(text, now, zone, edge, out) || parse_ago(text, now, out) ||
	       parse_date(text, zone, edge, out) || parse_moment(text, zone, out);
}

const char *time_text_month_name(int month)
{
	static const char *const names[12] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	assert(month >= 1 && month <= 12);
	return names[month - 1];
}

static bool same_day(const struct tm *a, const struct tm *b)
{
	return a->tm_year == b->tm_year && a->tm_yday == b->tm_yday;
}

static void add_date(struct text_buffer *b, const struct tm *t, const struct tm *now)
{
	text_buffer_printf(b, "%d %s", t->tm_mday, time_text_month_name(t->tm_mon + 1));
	if (t->tm_year != now->tm_year)
		text_buffer_printf(b, " %d", t->tm_year + 1900);
}

struct time_text time_text_stamp(struct wall_time t, struct wall_time now, enum time_text_zone zone)
{
	struct time_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	struct tm then = break_down(t, zone), today = break_down(now, zone);
	if (same_day(&then, &today))
		text_buffer_printf(&b, "%02d:%02d", then.tm_hour, then.tm_min);
	else if (then.tm_year == today.tm_year)
		add_date(&b, &then, &today);
	else
		text_buffer_printf(&b, "%d", then.tm_year + 1900);
	return out;
}

struct time_text time_text_minute(
	struct wall_time t, struct wall_time now, enum time_text_zone zone)
{
	struct time_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	struct tm then = break_down(t, zone), today = break_down(now, zone);
	add_date(&b, &then, &today);
	text_buffer_printf(&b, " %02d:%02d", then.tm_hour, then.tm_min);
	return out;
}

struct time_text time_text_second(
	struct wall_time t, struct wall_time now, enum time_text_zone zone)
{
	struct time_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	struct tm then = break_down(t, zone), today = break_down(now, zone);
	add_date(&b, &then, &today);
	text_buffer_printf(&b, " %02d:%02d", then.tm_hour, then.tm_min);
	if (then.tm_year == today.tm_year)
		text_buffer_printf(&b, ":%02d", then.tm_sec);
	return out;
}

struct time_text time_text_range(struct wall_time first, struct wall_time last,
	struct wall_time now, enum time_text_zone zone)
{
	struct time_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	struct tm a = break_down(first, zone), z = break_down(last, zone),
		  today = break_down(now, zone);
	add_date(&b, &a, &today);
	text_buffer_printf(&b, " %02d:%02d:%02d", a.tm_hour, a.tm_min, a.tm_sec);
	if (wall_time_seconds(first) != wall_time_seconds(last)) {
		text_buffer_add(&b, " – ");
		if (!same_day(&a, &z)) {
			add_date(&b, &z, &today);
			text_buffer_add(&b, " ");
		}
		text_buffer_printf(&b, "%02d:%02d:%02d", z.tm_hour, z.tm_min, z.tm_sec);
	}
	text_buffer_printf(&b, " %.8s", zone == TIME_TEXT_UTC ? "UTC" : z.tm_zone);
	return out;
}

struct time_text time_text_span(int64_t us)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
	struct time_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	int64_t left = us / CLOCK_US_PER_S;
	for (size_t i = 0; i < 4 && b.used == 0; i++) {
		int64_t count = left / units[i].seconds;
		if (count == 0)
			continue;
		text_buffer_printf(&b, "%lld %s", (long long)count, units[i].name);
		left -= count * units[i].seconds;
		if (i < 3 && left / units[i + 1].seconds > 0)
			text_buffer_printf(&b, " %lld %s", (long long)(left / units[i + 1].seconds),
				units[i + 1].name);
	}
	if (b.used == 0)
		text_buffer_add(&b, "under 1 s");
	return out;
}

struct time_text time_text_day(uint32_t days_since_1970)
{
	struct time_text out;
	int64_t year;
	int month, day;
	clock_civil_from_days(days_since_1970, &year, &month, &day);
	snprintf(out.text, sizeof out.text, "%d %s %lld", day, time_text_month_name(month),
		(long long)year);
	return out;
}
