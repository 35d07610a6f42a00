/* SPDX-License-Identifier: ISC */
#include "logline/log_stamp.h"

#define SECONDS_PER_DAY 86400

/* A month's three letters as a number 1-12; 0 if they are none. */
static int month_of(const char *three)
{
	switch (FIELD_KEY3((uint8_t)three[0], (uint8_t)three[1], (uint8_t)three[2])) {
	case FIELD_KEY3('J', 'a', 'n'):
		return 1;
	case FIELD_KEY3('F', 'e', 'b'):
		return 2;
	case FIELD_KEY3('M', 'a', 'r'):
		return 3;
	case FIELD_KEY3('A', 'p', 'r'):
		return 4;
	case FIELD_KEY3('M', 'a', 'y'):
		return 5;
	case FIELD_KEY3('J', 'u', 'n'):
		return 6;
	case FIELD_KEY3('J', 'u', 'l'):
		return 7;
	case FIELD_KEY3('A', 'u', 'g'):
		return 8;
	case FIELD_KEY3('S', 'e', 'p'):
		return 9;
	case FIELD_KEY3('O', 'c', 't'):
		return 10;
	case FIELD_KEY3('N', 'o', 'v'):
		return 11;
	case FIELD_KEY3('D', 'e', 'c'):
		return 12;
	default:
		return 0;
	}
}

static bool is_weekday(const char *three)
{
	switch (FIELD_KEY3((uint8_t)three[0], (uint8_t)three[1], (uint8_t)three[2])) {
	case FIELD_KEY3('M', 'o', 'n'):
	case FIELD_KEY3('T', 'u', 'e'):
	case FIELD_KEY3('W', 'e', 'd'):
	case FIELD_KEY3('T', 'h', 'u'):
	case FIELD_KEY3('F', 'r', 'i'):
	case FIELD_KEY3('S', 'a', 't'):
	case FIELD_KEY3('S', 'u', 'n'):
		return true;
	default:
		return false;
	}
}

/* The year rule of log_line.h. */
static void turn_year(struct log_line_clock *clock, int month)
{
	const int half_a_year = 6;
	if (clock->last_month != 0) {
		if (month <= clock->last_month - half_a_year && clock->year < 9999)
			clock->year++;
		else if (month >= clock->last_month + half_a_year && clock->year > 1970)
			clock->year--;
	}
	clock->last_month = month;
}

static bool read_two_digits(struct field_scan *s, int max, int *out)
{
	if (field_scan_left(s) < 2 || !field_scan_is_digit(s->at[0]) ||
		!field_scan_is_digit(s->at[1]))
		return false;
	int value = (s->at[0] - '0') * 10 + (s->at[1] - '0');
	if (value > max)
		return false;
	s->at += 2;
	*out = value;
	return true;
}

/* "12:11:24" as seconds of the day. */
static bool read_time_of_day(struct field_scan *s, int *out)
{
	int hour, minute, second;
	if (!read_two_digits(s, 23, &hour) || !field_scan_take_char(s, ':') ||
		!read_two_digits(s, 59, &minute) || !field_scan_take_char(s, ':') ||
		!read_two_digits(s, 60, &second))
		return false;
	*out = hour * 3600 + minute * 60 + second;
	return true;
}

/* Digits of a fraction as microseconds; those behind the sixth are dropped. */
static int64_t read_fraction_us(struct field_scan *s)
{
	static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	int64_t value = 0, unit = CLOCK_US_PER_S / 10;
	uint64_t number;
	unsigned count;
	if (field_scan_left(s) >= FIELD_SCAN_STEP && field_scan_digits(s->at, &count, &number) &&
		count < sizeof units / sizeof units[0]) {
		s->at += count;
		return (int64_t)number * units[count];
	}
	while (field_scan_is_digit(field_scan_peek(s))) {
		value += unit * (*s->at++ - '0');
		unit /= 10;
	}
	return value;
}

/* A year of four digits that ends there; nothing is taken otherwise. */
static bool read_year(struct field_scan *s, int *out)
{
	struct field_scan look = *s;
	uint64_t year;
	if (!field_scan_number(&look, 9999, &year) || look.at - s->at != 4 || year < 1970)
		return false;
	if (field_scan_left(&look) && *look.at != ' ' && *look.at != ':' && *look.at != ']')
		return false;
	*s = look;
	*out = (int)year;
	return true;
}

