/* SPDX-License-Identifier: ISC */
#include "access/access_number.h"

#include <limits.h>

struct number {
	bool minus;
	bool over; /* more than 64 bits */
	uint64_t magnitude;
};

/* Sign and digits. Returns the bytes read. */
static size_t read_digits(struct text_slice text, unsigned base, struct number *out)
{
	size_t i = 0;
	*out = (struct number){.minus = text.length > 0 && text.start[0] == '-'};
	if (out->minus || (text.length > 0 && text.start[0] == '+'))
		i++;
	size_t first = i;
	for (; i < text.length; i++) {
		unsigned digit = (unsigned)(unsigned char)text.start[i] - '0';
		if (digit >= base)
			break;
		out->over = out->over || __builtin_mul_overflow(out->magnitude, base, &out->magnitude) ||
			    __builtin_add_overflow(out->magnitude, digit, &out->magnitude);
	}
	return i > first ? i : 0;
}

size_t access_number_read_int(struct text_slice text, int *out)
{
	struct number n;
	const uint64_t limit = INT64_MAX;
	size_t used = read_digits(text, 10, &n);
	if (n.over || n.magnitude > limit)
		n.magnitude = n.minus ? limit + 1 : limit;
	*out = (int)(uint32_t)(n.minus ? 0 - n.magnitude : n.magnitude);
	return used;
}

size_t access_number_read_unsigned(struct text_slice text, unsigned base, unsigned *out)
{
	struct number n;
	size_t used = read_digits(text, base, &n);
	*out = n.over ? UINT_MAX : (unsigned)(n.minus ? 0 - n.magnitude : n.magnitude);
	return used;
}
