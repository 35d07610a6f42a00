/* SPDX-License-Identifier: ISC */
/*
 * clock - points in time and spans between them, as types that cannot be mixed up.
 *
 * wall_time is what packets, log lines and reports carry: microseconds since 1970-01-01 UTC. It may
 * jump; nothing here asks the system for it. Only cli/, daemon/ and sensor/ ask the clock; every
 * other room takes the time as a parameter, so that replay equals live.
 */
#ifndef KW_BASE_CLOCK_H
#define KW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct wall_time {
	int64_t us; /* microseconds since 1970-01-01T00:00:00Z, leap seconds ignored as POSIX does */
};

/* Years 1970 to 9999: what RFC 3339 can write. A time outside is a broken input. */
#define CLOCK_US_PER_S INT64_C(1000000)
#define CLOCK_LAST_US (INT64_C(253402300799) * CLOCK_US_PER_S + INT64_C(999999))

static inline struct wall_time wall_time_from_parts(int64_t seconds, int64_t microseconds)
{
	return (struct wall_time){seconds * CLOCK_US_PER_S + microseconds};
}

static inline int64_t wall_time_seconds(struct wall_time t)
{
	return t.us / CLOCK_US_PER_S;
}

static inline bool wall_time_is_sane(struct wall_time t)
{
	return t.us >= 0 && t.us <= CLOCK_LAST_US;
}

#define CLOCK_TEXT_LENGTH 27 /* of every clock_text, without the NUL */

struct clock_text {
	char text[32]; /* e.g. 2026-11-20T14:09:40.120311Z */
};

/* RFC 3339 with microseconds, UTC. A time outside 1970-9999 is written as its nearest bound. */
struct clock_text wall_time_to_rfc3339(struct wall_time t);

/*
 * Reads an RFC 3339 / ISO 8601 date-time: date, 'T' or space, time, optional fraction ('.' or ','),
 * optional zone (Z, +hh:mm, +hhmm, +hh). Without a zone, `default_offset_s` (seconds east of UTC) is
 * used. `end` gets the first unread character. False leaves the outputs untouched.
 */
bool wall_time_parse_iso(const char *text, const char *limit, int default_offset_s,
	struct wall_time *out, const char **end);

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1-12, day 1-31, not checked. */
int64_t clock_days_from_civil(int64_t year, int month, int day);

/* The date of a day number; the reverse of clock_days_from_civil. */
void clock_civil_from_days(int64_t days, int64_t *year, int *month, int *day);

#endif
