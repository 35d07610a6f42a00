/* SPDX-License-Identifier: ISC */
#include "access/access_time.h"

#include "base/clock.h"

#include <stdio.h>

enum { DAY_S = 86400 };

struct access_time_text access_time_write(int64_t seconds)
{
	struct access_time_text t;
	struct clock_text long_form = wall_time_to_rfc3339(wall_time_from_parts(seconds, 0));
	const char *c = long_form.text; /* 2026-11-30T05:00:00.000000Z */
	snprintf(t.text, sizeof t.text, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", c, c + 5, c + 8, c + 11,
		c + 14, c + 17);
	return t;
}

/* Digits only; -1 otherwise. */
static int read_part(const char *digits, unsigned count)
{
	int n = 0;
	for (unsigned i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -1;
		n = n * 10 + (digits[i] - '0');
	}
	return n;
}

static bool is_date(int year, int month, int day)
{
	if (year < 1970 || month < 1 || month > 12 || day < 1)
		return false;
	const int64_t next = month < 12 ? clock_days_from_civil(year, month + 1, 1) : clock_days_from_civil(year + 1, 1, 1);
	return clock_days_from_civil(year, month, 1) + day <= next;
}

bool access_time_read(struct text_slice text, int64_t *seconds)
{
	enum { LENGTH = 16 };
	const char *c = text.start;
	if (text.length != LENGTH || c[8] != 'T' || c[15] != 'Z')
		return false;
	int year = read_part(c, 4), month = read_part(c + 4, 2), day = read_part(c + 6, 2);
	int hour = read_part(c + 9, 2), minute = read_part(c + 11, 2),
	    second = read_part(c + 13, 2);
	if (!is_date(year, month, day) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	*seconds = clock_days_from_civil(year, month, day) * DAY_S + hour * 3600 + minute * 60 +
		   second;
	return true;
}
