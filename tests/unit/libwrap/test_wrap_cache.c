/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_cache.h"

#include "in_child.h"
#include "table_files.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static int ask(const char *address)
{
	return hosts_ctl((char *)"sshd", (char *)"host.example", (char *)address, (char *)"joe");
}

static void settle(void)
{
	usleep(30000);
}

static void only_a_program_that_stays_keeps_indexes(void **state)
{
	(void)state;
	resident = 0;
	assert_null(wrap_cache_take());
	resident = 1;
	struct access_cache *c = wrap_cache_take();
	assert_non_null(c);
	assert_true(c->resident);
	assert_null(wrap_cache_take());
	wrap_cache_give_back(NULL);
	assert_null(wrap_cache_take());
	wrap_cache_give_back(c);
	assert_ptr_equal(wrap_cache_take(), c);
	wrap_cache_give_back(c);
}

static void an_edit_counts_from_the_next_decision_on(void **state)
{
	(void)state;
	resident = 1;
	table_files_set("", "ALL: 192.0.2.\n");
	settle();
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(ask("192.0.2.1"), 0);
	table_files_write("hosts.allow", "ALL: 192.0.2.1\n");
	assert_int_equal(ask("192.0.2.1"), 1);
	settle();
	assert_int_equal(ask("192.0.2.1"), 1);
	assert_int_equal(ask("192.0.2.2"), 0);
	assert_int_equal(unlink("hosts.allow"), 0);
	assert_int_equal(ask("192.0.2.1"), 0);
	assert_int_equal(rename("hosts.deny", "hosts.allow"), 0);
	assert_int_equal(ask("192.0.2.1"), 1);
}

static void programs_may_point_to_other_tables(void **state)
{
	(void)state;
	resident = 1;
	table_files_set("", "");
	table_files_write("other.deny", "ALL: ALL\n");
	settle();
	assert_int_equal(ask("192.0.2.1"), 1);
	hosts_deny_table = (char *)"other.deny";
	assert_int_equal(ask("192.0.2.1"), 0);
	hosts_deny_table = (char *)"hosts.deny";
	assert_int_equal(ask("192.0.2.1"), 1);
}

static void *decide_often(void *wrong)
{
	for (unsigned i = 0; i < 2000; i++) {
		if (ask("192.0.2.1") != 0 || ask("198.51.100.1") != 1)
			++*(unsigned *)wrong;
	}
	return NULL;
}

static void threads_decide_at_the_same_time(void **state)
{
	(void)state;
	enum { THREADS = 4 };
	pthread_t threads[THREADS];
	unsigned wrong[THREADS] = {0}, sum = 0;
	resident = 1;
	table_files_set("", "ALL: 192.0.2.\n");
	settle();
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, decide_often, &wrong[i]), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += wrong[i];
	}
	assert_int_equal(sum, 0);
}

static int decide_in_child(void)
{
	return ask("192.0.2.1") == 0 && ask("198.51.100.1") == 1 ? 0 : 1;
}

static void a_child_decides_with_what_its_parent_kept(void **state)
{
	(void)state;
	resident = 1;
	table_files_set("", "ALL: 192.0.2.\n");
	settle();
	assert_int_equal(ask("192.0.2.1"), 0);
	assert_int_equal(in_child(decide_in_child), 0);
	struct access_cache *c = wrap_cache_take();
	assert_int_equal(in_child(decide_in_child), 0);
	wrap_cache_give_back(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_program_that_stays_keeps_indexes),
		cmocka_unit_test(an_edit_counts_from_the_next_decision_on),
		cmocka_unit_test(programs_may_point_to_other_tables),
		cmocka_unit_test(threads_decide_at_the_same_time),
		cmocka_unit_test(a_child_decides_with_what_its_parent_kept),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
