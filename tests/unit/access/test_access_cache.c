/* SPDX-License-Identifier: ISC */
#include "access/access_cache.h"

#include "access/access_decision.h"
#include "access/access_index_build.h"

#include "hosts_tables.h"
#include "random_table.h"

#include <sys/stat.h>

static unsigned told;
static char told_file[128], told_text[200];

static void take_warning(void *self, const char *file, unsigned line, const char *text)
{
	(void)self;
	assert_int_equal(line, 0);
	told++;
	snprintf(told_file, sizeof told_file, "%s", file);
	snprintf(told_text, sizeof told_text, "%s", text);
}

static enum access_found_answer find(struct access_cache *c, const char *path, const char *address, unsigned *number)
{
	struct access_known known = {.port = {-1, -1}};
	struct access_found found = {.line.number = 0};
	snprintf(known.address[ACCESS_CLIENT], sizeof known.address[0], "%s", address);
	const struct access_request q = access_request_known("sshd", &known);
	struct access_asker asker = access_asker_of(&q);
	const struct access_place at = {.file = path, .denies = true, .sink = {take_warning, NULL}};
	const enum access_found_answer got = access_cache_find(c, path, &asker, &at, &found);
	*number = found.line.number;
	return got;
}

static void a_program_that_stays_keeps_small_tables_in_memory(void **state)
{
	(void)state;
	struct access_cache stays = {.resident = true}, asks_once = {.resident = false};
	unsigned number;
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\nALL: 10.2.\n");
	hosts_tables_settle();
	assert_int_equal(find(&stays, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_MATCH);
	assert_int_equal(number, 2);
	assert_int_equal(find(&stays, hosts_tables_deny, "10.3.0.1", &number), ACCESS_FOUND_NONE);
	assert_int_equal(find(&asks_once, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_ODD);
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
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_NONE);
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.2.\n\n");
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_ODD);
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_MATCH);
	access_cache_clear(&c);
}

static void a_table_that_does_not_exist_is_kept_until_it_does(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	(void)unlink(hosts_tables_deny);
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_NONE);
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_NONE);
	hosts_tables_put_text(hosts_tables_deny, "ALL: ALL\n");
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_MATCH);
	assert_int_equal(unlink(hosts_tables_deny), 0);
	hosts_tables_settle();
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_NONE);
	access_cache_clear(&c);
}

static void a_table_that_cannot_be_read_is_left_to_who_can_tell(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	assert_int_equal(find(&c, hosts_tables_directory, "10.2.0.1", &number), ACCESS_FOUND_ODD);
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
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_ODD);
	assert_int_equal(access_index_build(hosts_tables_deny, NULL), 0);
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_MATCH);
	access_cache_clear(&c);
	c.resident = false;
	assert_int_equal(find(&c, hosts_tables_deny, "10.2.0.1", &number), ACCESS_FOUND_MATCH);
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
		assert_int_equal(find(&c, path, text, &number), ACCESS_FOUND_MATCH);
		assert_int_equal(find(&c, path, "10.99.0.1", &number), ACCESS_FOUND_NONE);
	}
	access_cache_clear(&c);
}

/* ---- an index that is not as it was written ----------------------------------------------------------------- */

enum { RULES = 6000 };

static void put_large_table(void)
{
	static char text[RULES * 24];
	size_t used = 0;
	for (unsigned i = 0; i < RULES; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "ALL: 10.%u.%u.0/24\n", i / 256, i % 256);
	assert_true(used > ACCESS_CACHE_SMALL);
	hosts_tables_put(hosts_tables_deny, text, used);
	assert_int_equal(access_index_build(hosts_tables_deny, NULL), 0);
	told = 0;
}

static void check_rule(struct access_cache *c, unsigned rule)
{
	char address[20];
	unsigned number;
	snprintf(address, sizeof address, "10.%u.%u.7", rule / 256, rule % 256);
	assert_int_equal(find(c, hosts_tables_deny, address, &number), ACCESS_FOUND_MATCH);
	assert_int_equal(number, rule + 1);
}

static void an_index_that_is_shortened_does_not_hurt_who_has_it(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	put_large_table();
	for (unsigned i = 0; i < 20; i++) /* of 235 kB; then it is loaded */
		check_rule(&c, i);
	assert_int_equal(truncate(hosts_tables_deny_index, 0), 0);
	for (unsigned rule = 0; rule < RULES; rule++)
		check_rule(&c, rule);
	assert_int_equal(find(&c, hosts_tables_deny, "10.200.0.1", &number), ACCESS_FOUND_NONE);
	assert_int_equal(told, 0);
	access_cache_clear(&c);
	/* whoever comes now is told */
	assert_int_equal(find(&c, hosts_tables_deny, "10.0.0.1", &number), ACCESS_FOUND_ODD);
	assert_int_equal(told, 1);
	access_cache_clear(&c);
}

