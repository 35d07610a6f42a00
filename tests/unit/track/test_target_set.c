/* SPDX-License-Identifier: ISC */
#include "track/target_set.h"

#include "track/block_pool.h"

#include "table_check.h"

#include <stdio.h>

/* One set at a time, with all the memory it could want. */
static _Alignas(8) uint8_t cell[TARGET_SET_CELL];
static struct target_room room;

static int open_room(void **state)
{
	(void)state;
	room.blocks = block_pool_create(1 << 20);
	return 0;
}

static int close_room(void **state)
{
	(void)state;
	size_t used = block_pool_used(room.blocks);
	block_pool_destroy(room.blocks);
	return used != 0; /* a set that was cleared has given back all */
}

static struct target tcp(uint32_t host, uint16_t port)
{
	return (struct target){host, port, TARGET_TCP, 0};
}

struct count_row {
	const char *name;
	struct target targets[6];
	unsigned n;
	struct target_counts wanted;
};

static const struct count_row count_rows[] = {
	{"nothing", {{0}}, 0, {0, 0, 0, 0, 0}},
	{"one", {{1, 22, TARGET_TCP, 0}}, 1, {1, 1, 1, 1, 0}},
	{"the same twice", {{1, 22, TARGET_TCP, 0}, {1, 22, TARGET_TCP, 0}}, 2, {1, 1, 1, 1, 0}},
	{"open or not is the same target", {{1, 22, TARGET_TCP, 0}, {1, 22, TARGET_TCP, 1}}, 2,
		{1, 1, 1, 1, 0}},
	{"one port of two protocols", {{1, 53, TARGET_TCP, 0}, {1, 53, TARGET_UDP, 0}}, 2,
		{2, 2, 1, 2, 0}},
	{"one port on two hosts", {{1, 53, TARGET_TCP, 0}, {2, 53, TARGET_TCP, 0}}, 2,
		{2, 1, 2, 1, 0}},
	{"types of ICMP are no ports", {{1, 8, TARGET_ICMP, 0}, {1, 13, TARGET_ICMP, 0}}, 2,
		{2, 0, 1, 1, 0}},
	{"protocols",
		{{1, 2, TARGET_PROTOCOL, 0}, {1, 47, TARGET_PROTOCOL, 0},
			{2, 47, TARGET_PROTOCOL, 0}, {1, 6, TARGET_TCP, 0}},
		4, {4, 1, 2, 2, 2}},
	{"port 0 and host 0 count", {{0, 0, TARGET_TCP, 0}, {0, 1, TARGET_TCP, 0}}, 2,
		{2, 2, 1, 1, 0}},
};

static unsigned differs(
	const char *row, const struct target_counts *got, const struct target_counts *wanted)
{
	return table_check_number(row, "targets", got->targets, wanted->targets) +
	       table_check_number(row, "ports", got->ports, wanted->ports) +
	       table_check_number(row, "hosts", got->hosts, wanted->hosts) +
	       table_check_number(row, "spaces", got->spaces, wanted->spaces) +
	       table_check_number(row, "protocols", got->protocols, wanted->protocols);
}

