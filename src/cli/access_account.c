/* SPDX-License-Identifier: ISC */
#include "cli/access_account.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name service that cannot answer says so by errno, in one of many ways; that there is none, by none of them. */
static bool this_host_lacks(const char *name, bool is_group)
{
	errno = 0;
	const bool found = is_group ? getgrnam(name) != NULL : getpwnam(name) != NULL;
	return !found && (errno == 0 || errno == ENOENT || errno == ESRCH);
}

static FILE *open_below(const char *root, const char *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/etc/%s", root, name);
	return n > 0 && n < (int)sizeof path ? fopen(path, "re") : NULL;
}

/* Does its nsswitch.conf know other sources for "passwd" or "group"? */
static bool asks_others(const char *root, const char *base)
{
	static const char *const local[] = {"files", "compat", "systemd"};
	char *line = NULL;
	size_t size = 0;
	bool others = false;
	FILE *in = open_below(root, "nsswitch.conf");
	while (in != NULL && getline(&line, &size, in) >= 0) {
		char *rest = line, *word = strsep(&rest, ":");
		if (rest == NULL || strcmp(word + strspn(word, " \t"), base) != 0)
			continue;
		while ((word = strsep(&rest, " \t\n")) != NULL) {
			bool known = word[0] == '\0' || word[0] == '[';
			for (size_t i = 0; i < sizeof local / sizeof *local; i++)
				known = known || strcmp(word, local[i]) == 0;
			others = others || !known;
		}
	}
	free(line);
	if (in != NULL)
		fclose(in);
	return others;
}

bool access_account_lacks(const char *root, const char *name, bool is_group)
{
	const char *base = is_group ? "group" : "passwd";
	const size_t length = strlen(name);
	char *line = NULL;
	size_t size = 0;
	bool found = false;
	if (root[0] == '\0')
		return this_host_lacks(name, is_group);
	FILE *in = asks_others(root, base) ? NULL : open_below(root, base);
	if (in == NULL)
		return false;
	while (!found && getline(&line, &size, in) >= 0)
		found = strncmp(line, name, length) == 0 && line[length] == ':';
	const bool failed = ferror(in) != 0;
	free(line);
	fclose(in);
	return !found && !failed;
}
