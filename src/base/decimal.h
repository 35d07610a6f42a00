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
char *decimal_write(char *at, uint64_t n);

#endif
