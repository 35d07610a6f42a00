/* SPDX-License-Identifier: ISC */
#include "store/count_json.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static size_t read_text(const char *text, struct store_port_count *out)
{
	json_t *root = json_loads(text, 0, NULL);
	assert_non_null(root);
	size_t n = count_json_read(json_object_get(root, "counts"), out);
	json_decref(root);
	return n;
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	struct store_port_count in[COUNT_JSON_ROWS], out[COUNT_JSON_ROWS];
	struct json_line line = {0};
	for (unsigned i = 0; i < COUNT_JSON_ROWS; i++)
		in[i] = (struct store_port_count){.hour = 498732,
			.proto = (uint8_t)(i % 256),
			.port = (uint16_t)(i * 511),
			.packets = UINT64_C(1) << (i % 60),
			.touches = i};
	count_json_write(&line, in, COUNT_JSON_ROWS, wall_time_from_parts(1795435200, 0), "minnie");
	assert_int_equal(read_text(line.text, out), COUNT_JSON_ROWS);
	for (unsigned i = 0; i < COUNT_JSON_ROWS; i++) {
		assert_int_equal(out[i].hour, in[i].hour);
		assert_int_equal(out[i].proto, in[i].proto);
		assert_int_equal(out[i].port, in[i].port);
		assert_true(out[i].packets == in[i].packets);
		assert_true(out[i].touches == in[i].touches);
	}
	json_line_clear(&line);
}

static void the_event_looks_like_this(void **state)
{
	(void)state;
	struct store_port_count row = {498732, 6, 22, 31, 12};
	struct json_line line = {0};
	count_json_write(&line, &row, 1, wall_time_from_parts(1795435200, 0), NULL);
	assert_non_null(
		strstr(line.text, "\"event_type\":\"counts\",\"counts\":{\"hour\":"
				  "\"2026-11-23T12:00:00.000000Z\",\"ports\":[[6,22,31,12]]}}"));
	json_line_clear(&line);
}

/* Not from what lies in memory between its numbers. */
static void equal_counts_have_equal_lines(void **state)
{
	(void)state;
	struct store_port_count rows[2];
	struct json_line lines[2] = {{0}};
	for (int i = 0; i < 2; i++) {
		memset(&rows[i], i == 0 ? 0 : 0xee, sizeof rows[i]);
		rows[i].hour = 498732;
		rows[i].proto = 6;
		rows[i].port = 22;
		rows[i].packets = UINT64_MAX;
		rows[i].touches = 12;
		count_json_write(&lines[i], &rows[i], 1, wall_time_from_parts(1795435200, 0), NULL);
	}
	assert_string_equal(lines[0].text, lines[1].text);
	rows[1].touches++;
	count_json_write(&lines[1], &rows[1], 1, wall_time_from_parts(1795435200, 0), NULL);
	assert_memory_not_equal(
		strstr(lines[0].text, "\"id\""), strstr(lines[1].text, "\"id\""), 32);
	json_line_clear(&lines[0]);
	json_line_clear(&lines[1]);
}

static void rows_that_make_no_sense_are_left_out(void **state)
{
	(void)state;
	struct store_port_count out[COUNT_JSON_ROWS];
	assert_int_equal(read_text("{\"counts\":{\"hour\":\"2026-11-23T12:00:00Z\",\"ports\":"
				   "[[6,22,1,1],[256,1,1,1],[6,65536,1,1],[6,22,-1,1],[6,22,1],"
				   "[6,\"22\",1,1],7,null,[17,53,2,2,9]]}}",
				 out),
		2);
	assert_int_equal(out[1].proto, 17);
	assert_int_equal(read_text("{\"counts\":{\"ports\":[[6,22,1,1]]}}", out), 0);
	assert_int_equal(
		read_text("{\"counts\":{\"hour\":\"yesterday\",\"ports\":[[6,22,1,1]]}}", out), 0);
	assert_int_equal(read_text("{\"counts\":[]}", out), 0);
	assert_int_equal(read_text("{}", out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(the_event_looks_like_this),
		cmocka_unit_test(equal_counts_have_equal_lines),
		cmocka_unit_test(rows_that_make_no_sense_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
