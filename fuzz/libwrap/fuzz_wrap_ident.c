/* SPDX-License-Identifier: ISC */
/*
 * Any line as an answer of an ident service. Asserted: a user is given whole, without blanks and control characters, or
 * nothing is written.
 */
#include "libwrap/wrap_ident.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char user[WRAP_IDENT_USER_SIZE] = "untouched";
	char *exact = malloc(size > 0 ? size : 1);
	require(exact != NULL);
	if (size > 0)
		memcpy(exact, data, size);
	if (wrap_ident_read((struct text_slice){exact, size}, 6193, 23, user)) {
		const char *end = memchr(user, '\0', sizeof user);
		require(end != NULL && end > user);
		for (const char *at = user; at < end; at++)
			require((unsigned char)*at > ' ' && *at != 0x7f);
	} else {
		require(strcmp(user, "untouched") == 0);
	}
	free(exact);
	return 0;
}
