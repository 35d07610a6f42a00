/* SPDX-License-Identifier: ISC */
#include "cli/other_name.h"

#include "cli/daemon_main.h"
#include "cli/tcpdchk.h"
#include "cli/tcpdmatch.h"

#include <stddef.h>
#include <string.h>

other_name_fn *other_name_find(const char *called)
{
	static const struct {
		const char *name;
		other_name_fn *run;
	} names[] = {
		{"knockwatchd", daemon_main},
		{"tcpdmatch", tcpdmatch_main},
		{"tcpdchk", tcpdchk_main},
	};
	const char *slash = strrchr(called, '/');
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(slash ? slash + 1 : called, names[i].name) == 0)
			return names[i].run;
	}
	return NULL;
}
