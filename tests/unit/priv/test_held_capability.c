/* SPDX-License-Identifier: ISC */
#include "priv/held_capability.h"

#include <cap-ng.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SKIPPED = 77, NOBODY = 65534, HAS_RAW = 1, HAS_BPF = 2, NO_CHILD = 4 };

/* What a child has that became nobody and kept CAP_NET_RAW, or nothing. */
static int ask_as_nobody(bool keeps_raw)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		capng_clear(CAPNG_SELECT_BOTH);
		if (keeps_raw)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
		if (capng_change_id(NOBODY, NOBODY, CAPNG_DROP_SUPP_GRP) != 0)
			_exit(NO_CHILD);
		_exit((held_capability_has(CAP_NET_RAW) ? HAS_RAW : 0) |
			(held_capability_has(CAP_BPF) ? HAS_BPF : 0));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void root_has_all(void **state)
{
	(void)state;
	assert_true(held_capability_has(CAP_NET_RAW));
	assert_true(held_capability_has(CAP_BPF));
}

static void a_user_has_what_was_left_to_it_alone(void **state)
{
	(void)state;
	assert_int_equal(ask_as_nobody(true), HAS_RAW);
	assert_int_equal(ask_as_nobody(false), 0);
}

int main(void)
{
	if (geteuid() != 0) {
		puts("skipped: held_capability needs root");
		return SKIPPED;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_has_all),
		cmocka_unit_test(a_user_has_what_was_left_to_it_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
