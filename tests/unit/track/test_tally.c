/* SPDX-License-Identifier: ISC */
#include "track/tally.h"

#include "net/ip_proto.h"
#include "table_check.h"

#define HOUR INT64_C(491000)

static struct wall_time in_hour(int64_t hour, int64_t second)
{
	return wall_time_from_parts((HOUR + hour) * 3600 + second, 0);
}

struct knock_row {
	const char *name;
	uint8_t proto;
	uint16_t port;
	unsigned knocks, touches;
	uint8_t told_proto;
	uint16_t told_port;
};

static const struct knock_row knock_rows[] = {
	{"the first TCP port", IP_PROTO_TCP, 0, 2, 1, IP_PROTO_TCP, 0},
	{"a TCP port", IP_PROTO_TCP, 22, 5, 3, IP_PROTO_TCP, 22},
	{"the last TCP port", IP_PROTO_TCP, 65535, 1, 1, IP_PROTO_TCP, 65535},
	{"a UDP port", IP_PROTO_UDP, 22, 4, 0, IP_PROTO_UDP, 22},
	{"the last UDP port", IP_PROTO_UDP, 65535, 1, 0, IP_PROTO_UDP, 65535},
	{"an ICMP type", IP_PROTO_ICMP, 8, 3, 1, IP_PROTO_ICMP, 8},
	{"an ICMPv6 type", IP_PROTO_ICMPV6, 128, 2, 2, IP_PROTO_ICMPV6, 128},
	{"GRE", IP_PROTO_GRE, 77, 1, 1, IP_PROTO_GRE, 0},
	{"SCTP goes under port 0", IP_PROTO_SCTP, 5060, 1, 1, IP_PROTO_SCTP, 0},
};

static void add_rows(struct tally *t)
{
	for (size_t i = 0; i < TABLE_CHECK_ROWS(knock_rows); i++) {
		const struct knock_row *r = &knock_rows[i];
		for (unsigned n = 0; n < r->knocks; n++)
			tally_add(t, r->proto, r->port, n < r->touches);
	}
}

static unsigned check_rows(const struct tally_count *counts, int64_t hour)
{
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(knock_rows); i++) {
		const struct knock_row *r = &knock_rows[i];
		faults += table_check_number(r->name, "protocol", counts[i].proto, r->told_proto);
		faults += table_check_number(r->name, "port", counts[i].port, r->told_port);
		faults += table_check_number(r->name, "packets", counts[i].packets, r->knocks);
		faults += table_check_number(r->name, "touches", counts[i].touches, r->touches);
		faults += table_check_number(r->name, "hour", counts[i].hour, hour);
	}
	return faults;
}

static void a_drain_gives_every_count_once_in_pieces_of_any_size(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (unsigned piece = 1; piece <= TABLE_CHECK_ROWS(knock_rows) + 1; piece++) {
		struct tally *t = tally_create();
		struct tally_count counts[TABLE_CHECK_ROWS(knock_rows) + 1];
		unsigned n = 0, got;
		tally_start_hour(t, in_hour(0, 5));
		add_rows(t);
		while ((got = tally_drain(t, counts + n,
				(unsigned)TABLE_CHECK_ROWS(counts) - n < piece
					? (unsigned)TABLE_CHECK_ROWS(counts) - n
					: piece)) > 0)
			n += got;
		assert_int_equal(n, TABLE_CHECK_ROWS(knock_rows));
		faults += check_rows(counts, HOUR);
		assert_int_equal(tally_drain(t, counts, 4), 0);
		tally_destroy(t);
	}
	assert_int_equal(faults, 0);
}

static void a_drained_tally_counts_the_next_hour_from_zero(void **state)
{
	(void)state;
	struct tally *t = tally_create();
	struct tally_count counts[32];
	tally_start_hour(t, in_hour(0, 0));
	assert_false(tally_hour_is_over(t, in_hour(0, 3599)));
	assert_true(tally_hour_is_over(t, in_hour(1, 0)));
	add_rows(t);
	while (tally_drain(t, counts, 3) > 0)
		continue;
	tally_start_hour(t, in_hour(1, 0));
	assert_false(tally_hour_is_over(t, in_hour(1, 10)));
	add_rows(t);
	assert_int_equal(tally_drain(t, counts, 32), TABLE_CHECK_ROWS(knock_rows));
	unsigned faults = check_rows(counts, HOUR + 1);
	tally_destroy(t);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drain_gives_every_count_once_in_pieces_of_any_size),
		cmocka_unit_test(a_drained_tally_counts_the_next_hour_from_zero),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
