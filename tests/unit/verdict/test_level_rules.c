/* SPDX-License-Identifier: ISC */
#include "verdict/level_rules.h"

#include "table_check.h"

struct rule_row {
	const char *name;
	double score, targets, hosts, stealth, os_probes, answered, returned, slow, sources, visits,
		bot;
	int level;
	const char *why;
};

static const struct rule_row rule_rows[] = {
	{.name = "nothing", .level = 0, .why = ""},
	{.name = "just below a notice", .score = 4.59, .level = 0, .why = ""},
	{.name = "a notice",
		.score = 4.6,
		.level = 1,
		.why = "more targets than a mistake explains"},
	{.name = "beyond doubt", .score = 9.2, .level = 2, .why = "a scan beyond reasonable doubt"},
	{.name = "a bot",
		.score = 4.6,
		.bot = 3,
		.level = 2,
		.why = "in the handwriting of a known bot"},
	{.name = "a guest",
		.score = 4.6,
		.visits = 2,
		.level = 2,
		.why = "it was here before, 2 times"},
	{.name = "49 targets",
		.score = 9.2,
		.targets = 49,
		.level = 2,
		.why = "a scan beyond reasonable doubt"},
	{.name = "50 targets",
		.score = 9.2,
		.targets = 50,
		.level = 3,
		.why = "50 distinct targets"},
	{.name = "100 hosts",
		.targets = 100,
		.hosts = 100,
		.level = 3,
		.why = "100 distinct targets; 100 hosts"},
	{.name = "stealth",
		.stealth = 3,
		.level = 3,
		.why = "packets that no honest program sends"},
	{.name = "fingerprint",
		.os_probes = 3,
		.level = 3,
		.why = "it tried to learn the operating system"},
	{.name = "open ports found", .answered = 10, .level = 3, .why = "it found open ports"},
	{.name = "few targets and an open port", .answered = 9, .level = 0, .why = ""},
	{.name = "patient", .slow = 20, .level = 3, .why = "slow enough to hide from a window"},
	{.name = "two together", .sources = 2, .level = 3, .why = "2 sources act together"},
	{.name = "a hundred together",
		.sources = 100,
		.level = 4,
		.why = "100 sources act together"},
	{.name = "500 targets", .targets = 500, .level = 4, .why = "500 distinct targets"},
	{.name = "it came back",
		.returned = 10,
		.level = 4,
		.why = "it came back to a port it had found open"},
	{.name = "every reason of the level, no other",
		.score = 50,
		.targets = 1234,
		.returned = 1234,
		.answered = 1234,
		.level = 4,
		.why = "1,234 distinct targets; it came back to a port it had found open"},
	{.name = "the whole range",
		.score = 50,
		.targets = 65535,
		.level = 5,
		.why = "65,535 distinct targets"},
};

static struct level_facts facts_of(const struct rule_row *r)
{
	return (struct level_facts){{
		[LEVEL_MEASURE_SCORE] = r->score,
		[LEVEL_MEASURE_TARGETS] = r->targets,
		[LEVEL_MEASURE_HOSTS] = r->hosts,
		[LEVEL_MEASURE_STEALTH_TARGETS] = r->stealth,
		[LEVEL_MEASURE_OS_PROBES] = r->os_probes,
		[LEVEL_MEASURE_ANSWERED_TARGETS] = r->answered,
		[LEVEL_MEASURE_RETURNED_TARGETS] = r->returned,
		[LEVEL_MEASURE_SLOW_TARGETS] = r->slow,
		[LEVEL_MEASURE_SOURCES] = r->sources,
		[LEVEL_MEASURE_VISITS] = r->visits,
		[LEVEL_MEASURE_BOT_TARGETS] = r->bot,
	}};
}

static void the_highest_rule_wins_and_says_why(void **state)
{
	(void)state;
	struct level_rules rules;
	unsigned faults = 0;
	level_rules_init(&rules);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rule_rows); i++) {
		const struct rule_row *r = &rule_rows[i];
		struct level_facts facts = facts_of(r);
		struct level_result got = level_rules_apply(&rules, &facts);
		faults += table_check_number(r->name, "level", got.level, r->level);
		faults += table_check_text(r->name, "why", got.why, r->why);
	}
	assert_int_equal(faults, 0);
}

static void a_rule_is_changed_by_its_name(void **state)
{
	(void)state;
	struct level_rules rules;
	struct level_facts facts = {{[LEVEL_MEASURE_TARGETS] = 20}};
	level_rules_init(&rules);
	assert_int_equal(level_rules_apply(&rules, &facts).level, 0);
	assert_true(level_rules_adjust(&rules, "many-targets", 20, 5));
	assert_int_equal(level_rules_apply(&rules, &facts).level, 5);
	assert_string_equal(level_rules_apply(&rules, &facts).why, "20 distinct targets");
	assert_false(level_rules_adjust(&rules, "no-such-rule", 1, 1));
	assert_false(level_rules_adjust(&rules, "", 1, 1));
}

static void level_0_switches_a_rule_off(void **state)
{
	(void)state;
	struct level_rules rules;
	struct level_facts facts = {{[LEVEL_MEASURE_SCORE] = 5, [LEVEL_MEASURE_TARGETS] = 99}};
	level_rules_init(&rules);
	assert_true(level_rules_adjust(&rules, "many-targets", 0, 0));
	struct level_result got = level_rules_apply(&rules, &facts);
	assert_int_equal(got.level, 1);
	assert_string_equal(got.why, "more targets than a mistake explains");
}

static void every_rule_has_a_name_of_its_own_that_changes_it(void **state)
{
	(void)state;
	struct level_rules rules;
	unsigned count = 0;
	level_rules_init(&rules);
	for (const char *name; (name = level_rules_name(&rules, count)) != NULL; count++) {
		for (unsigned i = 0; i < count; i++)
			assert_string_not_equal(level_rules_name(&rules, i), name);
		assert_true(level_rules_adjust(&rules, name, 1e9, 5));
		assert_true(rules.rows[count].at > 1e8);
	}
	assert_int_equal(count, rules.count);
	struct level_facts all;
	for (int i = 0; i < LEVEL_MEASURES; i++)
		all.values[i] = 1e8;
	assert_int_equal(level_rules_apply(&rules, &all).level, 0);
}

static void reasons_that_do_not_fit_are_cut(void **state)
{
	(void)state;
	struct level_rules rules;
	struct level_facts all;
	level_rules_init(&rules);
	for (unsigned i = 0; i < rules.count; i++)
		level_rules_adjust(&rules, level_rules_name(&rules, i), 1, 3);
	for (int i = 0; i < LEVEL_MEASURES; i++)
		all.values[i] = 123456789;
	struct level_result got = level_rules_apply(&rules, &all);
	assert_int_equal(got.level, 3);
	assert_true(strlen(got.why) < sizeof got.why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_highest_rule_wins_and_says_why),
		cmocka_unit_test(a_rule_is_changed_by_its_name),
		cmocka_unit_test(level_0_switches_a_rule_off),
		cmocka_unit_test(every_rule_has_a_name_of_its_own_that_changes_it),
		cmocka_unit_test(reasons_that_do_not_fit_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
