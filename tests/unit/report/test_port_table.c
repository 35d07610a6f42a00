/* SPDX-License-Identifier: ISC */
#include "report/port_table.h"

#include "net/ip_proto.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static const char *service(uint8_t proto, uint16_t port)
{
	if (proto == IP_PROTO_TCP && port == 23)
		return "telnet";
	return port == 8728 ? "mikrotik" : NULL;
}

/* Seven months, June to December 2026; December has not begun on the sheet's 20 November. */
static struct store_ports make_ports(struct store_ports_row rows[4])
{
	struct store_ports p = {.rows = rows, .count = 4, .columns = 6};
	static const struct store_ports_row fixed[4] = {
		{IP_PROTO_TCP, 23, {33110, 34020, 31877, 29104, 30551, 22871}, 181533, 200000},
		{IP_PROTO_TCP, 8728, {71, 80, 95, 88, 102, 3120}, 3556, 4000},
		{IP_PROTO_TCP, 113, {9, 7, 11, 8, 10, 6}, 51, 60},
		{IP_PROTO_ICMP, 0, {0, 0, 0, 0, 30, 0}, 30, 30},
	};
	memcpy(rows, fixed, sizeof fixed);
	for (unsigned i = 0; i <= 6; i++)
		p.starts[i] = (uint32_t)clock_days_from_civil(2026, 6 + (int)i, 1);
	for (unsigned c = 0; c < 6; c++) {
		for (unsigned r = 0; r < 4; r++)
			p.sums[c] += rows[r].touches[c];
		p.sums[c] += 100 * c;
		p.touches_all += p.sums[c];
	}
	p.ports_all = 1208;
	return p;
}

static void months_stand_side_by_side_with_growth_marked(void **state)
{
	(void)state;
	struct store_ports_row rows[4];
	struct store_ports ports = make_ports(rows);
	struct sheet *s = sheet_make(80);
	port_table_print(&s->page, &(struct port_table){&ports, STORE_PORTS_BY_MONTH, service});
	sheet_expect(s,
		"port     service     Jun    Jul    Aug    Sep    Oct   Nov*   total\n"
		"tcp/23   telnet   33,110 34,020 31,877 29,104 30,551 22,871 181,533\n"
		"tcp/8728 mikrotik     71     80     95     88    102  3,120   3,556  ▲ 37x\n"
		"tcp/113                9      7     11      8     10      6      51\n"
		"icmp                   –      –      –      –     30      –      30  ▲ new\n"
		"other                  –    100    200    300    400    500   1,500\n"
		"other: 1,204 ports more\n"
		"* this month is not over\n");
}

static void a_narrow_page_keeps_the_latest_columns(void **state)
{
	(void)state;
	struct store_ports_row rows[4];
	struct store_ports ports = make_ports(rows);
	struct sheet *s = sheet_make(60);
	port_table_print(&s->page, &(struct port_table){&ports, STORE_PORTS_BY_MONTH, service});
	sheet_expect(s, "port     service     Sep    Oct   Nov*   total\n"
			"tcp/23   telnet   29,104 30,551 22,871 181,533\n"
			"tcp/8728 mikrotik     88    102  3,120   3,556  ▲ 37x\n"
			"tcp/113                8     10      6      51\n"
			"icmp                   –     30      –      30  ▲ new\n"
			"other                300    400    500   1,500\n"
			"other: 1,204 ports more\n"
			"* this month is not over\n"
			"3 earlier months left out for width, counted in the total\n");
}

/* What `ports` asks for when nothing else is said; no port grows. */
static void the_usual_week_fits_80_columns(void **state)
{
	(void)state;
	struct store_ports_row row = {IP_PROTO_TCP, 8728, {2, 2, 2, 2, 2, 2, 2}, 14, 14};
	struct store_ports ports = {.rows = &row, .count = 1, .columns = 7, .ports_all = 1};
	for (unsigned i = 0; i <= 7; i++)
		ports.starts[i] = (uint32_t)clock_days_from_civil(2026, 11, 14 + (int)i);
	for (unsigned c = 0; c < 7; c++)
		ports.sums[c] = 2;
	ports.touches_all = 14;
	struct sheet *s = sheet_make(80);
	port_table_print(&s->page, &(struct port_table){&ports, STORE_PORTS_BY_DAY, service});
	sheet_expect(s,
		"port     service   14 Nov  15 Nov  16 Nov  17 Nov  18 Nov  19 Nov 20 Nov* total\n"
		"tcp/8728 mikrotik       2       2       2       2       2       2       2    14\n"
		"* this day is not over\n");
}

