/* SPDX-License-Identifier: ISC */
#include "sensor/kernel_hook.h"

#include "base/diag.h"
#include "base/memory.h"
#include "net/ip_proto.h"
#include "net_lab.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32 };
#define FAR "198.51.100.7"
#define PORTS 20000 /* below the ephemeral ones */

static struct listening_reader *reader;
static struct name_table *names;
static struct net_lab_wire wire;

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct kernel_hook *open_hook(struct kernel_hook_options options)
{
	char error[512] = "";
	struct listening_set *set = memory_calloc(1, sizeof *set);
	struct capture_filter *filter = memory_calloc(1, sizeof *filter);
	assert_true(listening_set_read(reader, set));
	capture_filter_build(filter, set,
		&(struct capture_filter_options){.beside_hook = true, .hook_knows_clients = true});
	options.names = names;
	struct kernel_hook *h = kernel_hook_open(&options, filter, error, sizeof error);
	free(filter);
	free(set);
	if (h == NULL)
		fail_msg("%s", error);
	return h;
}

struct heard {
	struct event events[4096];
	size_t count;
};

static bool is_read_out(const struct kernel_hook *h)
{
	struct kernel_hook_counts c = kernel_hook_read_counts(h);
	return c.told == c.events + c.unwanted + c.answers + c.broken;
}

/* What comes until `wanted` are there and none is left, and a moment longer for what is too much. The moment ends with
 * a reading that finds nothing, however late a busy machine lets us read. */
static void hear(struct kernel_hook *h, size_t wanted, struct heard *out)
{
	int64_t end = now_ms() + 10000, quiet_ms = now_ms();
	size_t n;
	out->count = 0;
	do {
		bool more = false;
		struct pollfd ready = {kernel_hook_fd(h), POLLIN, 0};
		(void)poll(&ready, 1, 50);
		n = kernel_hook_read(h, out->events + out->count, 64, &more);
		out->count += n;
		if (n > 0)
			quiet_ms = now_ms();
		assert_in_range(out->count, 0, 4000);
	} while (now_ms() < end &&
		 (n > 0 || out->count < wanted || !is_read_out(h) || now_ms() - quiet_ms < 100));
}

static struct packet_plan knock(uint8_t proto, uint16_t port, uint8_t flags)
{
	return (struct packet_plan){.src = FAR,
		.dst = NET_LAB_OWN4,
		.proto = proto,
		.src_port = 40000,
		.dst_port = port,
		.flags = flags};
}

static void send_one(struct packet_plan plan)
{
	net_lab_send(&wire, &plan);
}

static struct heard heard;

static unsigned heard_of(uint8_t proto)
{
	unsigned count = 0;
	for (size_t i = 0; i < heard.count; i++)
		count += heard.events[i].proto == proto;
	return count;
}

static void every_knock_is_told_once_in_order(void **state)
{
	(void)state;
	enum { EACH = 1000 };
	struct kernel_hook *h = open_hook((struct kernel_hook_options){0});
	for (unsigned i = 0; i < EACH; i++) {
		send_one(knock(IP_PROTO_TCP, (uint16_t)(1 + i), SYN));
		send_one(knock(IP_PROTO_UDP, (uint16_t)(1 + i), 0));
	}
	hear(h, 2 * EACH, &heard);
	assert_int_equal(heard_of(IP_PROTO_TCP), EACH);
	assert_int_equal(heard_of(IP_PROTO_UDP), EACH);
	for (unsigned i = 0; i < 2 * EACH; i++) {
		const struct event *e = &heard.events[i];
		assert_int_equal(e->dst_port, 1 + i / 2);
		assert_int_equal(e->src_port, 40000);
		assert_int_equal(e->origin, EVENT_ORIGIN_KERNEL);
		assert_int_equal(e->marks & (EVENT_MARK_INCOMING | EVENT_MARK_FIREWALL),
			EVENT_MARK_INCOMING);
		assert_string_equal(name_table_name(names, e->iface), "kw0");
		assert_true(i == 0 || e->time.us >= heard.events[i - 1].time.us);
	}
	int64_t age_us = (int64_t)time(NULL) * 1000000 - heard.events[0].time.us;
	assert_in_range(age_us + 20000000, 0, 40000000);
	struct kernel_hook_counts c = kernel_hook_read_counts(h);
	assert_int_equal(c.lost, 0);
	assert_int_equal(c.told, c.events + c.unwanted + c.broken);
	kernel_hook_close(h);
}

