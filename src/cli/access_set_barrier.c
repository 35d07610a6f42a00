/* SPDX-License-Identifier: ISC */
#include "cli/access_set_barrier.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool lacks(const char *path, mode_t wanted)
{
	struct stat facts;
	return stat(path, &facts) == 0 && (facts.st_mode & wanted) != wanted;
}

bool access_set_barrier_find(const char *set, struct access_set_barrier *out)
{
	char directory[PATH_MAX];
	snprintf(directory, sizeof directory, "%s", set);
	const char *place = dirname(directory);
	out->is_directory = lacks(place, S_IXOTH);
	snprintf(out->path, sizeof out->path, "%s", out->is_directory ? place : set);
	return out->is_directory || lacks(set, S_IROTH);
}

const char *access_set_barrier_words(const struct access_set_barrier *b)
{
	return b->is_directory ? "others cannot enter it: a daemon that is not root's refuses everybody"
			       : "others cannot read it: a daemon that is not root's refuses everybody";
}

const char *access_set_barrier_mend(const struct access_set_barrier *b)
{
	return b->is_directory ? "chmod 755" : "chmod 644";
}
