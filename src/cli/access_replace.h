/* SPDX-License-Identifier: ISC */
/*
 * access_replace - puts a corrected table in the place of the old one, which is kept beside it.
 *
 * Whoever reads the table meanwhile, or after a power cut, finds the one or the other, whole. Mode, owner and
 * extended attributes (access lists, labels) stay. The old file is FILE.bak, or FILE.bak.1 and so on where that exists: the
 * very file, renamed. A symbolic link stays one.
 */
#ifndef KW_CLI_ACCESS_REPLACE_H
#define KW_CLI_ACCESS_REPLACE_H

#include "base/text_slice.h"

#include <stdbool.h>

enum { ACCESS_REPLACE_PATH = 4096 };

/*
 * `old` is what the file held when it was read: if it holds something else now, nothing is done (ESTALE). False with
 * errno; the file is as it was then. `backup` is where the old one is.
 */
bool access_replace(const char *path, struct text_slice old, struct text_slice now,
	char backup[ACCESS_REPLACE_PATH]);

#endif
