/* SPDX-License-Identifier: ISC */
#include "sensor/audit_join.h"

#include "../support/table_check.h"

#include <linux/audit.h>
#include <stdio.h>

static struct audit_join join;
static struct exec_event got;

#define CALL                                                                                       \
	"arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=70 pid=77 auid=1000 uid=1000 "   \
	"gid=0 euid=0 suid=0 tty=pts0 ses=3 comm=\"rm\" exe=\"/usr/bin/rm\" key=\"root\""

static bool take(unsigned serial, uint16_t type, const char *fields)
{
	static char text[32768];
	int n = snprintf(text, sizeof text, "audit(1795908607.009:%u): %s", serial, fields);
	return audit_join_take(&join, type, text, (size_t)n, &got);
}

static bool take_end(unsigned serial)
{
	return take(serial, AUDIT_EOE, "");
}

static void assert_args(const char *const *wanted, size_t count)
{
	size_t at = 0;
	const char *arg;
	for (size_t i = 0; i < count; i++) {
		arg = exec_event_next_arg(&got, &at);
		assert_non_null(arg);
		assert_string_equal(arg, wanted[i]);
	}
	assert_null(exec_event_next_arg(&got, &at));
}

static void records_of_one_serial_make_one_start(void **state)
{
	(void)state;
	static const char *const args[] = {"rm", "-rf", "", "hello world"};
	audit_join_clear(&join);
	assert_false(take(9, AUDIT_SYSCALL, CALL));
	assert_false(take(9, 1321, "fver=0 fp=0"));
	assert_false(take(
		9, AUDIT_EXECVE, "argc=4 a0=\"rm\" a1=\"-rf\" a2=\"\" a3=68656C6C6F20776F726C64"));
	assert_false(take(9, AUDIT_CWD, "cwd=\"/root\""));
	assert_false(take(9, AUDIT_PATH, "item=0 name=\"/usr/bin/rm\""));
	assert_true(take_end(9));
	assert_args(args, TABLE_CHECK_ROWS(args));
	assert_string_equal(got.exe, "/usr/bin/rm");
	assert_string_equal(got.cwd, "/root");
	assert_string_equal(got.tty, "pts0");
	assert_int_equal(got.uid, 1000);
	assert_int_equal(got.euid, 0);
	assert_int_equal(got.auid, 1000);
	assert_int_equal(got.pid, 77);
	assert_int_equal(got.ppid, 70);
	assert_int_equal(got.via, EXEC_VIA_AUDIT);
	assert_int_equal(got.time.us, INT64_C(1795908607009000));
	assert_false(exec_event_is_cut(&got));
	assert_false(take_end(9));
}

static void records_of_two_starts_may_come_mixed(void **state)
{
	(void)state;
	audit_join_clear(&join);
	assert_false(take(1, AUDIT_SYSCALL, CALL));
	assert_false(take(2, AUDIT_SYSCALL, CALL));
	assert_false(take(2, AUDIT_EXECVE, "argc=1 a0=\"two\""));
	assert_false(take(1, AUDIT_EXECVE, "argc=1 a0=\"one\""));
	assert_true(take_end(2));
	assert_string_equal(got.args, "two");
	assert_true(take_end(1));
	assert_string_equal(got.args, "one");
}

static void a_long_argument_comes_in_pieces_and_the_others_behind_it(void **state)
{
	(void)state;
	static const char *const args[] = {"x", "abcdef", "next"};
	audit_join_clear(&join);
	take(5, AUDIT_SYSCALL, CALL);
	take(5, AUDIT_EXECVE, "argc=3 a0=\"x\" a1_len=6 a1[0]=\"abc\"");
	take(5, AUDIT_EXECVE, "a1[1]=646566 a2=\"next\"");
	assert_true(take_end(5));
	assert_args(args, TABLE_CHECK_ROWS(args));
}

