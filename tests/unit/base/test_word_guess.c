/* SPDX-License-Identifier: ISC */
#include "base/word_guess.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void slips_of_the_pen_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned wanted;
	} rows[] = {
		{"home", "home", 0},
		{"home", "Home", 0},
		{"hom", "home", 1},
		{"hoome", "home", 1},
		{"hime", "home", 1},
		{"hoem", "home", 1},
		{"", "home", 4},
		{"memory", "state", 6},
		{"abcdefghijklmnopqrstuvwxyzabcdefg", "a", UINT_MAX},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned there = word_guess_distance(rows[i].a, rows[i].b);
		unsigned back = word_guess_distance(rows[i].b, rows[i].a);
		if (there != rows[i].wanted || back != there)
			fail_msg("%s and %s: got %u and back %u, wanted %u", rows[i].a, rows[i].b,
				there, back, rows[i].wanted);
	}
}

static void only_a_near_word_is_guessed(void **state)
{
	static const char *const known[] = {"home", "dark", "trusted", "interfaces"};
	static const struct {
		const char *wanted, *best;
	} rows[] = {
		{"hom", "home"},
		{"interface", "interfaces"},
		{"intrefaces", "interfaces"},
		{"trusetd", "trusted"},
		{"xyz", NULL},
		{"h", NULL},
		{"ports", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct word_guess guess = word_guess_of(rows[i].wanted);
		for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
			word_guess_offer(&guess, known[k]);
		const char *got = guess.best ? guess.best : "nothing";
		const char *wanted = rows[i].best ? rows[i].best : "nothing";
		if (strcmp(got, wanted) != 0)
			fail_msg("%s: got %s, wanted %s", rows[i].wanted, got, wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips_of_the_pen_are_counted),
		cmocka_unit_test(only_a_near_word_is_guessed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
