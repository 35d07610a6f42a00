/* SPDX-License-Identifier: ISC */
#include "daemon/watch_ears.h"

#include "sensor/capture_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_maker.h"

static void add_block(struct prefix_set *set, const char *text)
{
	struct prefix p;
	assert_true(prefix_parse(text, strlen(text), &p, NULL));
	assert_true(prefix_set_add(set, &p));
}

/* A port that we use elsewhere is quiet, but not in a block that has become dark since. */
static void a_block_that_becomes_dark_is_heard(void **state)
{
	(void)state;
	static const struct addr any;
	struct prefix_set home = {.count = 0}, dark = {.count = 0};
	struct watch_ears *e = calloc(1, sizeof *e);
	assert_non_null(e);
	e->filter = calloc(1, sizeof *e->filter);
	assert_non_null(e->filter);
	e->home = &home;
	add_block(&home, "203.0.113.0/24");
	door_set_add(&e->listening.offered, &any, false, PORT_SET_UDP, 53);
	struct event knock = event_maker_udp("198.51.100.7", 40000, "203.0.113.200", 53);
	watch_ears_set_dark(e, &dark);
	assert_false(capture_filter_wants(e->filter, &knock));
	add_block(&dark, "203.0.113.128/25");
	watch_ears_set_dark(e, &dark);
	assert_true(capture_filter_wants(e->filter, &knock));
	watch_ears_close(e);
	free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_that_becomes_dark_is_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
