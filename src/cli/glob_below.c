/* SPDX-License-Identifier: ISC */
#include "cli/glob_below.h"

#include "base/text_buffer.h"

#include <limits.h>

bool glob_below(const char *root, const char *pattern, glob_t *files)
{
	char full[PATH_MAX];
	struct text_buffer b = text_buffer_over(full, sizeof full);
	*files = (glob_t){0};
	for (const char *c = root; *c != '\0'; c++) {
		if (strchr("*?[\\", *c) != NULL)
			text_buffer_add(&b, "\\");
		text_buffer_add_bytes(&b, c, 1);
	}
	text_buffer_add(&b, pattern);
	return !b.cut && glob(full, 0, NULL, files) == 0;
}
