/* SPDX-License-Identifier: ISC */
#include "cli/standard_output.h"

#include "base/diag.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool standard_output_is_lost(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return false;
	/* what failed before, and not again, has left no errno */
	diag_error("standard output: %s", errno != 0 ? strerror(errno) : "not all could be written");
	return true;
}