static void few_targets_are_counted_exactly(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(count_rows); i++) {
		const struct count_row *row = &count_rows[i];
		struct target_set s;
		target_set_init(&s, cell, &room);
		for (unsigned j = 0; j < row->n; j++)
			target_set_add(&s, row->targets[j]);
		struct target_counts got = target_set_count(&s);
		faults += differs(row->name, &got, &row->wanted);
		target_set_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void up_to_the_limit_every_target_is_known(void **state)
{
	(void)state;
	struct target_set s;
	unsigned faults = 0;
	target_set_init(&s, cell, &room);
	for (uint32_t i = 0; i < TARGET_SET_EXACT; i++) {
		struct target t = tcp(i % 32, (uint16_t)(1000 + i));
		faults += !target_set_add(&s, t);
		faults += target_set_add(&s, t);
	}
	struct target_counts c = target_set_count(&s);
	assert_int_equal(faults, 0);
	assert_int_equal(c.targets, TARGET_SET_EXACT);
	assert_int_equal(c.ports, TARGET_SET_EXACT);
	assert_int_equal(c.hosts, 32);
	target_set_clear(&s);
	assert_int_equal(block_pool_used(room.blocks), 0);
}

struct dense_row {
	const char *name;
	uint32_t hosts, ports;
	double error_percent; /* allowed: 0 where the header says exact, else four standard errors
			       */
};

static const struct dense_row dense_rows[] = {
	{"every port of one host", 1, 65536, 0},
	{"one port of a thousand hosts", 1000, 2, 13.2},
	{"one port of many hosts", 20000, 1, 13.2},
	{"two hosts", 2, 2000, 13.2},
	{"a block of 100 x 100", 100, 100, 13.2},
	{"a block of 250 x 1000", 250, 1000, 13.2},
	{"a wide block", 5000, 20, 13.2},
};

static unsigned check_dense(const struct dense_row *row)
{
	struct target_set s;
	unsigned faults = 0;
	target_set_init(&s, cell, &room);
	for (uint32_t host = 0; host < row->hosts; host++) {
		for (uint32_t port = 0; port < row->ports; port++)
			target_set_add(&s, tcp(UINT32_C(0xc6120000) + host, (uint16_t)port));
	}
	struct target_counts c = target_set_count(&s);
	double wanted = (double)row->hosts * row->ports, slack = wanted * row->error_percent / 100;
	faults +=
		table_check_range(row->name, "targets", c.targets, wanted - slack, wanted + slack);
	double hosts_slack = row->hosts > TARGET_SET_HOSTS_EXACT ? row->hosts * 0.132 : 0;
	faults += table_check_range(
		row->name, "hosts", c.hosts, row->hosts - hosts_slack, row->hosts + hosts_slack);
	faults += table_check_number(row->name, "ports", c.ports, row->ports);
	faults += table_check_range(
		row->name, "bytes", (double)block_pool_used(room.blocks), 1, 36 * 1024);
	target_set_clear(&s);
	return faults;
}

static void many_targets_are_counted_within_the_error_bound(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(dense_rows); i++)
		faults += check_dense(&dense_rows[i]);
	assert_int_equal(faults, 0);
}

/* The promise is a standard error of 3.3 %: over many random sets the root mean square shows it. */
static void the_estimate_has_the_promised_standard_error(void **state)
{
	(void)state;
	enum { SETS = 60, TARGETS = 20000 };
	struct table_check_random r = table_check_random_start("HyperLogLog");
	double sum = 0;
	for (int i = 0; i < SETS; i++) {
		struct target_set s;
		target_set_init(&s, cell, &room);
		uint32_t first = (uint32_t)table_check_random_next(&r);
		for (uint32_t j = 0; j < TARGETS; j++)
			target_set_add(&s, tcp(first + j % 200, (uint16_t)(j / 200)));
		double error = (double)target_set_count(&s).targets / TARGETS - 1;
		sum += error * error;
		target_set_clear(&s);
	}
	print_message("mean square error: %g (promised 0.0011)\n", sum / SETS);
	assert_true(sum / SETS < 0.033 * 0.033 * 2);
}

struct ghost_row {
	const char *name;
	struct target seen; /* in full, after the ghost of port 22 */
	bool is_it;         /* the ghost's own door: no new target */
	struct target_counts wanted;
};

#define GHOST_HOST UINT32_C(0xc0000205)
#define OTHER_HOST UINT32_C(0xc0000206)

static const struct ghost_row ghost_rows[] = {
	{"its own door", {GHOST_HOST, 22, TARGET_TCP, 0}, true, {1, 1, 1, 1, 0}},
	{"other port of its host", {GHOST_HOST, 80, TARGET_TCP, 0}, false, {2, 2, 1, 1, 0}},
	{"its port on another host", {OTHER_HOST, 22, TARGET_TCP, 0}, false, {2, 1, 2, 1, 0}},
	{"its port of another protocol", {GHOST_HOST, 22, TARGET_UDP, 0}, false, {2, 2, 1, 2, 0}},
};

