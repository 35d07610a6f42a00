/* SPDX-License-Identifier: ISC */
#include "knowledge/kind_text.h"

#include "text_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_kind_has_a_title_a_meaning_and_an_advice(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (unsigned k = 0; k < INCIDENT_KINDS; k++) {
		const struct kind_text *text = kind_text_of((enum incident_kind)k);
		const char *who = incident_kind_name((enum incident_kind)k);
		assert_non_null(text);
		faults += text_rules_check_sentences(who, text->meaning, KIND_TEXT_MEANING, 3);
		faults += text_rules_check_sentences(who, text->advice, KIND_TEXT_ADVICE, 4);
		faults += text_rules_check_sentences(who, text->unanswered, KIND_TEXT_ADVICE, 4);
		faults += text_rules_check_sentences(who, text->pings, KIND_TEXT_MEANING, 3);
		faults += text_rules_check_sentences(who, text->pings_advice, KIND_TEXT_ADVICE, 4);
		faults += text_rules_check_sentences(who, text->options, KIND_TEXT_MEANING, 3);
		faults +=
			text_rules_check_sentences(who, text->options_advice, KIND_TEXT_ADVICE, 4);
		faults += text_rules_check_sentences(who, text->pieces, KIND_TEXT_MEANING, 3);
		faults += text_rules_check_sentences(who, text->pieces_advice, KIND_TEXT_ADVICE, 4);
		if (text->title == NULL || strlen(text->title) > KIND_TEXT_TITLE ||
			strlen(text->title) < 5 || strchr(text->title, '.') != NULL) {
			print_error("%s: got title \"%s\", wanted 5 to %d characters and no stop\n",
				who, text->title ? text->title : "(none)", KIND_TEXT_TITLE);
			faults++;
		}
	}
	assert_int_equal(faults, 0);
}

static void no_two_kinds_share_a_text(void **state)
{
	(void)state;
	for (unsigned a = 0; a < INCIDENT_KINDS; a++) {
		for (unsigned b = 0; b < a; b++) {
			const struct kind_text *one = kind_text_of((enum incident_kind)a);
			const struct kind_text *two = kind_text_of((enum incident_kind)b);
			assert_string_not_equal(one->title, two->title);
			assert_string_not_equal(one->meaning, two->meaning);
		}
	}
}

/* A wrong row would tell a victim that it is under attack. */
static void a_kind_gets_its_own_text(void **state)
{
	(void)state;
	static const struct {
		enum incident_kind kind;
		const char *title, *within_meaning, *within_advice;
	} rows[] = {
		{INCIDENT_KIND_VERTICAL, "Port scan of one host", "doors", "ss -tulpn"},
		{INCIDENT_KIND_BRUTEFORCE, "Password guessing", "passwords", "keys"},
		{INCIDENT_KIND_SYN_FLOOD, "Flood of connection requests", "forged",
			"tcp_syncookies"},
		{INCIDENT_KIND_BACKSCATTER, "Backscatter", "Harmless", "Do not block"},
		{INCIDENT_KIND_TRACEROUTE, "Traceroute", "Harmless", "Nothing."},
		{INCIDENT_KIND_RESEARCH, "Research scanner", "Harmless", "Nothing."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct kind_text *text = kind_text_of(rows[i].kind);
		assert_string_equal(text->title, rows[i].title);
		assert_non_null(strstr(text->meaning, rows[i].within_meaning));
		assert_non_null(strstr(text->advice, rows[i].within_advice));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_title_a_meaning_and_an_advice),
		cmocka_unit_test(no_two_kinds_share_a_text),
		cmocka_unit_test(a_kind_gets_its_own_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
