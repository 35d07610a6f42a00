/* SPDX-License-Identifier: ISC */
#include "access/access_cache.h"

#include "access/access_decision.h"
#include "access/access_index_build.h"

#include "hosts_tables.h"
#include "random_table.h"

static enum access_index_answer find(struct access_cache *c, const char *path, const char *address, unsigned *number)
{
	struct access_known known = {.port = {-1, -1}};
	struct access_line line = {.number = 0};
	snprintf(known.address[ACCESS_CLIENT], sizeof known.address[0], "%s", address);
	const struct access_request q = access_request_known("sshd", &known);
	struct access_asker asker = access_asker_of(&q);
	const struct access_place at = {.file = path, .denies = true};
	const enum access_index_answer got = access_cache_find(c, path, &asker, &at, &line);
	*number = line.number;
	return got;
}

static void a_program_that_stays_keeps_small_tables_in_memory(void **state)
{
	(void)state;
	struct access_cache stays = {.resident = true}, asks_once = {.resident = false};
	unsigned number;
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\nALL: 10.2.\n");
	hosts_tables_settle();
	assert_int_equal(find(&stays, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_MATCH);
	assert_int_equal(number, 2);
	assert_int_equal(find(&stays, hosts_tables_deny, "10.3.0.1", &number), ACCESS_INDEX_NONE);
	assert_int_equal(find(&asks_once, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_ODD);
	access_cache_clear(&stays);
	access_cache_clear(&asks_once);
}

static void an_edited_table_is_read_plainly_until_it_has_settled(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\n");
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_NONE);
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.2.\n\n");
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_ODD);
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_MATCH);
	access_cache_clear(&c);
}

static void a_table_that_does_not_exist_is_kept_until_it_does(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	(void)unlink(hosts_tables_deny);
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_NONE);
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_NONE);
	hosts_tables_put_text(hosts_tables_deny, "ALL: ALL\n");
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_MATCH);
	assert_int_equal(unlink(hosts_tables_deny), 0);
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_NONE);
	access_cache_clear(&c);
}

static void a_table_that_cannot_be_read_is_left_to_who_can_tell(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	assert_int_equal(find(&c, hosts_tables_directory, "10.2.0.1", &number), ACCESS_INDEX_ODD);
	access_cache_clear(&c);
}

static void a_large_table_needs_an_index_beside_it(void **state)
{
	(void)state;
	static const char rule[] = "\nALL: 10.2.\n";
	static char text[ACCESS_CACHE_SMALL + 100];
	struct access_cache c = {.resident = true};
	unsigned number;
	memset(text, '\n', sizeof text);
	memcpy(text + sizeof text - sizeof rule, rule, sizeof rule);
	hosts_tables_put(hosts_tables_deny, text, sizeof text - 1);
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_ODD);
	assert_int_equal(access_index_build(hosts_tables_deny, NULL), 0);
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_MATCH);
	access_cache_clear(&c);
	c.resident = false;
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_INDEX_MATCH);
	access_cache_clear(&c);
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
}

static void more_tables_than_slots_take_each_others_place(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	char path[128], text[64];
	unsigned number;
	enum { TABLES = 3 * ACCESS_CACHE_TABLES };
	for (unsigned i = 0; i < TABLES; i++) {
		snprintf(path, sizeof path, "%s/table%u", hosts_tables_directory, i);
		snprintf(text, sizeof text, "ALL: 10.%u.\n", i);
		hosts_tables_put(path, text, strlen(text));
	}
	hosts_tables_settle();
	for (unsigned i = 0; i < 2 * TABLES; i++) {
		snprintf(path, sizeof path, "%s/table%u", hosts_tables_directory, i % TABLES);
		snprintf(text, sizeof text, "10.%u.0.1", i % TABLES);
		assert_int_equal(find(&c, path, text, &number), ACCESS_INDEX_MATCH);
		assert_int_equal(find(&c, path, "10.99.0.1", &number), ACCESS_INDEX_NONE);
	}
	access_cache_clear(&c);
}

static unsigned compare_decisions(const char *row, const struct access_decision *got, const struct access_decision *wanted)
{
	unsigned faults = 0;
	faults += table_check_number(row, "verdict", got->verdict, wanted->verdict);
	faults += table_check_number(row, "reason", got->reason, wanted->reason);
	faults += table_check_number(row, "line", got->line, wanted->line);
	faults += table_check_text(row, "file", got->file, wanted->file);
	faults += table_check_text(row, "rule", got->rule, wanted->rule);
	faults += table_check_number(row, "options", got->option_count, wanted->option_count);
	return faults;
}

/* The same request, decided without an index and with a cache. */
static unsigned decide_twice(struct access_cache *c, const char *daemon, const struct access_known *known)
{
	const struct access_tables plain = {.allow = hosts_tables_allow, .deny = hosts_tables_deny};
	const struct access_tables kept = {.allow = hosts_tables_allow, .deny = hosts_tables_deny, .cache = c};
	const struct access_warning_sink nowhere = {0};
	struct access_known a = *known, b = *known;
	struct access_request q = access_request_known(daemon, &a), r = access_request_known(daemon, &b);
	q.now_s = r.now_s = RANDOM_TABLE_NOW_S;
	struct access_decision wanted, got;
	access_decision_make(&plain, &q, nowhere, &wanted);
	access_decision_make(&kept, &r, nowhere, &got);
	unsigned faults = compare_decisions(known->address[ACCESS_CLIENT], &got, &wanted);
	faults += table_check_number("both", "name asked", b.asked_name[0], a.asked_name[0]);
	access_decision_clear(&wanted);
	access_decision_clear(&got);
	return faults;
}

static void decisions_are_the_same_with_and_without_a_cache(void **state)
{
	(void)state;
	static struct random_table t;
	struct access_cache c = {.resident = true};
	unsigned faults = 0;
	t = (struct random_table){.random = table_check_random_start("decisions")};
	for (unsigned i = 0; i < 20 && faults == 0; i++) {
		random_table_fill(&t, random_table_below(&t, 10), 20);
		hosts_tables_put(hosts_tables_allow, t.text, t.used);
		random_table_fill(&t, random_table_below(&t, 60), 10);
		hosts_tables_put(hosts_tables_deny, t.text, t.used);
		if (i % 2 == 0) {
			assert_int_equal(access_index_build(hosts_tables_allow, NULL), 0);
			assert_int_equal(access_index_build(hosts_tables_deny, NULL), 0);
		} else {
			hosts_tables_settle();
		}
		for (unsigned n = 0; n < 200 && faults == 0; n++) {
			struct access_known known;
			const char *daemon;
			random_table_request(&t, &daemon, &known);
			known.accepts = n % 2;
			faults = decide_twice(&c, daemon, &known);
		}
	}
	access_cache_clear(&c);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_stays_keeps_small_tables_in_memory),
		cmocka_unit_test(an_edited_table_is_read_plainly_until_it_has_settled),
		cmocka_unit_test(a_table_that_does_not_exist_is_kept_until_it_does),
		cmocka_unit_test(a_table_that_cannot_be_read_is_left_to_who_can_tell),
		cmocka_unit_test(a_large_table_needs_an_index_beside_it),
		cmocka_unit_test(more_tables_than_slots_take_each_others_place),
		cmocka_unit_test(decisions_are_the_same_with_and_without_a_cache),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
