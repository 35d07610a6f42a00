/* SPDX-License-Identifier: ISC */
#include "config/config_value.h"

#include <stddef.h>
#include <strings.h>

/* Reads digits; false if there are none or the number leaves 53 bits (more than any option needs).
 */
static bool read_number(const char **at, uint64_t *out)
{
	const char *p = *at;
	uint64_t number = 0;
	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		number = number * 10 + (uint64_t)(*p - '0');
		if (number >> 53)
			return false;
	}
	*out = number;
	*at = p;
	return true;
}

bool config_value_number(const char *text, uint64_t most, uint64_t *out)
{
	uint64_t n = 0;
	if (text[0] == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		uint64_t digit = (uint64_t)(*text - '0');
		if (digit > most || n > (most - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

bool config_value_size(const char *text, uint64_t *bytes)
{
	static const struct {
		const char *unit;
		unsigned shift;
	} units[] = {{"", 0}, {"B", 0}, {"K", 10}, {"KB", 10}, {"KiB", 10}, {"M", 20}, {"MB", 20},
		{"MiB", 20}, {"G", 30}, {"GB", 30}, {"GiB", 30}};
	uint64_t number;
	if (!read_number(&text, &number))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcasecmp(text, units[i].unit) == 0) {
			if (number >> (63 - units[i].shift))
				return false;
			*bytes = number << units[i].shift;
			return true;
		}
	}
	return false;
}

bool config_value_duration(const char *text, int64_t *microseconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	const int64_t limit = INT64_C(86400) * 36525; /* a century: no option waits longer */
	int64_t seconds = 0;
	size_t next = 0;
	if (text[0] == '0' && text[1] == 0) {
		*microseconds = 0;
		return true;
	}
	do {
		uint64_t number;
		if (!read_number(&text, &number) || number > (uint64_t)limit)
			return false;
		while (next < sizeof units / sizeof units[0] && units[next].unit != *text)
			next++;
		if (next == sizeof units / sizeof units[0])
			return false;
		if ((int64_t)number > (limit - seconds) / units[next].seconds)
			return false;
		seconds += (int64_t)number * units[next].seconds;
		next++;
		text++;
	} while (*text);
	*microseconds = seconds * 1000000;
	return true;
}

void config_value_write_size(uint64_t bytes, struct text_buffer *out)
{
	static const char units[] = {'G', 'M', 'K'};
	for (unsigned i = 0; i < sizeof units; i++) {
		const unsigned shift = 30 - 10 * i;
		if (bytes >> shift != 0 && bytes >> shift << shift == bytes) {
			text_buffer_printf(
				out, "%llu%c", (unsigned long long)(bytes >> shift), units[i]);
			return;
		}
	}
	text_buffer_printf(out, "%llu", (unsigned long long)bytes);
}

void config_value_write_duration(int64_t microseconds, struct text_buffer *out)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	int64_t left = microseconds / 1000000;
	if (left <= 0)
		text_buffer_add(out, "0");
	for (unsigned i = 0; i < sizeof units / sizeof units[0] && left > 0; i++) {
		if (left / units[i].seconds > 0)
			text_buffer_printf(
				out, "%lld%c", (long long)(left / units[i].seconds), units[i].unit);
		left %= units[i].seconds;
	}
}
