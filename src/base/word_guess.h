/* SPDX-License-Identifier: ISC */
/*
 * word_guess - which known word was probably meant by a misspelt one.
 *
 * Counts inserted, left out, changed and swapped letters, and offers a word only when few of them
 * explain the difference. Words longer than WORD_GUESS_LENGTH are never guessed.
 */
#ifndef KW_BASE_WORD_GUESS_H
#define KW_BASE_WORD_GUESS_H

#include "base/text_slice.h"

#include <stdbool.h>

#define WORD_GUESS_LENGTH 32 /* longest key anybody would type */

struct word_guess {
	const char *wanted; /* the misspelt word, borrowed */
	const char *best;   /* nearest word so far, borrowed; null if none is near */
	unsigned distance;  /* of `best` */
};

/* A word that stands in a longer text, for word_guess_of. False where it is longer, or holds a NUL. */
bool word_guess_copy(struct text_slice from, char word[WORD_GUESS_LENGTH + 1]);

/* Starts a search for what `wanted` was to be. */
struct word_guess word_guess_of(const char *wanted);
/* Offers one known word. */
void word_guess_offer(struct word_guess *guess, const char *known);

/* Letters to change, add, drop or swap with a neighbour; UINT_MAX if a word is too long. */
unsigned word_guess_distance(const char *a, const char *b);

#endif
