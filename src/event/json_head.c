/* SPDX-License-Identifier: ISC */
#include "event/json_head.h"

#include <string.h>

/* In a JSON string every quote has a backslash before it, so that an opening stands nowhere but where a member
 * begins; and the head stands before everything else. */
struct text_slice json_head_find(const char *line, size_t length, const char *opening)
{
	size_t skip = strlen(opening);
	const char *at = memmem(line, length, opening, skip);
	if (at == NULL)
		return (struct text_slice){line, 0};
	at += skip;
	const char *end = memchr(at, '"', length - (size_t)(at - line));
	return (struct text_slice){at, end != NULL ? (size_t)(end - at) : 0};
}
