/* SPDX-License-Identifier: ISC */
#include "access/access_number.h"

/* Sign and digits; `*magnitude` stays at UINT64_MAX. */
static size_t read_digits(struct text_slice text, unsigned base, bool *minus, uint64_t *magnitude)
{
	size_t i = 0;
	*magnitude = 0;
	*minus = text.length > 0 && text.start[0] == '-';
	if (*minus || (text.length > 0 && text.start[0] == '+'))
		i++;
	size_t first = i;
	for (; i < text.length; i++) {
		unsigned digit = (unsigned)(unsigned char)text.start[i] - '0';
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(*magnitude, base, magnitude) ||
			__builtin_add_overflow(*magnitude, digit, magnitude))
			*magnitude = UINT64_MAX;
	}
	return i > first ? i : 0;
}

size_t access_number_read_int(struct text_slice text, int *out)
{
	bool minus;
	uint64_t magnitude, limit = INT64_MAX;
	size_t used = read_digits(text, 10, &minus, &magnitude);
	if (magnitude > limit)
		magnitude = minus ? limit + 1 : limit;
	*out = (int)(uint32_t)(minus ? 0 - magnitude : magnitude);
	return used;
}

size_t access_number_read_unsigned(struct text_slice text, unsigned base, unsigned *out)
{
	bool minus;
	uint64_t magnitude;
	size_t used = read_digits(text, base, &minus, &magnitude);
	if (minus && magnitude != UINT64_MAX)
		magnitude = 0 - magnitude;
	*out = (unsigned)magnitude;
	return used;
}