static void no_row_is_wider_than_the_page(void **state)
{
	(void)state;
	static const unsigned widths[] = {40, 60, 80, 120};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		for (int by = STORE_PORTS_BY_DAY; by <= STORE_PORTS_BY_MONTH; by++) {
			struct store_ports_row rows[4];
			struct store_ports ports = make_ports(rows);
			struct sheet *s = sheet_make(widths[i]);
			port_table_print(&s->page,
				&(struct port_table){&ports, (enum store_ports_step)by, service});
			sheet_expect_tidy(s);
		}
	}
}

static void growth_needs_a_factor_and_a_number(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint64_t touches[6];
		unsigned columns;
		bool unfinished;
		int64_t wanted;
	} rows[] = {
		{"steady", {100, 100, 100}, 3, false, 0},
		{"threefold", {100, 100, 300}, 3, false, 3},
		{"just below", {100, 100, 299}, 3, false, 0},
		{"small numbers", {1, 1, 19}, 3, false, 0},
		{"new", {0, 0, 20}, 3, false, -1},
		{"new but small", {0, 0, 19}, 3, false, 0},
		{"unfinished month already high", {10, 10, 10, 400}, 4, true, 40},
		{"high in the finished month", {10, 10, 400, 5}, 4, true, 40},
		{"high long ago", {10, 400, 10, 5}, 4, true, 0},
		{"one column", {500}, 1, false, 0},
		{"two columns, one unfinished", {5, 500}, 2, true, 0},
		{"huge", {1, 1, UINT64_MAX / 4}, 3, false, INT64_MAX / 2},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t got =
			port_table_growth(rows[i].touches, rows[i].columns, rows[i].unfinished);
		bool huge = rows[i].wanted == INT64_MAX / 2 && got > INT64_MAX / 4;
		if (got != rows[i].wanted && !huge)
			fail_msg("%s: got %lld, wanted %lld", rows[i].name, (long long)got,
				(long long)rows[i].wanted);
	}
}

static void json_holds_the_same_numbers(void **state)
{
	(void)state;
	struct store_ports_row rows[4];
	struct store_ports ports = make_ports(rows);
	struct sheet *s = sheet_make(80);
	port_table_print_json(
		&s->page, &(struct port_table){&ports, STORE_PORTS_BY_MONTH, service});
	json_t *line = json_loads(sheet_text(s), 0, NULL);
	const char *by, *first, *label, *name;
	json_int_t ports_all, growth, november;
	json_t *list;
	assert_int_equal(json_unpack(line, "{s:s, s:[s*], s:o, s:{s:I}}", "by", &by, "columns",
				 &first, "ports", &list, "all", "ports", &ports_all),
		0);
	assert_string_equal(by, "month");
	assert_string_equal(first, "2026-06-01");
	assert_int_equal(ports_all, 1208);
	assert_int_equal(json_array_size(list), 4);
	assert_int_equal(json_unpack(json_array_get(list, 1), "{s:s, s:s, s:I}", "port", &label,
				 "service", &name, "growth", &growth),
		0);
	november = json_integer_value(
		json_array_get(json_object_get(json_array_get(list, 1), "touches"), 5));
	assert_string_equal(label, "tcp/8728");
	assert_string_equal(name, "mikrotik");
	assert_int_equal(growth, 37);
	assert_int_equal(november, 3120);
	json_decref(line);
	sheet_free(s);
}

static void an_empty_table_is_said_in_words(void **state)
{
	(void)state;
	struct store_ports ports = {.columns = 1};
	struct sheet *s = sheet_make(80);
	port_table_print(&s->page, &(struct port_table){&ports, STORE_PORTS_BY_DAY, NULL});
	sheet_expect(s, "Nothing knocked in this time.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_stand_side_by_side_with_growth_marked),
		cmocka_unit_test(a_narrow_page_keeps_the_latest_columns),
		cmocka_unit_test(the_usual_week_fits_80_columns),
		cmocka_unit_test(no_row_is_wider_than_the_page),
		cmocka_unit_test(growth_needs_a_factor_and_a_number),
		cmocka_unit_test(json_holds_the_same_numbers),
		cmocka_unit_test(an_empty_table_is_said_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