/* A space and a year, before or behind the time of day. */
static bool read_spaced_year(struct field_scan *s, int *out)
{
	struct field_scan look = *s;
	if (!field_scan_take_char(&look, ' ') || !read_year(&look, out))
		return false;
	*s = look;
	return true;
}

/* " UTC" or " GMT" behind a time: other zone names have no one meaning and stay where they are. */
static bool read_zone_utc(struct field_scan *s)
{
	struct field_scan look = *s;
	if (!field_scan_take_text(&look, " UTC") && !field_scan_take_text(&look, " GMT"))
		return false;
	if (field_scan_left(&look) && *look.at != ' ' && *look.at != ':')
		return false;
	*s = look;
	return true;
}

static struct log_stamp make_stamp(int64_t seconds, int64_t us, bool fine)
{
	struct log_stamp stamp = {fine ? LOG_STAMP_FINE : LOG_STAMP_SECOND, {0}};
	stamp.time = wall_time_from_parts(seconds, us);
	if (!wall_time_is_sane(stamp.time))
		stamp.kind = LOG_STAMP_NONE;
	return stamp;
}

/* "Feb 25 12:11:24", with a year before or behind the time, a fraction, UTC. `year` is 0 where none
 * stood before the month. */
static struct log_stamp read_classic(struct log_line_clock *clock, struct field_scan *s, int year)
{
	const struct log_stamp none = {LOG_STAMP_NONE, {0}};
	struct field_scan look = *s;
	int month = field_scan_left(&look) >= 4 && look.at[3] == ' ' ? month_of(look.at) : 0;
	uint64_t day;
	int of_day;
	if (month == 0)
		return none;
	look.at += 3;
	field_scan_skip_spaces(&look);
	if (!field_scan_number(&look, 31, &day) || day == 0)
		return none;
	if (year == 0)
		read_spaced_year(&look, &year);
	if (!field_scan_take_char(&look, ' ') || !read_time_of_day(&look, &of_day))
		return none;
	bool fine = field_scan_take_char(&look, '.');
	int64_t us = fine ? read_fraction_us(&look) : 0;
	if (year == 0)
		read_spaced_year(&look, &year);
	int offset_s = read_zone_utc(&look) ? 0 : clock->utc_offset_s;
	*s = look;
	if (year != 0) {
		clock->year = year;
		clock->last_month = month;
	} else {
		turn_year(clock, month);
	}
	int64_t days = clock_days_from_civil(clock->year, month, (int)day);
	return make_stamp(days * SECONDS_PER_DAY + of_day - offset_s, us, fine);
}

static struct log_stamp read_iso(const struct log_line_clock *clock, struct field_scan *s)
{
	struct log_stamp stamp = {LOG_STAMP_NONE, {0}};
	const char *end;
	if (!wall_time_parse_iso(s->at, s->end, clock->utc_offset_s, &stamp.time, &end))
		return stamp;
	struct field_scan look = field_scan_between(end, s->end);
	if (read_zone_utc(&look)) /* the short-full form of journalctl */
		stamp.time.us += clock->utc_offset_s * CLOCK_US_PER_S;
	if (!wall_time_is_sane(stamp.time))
		return stamp;
	stamp.kind = stamp.time.us % CLOCK_US_PER_S ? LOG_STAMP_FINE : LOG_STAMP_SECOND;
	/* only dmesg writes a comma, and no host */
	if (memchr(s->at, ',', (size_t)(end - s->at)) != NULL)
		stamp.kind = LOG_STAMP_BOOT;
	*s = look;
	return stamp;
}

/* "1795183780.120311": the short-unix form of journalctl. Ten digits, so that nothing else fits. */
static struct log_stamp read_unix(struct field_scan *s)
{
	const struct log_stamp none = {LOG_STAMP_NONE, {0}};
	struct field_scan look = *s;
	uint64_t seconds;
	if (!field_scan_number(&look, 9999999999, &seconds) || look.at - s->at != 10 ||
		!field_scan_take_char(&look, '.') || !field_scan_is_digit(field_scan_peek(&look)))
		return none;
	int64_t us = read_fraction_us(&look);
	*s = look;
	return make_stamp((int64_t)seconds, us, true);
}

