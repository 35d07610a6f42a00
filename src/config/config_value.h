/* SPDX-License-Identifier: ISC */
/*
 * config_value - reads and writes the small languages of option values: numbers, sizes and durations.
 *
 * Strict: the whole text must fit, a sign or a fraction does not, and what would not fit in the
 * result is refused. False leaves the output untouched.
 */
#ifndef KW_CONFIG_CONFIG_VALUE_H
#define KW_CONFIG_CONFIG_VALUE_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stdint.h>

#define CONFIG_VALUE_SIZE_HELP "a size such as 76M or 1G"
#define CONFIG_VALUE_DURATION_HELP "a duration such as 90s, 30m, 1h30m or 7d"

/* Decimal digits that make a number of at most `most`. */
bool config_value_number(const char *text, uint64_t most, uint64_t *out);

/* "64M", "64MiB", "1G", "4096": units of 1024, K M G; a number alone counts bytes. */
bool config_value_size(const char *text, uint64_t *bytes);

/* "90s", "1h30m", "7d", "2w", each unit at most once and falling; "0" alone needs no unit. */
bool config_value_duration(const char *text, int64_t *microseconds);

/* The other way: "64M", "1G", "4096"; "1h30m", "1d", "0". What was read from such a text is written as one that reads
 * the same; of a duration, parts of a second are left out. */
void config_value_write_size(uint64_t bytes, struct text_buffer *out);
void config_value_write_duration(int64_t microseconds, struct text_buffer *out);

#endif
