/* SPDX-License-Identifier: ISC */
/*
 * decimal - numbers as decimal digits, written straight to where they belong.
 *
 * Two digits at a time, without a locale and without a NUL; the caller has the room. For lines that are
 * written by the thousand: printf takes ten times as long.
 */
#ifndef KW_BASE_DECIMAL_H
#define KW_BASE_DECIMAL_H

#include <stdint.h>
#include <string.h>

#define DECIMAL_MAX 20 /* digits of UINT64_MAX */

extern const char decimal_pairs[201]; /* "00" to "99" */

/* `n` below 100 as exactly two digits. */
static inline void decimal_write_two(char *at, unsigned n)
{
	memcpy(at, decimal_pairs + (size_t)2 * n, 2);
}

/* Writes `n` without leading zeros, at most DECIMAL_MAX characters; returns the place behind them. */
static inline char *decimal_write(char *at, uint64_t n)
{
	unsigned length = 1;
	for (uint64_t rest = n; rest >= 10; rest /= 10)
		length++;
	char *end = at + length;
	for (at = end; n >= 100; n /= 100)
		decimal_write_two(at -= 2, (unsigned)(n % 100));
	if (n >= 10)
		decimal_write_two(at - 2, (unsigned)n);
	else
		at[-1] = (char)('0' + n);
	return end;
}

#endif
