/* SPDX-License-Identifier: ISC */
#include "store/count_json.h"

#include "base/decimal.h"
#include "event/json_field.h"
#include "event/json_head.h"

#include <assert.h>

static void put_head(struct json_line *line, const struct store_port_count *counts, size_t count,
	struct wall_time now, const char *host)
{
	enum { ROW = 4 * DECIMAL_MAX + 4 };
	char memory[(COUNT_JSON_ROWS + 1) * ROW];
	struct text_buffer facts = text_buffer_over(memory, sizeof memory);
	text_buffer_add_number(&facts, counts[0].hour);
	for (size_t i = 0; i < count; i++) {
		const uint64_t row[] = {
			counts[i].proto, counts[i].port, counts[i].packets, counts[i].touches};
		for (size_t n = 0; n < sizeof row / sizeof row[0]; n++) {
			text_buffer_add(&facts, " ");
			text_buffer_add_number(&facts, row[n]);
		}
	}
	json_head_put_facts(line, now, host, "counts", &facts);
}

void count_json_write(struct json_line *line, const struct store_port_count *counts, size_t count,
	struct wall_time now, const char *host)
{
	assert(count >= 1 && count <= COUNT_JSON_ROWS);
	json_line_start(line);
	put_head(line, counts, count, now, host);
	json_line_open_object(line, "counts");
	json_line_put_time(line, "hour", wall_time_from_parts((int64_t)counts[0].hour * 3600, 0));
	json_line_open_list(line, "ports");
	for (size_t i = 0; i < count; i++) {
		assert(counts[i].hour == counts[0].hour);
		json_line_open_list(line, NULL);
		json_line_put_count(line, NULL, counts[i].proto);
		json_line_put_count(line, NULL, counts[i].port);
		json_line_put_count(line, NULL, counts[i].packets);
		json_line_put_count(line, NULL, counts[i].touches);
		json_line_close(line);
	}
	json_line_close(line);
	json_line_close(line);
	json_line_close(line);
}

/* A number of the row from 0 to `most`. */
static bool get_number(const json_t *row, size_t index, uint64_t most, uint64_t *out)
{
	const json_t *item = json_array_get(row, index);
	json_int_t n = json_integer_value(item);
	*out = (uint64_t)n;
	return json_is_integer(item) && n >= 0 && (uint64_t)n <= most;
}

size_t count_json_read(const json_t *counts, struct store_port_count *out)
{
	const json_t *rows = json_object_get(counts, "ports");
	struct wall_time start;
	size_t used = 0;
	if (!json_field_time(counts, "hour", &start))
		return 0;
	for (size_t i = 0; i < json_array_size(rows) && used < COUNT_JSON_ROWS; i++) {
		const json_t *row = json_array_get(rows, i);
		uint64_t proto, port, packets, touches;
		if (!get_number(row, 0, UINT8_MAX, &proto) ||
			!get_number(row, 1, UINT16_MAX, &port) ||
			!get_number(row, 2, INT64_MAX, &packets) ||
			!get_number(row, 3, INT64_MAX, &touches))
			continue;
		out[used++] = (struct store_port_count){
			.hour = (uint32_t)(wall_time_seconds(start) / 3600),
			.proto = (uint8_t)proto,
			.port = (uint16_t)port,
			.packets = packets,
			.touches = touches};
	}
	return used;
}
