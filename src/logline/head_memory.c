/* SPDX-License-Identifier: ISC */
#include "logline/head_memory.h"

#include "base/clock.h"

#include <string.h>

enum {
	CLASSIC_SECONDS_AT = 13, /* "Feb 25 12:11:24" */
	ISO_SECONDS_AT = 17,     /* "2026-02-25T12:11:24" */
	FRACTION_MAX = 6,        /* digits that count */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of `count` digits; -1 if one of them is none. */
static int read_digits(const char *p, unsigned count)
{
	int value = 0;
	for (unsigned i = 0; i < count; i++) {
		if (!is_digit(p[i]))
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

/* Seconds and fraction that stand in the line, in microseconds; -1 if they do not stand there whole. */
static int64_t read_seconds_us(const char *line, unsigned seconds_at, unsigned fraction_digits)
{
	static const int units[FRACTION_MAX + 1] = {0, 100000, 10000, 1000, 100, 10, 1};
	const int leap = 60;
	int seconds = read_digits(line + seconds_at, 2);
	if (seconds < 0 || seconds > leap)
		return -1;
	if (fraction_digits == 0)
		return seconds * CLOCK_US_PER_S;
	int fraction = read_digits(line + seconds_at + 3, fraction_digits);
	return fraction < 0 ? -1 : seconds * CLOCK_US_PER_S + fraction * units[fraction_digits];
}

/* Where the seconds stand; 0 if the line begins with no stamp of the two forms. */
static unsigned find_seconds(struct text_slice line)
{
	const char *p = line.start;
	if (line.length <= ISO_SECONDS_AT + 2)
		return 0;
	if (p[3] == ' ' && p[6] == ' ' && p[9] == ':' && p[12] == ':')
		return CLASSIC_SECONDS_AT;
	if (p[4] == '-' && p[7] == '-' && p[13] == ':' && p[16] == ':')
		return ISO_SECONDS_AT;
	return 0;
}

/* How many digits follow a point behind the seconds. */
static unsigned count_fraction(struct text_slice line, unsigned seconds_at)
{
	size_t at = seconds_at + 2u;
	unsigned count = 0;
	if (line.start[at] != '.')
		return 0;
	while (++at < line.length && is_digit(line.start[at]))
		count++;
	return count;
}

/* Where the part behind seconds and fraction begins, which never changes. */
static size_t tail_of(const struct head_memory *m)
{
	return m->seconds_at + 2u + (m->fraction_digits > 0 ? m->fraction_digits + 1u : 0u);
}

static bool can_keep(struct text_slice line, const struct head_memory_head *head)
{
	if (head->length > HEAD_MEMORY_MAX || head->length > line.length ||
		head->length <= ISO_SECONDS_AT + 2 || line.start[head->length - 1] != ' ')
		return false;
	return head->length == line.length || line.start[head->length] != ' ';
}

void head_memory_keep(struct head_memory *m, struct text_slice line,
	const struct head_memory_head *head, const struct head_memory_terms *terms)
{
	unsigned seconds_at = find_seconds(line);
	m->length = 0;
	if (seconds_at == 0 || !can_keep(line, head))
		return;
	unsigned digits = count_fraction(line, seconds_at);
	if (digits > FRACTION_MAX || (digits == 0 && line.start[seconds_at + 2] == '.'))
		return;
	int64_t seconds_us = read_seconds_us(line.start, seconds_at, digits);
	if (seconds_us < 0)
		return;
	m->seconds_at = (uint8_t)seconds_at;
	m->fraction_digits = (uint8_t)digits;
	if (tail_of(m) >= head->length)
		return;
	memcpy(m->text, line.start, head->length);
	m->length = (uint8_t)head->length;
	m->host_at = (uint8_t)(head->host.start - line.start);
	m->host_length = (uint8_t)head->host.length;
	m->program_at = (uint8_t)(head->program.start - line.start);
	m->program_length = (uint8_t)head->program.length;
	m->minute_us = head->stamp_us - seconds_us;
	m->terms = *terms;
}

bool head_memory_recall(const struct head_memory *m, struct text_slice line,
	const struct head_memory_terms *terms, struct head_memory_head *out)
{
	const char *p = line.start;
	if (m->length == 0 || line.length < m->length || terms->year != m->terms.year ||
		terms->month != m->terms.month || terms->utc_offset_s != m->terms.utc_offset_s)
		return false;
	size_t tail = tail_of(m);
	/* the tail first: the line of another program differs in it */
	if (!text_slice_same_word(p + tail, m->text + tail, m->length - tail) ||
		!text_slice_same_word(p, m->text, m->seconds_at) ||
		p[m->seconds_at + 2] != m->text[m->seconds_at + 2])
		return false;
	/* one more space would belong to the head */
	if (line.length > m->length && p[m->length] == ' ')
		return false;
	int64_t seconds_us = read_seconds_us(p, m->seconds_at, m->fraction_digits);
	struct wall_time t = {m->minute_us + seconds_us};
	if (seconds_us < 0 || !wall_time_is_sane(t))
		return false;
	out->stamp_us = t.us;
	out->host = (struct text_slice){p + m->host_at, m->host_length};
	out->program = (struct text_slice){p + m->program_at, m->program_length};
	out->length = m->length;
	out->fine = m->seconds_at == ISO_SECONDS_AT ? t.us % CLOCK_US_PER_S != 0
						    : m->fraction_digits > 0;
	return true;
}