static void flip_bit(size_t at)
{
	char byte;
	int fd = open(hosts_tables_deny_index, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	byte = (char)(byte ^ 4);
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
}

static void a_damaged_index_is_told_of_once_and_left_alone_until_it_is_another(void **state)
{
	(void)state;
	/* of the last one each piece is read when it is needed, as of an index that is too large to be loaded */
	static const struct access_cache kinds[] = {{.resident = true}, {.resident = true, .load_max = 100}};
	for (size_t kind = 0; kind < TABLE_CHECK_ROWS(kinds); kind++) {
		struct access_cache c = kinds[kind];
		unsigned number;
		put_large_table();
		flip_bit(320); /* of the group of ALL */
		hosts_tables_settle();
		for (unsigned i = 0; i < 20; i++)
			assert_int_equal(find(&c, hosts_tables_deny, "10.0.0.1", &number), ACCESS_FOUND_ODD);
		assert_int_equal(told, 1);
		assert_string_equal(told_file, hosts_tables_deny_index);
		assert_string_equal(told_text, "damaged: this index is not used, and decisions take longer; "
					       "'knockwatch access compile' makes it anew");
		assert_int_equal(access_index_build(hosts_tables_deny, NULL), 0);
		check_rule(&c, 5999);
		assert_int_equal(told, 1);
		access_cache_clear(&c);
	}
}

static void who_asks_once_is_told_each_time(void **state)
{
	(void)state;
	struct access_cache c = {.resident = false};
	unsigned number;
	put_large_table();
	flip_bit(320);
	for (unsigned i = 1; i < 4; i++) {
		assert_int_equal(find(&c, hosts_tables_deny, "10.0.0.1", &number), ACCESS_FOUND_ODD);
		assert_int_equal(told, i);
	}
	access_cache_clear(&c);
}

static void an_index_of_another_version_is_told_of(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	put_large_table();
	flip_bit(offsetof(struct access_image_header, version));
	assert_int_equal(find(&c, hosts_tables_deny, "10.0.0.1", &number), ACCESS_FOUND_ODD);
	assert_int_equal(told, 1);
	assert_memory_equal(told_text, "made by another version: ", 25);
	access_cache_clear(&c);
}

static void an_edited_table_is_nobodys_fault(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	unsigned number;
	put_large_table();
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\n");
	assert_int_equal(find(&c, hosts_tables_deny, "10.0.0.1", &number), ACCESS_FOUND_ODD);
	assert_int_equal(told, 0);
	access_cache_clear(&c);
}

static unsigned open_descriptors(void)
{
	unsigned count = 0;
	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void no_descriptor_stays_open_whether_loaded_or_not(void **state)
{
	(void)state;
	static const struct access_cache kinds[] = {{.resident = true}, {.resident = true, .load_max = 100}};
	put_large_table();
	for (size_t kind = 0; kind < TABLE_CHECK_ROWS(kinds); kind++) {
		struct access_cache c = kinds[kind];
		const unsigned before = open_descriptors();
		for (unsigned rule = 0; rule < RULES; rule += 50) {
			check_rule(&c, rule);
			assert_int_equal(open_descriptors(), before);
		}
		access_cache_clear(&c);
	}
	assert_int_equal(told, 0);
}

static bool is_loaded(const struct access_cache *c)
{
	return c->tables[0] != NULL && access_index_is_loaded(c->tables[0]);
}

static void an_index_is_loaded_when_so_many_questions_have_cost_as_much(void **state)
{
	(void)state;
	struct access_cache c = {.resident = true};
	struct stat s;
	put_large_table();
	for (unsigned round = 0; round < 2; round++) {
		assert_int_equal(stat(hosts_tables_deny_index, &s), 0);
		const unsigned wanted = (unsigned)(s.st_size / ACCESS_CACHE_EARNED);
		assert_in_range(wanted, 2, 100);
		for (unsigned i = 0; i < wanted; i++) {
			check_rule(&c, i);
			assert_false(is_loaded(&c));
		}
		check_rule(&c, 7);
		check_rule(&c, 8);
		assert_true(is_loaded(&c));
		put_large_table(); /* the same for the next one */
	}
	access_cache_clear(&c);
	assert_int_equal(told, 0);
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
}

static unsigned compare_decisions(const char *row, const struct access_decision *got, const struct access_decision *wanted)
{
	unsigned faults = 0;
	faults += table_check_number(row, "verdict", got->verdict, wanted->verdict);
	faults += table_check_number(row, "reason", got->reason, wanted->reason);
	faults += table_check_number(row, "line", got->line, wanted->line);
	faults += table_check_text(row, "file", got->file, wanted->file);
	faults += table_check_text(row, "rule", got->rule, wanted->rule);
	faults += table_check_number(row, "strict", got->strict, wanted->strict);
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
		cmocka_unit_test(an_index_that_is_shortened_does_not_hurt_who_has_it),
		cmocka_unit_test(a_damaged_index_is_told_of_once_and_left_alone_until_it_is_another),
		cmocka_unit_test(who_asks_once_is_told_each_time),
		cmocka_unit_test(an_index_of_another_version_is_told_of),
		cmocka_unit_test(an_edited_table_is_nobodys_fault),
		cmocka_unit_test(no_descriptor_stays_open_whether_loaded_or_not),
		cmocka_unit_test(an_index_is_loaded_when_so_many_questions_have_cost_as_much),
		cmocka_unit_test(decisions_are_the_same_with_and_without_a_cache),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
