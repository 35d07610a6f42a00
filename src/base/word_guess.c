/* SPDX-License-Identifier: ISC */
#include "base/word_guess.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The restricted form of Damerau's distance, three rows at a time. */
unsigned word_guess_distance(const char *a, const char *b)
{
	size_t a_length = strnlen(a, WORD_GUESS_LENGTH + 1);
	size_t b_length = strnlen(b, WORD_GUESS_LENGTH + 1);
	unsigned rows[3][WORD_GUESS_LENGTH + 1];
	if (a_length > WORD_GUESS_LENGTH || b_length > WORD_GUESS_LENGTH)
		return UINT_MAX;
	for (unsigned j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a_length; i++) {
		unsigned *now = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
		now[0] = i;
		for (unsigned j = 1; j <= b_length; j++) {
			unsigned same = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
			now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + same);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				lower(a[i - 2]) == lower(b[j - 1]))
				now[j] = least(now[j], higher[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

bool word_guess_copy(struct text_slice from, char word[WORD_GUESS_LENGTH + 1])
{
	if (from.length > WORD_GUESS_LENGTH)
		return false;
	memcpy(word, from.start, from.length);
	word[from.length] = '\0';
	return strlen(word) == from.length;
}

struct word_guess word_guess_of(const char *wanted)
{
	/* One slip in three letters is a slip; more is another word. */
	unsigned allowed = (unsigned)strnlen(wanted, WORD_GUESS_LENGTH + 1) / 3;
	return (struct word_guess){wanted, NULL, (allowed < 1 ? 1 : allowed) + 1};
}

void word_guess_offer(struct word_guess *guess, const char *known)
{
	unsigned distance = word_guess_distance(guess->wanted, known);
	if (distance < guess->distance) {
		guess->distance = distance;
		guess->best = known;
	}
}
