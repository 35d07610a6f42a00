/* SPDX-License-Identifier: ISC */
#include "cli/access_tables.h"

#include "base/diag.h"
#include "base/memory.h"
#include "cli/shell_word.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* FILE.bak, FILE.bak.1 */
static bool is_old(const char *path)
{
	const char *last = NULL;
	for (const char *at = path; (at = strstr(at, ".bak")) != NULL; at++)
		last = at + strlen(".bak");
	if (last == NULL)
		return false;
	return *last == '\0' || (last[0] == '.' && last[1] != '\0' && last[1 + strspn(last + 1, "0123456789")] == '\0');
}

static bool is_index(const char *path)
{
	size_t length = strlen(path);
	return length > 4 && strcmp(path + length - 4, ".idx") == 0;
}

/* The first of the words that is the same file; null: none. */
static const char *find_same(char *const *words, int count, const char *path)
{
	struct stat one, other;
	if (stat(path, &one) != 0)
		return NULL;
	for (int i = 0; i < count; i++) {
		if (stat(words[i], &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino)
			return words[i];
	}
	return NULL;
}

static bool has_others(const struct access_call *c)
{
	for (int i = 0; i < c->word_count; i++) {
		if (!is_old(c->words[i]) && !is_index(c->words[i]))
			return true;
	}
	return false;
}

char **access_tables_choose(const struct access_call *c, int *count)
{
	char **words = memory_calloc((size_t)c->word_count + 1, sizeof *words);
	bool old_ones = !c->fix && !c->dry_run && !has_others(c);
	*count = 0;
	for (int i = 0; i < c->word_count; i++) {
		char *path = c->words[i];
		const char *same = find_same(words, *count, path);
		if (is_index(path))
			diag_note("%s: an index, no table; left out", shell_word_show(path).text);
		else if (is_old(path) && !old_ones)
			diag_note("%s: an old table that --fix kept; left out", shell_word_show(path).text);
		else if (same != NULL)
			diag_note("%s: the same file as %s; read once", shell_word_show(path).text, shell_word_show(same).text);
		else
			words[(*count)++] = path;
	}
	if (c->word_count > 0 && *count == 0)
		diag_error("access check: no table was named");
	return words;
}

bool access_tables_has_index(const char *path, char index[4096])
{
	struct stat facts;
	int n = snprintf(index, 4096, "%s.idx", path);
	return n > 0 && n < 4096 && stat(index, &facts) == 0;
}
