/* SPDX-License-Identifier: ISC */
#include "logline/prefix_verdict.h"

#include <strings.h>

static const char *const let_in[] = {
	"ACCEPT", "ACCEPTED", "ALLOW", "ALLOWED", "PASS", "PASSED", "PERMIT", "PERMITTED", "AUDIT"};
static const char *const refused[] = {"DROP", "DROPPED", "DENY", "DENIED", "BLOCK", "BLOCKED",
	"REJECT", "REJECTED", "REFUSED", "INVALID"};
/* "not allowed", "NO_PASS": they turn round what follows. */
static const char *const negations[] = {"NOT", "NO", "NON", "NEVER"};

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_one_of(const char *const *words, size_t count, const char *word, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		/* Asked of every line: most words differ in their first letter. */
		if (((words[i][0] ^ word[0]) & 0x5f) == 0 &&
			strncasecmp(words[i], word, length) == 0 && words[i][length] == '\0')
			return true;
	}
	return false;
}

bool prefix_verdict_is_let_in(struct text_slice prefix)
{
	const char *p = prefix.start, *end = p + prefix.length;
	bool let = false, negated = false;
	while (p < end) {
		const char *word = p;
		while (p < end && is_letter(*p))
			p++;
		size_t length = (size_t)(p - word);
		/* Every word that tells a fate has four letters at least. */
		if (length >= 4 &&
			is_one_of(refused, sizeof refused / sizeof *refused, word, length))
			return false;
		if (length >= 4 &&
			is_one_of(let_in, sizeof let_in / sizeof *let_in, word, length)) {
			if (negated)
				return false;
			let = true;
		}
		if (length > 0)
			negated = is_one_of(
				negations, sizeof negations / sizeof *negations, word, length);
		else if (*p++ >= '0' && p[-1] <= '9')
			negated = false; /* "rule no 3" */
	}
	return let;
}
