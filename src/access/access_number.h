/* SPDX-License-Identifier: ISC */
/*
 * access_number - numbers of rules and options, read as the original does through atoi() and sscanf().
 *
 * A sign and digits, leading zeros tolerated. What is too large for 64 bits stays at their limit; the caller then cuts
 * to int or unsigned, as the C library does: 4294967320 is 24. Strange, but tables were tried out with it.
 *
 * Tests: tests/unit/access/test_access_number.c
 */
#ifndef KW_ACCESS_ACCESS_NUMBER_H
#define KW_ACCESS_ACCESS_NUMBER_H

#include "base/text_slice.h"

/* strtol() in base 10 at the beginning of the text, cut to int. Returns the bytes read; 0 (and *out 0) without a digit. */
size_t access_number_read_int(struct text_slice text, int *out);
/* strtoul() in base 8 or 10, cut to unsigned: a minus is allowed, and counts down from 0. */
size_t access_number_read_unsigned(struct text_slice text, unsigned base, unsigned *out);

#endif
