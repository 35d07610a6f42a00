/* SPDX-License-Identifier: ISC */
#include "store/store_queue.h"

#include "base/memory.h"
#include "sample_incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void counts_leave_a_quarter_of_the_queue_to_incidents(void **state)
{
	(void)state;
	struct store_queue q = {0};
	struct store_row row = {STORE_ROW_PORT, {.port = {.hour = 1, .packets = 1}}};
	struct incident in = sample_incident();
	while (store_queue_add_count(&q, &row))
		;
	assert_int_equal(q.count, STORE_QUEUE_COUNTS_MAX);
	assert_int_equal(q.refused, 1);
	assert_true(store_queue_add_telling(&q, &in, "{}"));
	while (store_queue_add_telling(&q, &in, "{}"))
		;
	assert_int_equal(q.count, STORE_QUEUE_ROWS_MAX);
	assert_int_equal(q.refused, 2);
	store_queue_clear(&q);
	assert_int_equal(q.count, 0);
}

static void long_texts_are_bounded_by_their_bytes(void **state)
{
	(void)state;
	struct store_queue q = {0};
	struct incident in = sample_incident();
	size_t length = 1 << 20;
	char *text = memory_calloc(1, length + 1);
	memset(text, 'x', length);
	while (store_queue_add_telling(&q, &in, text))
		;
	assert_in_range(q.count, 15, 17);
	assert_in_range(q.bytes, STORE_QUEUE_BYTES_MAX, STORE_QUEUE_BYTES_MAX + 2 * length);
	store_queue_empty(&q);
	assert_int_equal(q.bytes, 0);
	assert_true(store_queue_add_telling(&q, &in, text));
	store_queue_clear(&q);
	free(text);
}

static void a_telling_keeps_nothing_of_the_callers_memory(void **state)
{
	(void)state;
	struct store_queue q = {0};
	char summary[] = "before", json[] = "{\"a\":1}";
	struct incident_member member = {sample_addr("192.0.2.1"), INCIDENT_MEMBER_REAL, NULL};
	struct incident in = sample_incident();
	in.summary = summary;
	in.members = &member;
	in.members_shown = 1;
	assert_true(store_queue_add_telling(&q, &in, json));
	memset(summary, 'z', sizeof summary - 1);
	memset(json, 'z', sizeof json - 1);
	memset(&member, 0, sizeof member);
	const struct store_telling *t = q.rows[0].of.telling;
	struct addr wanted = sample_addr("192.0.2.1");
	assert_string_equal(t->summary, "before");
	assert_string_equal(t->json, "{\"a\":1}");
	assert_true(addr_equal(&t->sources[0], &wanted));
	assert_null(t->incident.ports);
	assert_null(t->incident.members);
	store_queue_clear(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_leave_a_quarter_of_the_queue_to_incidents),
		cmocka_unit_test(long_texts_are_bounded_by_their_bytes),
		cmocka_unit_test(a_telling_keeps_nothing_of_the_callers_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
