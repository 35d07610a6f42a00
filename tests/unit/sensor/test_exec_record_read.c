/* SPDX-License-Identifier: ISC */
#include "sensor/exec_record_read.h"

#include "bpf/exec_record.h"

#include "../support/table_check.h"

static uint8_t bytes[sizeof(struct exec_record) + 4096 + EXEC_RECORD_ARGS];
static struct exec_event got;

#define EXE "rm\0bin\0usr" /* and its NUL: sizeof counts it */
#define CWD "root"
#define GROUP "cron.service\0system.slice"
#define ARGS "rm\0-rf\0\0/tmp/x"

static size_t add(size_t at, const void *part, size_t size)
{
	memcpy(bytes + at, part, size);
	return at + size;
}

static struct exec_record head(void)
{
	return (struct exec_record){.time_ns = 5000000000,
		.uid = 1000,
		.auid = 1000,
		.pid = 77,
		.ppid = 70,
		.args_true = sizeof ARGS,
		.args_size = sizeof ARGS,
		.exe_size = sizeof EXE,
		.cwd_size = sizeof CWD,
		.group_size = sizeof GROUP,
		.tty = "pts0",
		.parent = "cron"};
}

static size_t build(const struct exec_record *r)
{
	size_t at = add(0, r, sizeof *r);
	if (r->exe_size > 0)
		at = add(at, EXE, sizeof EXE);
	if (r->cwd_size > 0)
		at = add(at, CWD, sizeof CWD);
	at = add(at, GROUP, sizeof GROUP);
	return add(at, ARGS, sizeof ARGS);
}

static void a_record_is_a_start(void **state)
{
	(void)state;
	struct exec_record r = head();
	assert_true(exec_record_read(bytes, build(&r), 1000, &got));
	assert_int_equal(got.time.us, 5001000);
	assert_string_equal(got.exe, "/usr/bin/rm");
	assert_string_equal(got.cwd, "/root");
	assert_string_equal(got.unit, "cron.service");
	assert_string_equal(got.tty, "pts0");
	assert_string_equal(got.parent, "cron");
	assert_int_equal(got.uid, 1000);
	assert_int_equal(got.auid, 1000);
	assert_int_equal(got.args_size, sizeof ARGS);
	assert_memory_equal(got.args, ARGS, sizeof ARGS);
	assert_int_equal(got.via, EXEC_VIA_HOOK);
}

static void paths_tell_what_is_missing(void **state)
{
	(void)state;
	struct exec_record r = head();
	r.flags = EXEC_RECORD_EXE_CUT | EXEC_RECORD_EXE_DELETED;
	r.cwd_size = 0;
	assert_true(exec_record_read(bytes, build(&r), 0, &got));
	assert_string_equal(got.exe, ".../usr/bin/rm (deleted)");
	assert_string_equal(got.cwd, "/");
	r.flags = EXEC_RECORD_CWD_CUT;
	assert_true(exec_record_read(bytes, build(&r), 0, &got));
	assert_string_equal(got.cwd, "");
}

static void a_record_that_is_cut_anywhere_is_refused(void **state)
{
	(void)state;
	struct exec_record r = head();
	size_t size = build(&r);
	for (size_t n = 0; n < size; n++)
		assert_false(exec_record_read(bytes, n, 0, &got));
}

static void sizes_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	struct exec_record r = head();
	r.args_size = EXEC_ARGS_MAX + 1;
	r.args_true = r.args_size;
	(void)build(&r);
	assert_false(exec_record_read(bytes, sizeof bytes, 0, &got));
	r = head();
	r.args_true = r.args_size - 1;
	assert_false(exec_record_read(bytes, build(&r), 0, &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_a_start),
		cmocka_unit_test(paths_tell_what_is_missing),
		cmocka_unit_test(a_record_that_is_cut_anywhere_is_refused),
		cmocka_unit_test(sizes_that_do_not_fit_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
