/* SPDX-License-Identifier: ISC */
#include "cli/option_number.h"

#include "base/diag.h"
#include "config/config_value.h"

#include <inttypes.h>

bool option_number_read(const char *text, uint64_t most, uint64_t *out)
{
	return config_value_number(text, most, out);
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
