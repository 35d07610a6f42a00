/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

#include <stddef.h>

bool utf8_take(const char **at, const char *end, uint32_t *code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t first = (uint8_t) * *at;
	const ptrdiff_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if ((first >= 0x80 && first < 0xc0) || first > 0xf7 || end - *at < length)
		return false;
	uint32_t c = length == 1 ? first : first & (0x7fu >> length);
	for (ptrdiff_t i = 1; i < length; i++) {
		const uint8_t next = (uint8_t)(*at)[i];
		if ((next & 0xc0) != 0x80)
			return false;
		c = c << 6 | (next & 0x3f);
	}
	if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return false;
	*at += length;
	*code = c;
	return true;
}
