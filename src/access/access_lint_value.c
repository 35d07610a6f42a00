/* SPDX-License-Identifier: ISC */
#include "access/access_lint_value.h"

#include "access/access_text.h"
#include "base/word_guess.h"

/* --- facilities and levels --- */

static const char *const facilities[] = {"kern", "user", "mail", "daemon", "auth", "lpr", "news",
	"uucp", "cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
	"local7", NULL};
static const char *const levels[] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", NULL};
/* Words that syslog.conf knows and the language does not. */
static const char *const meant[][2] = {{"authpriv", "auth"}, {"security", "auth"},
	{"ftp", "daemon"}, {"syslog", "daemon"}, {"warn", "warning"}, {"error", "err"},
	{"panic", "emerg"}};

/* Adds the word, or what it should be. False if it is none of them. */
static bool add_known(
	const char *const *names, struct text_slice word, struct access_draft *out, bool *same)
{
	char text[WORD_GUESS_LENGTH + 1];
	if (!word_guess_copy(word, text))
		return false;
	struct word_guess guess = word_guess_of(text);
	for (const char *const *n = names; *n != NULL; n++) {
		if (access_text_equals(word, *n)) {
			access_draft_add_slice(out, word);
			return true;
		}
		word_guess_offer(&guess, *n);
	}
	*same = false;
	for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
		if (access_text_equals(word, meant[i][0]))
			guess.best = meant[i][1];
	}
	for (const char *const *n = names; guess.best != NULL && *n != NULL; n++) {
		if (strcmp(*n, guess.best) == 0) {
			access_draft_add_text(out, guess.best);
			return true;
		}
	}
	return false;
}

bool access_lint_value_severity(struct text_slice value, struct access_draft *out, bool *same)
{
	const char *dot = value.length ? memchr(value.start, '.', value.length) : NULL;
	struct text_slice level = value;
	*same = true;
	if (dot != NULL) {
		struct text_slice facility = {value.start, (size_t)(dot - value.start)};
		level = (struct text_slice){dot + 1, value.length - facility.length - 1};
		if (!add_known(facilities, facility, out, same)) {
			*same = false;
			return false;
		}
		access_draft_add_text(out, ".");
	}
	if (add_known(levels, level, out, same))
		return true;
	*same = false;
	return false;
}

/* --- a point in time as most write it --- */

/* Copies so many digits; false if they are not there. */
static bool take_digits(struct text_slice *s, unsigned count, char **out)
{
	for (; count > 0; count--) {
		if (s->length == 0 || s->start[0] < '0' || s->start[0] > '9')
			return false;
		*(*out)++ = s->start[0];
		*s = (struct text_slice){s->start + 1, s->length - 1};
	}
	return true;
}

/* Skips one of these bytes. */
static bool skip_one(struct text_slice *s, const char *bytes)
{
	if (s->length == 0 || s->start[0] == '\0' || !strchr(bytes, s->start[0]))
		return false;
	*s = (struct text_slice){s->start + 1, s->length - 1};
	return true;
}

bool access_lint_value_time(struct text_slice *s, char out[20])
{
	char *to = out;
	if (!take_digits(s, 4, &to) || !skip_one(s, "-") || !take_digits(s, 2, &to) || !skip_one(s, "-") ||
		!take_digits(s, 2, &to) || !skip_one(s, "Tt "))
		return false;
	*to++ = 'T';
	for (unsigned i = 0; i < 3; i++) {
		struct text_slice before = *s;
		if (i > 0)
			skip_one(s, "\\");
		if (i > 0 && !skip_one(s, ":")) {
			*s = before;
			*to++ = '0';
			*to++ = '0';
		} else if (!take_digits(s, 2, &to)) {
			return false;
		}
	}
	if (!skip_one(s, "Zz"))
		return false;
	memcpy(to, "Z", 2);
	return true;
}
