/* SPDX-License-Identifier: ISC */
#include "bpf/exec_hook.skel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static void records_have_no_holes(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct exec_record), 96);
	assert_int_equal(offsetof(struct exec_record, spare) + sizeof(uint32_t), 96);
	assert_int_equal(sizeof(struct exec_slot), 64);
	assert_int_equal(sizeof(((struct exec_hook__bss *)0)->slots),
		sizeof(struct exec_slot) * EXEC_RECORD_SLOTS);
	assert_int_equal(EXEC_RECORD_PATHS & (EXEC_RECORD_PATHS - 1), 0);
	assert_true(3 * (EXEC_RECORD_PATH + EXEC_RECORD_NAME) < EXEC_RECORD_PATHS);
}

static void the_running_kernel_takes_it(void **state)
{
	(void)state;
	struct exec_hook *hook = exec_hook__open();
	assert_non_null(hook);
	assert_int_equal(exec_hook__load(hook), 0);
	assert_int_equal(exec_hook__attach(hook), 0);
	exec_hook__destroy(hook);
}

int main(void)
{
	if (geteuid() != 0 || access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
		puts("skipped: exec_hook needs root, and a kernel with BTF");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_have_no_holes),
		cmocka_unit_test(the_running_kernel_takes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
