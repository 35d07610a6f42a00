/* SPDX-License-Identifier: ISC */
#include "cli/log_year.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

int log_year_of(const char *path)
{
	struct stat facts;
	struct tm local;
	const time_t now = time(NULL);
	if (strcmp(path, "-") != 0 && (stat(path, &facts) != 0 || S_ISREG(facts.st_mode)))
		return 0;
	localtime_r(&now, &local);
	return local.tm_year + 1900;
}
