/* SPDX-License-Identifier: ISC */
#include "cli/option_number.h"

#include "base/diag.h"

#include <inttypes.h>

bool option_number_read(const char *text, uint64_t most, uint64_t *out)
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

bool option_number_parse(
	const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	if (option_number_read(text, most, out) && *out >= least)
		return true;
	diag_error("--%s %s: expected a number from %" PRIu64 " to %" PRIu64, option, text, least,
		most);
	return false;
}
