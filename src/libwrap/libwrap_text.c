/* SPDX-License-Identifier: ISC */
/*
 * The small text functions of the ABI, which tcpdchk and tcpdmatch of other packages read tables with. Our own
 * reading of tables is in access/.
 */
#include "libwrap/libwrap_abi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * A logical line: a backslash right before the newline joins the next one on. What is returned lacks a newline
 * where the file ends without, or the line did not fit.
 */
char *xgets(char *line, int line_size, FILE *file)
{
	char *at = line;
	int left = line_size;
	while (left > 1 && fgets(at, left, file)) {
		size_t got = strlen(at);
		if (got > 0 && at[got - 1] == '\n') {
			tcpd_context.line++;
			if (got < 2 || at[got - 2] != '\\')
				return line;
			got -= 2;
		}
		at += got;
		left -= (int)got;
		*at = '\0';
	}
	return at > line ? line : NULL;
}

/* Ends the text at the first delimiter that stands outside [ ]; returns what is behind it, or null. */
char *split_at(char *text, int delimiter)
{
	int depth = 0;
	if (!text)
		return NULL;
	for (; *text != '\0'; text++) {
		if (*text == '[') {
			depth++;
		} else if (*text == ']') {
			depth--;
		} else if (depth == 0 && *text == (char)delimiter) {
			*text = '\0';
			return text + 1;
		}
	}
	return NULL;
}

/* As inet_addr(3), but only for what has four parts. */
unsigned long dot_quad_addr(char *text)
{
	unsigned parts = 0;
	for (const char *at = text; *at != '\0'; at++) {
		if (*at != '.' && (at == text || at[-1] == '.'))
			parts++;
	}
	struct in_addr a;
	if (parts != 4 || inet_aton(text, &a) == 0)
		return INADDR_NONE;
	return a.s_addr;
}

unsigned long cidr_mask_addr(char *text)
{
	const int bits = (int)strtol(text, NULL, 10);
	if (bits < 1 || bits > 32)
		return 0;
	return htonl(UINT32_MAX << (32 - bits));
}

char *percent_m(char *result, char *text)
{
	const int failed = errno;
	char *to = result;
	while (*text != '\0') {
		if (text[0] != '%' || text[1] != 'm') {
			*to++ = *text++;
			continue;
		}
		const char *words = strerrordesc_np(failed);
		if (words)
			to = stpcpy(to, words);
		else
			to += sprintf(to, "Unknown error %d", failed); // NOLINT: no size in the ABI
		text += 2;
	}
	*to = '\0';
	return result;
}
