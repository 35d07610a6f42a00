/* SPDX-License-Identifier: ISC */
/*
 * config_guess - which known word was probably meant by a misspelt one.
 *
 * Counts inserted, left out, changed and swapped letters, and offers a word only when few of them
 * explain the difference. Words longer than CONFIG_GUESS_LENGTH are never guessed.
 */
#ifndef KW_CONFIG_CONFIG_GUESS_H
#define KW_CONFIG_CONFIG_GUESS_H

#define CONFIG_GUESS_LENGTH 32 /* longest key anybody would type */

struct config_guess {
	const char *wanted; /* the misspelt word, borrowed */
	const char *best;   /* nearest word so far, borrowed; null if none is near */
	unsigned distance;  /* of `best` */
};

/* Starts a search for what `wanted` was to be. */
struct config_guess config_guess_of(const char *wanted);
/* Offers one known word. */
void config_guess_offer(struct config_guess *guess, const char *known);

/* Letters to change, add, drop or swap with a neighbour; UINT_MAX if a word is too long. */
unsigned config_guess_distance(const char *a, const char *b);

#endif
