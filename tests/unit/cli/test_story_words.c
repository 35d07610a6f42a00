/* SPDX-License-Identifier: ISC */
#include "cli/story_words.h"

#include "event/technique.h"
#include "sample_incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct incident scan(bool answered)
{
	struct incident in = sample_incident();
	in.kind = INCIDENT_KIND_VERTICAL;
	if (!answered)
		in.answered_ranges = 0;
	return in;
}

static void who_found_an_open_port_is_advised_to_look_at_it(void **state)
{
	(void)state;
	struct incident in = scan(true);
	assert_true(in.answered_ranges > 0);
	assert_non_null(strstr(story_words_of(&in).advice, "ports that answered"));
}

static void nothing_is_advised_where_nothing_answered(void **state)
{
	(void)state;
	static const enum incident_kind kinds[] = {INCIDENT_KIND_VERTICAL, INCIDENT_KIND_HORIZONTAL,
		INCIDENT_KIND_BLOCK, INCIDENT_KIND_DISTRIBUTED};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct incident in = scan(false);
		in.kind = kinds[i];
		assert_memory_equal(story_words_of(&in).advice, "Nothing.", 8);
		assert_null(strstr(story_words_of(&in).advice, "that answered"));
	}
}

static void a_ping_sweep_is_not_said_to_want_a_service(void **state)
{
	(void)state;
	struct incident in = scan(false);
	in.kind = INCIDENT_KIND_HORIZONTAL;
	in.ports_count = in.port_ranges = 0;
	in.techniques = technique_bit(TECHNIQUE_ICMP_ECHO);
	assert_null(strstr(story_words_of(&in).meaning, "service"));
	assert_non_null(strstr(story_words_of(&in).meaning, "pings"));
}

static void each_text_is_told_once(void **state)
{
	(void)state;
	struct story_told told = {0};
	struct incident dead = scan(false), found = scan(true);
	assert_non_null(story_words_new(&dead, &told).meaning);
	assert_null(story_words_new(&dead, &told).advice);
	struct story_words words = story_words_new(&found, &told);
	assert_null(words.meaning);
	assert_non_null(words.advice); /* another than that of the first */
	words = story_words_new(&found, &told);
	assert_null(words.meaning);
	assert_null(words.advice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_found_an_open_port_is_advised_to_look_at_it),
		cmocka_unit_test(nothing_is_advised_where_nothing_answered),
		cmocka_unit_test(a_ping_sweep_is_not_said_to_want_a_service),
		cmocka_unit_test(each_text_is_told_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
