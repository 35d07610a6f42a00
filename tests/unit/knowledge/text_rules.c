/* SPDX-License-Identifier: ISC */
#include "text_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	MOST_CAPITALS = 6 /* the longest abbreviation we need */
};

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static unsigned fault(const char *who, const char *text, const char *what)
{
	print_error("%s: got \"%s\", wanted %s\n", who, text ? text : "(none)", what);
	return 1;
}

static bool is_quiet(const char *text)
{
	size_t capitals = 0;
	for (const char *p = text; *p != '\0'; p++) {
		capitals = is_upper(*p) ? capitals + 1 : 0;
		if (capitals > MOST_CAPITALS || *p == '!')
			return false;
	}
	return true;
}

static bool is_printable(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < ' ' || *p > '~')
			return false;
	}
	return true;
}

static unsigned count_sentences(const char *text)
{
	unsigned count = 0;
	for (const char *p = text; *p != '\0'; p++)
		count += p[0] == '.' && (p[1] == ' ' || p[1] == '\0');
	return count;
}

unsigned text_rules_check_sentences(
	const char *who, const char *text, size_t longest, unsigned sentences)
{
	if (text == NULL || *text == '\0')
		return fault(who, text, "a text");
	unsigned faults = 0, count = count_sentences(text);
	if (strlen(text) > longest)
		faults += fault(who, text, "a shorter text");
	if (!is_printable(text) || strstr(text, "  ") != NULL)
		faults += fault(who, text, "printable ASCII, single blanks");
	if (!is_quiet(text))
		faults += fault(who, text, "no shouting");
	if (!is_upper(text[0]) || text[strlen(text) - 1] != '.')
		faults += fault(who, text, "a capital first and a full stop last");
	if (count < 1 || count > sentences)
		faults += fault(who, text, "fewer sentences");
	return faults;
}

unsigned text_rules_check_name(const char *who, const char *name, size_t longest, const char *extra)
{
	if (name == NULL || !is_lower_or_digit(name[0]))
		return fault(who, name, "a name that begins with a letter or digit");
	unsigned faults = 0;
	if (strlen(name) > longest)
		faults += fault(who, name, "a shorter name");
	for (const char *p = name; *p != '\0'; p++) {
		if (!is_lower_or_digit(*p) && strchr(extra, *p) == NULL)
			return faults + fault(who, name, "a name in lower case");
	}
	return faults;
}