/* Each shape comes as what it is, with what one knows it by. */
static void every_shape_is_told_as_it_is(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct packet_plan plan;
		enum event_probe probe;
	} rows[] = {
		{"FIN", {.flags = FIN}, EVENT_PROBE_FIN},
		{"NULL", {.flags = 0}, EVENT_PROBE_NULL},
		{"XMAS", {.flags = FIN | PSH | URG}, EVENT_PROBE_XMAS},
		{"Maimon", {.flags = FIN | ACK}, EVENT_PROBE_MAIMON},
		{"ACK", {.flags = ACK}, EVENT_PROBE_ACK},
		{"reset", {.flags = RST}, EVENT_PROBE_RST},
		{"SYN-ACK", {.flags = SYN | ACK}, EVENT_PROBE_SYN_ACK},
		{"SYN over IPv6", {.src = "2001:db8:ffff::7", .dst = NET_LAB_OWN6, .flags = SYN},
			EVENT_PROBE_SYN},
		{"UDP over IPv6",
			{.src = "2001:db8:ffff::7", .dst = NET_LAB_OWN6, .proto = IP_PROTO_UDP},
			EVENT_PROBE_UDP},
		{"a protocol that nobody speaks", {.proto = 201}, EVENT_PROBE_IP_PROTOCOL},
		{"the same over IPv6",
			{.src = "2001:db8:ffff::7", .dst = NET_LAB_OWN6, .proto = 201},
			EVENT_PROBE_IP_PROTOCOL},
	};
	struct kernel_hook *h = open_hook((struct kernel_hook_options){0});
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct packet_plan plan = rows[i].plan;
		plan.src = plan.src ? plan.src : FAR;
		plan.dst = plan.dst ? plan.dst : NET_LAB_OWN4;
		plan.proto = plan.proto ? plan.proto : IP_PROTO_TCP;
		plan.src_port = 50000;
		plan.dst_port = 7;
		send_one(plan);
		hear(h, 1, &heard);
		if (heard.count != 1 || heard.events[0].probe != rows[i].probe)
			fail_msg("%s: %zu events, the first a %s", rows[i].name, heard.count,
				event_probe_name((enum event_probe)heard.events[0].probe));
	}
	kernel_hook_close(h);
}

static void what_somebody_takes_is_not_told(void **state)
{
	(void)state;
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(2222)};
	int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(bind(tcp, (struct sockaddr *)&any, sizeof any), 0);
	assert_int_equal(bind(udp, (struct sockaddr *)&any, sizeof any), 0);
	assert_int_equal(listen(tcp, 8), 0);
	struct kernel_hook *h = open_hook((struct kernel_hook_options){0});
	for (unsigned i = 0; i < 20; i++) {
		send_one(knock(IP_PROTO_TCP, 2222, SYN));
		send_one(knock(IP_PROTO_TCP, 2222, ACK));
		send_one(knock(IP_PROTO_UDP, 2222, 0));
	}
	send_one(knock(IP_PROTO_TCP, 23, SYN));
	hear(h, 1, &heard);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.events[0].dst_port, 23);
	assert_false(kernel_hook_take_door_change(h));
	/* Closed, it is told from the next packet on, whatever the listening set says still. */
	close(udp);
	send_one(knock(IP_PROTO_UDP, 2222, 0));
	hear(h, 1, &heard);
	assert_int_equal(heard.count, 1);
	close(tcp);
	hear(h, 0, &heard);
	assert_true(kernel_hook_take_door_change(h));
	assert_false(kernel_hook_take_door_change(h));
	kernel_hook_close(h);
}

