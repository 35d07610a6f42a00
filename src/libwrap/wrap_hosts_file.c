/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_hosts_file.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LINE_SIZE = 2048 };

static const char blanks[] = " \t\r\n\f\v";

/* A line of addresses and names: the address, and what stands behind it. */
static bool split(char *line, struct addr *a, char **names)
{
	line[strcspn(line, "#\n")] = '\0';
	line += strspn(line, blanks);
	const size_t length = strcspn(line, blanks);
	char *zone = memchr(line, '%', length); /* fe80::1%eth0 */
	if (!addr_parse(line, zone ? (size_t)(zone - line) : length, a))
		return false;
	*names = line + length;
	return true;
}

static bool next_name(char **names, char **name)
{
	*names += strspn(*names, blanks);
	const size_t length = strcspn(*names, blanks);
	if (length == 0)
		return false;
	*name = *names;
	*names += length;
	if (**names != '\0')
		*(*names)++ = '\0';
	return true;
}

/* As fgets, but what does not fit is passed over. */
static bool next_line(FILE *f, char line[LINE_SIZE])
{
	if (!fgets(line, LINE_SIZE, f))
		return false;
	if (!strchr(line, '\n')) {
		int c;
		while ((c = getc(f)) != EOF && c != '\n') {
		}
	}
	return true;
}

bool wrap_hosts_file_name_of(const char *path, const struct addr *a, char *name, size_t size)
{
	char line[LINE_SIZE];
	bool found = false;
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && next_line(f, line)) {
		struct addr here;
		char *names, *first;
		if (!split(line, &here, &names) || !addr_equal(&here, a) || !next_name(&names, &first))
			continue;
		if (strlen(first) >= size)
			break;
		memcpy(name, first, strlen(first) + 1);
		found = true;
	}
	fclose(f);
	return found;
}

enum wrap_hosts_file_answer wrap_hosts_file_has(const char *path, const char *name, const struct addr *a)
{
	char line[LINE_SIZE];
	enum wrap_hosts_file_answer answer = WRAP_HOSTS_FILE_NOBODY;
	FILE *f = fopen(path, "re");
	if (!f)
		return answer;
	while (answer != WRAP_HOSTS_FILE_HAS && next_line(f, line)) {
		struct addr here;
		char *names, *one;
		if (!split(line, &here, &names))
			continue;
		for (bool first = true; next_name(&names, &one); first = false) {
			if (strcasecmp(one, name) != 0)
				continue;
			const bool is_second_name = answer == WRAP_HOSTS_FILE_NOBODY && !first;
			answer = addr_equal(&here, a) ? WRAP_HOSTS_FILE_HAS : WRAP_HOSTS_FILE_OTHER;
			if (is_second_name) { /* the first line that has it says what its first name is */
				fclose(f);
				return WRAP_HOSTS_FILE_OTHER;
			}
			break;
		}
	}
	fclose(f);
	return answer;
}
