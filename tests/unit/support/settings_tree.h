/* SPDX-License-Identifier: ISC */
/*
 * settings_tree - a directory that looks like /proc/sys, for the tests of those who read it.
 *
 * Begin and end are a test's setup and teardown: each test has an empty tree of its own, in
 * settings_tree_root.
 */
#ifndef KW_TESTS_SETTINGS_TREE_H
#define KW_TESTS_SETTINGS_TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char settings_tree_root[64];

static inline int settings_tree_begin(void **state)
{
	(void)state;
	snprintf(settings_tree_root, sizeof settings_tree_root, "/tmp/knockwatch-settings.XXXXXX");
	return mkdtemp(settings_tree_root) != NULL ? 0 : -1;
}

static inline int settings_tree_end(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", settings_tree_root);
	return system(command);
}

/* Writes the file at `path` below the root, and the directories that lead to it. */
static inline void settings_tree_put(const char *path, const char *text)
{
	char whole[256];
	snprintf(whole, sizeof whole, "%s/%s", settings_tree_root, path);
	for (char *slash = whole + strlen(settings_tree_root) + 1;
		(slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(whole, 0700);
		*slash = '/';
	}
	FILE *out = fopen(whole, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

#endif
