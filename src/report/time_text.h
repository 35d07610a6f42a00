/* SPDX-License-Identifier: ISC */
/*
 * time_text - points in time as people write and read them, in the local zone or in UTC.
 *
 * "Now" is a parameter. The local zone is that of the environment (TZ, /etc/localtime); days begin
 * at its midnight, also where daylight saving makes them 23 or 25 hours long. Month names are
 * English.
 */
#ifndef KW_REPORT_TIME_TEXT_H
#define KW_REPORT_TIME_TEXT_H

#include "base/clock.h"

#include <stdbool.h>

enum time_text_zone { TIME_TEXT_LOCAL, TIME_TEXT_UTC };

/* Which end of a range a text stands for: "yesterday" begins at midnight and ends at the next. */
enum time_text_edge {
	TIME_TEXT_SINCE,
	TIME_TEXT_UNTIL /* the first moment outside */
};

struct time_text {
	char text[64];
};

/*
 * Reads `now`, `today`, `yesterday`, `-90m` (s, m, h, d, w before now), `2026-11`, `2026-11-20`,
 * `2026-11-20T14:00` or with seconds, fraction and zone (a space may stand for the T). Days and
 * months mean their beginning as SINCE and their end as UNTIL. False leaves `out` untouched.
 */
bool time_text_parse(const char *text, struct wall_time now, enum time_text_zone zone,
	enum time_text_edge edge, struct wall_time *out);

/* At most 6 columns: "14:09" today, "19 Nov" this year, "2025" before that (or after). */
struct time_text time_text_stamp(
	struct wall_time t, struct wall_time now, enum time_text_zone zone);
/* "20 Nov 14:09", with the year where it is not that of `now`. */
struct time_text time_text_minute(
	struct wall_time t, struct wall_time now, enum time_text_zone zone);
/* "20 Nov 14:02:11", or "20 Nov 2025 14:02" where the year is not that of `now`: 17 columns at most. */
struct time_text time_text_second(
	struct wall_time t, struct wall_time now, enum time_text_zone zone);
/* "20 Nov 14:02:11 – 14:09:40 CET"; the second date only where it differs. */
struct time_text time_text_range(struct wall_time first, struct wall_time last,
	struct wall_time now, enum time_text_zone zone);
/* "7 m 29 s", "3 h 12 m", "2 d 4 h", "under 1 s"; of two units the smaller only if it is not 0. */
struct time_text time_text_span(int64_t us);
/* "20 Nov 2026" of a day number (UTC). */
struct time_text time_text_day(uint32_t days_since_1970);
/* "Jan" to "Dec" for 1 to 12. */
const char *time_text_month_name(int month);

#endif
