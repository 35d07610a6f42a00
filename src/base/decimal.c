/* SPDX-License-Identifier: ISC */
#include "base/decimal.h"

const char decimal_pairs[201] = "00010203040506070809101112131415161718192021222324"
				"25262728293031323334353637383940414243444546474849"
				"50515253545556575859606162636465666768697071727374"
				"75767778798081828384858687888990919293949596979899";

/* Four digits a round, the upper ones first: at most five rounds deep. */
char *decimal_write(char *at, uint64_t n)
{
	if (n >= 10000) {
		at = decimal_write(at, n / 10000);
		n %= 10000;
	} else if (n < 10) {
		*at = (char)('0' + n);
		return at + 1;
	} else if (n < 100) {
		decimal_write_two(at, (unsigned)n);
		return at + 2;
	} else if (n < 1000) {
		*at++ = (char)('0' + n / 100);
		decimal_write_two(at, (unsigned)n % 100);
		return at + 2;
	}
	decimal_write_two(at, (unsigned)n / 100);
	decimal_write_two(at + 2, (unsigned)n % 100);
	return at + 4;
}
