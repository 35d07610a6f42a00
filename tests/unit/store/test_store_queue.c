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
	struct store_row row = {.kind = STORE_ROW_PORT, .of = {.port = {.hour = 1, .packets = 1}}};
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
	assert_int_equal(q.count, 15); /* each a little more than a MiB */
	assert_true(q.bytes <= STORE_QUEUE_BYTES_MAX);
	store_queue_empty(&q);
	assert_int_equal(q.bytes, 0);
	assert_true(store_queue_add_telling(&q, &in, text));
	store_queue_clear(&q);
	free(text);
}

static void a_limit_holds_for_rows_and_texts_together(void **state)
{
	(void)state;
	struct store_row row = {.kind = STORE_ROW_PORT, .of = {.port = {.hour = 1, .packets = 1}}};
	struct incident in = sample_incident();
	char text[3000];
	memset(text, 'x', sizeof text);
	for (size_t limit = STORE_QUEUE_BYTES_LEAST; limit < 1u << 22; limit *= 3) {
		struct store_queue q = {0};
		size_t counts = 0;
		store_queue_limit(&q, limit);
		while (store_queue_add_count(&q, &row))
			counts++;
		for (size_t length = 1; q.refused < 20; length = length * 7 % 2999) {
			text[length] = '\0';
			(void)store_queue_add_telling(&q, &in, text);
			text[length] = 'x';
		}
		assert_true(counts >= 300);
		assert_true(q.count > counts); /* counts left room for incidents */
		assert_true(q.rows_most * sizeof *q.rows + q.bytes <= limit);
		store_queue_clear(&q);
	}
}

static void half_a_queue_is_due(void **state)
{
	(void)state;
	struct store_queue q = {0};
	struct store_row row = {.kind = STORE_ROW_PORT, .of = {.port = {.hour = 1, .packets = 1}}};
	store_queue_limit(&q, STORE_QUEUE_BYTES_LEAST);
	for (size_t i = 0; i < q.rows_most / 2; i++) {
		assert_false(store_queue_is_due(&q, 1000));
		assert_int_equal(store_queue_is_due(&q, 100), i >= 100);
		assert_true(store_queue_add_count(&q, &row));
	}
	assert_true(store_queue_is_due(&q, 1000));
	store_queue_clear(&q);
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
		cmocka_unit_test(a_limit_holds_for_rows_and_texts_together),
		cmocka_unit_test(half_a_queue_is_due),
		cmocka_unit_test(a_telling_keeps_nothing_of_the_callers_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
