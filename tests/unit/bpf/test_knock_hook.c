/* SPDX-License-Identifier: ISC */
#include "bpf/knock_hook.skel.h"

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
	assert_int_equal(sizeof(struct knock_record), 24);
	assert_int_equal(offsetof(struct knock_record, spare) + sizeof(uint32_t), 24);
	assert_int_equal(sizeof(struct knock_slot), 64);
	assert_int_equal(sizeof(((struct knock_hook__bss *)0)->slots),
		sizeof(struct knock_slot) * KNOCK_SLOTS);
}

static void the_running_kernel_takes_it(void **state)
{
	(void)state;
	struct knock_hook *hook = knock_hook__open();
	assert_non_null(hook);
	assert_int_equal(knock_hook__load(hook), 0);
	assert_int_equal(knock_hook__attach(hook), 0);
	assert_int_equal(hook->bss->slots[0].told, 0); /* of a namespace that is nobody's */
	knock_hook__destroy(hook);
}

int main(void)
{
	if (geteuid() != 0 || access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
		puts("skipped: knock_hook needs root, and a kernel with BTF");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_have_no_holes),
		cmocka_unit_test(the_running_kernel_takes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
