/* SPDX-License-Identifier: ISC */
#include "sensor/nflog_reader.h"

#include "net/ip_proto.h"
#include "net_lab.h"
#include "sensor/nflog_groups.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct name_table *names;
static struct net_lab_wire wire;

static const struct packet_plan syn = {.src = "198.51.100.7",
	.dst = NET_LAB_OWN4,
	.proto = IP_PROTO_TCP,
	.src_port = 40000,
	.dst_port = 23,
	.flags = 2};

static struct nflog_reader *open_group(uint16_t group)
{
	char error[256] = "";
	struct nflog_reader *r =
		nflog_reader_open(&(struct nflog_reader_options){.group = group, .names = names},
			error, sizeof error);
	if (!r)
		fail_msg("%s", error);
	return r;
}

static void send_syns(unsigned count, uint16_t first_port)
{
	struct packet_plan plan = syn;
	for (unsigned i = 0; i < count; i++) {
		plan.dst_port = (uint16_t)(first_port + i);
		net_lab_send(&wire, &plan);
	}
}

/* Reads until `wanted` events came or two seconds passed without any; the last ones are in `events`. */
static unsigned hear(struct nflog_reader *r, struct event *events, unsigned max, unsigned wanted)
{
	unsigned count = 0;
	struct pollfd ready = {nflog_reader_fd(r), POLLIN, 0};
	while (count < wanted && poll(&ready, 1, 2000) > 0) {
		size_t n;
		do {
			n = nflog_reader_read(r, events, max);
			count += (unsigned)n;
		} while (nflog_reader_is_behind(r));
	}
	return count;
}

static void what_the_firewall_logs_is_told(void **state)
{
	(void)state;
	struct event e[64];
	struct nflog_reader *r = open_group(5);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	send_syns(1, 23);
	assert_int_equal(hear(r, e, 64, 1), 1);
	assert_int_equal(e[0].dst_port, 23);
	assert_string_equal(addr_to_text(&e[0].src).text, "198.51.100.7");
	assert_string_equal(name_table_name(names, e[0].iface), "kw0");
	assert_int_equal(e[0].origin, EVENT_ORIGIN_NFLOG);
	assert_int_equal(e[0].marks & (EVENT_MARK_FIREWALL | EVENT_MARK_INCOMING),
		EVENT_MARK_FIREWALL | EVENT_MARK_INCOMING);
	int64_t seconds = wall_time_seconds(e[0].time);
	assert_true(seconds >= now.tv_sec - 1 && seconds <= now.tv_sec + 10);
	nflog_reader_close(r);
}

static void a_packet_for_a_group_is_marked(void **state)
{
	(void)state;
	struct event e[4];
	struct nflog_reader *r = open_group(5);
	struct net_lab_wire all = wire;
	struct packet_plan plan = syn;
	memset(all.peer, 0xff, 6);
	net_lab_send(&all, &plan);
	assert_int_equal(hear(r, e, 4, 1), 1);
	assert_true(e[0].marks & EVENT_MARK_LINK_GROUP);
	nflog_reader_close(r);
}

static void what_was_let_in_is_counted_and_not_told(void **state)
{
	(void)state;
	struct event e[4];
	struct nflog_reader *r = open_group(6);
	for (int i = 0; i < 3; i++)
		send_syns(1, 80);
	send_syns(1, 81);
	assert_int_equal(hear(r, e, 4, 1), 1);
	assert_int_equal(e[0].dst_port, 81);
	assert_int_equal(nflog_reader_read_counts(r)->let_in, 3);
	nflog_reader_close(r);
}

static void a_group_has_one_reader(void **state)
{
	(void)state;
	char error[256] = "";
	struct nflog_groups groups;
	struct nflog_reader *r = open_group(5);
	struct nflog_reader_options o = {.group = 5, .names = names};
	assert_null(nflog_reader_open(&o, error, sizeof error));
	assert_int_equal(errno, EBUSY);
	assert_non_null(strstr(error, "nflog group 5: another program reads it"));
	assert_true(nflog_groups_read(&groups));
	assert_non_null(nflog_groups_find(&groups, 5));
	nflog_reader_close(r);
	assert_true(nflog_groups_read(&groups));
	assert_null(nflog_groups_find(&groups, 5));
	nflog_reader_close(open_group(5));
}

/* More than the socket holds, unread: what is missing is known to the packet. */
static void what_is_lost_is_counted_exactly(void **state)
{
	(void)state;
	enum { SENT = 200000 };
	static struct event e[1024];
	struct nflog_reader *r = open_group(5);
	send_syns(SENT, 0);
	unsigned heard = hear(r, e, 1024, SENT);
	assert_true(heard > 10000);
	send_syns(1, 7); /* its number tells what was before it */
	heard += hear(r, e, 1024, 1);
	const struct nflog_reader_counts *c = nflog_reader_read_counts(r);
	assert_int_equal(c->received, heard);
	assert_true(c->lost > 0);
	assert_int_equal(heard + c->lost, SENT + 1);
	nflog_reader_close(r);
}

static void the_list_of_groups_is_read_line_by_line(void **state)
{
	(void)state;
	static const char text[] = "    5  29398     0 2   128      4  1\n"
				   "nonsense\n"
				   "70000  1 0 2 128 4 1\n"
				   "65535 4294967295     0 2   128      4  1\n"
				   "    7";
	struct nflog_groups g;
	nflog_groups_parse(text, sizeof text - 1, &g);
	assert_int_equal(g.count, 2);
	assert_int_equal(nflog_groups_find(&g, 5)->port_id, 29398);
	assert_true(nflog_groups_find(&g, 65535)->port_id == UINT32_MAX);
	assert_null(nflog_groups_find(&g, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_firewall_logs_is_told),
		cmocka_unit_test(a_packet_for_a_group_is_marked),
		cmocka_unit_test(what_was_let_in_is_counted_and_not_told),
		cmocka_unit_test(a_group_has_one_reader),
		cmocka_unit_test(what_is_lost_is_counted_exactly),
		cmocka_unit_test(the_list_of_groups_is_read_line_by_line),
	};
	if (!net_lab_may_run("test_nflog_reader"))
		return 77;
	if (!net_lab_has("nft")) {
		printf("skipped: test_nflog_reader: needs nft\n");
		return 77;
	}
	net_lab_enter();
	net_lab_run("nft 'table inet t { chain i { type filter hook input priority 0; policy drop;"
		    " iif lo accept; log group 5 prefix \"drop: \";"
		    " tcp dport 80 log group 6 prefix \"accept \";"
		    " tcp dport 81 log group 6 prefix \"drop \"; } ; }'");
	names = name_table_create();
	wire = net_lab_open_wire("kw1", 1);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	net_lab_close_wire(&wire);
	name_table_destroy(names);
	return failed;
}