static void what_does_not_fit_is_cut_and_its_true_length_told(void **state)
{
	(void)state;
	static char piece[8100];
	audit_join_clear(&join);
	take(5, AUDIT_SYSCALL, CALL);
	take(5, AUDIT_EXECVE, "argc=2 a0=\"x\" a1_len=1000000");
	int head = 0;
	for (int i = 0; i < 100; i++) {
		head = snprintf(piece, sizeof piece, "a1[%d]=\"", i);
		memset(piece + head, 'y', 7000);
		piece[head + 7000] = '\0';
		assert_false(take(5, AUDIT_EXECVE, piece));
	}
	assert_true(take_end(5));
	assert_int_equal(got.args_size, EXEC_ARGS_MAX);
	assert_int_equal(got.args_true, 2 + 100 * 7000 + 1);
	assert_int_equal(got.args[got.args_size], '\0');
}

static void a_missing_piece_counts_as_cut(void **state)
{
	(void)state;
	audit_join_clear(&join);
	take(5, AUDIT_SYSCALL, CALL);
	take(5, AUDIT_EXECVE, "argc=3 a0=\"x\" a1=\"y\"");
	assert_true(take_end(5));
	assert_true(exec_event_is_cut(&got));
	take(6, AUDIT_SYSCALL, CALL);
	take(6, AUDIT_EXECVE, "argc=3 a0=\"x\" a2=\"y\"");
	assert_true(take_end(6));
	assert_true(exec_event_is_cut(&got));
}

struct refused_row {
	const char *name;
	uint16_t type;
	const char *fields;
};

static void what_is_no_start_by_root_is_no_event(void **state)
{
	(void)state;
	static const struct refused_row rows[] = {
		{"failed", AUDIT_SYSCALL, "syscall=59 success=no uid=0 euid=0 exe=\"/x\""},
		{"another user's", AUDIT_SYSCALL, "syscall=59 success=yes uid=7 euid=7 exe=\"/x\""},
		{"no such call", AUDIT_CWD, "cwd=\"/\""},
	};
	audit_join_clear(&join);
	for (unsigned i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		take(i + 1, rows[i].type, rows[i].fields);
		take(i + 1, AUDIT_EXECVE, "argc=1 a0=\"x\"");
		if (take_end(i + 1))
			fail_msg("%s: was taken", rows[i].name);
	}
	assert_int_equal(join.incomplete, 1);
}

static void more_than_can_be_held_push_out_the_oldest_as_it_is(void **state)
{
	(void)state;
	unsigned came = 0;
	audit_join_clear(&join);
	for (unsigned i = 1; i <= 100; i++) {
		came += take(i, AUDIT_SYSCALL, CALL);
		came += take(i, AUDIT_EXECVE, "argc=1 a0=\"x\"");
	}
	assert_int_equal(came, 100 - AUDIT_JOIN_OPEN_MAX);
}

static void what_is_no_record_is_counted(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "audit(", "audit(1.2:3)", "audit(x.1:2): a=b",
		"audit(1.1000:2): a=b", "audit(1.1:0): a=b", "audit(99999999999999.1:2): "};
	audit_join_clear(&join);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(texts); i++)
		assert_false(
			audit_join_take(&join, AUDIT_SYSCALL, texts[i], strlen(texts[i]), &got));
	assert_int_equal(join.broken, TABLE_CHECK_ROWS(texts));
	assert_false(audit_join_take(&join, 1112, "op=login", 8, &got));
	assert_int_equal(join.records, TABLE_CHECK_ROWS(texts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_one_serial_make_one_start),
		cmocka_unit_test(records_of_two_starts_may_come_mixed),
		cmocka_unit_test(a_long_argument_comes_in_pieces_and_the_others_behind_it),
		cmocka_unit_test(what_does_not_fit_is_cut_and_its_true_length_told),
		cmocka_unit_test(a_missing_piece_counts_as_cut),
		cmocka_unit_test(what_is_no_start_by_root_is_no_event),
		cmocka_unit_test(more_than_can_be_held_push_out_the_oldest_as_it_is),
		cmocka_unit_test(what_is_no_record_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