/* "[ 4999.999203]" as the kernel prints it, with six digits behind the point and no caller; -1 and
 * nothing taken where it is anything else. */
static inline int64_t read_usual_bracket_us(struct field_scan *s)
{
	const char *p = s->at;
	const size_t longest = 24; /* of what is looked at below */
	unsigned digits, behind;
	uint64_t seconds, us;
	if (field_scan_left(s) < longest || *p++ != '[')
		return -1;
	for (int spaces = 0; spaces < 4 && *p == ' '; spaces++)
		p++;
	if (!field_scan_digits(p, &digits, &seconds) || digits == 0 || p[digits] != '.')
		return -1;
	p += digits + 1;
	if (!field_scan_digits(p, &behind, &us) || behind != 6 || p[6] != ']' || p[7] == '[')
		return -1;
	s->at = p + 7;
	return (int64_t)(seconds * CLOCK_US_PER_S + us);
}

int64_t log_stamp_read_bracket_us(struct field_scan *s)
{
	int64_t usual_us = read_usual_bracket_us(s);
	if (usual_us >= 0)
		return usual_us;
	struct field_scan look = *s;
	uint64_t seconds;
	if (!field_scan_take_char(&look, '['))
		return -1;
	field_scan_skip_spaces(&look);
	if (!field_scan_number(&look, UINT32_MAX, &seconds) || !field_scan_take_char(&look, '.') ||
		!field_scan_is_digit(field_scan_peek(&look)))
		return -1;
	int64_t us = (int64_t)seconds * CLOCK_US_PER_S + read_fraction_us(&look);
	if (!field_scan_take_char(&look, ']'))
		return -1;
	struct field_scan caller = look;
	if (field_scan_take_char(&caller, '[')) {
		uint64_t number;
		field_scan_skip_spaces(&caller);
		if ((field_scan_take_char(&caller, 'T') || field_scan_take_char(&caller, 'C')) &&
			field_scan_number(&caller, UINT32_MAX, &number) &&
			field_scan_take_char(&caller, ']'))
			look = caller;
	}
	*s = look;
	return us;
}

/* Weekday before the date: "Fri Nov 20 14:09:40 2026", "Fri 2026-11-20 14:09:40 UTC". */
static void skip_weekday(struct field_scan *s)
{
	if (field_scan_left(s) >= 4 && s->at[3] == ' ' && is_weekday(s->at))
		s->at += 4;
}

/* What dmesg writes: seconds since boot, or with -T a date, both in brackets. */
static struct log_stamp read_bracketed(struct log_line_clock *clock, struct field_scan *s)
{
	struct log_stamp stamp = {LOG_STAMP_NONE, {0}};
	int64_t us = log_stamp_read_bracket_us(s);
	if (us >= 0) {
		stamp.time.us = clock->boot.us + us;
		stamp.kind = wall_time_is_sane(stamp.time) ? LOG_STAMP_BOOT : LOG_STAMP_NONE;
		return stamp;
	}
	struct field_scan look = *s;
	int year = clock->year, month = clock->last_month;
	look.at++;
	skip_weekday(&look);
	struct log_stamp dated = read_classic(clock, &look, 0);
	if (dated.kind == LOG_STAMP_NONE || !field_scan_take_char(&look, ']')) {
		clock->year = year;
		clock->last_month = month;
		return stamp;
	}
	*s = look;
	dated.kind = LOG_STAMP_BOOT;
	return dated;
}

/* "26/11/20@14:09:40": the file of xinetd, whose year may have two digits, as its month and day may have one. */
static struct log_stamp read_xinetd(const struct log_line_clock *clock, struct field_scan *s)
{
	const struct log_stamp none = {LOG_STAMP_NONE, {0}};
	struct field_scan look = *s;
	uint64_t year, month, day;
	int of_day;
	if (!field_scan_number(&look, 9999, &year) || !field_scan_take_char(&look, '/') ||
		!field_scan_number(&look, 12, &month) || month == 0 ||
		!field_scan_take_char(&look, '/') || !field_scan_number(&look, 31, &day) ||
		day == 0 || !field_scan_take_char(&look, '@') || !read_time_of_day(&look, &of_day))
		return none;
	int64_t days = clock_days_from_civil(
		year < 100 ? (int)year + 2000 : (int)year, (int)month, (int)day);
	*s = look;
	return make_stamp(days * SECONDS_PER_DAY + of_day - clock->utc_offset_s, 0, false);
}