static void only_what_came_in_on_the_named_interfaces_is_told(void **state)
{
	(void)state;
	const char *kw1 = "kw1", *kw0 = "kw0";
	struct kernel_hook *h =
		open_hook((struct kernel_hook_options){.ifaces = &kw1, .ifaces_count = 1});
	struct kernel_hook *other =
		open_hook((struct kernel_hook_options){.ifaces = &kw0, .ifaces_count = 1});
	send_one(knock(IP_PROTO_TCP, 23, SYN));
	hear(other, 1, &heard);
	assert_int_equal(heard.count, 1);
	hear(h, 0, &heard);
	assert_int_equal(heard.count, 0);
	assert_int_equal(kernel_hook_read_counts(h).unwanted, 1);
	kernel_hook_close(other);
	kernel_hook_close(h);
}

static void what_a_firewall_drops_is_told_if_asked_for(void **state)
{
	(void)state;
	if (!net_lab_has("nft")) {
		print_message("no nft: not tried\n");
		return;
	}
	enum { EACH = 500 };
	net_lab_run("nft add table inet kwlab");
	net_lab_run("nft add chain inet kwlab in '{ type filter hook input priority 0; }'");
	net_lab_run("nft add rule inet kwlab in iifname kw0 tcp dport 1-1000 drop");
	net_lab_run("nft add rule inet kwlab in iifname kw0 udp dport 1-1000 reject");
	struct kernel_hook *deaf = open_hook((struct kernel_hook_options){0});
	struct kernel_hook *h = open_hook((struct kernel_hook_options){.firewall = true});
	for (unsigned i = 0; i < EACH; i++) {
		send_one(knock(IP_PROTO_TCP, (uint16_t)(1 + i), SYN));
		send_one(knock(IP_PROTO_UDP, (uint16_t)(1 + i), 0));
	}
	hear(h, 2 * EACH, &heard);
	assert_int_equal(heard_of(IP_PROTO_TCP), EACH);
	assert_int_equal(heard_of(IP_PROTO_UDP), EACH);
	for (size_t i = 0; i < heard.count; i++)
		assert_true(heard.events[i].marks & EVENT_MARK_FIREWALL);
	hear(deaf, 0, &heard);
	assert_int_equal(heard.count, 0);
	kernel_hook_close(deaf);
	kernel_hook_close(h);
	net_lab_run("nft delete table inet kwlab");
}

static void beyond_its_budget_the_firewall_is_counted(void **state)
{
	(void)state;
	if (!net_lab_has("nft"))
		return;
	net_lab_run("nft add table inet kwlab");
	net_lab_run(
		"nft add chain inet kwlab in '{ type filter hook input priority 0; policy drop; }'");
	struct kernel_hook *h =
		open_hook((struct kernel_hook_options){.firewall = true, .firewall_budget = 10});
	int64_t before_ms = now_ms();
	for (unsigned i = 0; i < 1000; i++)
		send_one(knock(IP_PROTO_TCP, (uint16_t)(1 + i), SYN));
	int64_t seconds = (now_ms() - before_ms) / 1000 + 2;
	int64_t most = 10 * seconds * sysconf(_SC_NPROCESSORS_ONLN);
	hear(h, 1, &heard);
	struct kernel_hook_counts c = kernel_hook_read_counts(h);
	assert_in_range(heard.count, 10, most < 1000 ? most : 1000);
	assert_int_equal(c.over_budget, 1000 - heard.count);
	kernel_hook_close(h);
	net_lab_run("nft delete table inet kwlab");
}

enum { NEIGHBOUR = 4711, LAST = 4712 };

