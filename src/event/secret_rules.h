/* SPDX-License-Identifier: ISC */
/*
 * secret_rules - which names, programs and forms of words make a secret: the tables behind secret_mask.
 *
 * A new rule is a row in secret_rules.c and rows in tests/unit/event/test_secret_mask.c: what it must mask,
 * and what looks like it and must stay.
 */
#ifndef KW_EVENT_SECRET_RULES_H
#define KW_EVENT_SECRET_RULES_H

#include "base/text_slice.h"

/* What of a value is secret. */
enum secret_form {
	SECRET_FORM_NONE,
	SECRET_FORM_ALL,    /* all of it */
	SECRET_FORM_HEADER, /* all of it, and every word behind it; a scheme ("Bearer") may stay */
	SECRET_FORM_AFTER_COLON, /* user:SECRET; without a colon nothing */
	SECRET_FORM_AFTER_SIGN,  /* user%SECRET */
	SECRET_FORM_AFTER_COMMA, /* user,SECRET */
	SECRET_FORM_AFTER_SLASH, /* user/SECRET */
};

/* Does this name say that its value is secret? Dashes in front, case, and "_" for "-" do not matter. */
enum secret_form secret_rules_name(struct text_slice name);

/* A program of the tables; null = none. */
typedef const char *secret_program;

/* The program that this word names (its last component counts), seen while `program` is the one whose
 * arguments are read: "docker" and then "login" are a program of their own. Null if it names none. */
secret_program secret_rules_program(secret_program program, struct text_slice word);

/* Is this word an option of `program` that has a secret? `used` gets the length of the option itself; where
 * it is the whole word, the secret is the next word. */
enum secret_form secret_rules_option(secret_program program, struct text_slice word, size_t *used);

/* Is the word that is the `place`-th without a dash (1 = the first) a secret of `program`? */
enum secret_form secret_rules_bare(secret_program program, unsigned place);

/* Text that begins with a secret known by its form: how many bytes of it may stay (a prefix that everybody
 * knows), 0 = it begins with none. `length` gets how far it goes. A text that was cut may be short. */
size_t secret_rules_token(struct text_slice text, bool cut, size_t *length);

#endif