/* "2026.11.20 14:09:40": the file of stunnel. */
static struct log_stamp read_stunnel(const struct log_line_clock *clock, struct field_scan *s)
{
	const struct log_stamp none = {LOG_STAMP_NONE, {0}};
	struct field_scan look = *s;
	uint64_t year;
	int month, day, of_day;
	if (!field_scan_number(&look, 9999, &year) || year < 1970 ||
		!field_scan_take_char(&look, '.') || !read_two_digits(&look, 12, &month) ||
		month == 0 || !field_scan_take_char(&look, '.') ||
		!read_two_digits(&look, 31, &day) || day == 0 ||
		!field_scan_take_char(&look, ' ') || !read_time_of_day(&look, &of_day))
		return none;
	*s = look;
	return make_stamp(clock_days_from_civil((int)year, month, day) * SECONDS_PER_DAY + of_day -
				  clock->utc_offset_s,
		0, false);
}

/* "1795183780: ": the file of mosquitto, where nothing else stands before the message. */
static struct log_stamp read_mosquitto(struct field_scan *s)
{
	const struct log_stamp none = {LOG_STAMP_NONE, {0}};
	struct field_scan look = *s;
	uint64_t seconds;
	if (!field_scan_number(&look, 9999999999, &seconds) || look.at - s->at != 10 ||
		!field_scan_take_text(&look, ": ") || field_scan_left(&look) != 0)
		return none;
	*s = look;
	return make_stamp((int64_t)seconds, 0, false);
}

/* A stamp that begins with a digit. */
static struct log_stamp read_numeric(struct log_line_clock *clock, struct field_scan *s)
{
	struct field_scan look = *s;
	int year;
	if (field_scan_left(s) > 4 && s->at[4] == '-')
		return read_iso(clock, s);
	if (field_scan_left(s) > 4 && s->at[4] == '.')
		return read_stunnel(clock, s);
	if (field_scan_left(s) > 4 && (s->at[1] == '/' || s->at[2] == '/' || s->at[4] == '/'))
		return read_xinetd(clock, s);
	if (!read_year(&look, &year))
		return read_unix(s);
	field_scan_skip_spaces(&look);
	struct log_stamp stamp = read_classic(clock, &look, year);
	if (stamp.kind != LOG_STAMP_NONE)
		*s = look;
	return stamp;
}

/* Cisco's own: an optional count of messages, and a mark for a clock that was never set. */
static void skip_cisco_marks(struct field_scan *s)
{
	struct field_scan look = *s;
	uint64_t number;
	if (field_scan_number(&look, UINT32_MAX, &number) && field_scan_take_char(&look, ':') &&
		field_scan_take_char(&look, ' '))
		*s = look;
	if (!field_scan_take_char(s, '*'))
		field_scan_take_char(s, '.');
}

struct log_stamp log_stamp_read(struct log_line_clock *clock, struct field_scan *s)
{
	struct field_scan look = *s;
	struct log_stamp stamp;
	if (field_scan_peek(&look) == '[') {
		stamp = read_bracketed(clock, &look);
	} else if ((stamp = read_mosquitto(&look)).kind == LOG_STAMP_NONE) {
		skip_cisco_marks(&look);
		skip_weekday(&look);
		stamp = field_scan_is_digit(field_scan_peek(&look)) ? read_numeric(clock, &look)
								    : read_classic(clock, &look, 0);
	}
	if (stamp.kind == LOG_STAMP_NONE)
		return stamp;
	field_scan_take_char(&look, ':');
	*s = look;
	return stamp;
}

void log_stamp_note_month(struct log_line_clock *clock, struct text_slice line)
{
	struct field_scan s = field_scan_over(line);
	if (line.length < 4 || line.start[3] != ' ')
		return;
	int month = month_of(line.start);
	if (month != 0 && month != clock->last_month)
		(void)read_classic(clock, &s, 0);
}
