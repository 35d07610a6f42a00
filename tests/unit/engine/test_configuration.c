/* SPDX-License-Identifier: ISC */
#include "engine/configuration.h"

#include "table_check.h"

#include <assert.h>

static const char *sample; /* path of conf/knockwatch.yaml, from the command line */

static void the_sample_file_says_what_the_defaults_are(void **state)
{
	struct settings defaults, s;
	struct log_settings logs;
	struct wrapper_settings wrappers;
	struct config_faults faults;
	(void)state;
	wrapper_settings_init(&wrappers);
	settings_init(&defaults);
	settings_init(&s);
	log_settings_init(&logs);
	config_faults_init(&faults);
	if (!configuration_load(&(struct configuration){.settings = &s, .logs = &logs, .wrappers = &wrappers},
		    sample, &faults))
		fail_msg("%u: %s", faults.items[0].line, faults.items[0].text);
	assert_int_equal(s.memory_bytes, defaults.memory_bytes);
	assert_int_equal(s.report_interval_us, defaults.report_interval_us);
	assert_int_equal(s.close_after_us, defaults.close_after_us);
	assert_string_equal(s.state, defaults.state);
	assert_int_equal(s.home.count + s.dark.count + s.trusted.count, 0);
	assert_int_equal(s.addresses_count + s.level_rules_count + s.signatures_count, 0);
	assert_int_equal(logs.syslog_count + logs.syslog_from.count, 0);
	assert_null(logs.syslog_certificate);
	assert_int_equal(wrappers.wish, WRAPPER_WISH_AUTO);
	assert_int_equal(wrappers.users_count, 0);
	wrapper_settings_clear(&wrappers);
	log_settings_clear(&logs);
	settings_clear(&defaults);
	settings_clear(&s);
}

struct expected {
	const char *key, *text;
	bool is_default;
	unsigned line;
	unsigned seen;
};

static void note(void *context, const struct configuration_value *value)
{
	for (struct expected *e = context; e->key != NULL; e++) {
		if (strcmp(e->key, value->key) != 0)
			continue;
		assert_string_equal(value->text, e->text);
		assert_int_equal(value->is_default, e->is_default);
		assert_int_equal(value->line, e->line);
		e->seen++;
	}
}

static void every_value_knows_where_it_comes_from(void **state)
{
	static const char text[] = "memory: 1G\n\n# x\ndark: [203.0.113.0/24]\nclose_after: 24h\n"
				   "level_rules:\n  - {name: bot, at: 3, level: 0}\n";
	struct expected rows[] = {
		{"memory", "1024M in all, 1007M of it to remember", false, 1, 0},
		{"dark", "203.0.113.0/24", false, 4, 0},
		{"close_after", "1d", true, 5, 0},
		{"report_interval", "1d", true, 0, 0},
		{"level_rules", "1 row beside those built in", false, 6, 0},
		{"home", "learnt from interfaces and traffic", true, 0, 0},
		{0},
	};
	struct settings s;
	struct config_origins origins = {0};
	struct config_faults faults;
	const struct configuration c = {.settings = &s, .origins = &origins};
	(void)state;
	settings_init(&s);
	config_faults_init(&faults);
	assert_true(configuration_load_text(&c, "k.yaml", text, sizeof text - 1, &faults));
	configuration_each(&c, note, rows);
	for (struct expected *e = rows; e->key != NULL; e++)
		assert_int_equal(e->seen, 1);
	settings_clear(&s);
}

static void every_key_of_the_file_can_be_shown(void **state)
{
	const struct config_part *part = &settings_part;
	unsigned faults = 0;
	(void)state;
	for (const struct cyaml_schema_field *f = part->fields; f->key != NULL; f++) {
		unsigned shown = 0;
		for (const struct config_part_key *k = part->keys; k->key != NULL; k++)
			shown += strcmp(k->key, f->key) == 0;
		faults += table_check_number(f->key, "shown", shown, 1);
	}
	assert_int_equal(faults, 0);
}

static void a_broken_file_changes_nothing(void **state)
{
	struct settings s;
	struct config_origins origins = {0};
	struct config_faults faults;
	const struct configuration c = {.settings = &s, .origins = &origins};
	static const char good[] = "memory: 1G\n", bad[] = "memory: 32M\nstat: /x\n";
	(void)state;
	settings_init(&s);
	config_faults_init(&faults);
	assert_true(configuration_load_text(&c, "k.yaml", good, sizeof good - 1, &faults));
	assert_false(configuration_load_text(&c, "k.yaml", bad, sizeof bad - 1, &faults));
	assert_int_equal(s.memory_bytes, INT64_C(1) << 30);
	assert_int_equal(config_origins_line(&origins, "memory"), 1);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.items[0].line, 2);
	assert_non_null(strstr(faults.items[0].text, "\"state\""));
	config_faults_clear(&faults);
	settings_clear(&s);
}

static void what_nobody_wants_is_checked_all_the_same(void **state)
{
	struct config_faults faults;
	const struct configuration nobody = {0};
	static const char bad[] = "memory: 3x\n";
	(void)state;
	config_faults_init(&faults);
	assert_false(configuration_load_text(&nobody, "k.yaml", bad, sizeof bad - 1, &faults));
	assert_int_equal(faults.count, 1);
	config_faults_clear(&faults);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_file_says_what_the_defaults_are),
		cmocka_unit_test(every_value_knows_where_it_comes_from),
		cmocka_unit_test(every_key_of_the_file_can_be_shown),
		cmocka_unit_test(a_broken_file_changes_nothing),
		cmocka_unit_test(what_nobody_wants_is_checked_all_the_same),
	};
	assert(argc == 2);
	sample = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
