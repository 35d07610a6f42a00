/* SPDX-License-Identifier: ISC */
/*
 * Calendar arithmetic on 400-year eras: a year is taken to begin in March, so that the leap day is
 * the last day of the year and the length of a month follows from one linear formula.
 */
#include "base/clock.h"

#include "base/decimal.h"

int64_t clock_days_from_civil(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

void clock_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

/* By hand: every line that is told has three times in it, and printf takes ten times as long. */
struct clock_text wall_time_to_rfc3339(struct wall_time t)
{
	struct clock_text out = {"0000-00-00T00:00:00.000000Z"};
	int64_t us = t.us < 0 ? 0 : t.us > CLOCK_LAST_US ? CLOCK_LAST_US : t.us;
	int64_t s = us / CLOCK_US_PER_S;
	int64_t year;
	int month, day;
	clock_civil_from_days(s / 86400, &year, &month, &day);
	unsigned of_day = (unsigned)(s % 86400), of_second = (unsigned)(us % CLOCK_US_PER_S);
	decimal_write_two(out.text, (unsigned)year / 100);
	decimal_write_two(out.text + 2, (unsigned)year % 100);
	decimal_write_two(out.text + 5, (unsigned)month);
	decimal_write_two(out.text + 8, (unsigned)day);
	decimal_write_two(out.text + 11, of_day / 3600);
	decimal_write_two(out.text + 14, of_day / 60 % 60);
	decimal_write_two(out.text + 17, of_day % 60);
	decimal_write_two(out.text + 20, of_second / 10000);
	decimal_write_two(out.text + 22, of_second / 100 % 100);
	decimal_write_two(out.text + 24, of_second % 100);
	return out;
}

/* Reads exactly `count` digits; -1 if one of them is none. */
static int read_digits(const char **p, const char *limit, int count)
{
	int value = 0;
	if (limit - *p < count)
		return -1;
	for (int i = 0; i < count; i++) {
		char c = (*p)[i];
		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
	}
	*p += count;
	return value;
}

static bool read_char(const char **p, const char *limit, char wanted)
{
	if (*p >= limit || **p != wanted)
		return false;
	(*p)++;
	return true;
}

/* Fraction of a second in microseconds; digits behind the sixth are read and dropped. */
static int read_fraction_us(const char **p, const char *limit)
{
	int value = 0, digits = 0;
	if (*p >= limit || (**p != '.' && **p != ','))
		return 0;
	const char *q = *p + 1;
	for (; q < limit && *q >= '0' && *q <= '9'; q++) {
		if (digits < 6) {
			value = value * 10 + (*q - '0');
			digits++;
		}
	}
	if (digits == 0)
		return 0;
	for (; digits < 6; digits++)
		value *= 10;
	*p = q;
	return value;
}

/* Zone as seconds east of UTC; `fallback` where none is written. False on a broken zone. */
static bool read_zone(const char **p, const char *limit, int fallback, int *offset_s)
{
	*offset_s = fallback;
	if (*p >= limit)
		return true;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		*offset_s = 0;
		return true;
	}
	if (**p != '+' && **p != '-')
		return true;
	int sign = **p == '-' ? -1 : 1;
	const char *q = *p + 1;
	int hours = read_digits(&q, limit, 2);
	int minutes = 0;
	if (hours < 0 || hours > 23)
		return false;
	const char *after_hours = q;
	read_char(&q, limit, ':');
	minutes = read_digits(&q, limit, 2);
	if (minutes < 0) {
		minutes = 0;
		q = after_hours;
	}
	if (minutes > 59)
		return false;
	*p = q;
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool wall_time_parse_iso(const char *text, const char *limit, int default_offset_s,
	struct wall_time *out, const char **end)
{
	const char *p = text;
	int year = read_digits(&p, limit, 4);
	if (year < 1970 || !read_char(&p, limit, '-'))
		return false;
	int month = read_digits(&p, limit, 2);
	if (month < 1 || month > 12 || !read_char(&p, limit, '-'))
		return false;
	int day = read_digits(&p, limit, 2);
	if (day < 1 || day > 31 || (!read_char(&p, limit, 'T') && !read_char(&p, limit, ' ')))
		return false;
	int hour = read_digits(&p, limit, 2);
	if (hour < 0 || hour > 23 || !read_char(&p, limit, ':'))
		return false;
	int minute = read_digits(&p, limit, 2);
	if (minute < 0 || minute > 59 || !read_char(&p, limit, ':'))
		return false;
	int second = read_digits(&p, limit, 2);
	if (second < 0 || second > 60)
		return false;
	int us = read_fraction_us(&p, limit);
	int offset_s;
	if (!read_zone(&p, limit, default_offset_s, &offset_s))
		return false;
	int64_t s = clock_days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 +
		    second;
	struct wall_time t = wall_time_from_parts(s - offset_s, us);
	if (!wall_time_is_sane(t))
		return false;
	*out = t;
	*end = p;
	return true;
}
