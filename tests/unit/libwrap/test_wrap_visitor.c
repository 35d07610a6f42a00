/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_visitor.h"

#include "table_check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_process_is_there_until_it_ends(void **state)
{
	(void)state;
	int told[2];
	struct access_limit_visitor other = {0};
	assert_int_equal(pipe(told), 0);
	const pid_t child = fork();
	if (child == 0) {
		const struct access_limit_visitor me = wrap_visitor_self();
		if (write(told[1], &me, sizeof me) != sizeof me)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(told[0], &other, sizeof other), sizeof other);
	assert_int_equal(other.pid, child);
	assert_true(wrap_visitor_is_there(NULL, other));
	assert_true(wrap_visitor_is_there(NULL, wrap_visitor_self()));
	kill(child, SIGKILL);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0); /* dead, and not collected */
	assert_false(wrap_visitor_is_there(NULL, other));
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_false(wrap_visitor_is_there(NULL, other));
}

static void a_number_that_was_used_before_is_somebody_else(void **state)
{
	(void)state;
	struct access_limit_visitor v = wrap_visitor_self();
	v.started--;
	assert_false(wrap_visitor_is_there(NULL, v));
}

static void any_numbers_are_safe(void **state)
{
	(void)state;
	static const struct access_limit_visitor rows[] = {
		{0, 0}, {0, 7}, {UINT32_MAX, 0}, {UINT32_MAX, UINT32_MAX}, {0x80000000, 1}, {0x7fffffff, 0}, {1, 0x7fffffff}};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		assert_false(wrap_visitor_is_there(NULL, rows[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_there_until_it_ends),
		cmocka_unit_test(a_number_that_was_used_before_is_somebody_else),
		cmocka_unit_test(any_numbers_are_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
