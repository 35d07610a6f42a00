/* SPDX-License-Identifier: ISC */
/*
 * word_maker - words of rules: every form the language has, right, nearly right and wrong.
 *
 * A maker aims at one caller: most of its words match that caller or miss by a little.
 */
#ifndef KW_ABI_WORD_MAKER_H
#define KW_ABI_WORD_MAKER_H

#include "access_case.h"

#include "seeded_random.h"

#include <stdbool.h>

struct word_maker {
	struct seeded_random random;
	struct case_caller aim; /* whom the words are about */
	char word[2000];        /* what was made last */
};

/* One host pattern, one daemon pattern, one client pattern (user@host too). The word stays in `m` until the next. */
const char *word_maker_host(struct word_maker *m);
const char *word_maker_daemon(struct word_maker *m);
const char *word_maker_client(struct word_maker *m);

/* Bytes that mean nothing. */
const char *word_maker_junk(struct word_maker *m);

/* Dice. `percent` of 100; 0 to limit - 1; one of a table. */
bool word_maker_chance(struct word_maker *m, unsigned percent);
unsigned word_maker_below(struct word_maker *m, unsigned limit);
const char *word_maker_pick(struct word_maker *m, const char *const *table, size_t count);
#define WORD_MAKER_PICK(m, table) word_maker_pick(m, table, sizeof(table) / sizeof *(table))

/* Changes the case of some letters. */
void word_maker_shake_case(struct word_maker *m, char *text);

#endif