static void a_ghost_counts_until_its_door_is_seen_in_full(void **state)
{
	(void)state;
	assert_int_not_equal(target_host8(GHOST_HOST), target_host8(OTHER_HOST));
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(ghost_rows); i++) {
		const struct ghost_row *row = &ghost_rows[i];
		struct target_set s;
		target_set_init(&s, cell, &room);
		target_set_add_ghost(&s, target_host8(GHOST_HOST), 22, TARGET_TCP);
		struct target_counts alone = target_set_count(&s);
		faults += differs(row->name, &alone, &(struct target_counts){1, 1, 1, 1, 0});
		faults += table_check_number(
			row->name, "new", target_set_add(&s, row->seen), !row->is_it);
		struct target_counts got = target_set_count(&s);
		faults += differs(row->name, &got, &row->wanted);
		faults += table_check_number(row->name, "still a ghost", s.has_ghost, !row->is_it);
		target_set_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void an_open_target_is_marked_once(void **state)
{
	(void)state;
	struct target_set s;
	target_set_init(&s, cell, &room);
	assert_false(target_set_mark(&s, tcp(1, 22), TARGET_OPENED));
	target_set_add(&s, tcp(1, 22));
	assert_false(target_set_mark(&s, tcp(1, 23), TARGET_OPENED));
	assert_true(target_set_mark(&s, tcp(1, 22), TARGET_OPENED));
	assert_false(target_set_mark(&s, tcp(1, 22), TARGET_OPENED));
	target_set_clear(&s);
}

struct list_row {
	const char *name;
	struct target targets[6];
	unsigned n;
	const char *wanted;
};

static const struct list_row list_rows[] = {
	{"nothing", {{0}}, 0, ""},
	{"ICMP and protocols have no ports", {{1, 8, TARGET_ICMP, 0}, {1, 47, TARGET_PROTOCOL, 0}},
		2, ""},
	{"neighbours join in any order",
		{{1, 81, TARGET_TCP, 0}, {1, 79, TARGET_TCP, 0}, {1, 80, TARGET_TCP, 0},
			{1, 22, TARGET_TCP, 0}},
		4, "tcp/22 tcp/79-81 "},
	{"a port on two hosts is listed once", {{1, 80, TARGET_TCP, 0}, {2, 80, TARGET_TCP, 0}}, 2,
		"tcp/80 "},
	{"protocols apart, TCP first",
		{{1, 5, TARGET_SCTP, 0}, {1, 4, TARGET_UDP, 0}, {1, 3, TARGET_TCP, 0}}, 3,
		"tcp/3 udp/4 sctp/5 "},
	{"the last port of one protocol and the first of the next are no neighbours",
		{{1, 65535, TARGET_TCP, 0}, {1, 0, TARGET_UDP, 0}}, 2, "tcp/65535 udp/0 "},
};

static void list(const struct target_set *s, unsigned max, char *text, size_t size, unsigned *total)
{
	struct port_range ranges[8];
	size_t used = 0;
	*total = target_set_list_ports(s, ranges, max);
	text[0] = '\0';
	for (unsigned i = 0; i < *total && i < max; i++)
		used += (size_t)snprintf(
			text + used, size - used, "%s ", port_range_to_text(&ranges[i]).text);
}

static void ports_are_listed_as_sorted_ranges(void **state)
{
	(void)state;
	unsigned faults = 0, total;
	char got[256];
	for (size_t i = 0; i < TABLE_CHECK_ROWS(list_rows); i++) {
		struct target_set s;
		target_set_init(&s, cell, &room);
		for (unsigned j = 0; j < list_rows[i].n; j++)
			target_set_add(&s, list_rows[i].targets[j]);
		list(&s, 8, got, sizeof got, &total);
		faults += table_check_text(list_rows[i].name, "ports", got, list_rows[i].wanted);
		target_set_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void the_port_list_is_exact_at_any_size(void **state)
{
	(void)state;
	struct target_set s;
	char got[256];
	unsigned total;
	target_set_init(&s, cell, &room);
	target_set_add_ghost(&s, 3, 4000, TARGET_UDP);
	target_set_add(&s, (struct target){1, 5000, TARGET_SCTP, 0});
	for (uint32_t port = 1; port <= 500; port++)
		target_set_add(&s, tcp(port % 3, (uint16_t)port));
	list(&s, 8, got, sizeof got, &total);
	assert_string_equal(got, "tcp/1-500 udp/4000 sctp/5000 ");
	for (uint32_t port = 501; port <= 40000; port++)
		target_set_add(&s, tcp(port % 3, (uint16_t)(port == 30000 ? 50000 : port)));
	list(&s, 8, got, sizeof got, &total);
	assert_string_equal(got, "tcp/1-29999 tcp/30001-40000 tcp/50000 sctp/5000 ");
	target_set_clear(&s);
}

static void a_list_that_is_too_long_is_cut_and_counted(void **state)
{
	(void)state;
	struct target_set s;
	char got[256];
	unsigned total;
	target_set_init(&s, cell, &room);
	for (uint32_t port = 2; port <= 20; port += 2)
		target_set_add(&s, tcp(1, (uint16_t)port));
	list(&s, 3, got, sizeof got, &total);
	assert_string_equal(got, "tcp/2 tcp/4 tcp/6 ");
	assert_int_equal(total, 10);
	for (uint32_t port = 1001; port <= 5000; port += 2)
		target_set_add(&s, tcp(1, (uint16_t)port));
	list(&s, 3, got, sizeof got, &total);
	assert_string_equal(got, "tcp/2 tcp/4 tcp/6 ");
	assert_int_equal(total, 2010);
	target_set_clear(&s);
}

struct sketch_row {
	const char *name;
	uint32_t hosts, ports;
};

static const struct sketch_row sketch_rows[] = {
	{"a few", 1, 20},
	{"exact when shrunk", 10, 50},
	{"every port of one host", 1, 65536},
	{"one port of many hosts", 20000, 1},
	{"a block", 200, 200},
};

/* Half of the targets before the set is shrunk, half of them after: a sketch goes on counting. */
static unsigned check_sketch(const struct sketch_row *row)
{
	struct target_set s;
	unsigned faults = 0;
	struct port_range range;
	uint32_t added = 0, all = row->hosts * row->ports;
	target_set_init(&s, cell, &room);
	for (uint32_t host = 0; host < row->hosts; host++) {
		for (uint32_t port = 0; port < row->ports; port++) {
			if (added++ == all / 2)
				target_set_shrink(&s);
			target_set_add(&s, tcp(UINT32_C(0xc6120000) + host, (uint16_t)port));
		}
	}
	struct target_counts c = target_set_count(&s);
	faults += table_check_range(row->name, "targets", c.targets, all * 0.7, all * 1.3);
	faults +=
		table_check_range(row->name, "hosts", c.hosts, row->hosts * 0.7, row->hosts * 1.3);
	faults +=
		table_check_range(row->name, "ports", c.ports, row->ports * 0.7, row->ports * 1.3);
	faults += table_check_number(row->name, "spaces", c.spaces, 1);
	faults += table_check_number(row->name, "list", target_set_list_ports(&s, &range, 1), 0);
	faults +=
		table_check_number(row->name, "bytes", (long long)block_pool_used(room.blocks), 0);
	target_set_clear(&s);
	return faults;
}

static void a_sketch_goes_on_counting_in_its_bytes(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(sketch_rows); i++)
		faults += check_sketch(&sketch_rows[i]);
	assert_int_equal(faults, 0);
}

static unsigned distinct(const uint32_t *values, unsigned n)
{
	unsigned count = 0;
	for (unsigned i = 0; i < n; i++) {
		unsigned j = 0;
		while (values[j] != values[i])
			j++;
		count += j == i;
	}
	return count;
}

/* Hosts of one network or of many, ports of several protocols. */
static void sides_are_counted_exactly_wherever_they_lie(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("sides");
	for (int n = 0; n < 200; n++) {
		uint32_t hosts[500], ports[500], listed = 0;
		uint32_t reach = UINT32_C(1) << table_check_random_below(&random, 32);
		uint32_t base = (uint32_t)table_check_random_next(&random);
		struct target_set s;
		target_set_init(&s, cell, &room);
		for (unsigned i = 0; i < 500; i++) {
			struct target t =
				tcp(base + (uint32_t)table_check_random_below(&random, reach),
					(uint16_t)table_check_random_below(&random, 300));
			t.space = (uint8_t)table_check_random_below(&random, TARGET_PROTOCOL);
			hosts[i] = t.host;
			if (t.space <= TARGET_SCTP)
				ports[listed++] = (uint32_t)t.space << 16 | t.port;
			target_set_add(&s, t);
		}
		struct target_counts c = target_set_count(&s);
		assert_int_equal(c.hosts, distinct(hosts, 500));
		assert_int_equal(c.ports, distinct(ports, listed));
		target_set_clear(&s);
	}
}

/* Whatever order targets come in, and whenever the set became a sketch: it counts the same. */
static void a_sketch_counts_the_same_whenever_it_was_made(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("when");
	for (int n = 0; n < 100; n++) {
		static _Alignas(8) uint8_t other_cell[TARGET_SET_CELL];
		struct target_set early, late;
		uint32_t hosts = 1u << table_check_random_below(&random, 8);
		uint32_t ports = 1u << table_check_random_below(&random, 8);
		unsigned shrink_at = (unsigned)table_check_random_below(&random, 2000);
		target_set_init(&early, cell, &room);
		target_set_init(&late, other_cell, &room);
		target_set_shrink(&early);
		for (unsigned i = 0; i < 2000; i++) {
			if (i == shrink_at)
				target_set_shrink(&late);
			struct target t = tcp((uint32_t)table_check_random_below(&random, hosts),
				(uint16_t)table_check_random_below(&random, ports));
			t.space = (uint8_t)table_check_random_below(&random, TARGET_PROTOCOL);
			target_set_add(&early, t);
			target_set_add(&late, t);
		}
		struct target_counts a = target_set_count(&early), b = target_set_count(&late);
		assert_memory_equal(&a, &b, sizeof a);
		target_set_clear(&early);
		target_set_clear(&late);
	}
}

static void ipv6_hosts_are_told_apart(void **state)
{
	(void)state;
	static const char *const texts[] = {"2001:db8::1", "2001:db8::2", "2001:db8:0:1::1",
		"2001:db8:1::1", "2001:db8::1:1", "2001:db8::100"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(texts); i++) {
		struct addr a, b;
		assert_true(addr_parse(texts[i], strlen(texts[i]), &a));
		for (size_t j = 0; j < TABLE_CHECK_ROWS(texts); j++) {
			assert_true(addr_parse(texts[j], strlen(texts[j]), &b));
			assert_int_equal(target_host_of(&a) == target_host_of(&b), i == j);
		}
	}
}

static void a_neighbour_is_found_by_its_eight_bits(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 1000; n++) {
		uint32_t host = n * UINT32_C(0x9e3779b1),
			 beside = (host & ~UINT32_C(0xff)) | (n & 0xff);
		assert_int_equal(target_host_beside(host, target_host8(beside)), beside);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_neighbour_is_found_by_its_eight_bits),
		cmocka_unit_test(few_targets_are_counted_exactly),
		cmocka_unit_test(up_to_the_limit_every_target_is_known),
		cmocka_unit_test(many_targets_are_counted_within_the_error_bound),
		cmocka_unit_test(the_estimate_has_the_promised_standard_error),
		cmocka_unit_test(a_ghost_counts_until_its_door_is_seen_in_full),
		cmocka_unit_test(an_open_target_is_marked_once),
		cmocka_unit_test(ports_are_listed_as_sorted_ranges),
		cmocka_unit_test(the_port_list_is_exact_at_any_size),
		cmocka_unit_test(a_list_that_is_too_long_is_cut_and_counted),
		cmocka_unit_test(a_sketch_goes_on_counting_in_its_bytes),
		cmocka_unit_test(sides_are_counted_exactly_wherever_they_lie),
		cmocka_unit_test(a_sketch_counts_the_same_whenever_it_was_made),
		cmocka_unit_test(ipv6_hosts_are_told_apart),
	};
	return cmocka_run_group_tests(tests, open_room, close_room);
}