/* How many knocks of that name came to NEIGHBOUR before the one to LAST; other namespaces may be noisy meanwhile. */
static unsigned hear_neighbour(struct kernel_hook *h, const char *name)
{
	int64_t end = now_ms() + 10000;
	unsigned count = 0;
	while (now_ms() < end) {
		bool more = false;
		struct event some[64];
		struct pollfd ready = {kernel_hook_fd(h), POLLIN, 0};
		(void)poll(&ready, 1, 50);
		size_t n = kernel_hook_read(h, some, 64, &more);
		for (size_t i = 0; i < n; i++) {
			if (strcmp(name_table_name(names, some[i].iface), name) != 0)
				continue;
			if (some[i].dst_port == LAST)
				return count;
			count += some[i].dst_port == NEIGHBOUR;
		}
	}
	return 0;
}

static void name_own_netns(char *out, size_t size)
{
	struct stat facts;
	assert_int_equal(stat("/proc/self/ns/net", &facts), 0);
	snprintf(out, size, "netns:%llu", (unsigned long long)facts.st_ino);
}

/* Our knocks, told to another namespace: nobody's there, a container's if asked for. */
static void other_namespaces_are_labelled_or_left_out(void **state)
{
	(void)state;
	int go[2], done[2];
	char name[32];
	name_own_netns(name, sizeof name);
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(done), 0);
	pid_t child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWNET) != 0)
			_exit(2);
		struct kernel_hook *all =
			open_hook((struct kernel_hook_options){.every_netns = true});
		struct kernel_hook *own = open_hook((struct kernel_hook_options){0});
		char byte = '.';
		if (write(done[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(3);
		bool right = hear_neighbour(all, name) == 2;
		hear(own, 0, &heard);
		_exit(right && heard.count == 0 ? 0 : 1);
	}
	char byte = '.';
	close(done[1]); /* so that a child that has failed is seen */
	assert_int_equal(read(done[0], &byte, 1), 1);
	send_one(knock(IP_PROTO_TCP, NEIGHBOUR, SYN));
	send_one(knock(IP_PROTO_UDP, NEIGHBOUR, 0));
	send_one(knock(IP_PROTO_TCP, NEIGHBOUR, RST));
	send_one(knock(IP_PROTO_TCP, LAST, SYN));
	assert_int_equal(write(go[1], &byte, 1), 1);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* More than the ring holds while nobody reads. */
static void what_does_not_fit_is_counted(void **state)
{
	(void)state;
	enum { SENT = 3000 };
	struct kernel_hook *h = open_hook((struct kernel_hook_options){.ring_bytes = 65536});
	for (unsigned i = 0; i < SENT; i++)
		send_one(knock(IP_PROTO_TCP, (uint16_t)(1 + i % PORTS), SYN));
	hear(h, 1, &heard);
	struct kernel_hook_counts c = kernel_hook_read_counts(h);
	assert_in_range(c.lost, 1, SENT - 500);
	assert_int_equal(c.told + c.lost, SENT);
	assert_int_equal(c.told, heard.count);
	kernel_hook_close(h);
}

static void enter(void)
{
	char error[512];
	net_lab_enter();
	net_lab_run("ip route add default dev kw0");
	net_lab_run("ip -6 route add default dev kw0");
	wire = net_lab_open_wire("kw1", 1);
	names = name_table_create();
	reader = listening_reader_open(false, error, sizeof error);
	if (reader == NULL)
		fail_msg("%s", error);
}

int main(void)
{
	char why[256];
	if (!net_lab_may_run("kernel_hook"))
		return 77;
	if (!kernel_hook_is_possible(why, sizeof why)) {
		printf("skipped: kernel_hook: %s\n", why);
		return 77;
	}
	enter();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_knock_is_told_once_in_order),
		cmocka_unit_test(every_shape_is_told_as_it_is),
		cmocka_unit_test(what_somebody_takes_is_not_told),
		cmocka_unit_test(only_what_came_in_on_the_named_interfaces_is_told),
		cmocka_unit_test(what_a_firewall_drops_is_told_if_asked_for),
		cmocka_unit_test(beyond_its_budget_the_firewall_is_counted),
		cmocka_unit_test(other_namespaces_are_labelled_or_left_out),
		cmocka_unit_test(what_does_not_fit_is_counted),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	listening_reader_close(reader);
	name_table_destroy(names);
	net_lab_close_wire(&wire);
	return failed;
}
