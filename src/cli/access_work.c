/* SPDX-License-Identifier: ISC */
#include "cli/access_work.h"

#include "base/number_text.h"
#include "base/text_buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LONG_WORK = 8 << 20
}; /* bytes; less is done before anybody has read that it is being done */

bool access_work_tell(const char *path)
{
	struct stat s;
	char name[256];
	struct text_buffer b = text_buffer_over(name, sizeof name);
	if (stat(path, &s) < 0 || s.st_size < LONG_WORK || !isatty(STDERR_FILENO))
		return false;
	text_buffer_add_escaped(&b, path, strlen(path));
	fprintf(stderr, "\r\033[K%s: reading %s ...", name, number_text_bytes((uint64_t)s.st_size).text);
	return true;
}

void access_work_end(bool told)
{
	if (told)
		fputs("\r\033[K", stderr);
}
