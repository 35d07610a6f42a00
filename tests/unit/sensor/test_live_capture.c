/* SPDX-License-Identifier: ISC */
#include "sensor/live_capture.h"

#include "base/diag.h"
#include "base/memory.h"
#include "net/ip_proto.h"
#include "net_lab.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SYN = 2, ACK = 16, PSH = 8 };

static struct listening_reader *reader;
static struct listening_set *set;
static struct name_table *names;
static struct net_lab_wire wire;

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct capture_filter *make_filter(void)
{
	struct capture_filter *filter = memory_calloc(1, sizeof *filter);
	assert_true(listening_set_read(reader, set));
	capture_filter_build(
		filter, set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
	return filter;
}

static struct live_capture *open_on(const char *iface)
{
	char error[512] = "";
	struct capture_filter *filter = make_filter();
	struct live_capture *c =
		live_capture_open(&(struct live_capture_options){.iface = iface, .names = names},
			filter, error, sizeof error);
	free(filter);
	if (!c)
		fail_msg("%s", error);
	return c;
}

static void refilter(struct live_capture *c)
{
	char error[512] = "";
	struct capture_filter *filter = make_filter();
	if (!live_capture_set_filter(c, filter, error, sizeof error))
		fail_msg("%s", error);
	free(filter);
}

typedef void event_receiver(void *context, const struct event *e);

/* Reads until nothing came for `quiet_ms`; returns how many events there were. */
static unsigned drain(struct live_capture *c, int quiet_ms, event_receiver *receive, void *context)
{
	struct event events[64];
	unsigned count = 0;
	struct pollfd ready = {live_capture_fd(c), POLLIN, 0};
	for (;;) {
		size_t n = live_capture_read(c, events, 64);
		for (size_t i = 0; i < n && receive; i++)
			receive(context, &events[i]);
		count += (unsigned)n;
		if (n == 0 && poll(&ready, 1, quiet_ms) <= 0)
			return count;
	}
}

/* Waits until `wanted` have come, however busy the machine is, and takes what is there beyond them;
 * returns how many there were. */
static unsigned hear(
	struct live_capture *c, unsigned wanted, event_receiver *receive, void *context)
{
	unsigned count = 0;
	int64_t end = now_ms() + 10000;
	while (count < wanted && now_ms() < end)
		count += drain(c, 20, receive, context);
	return count + drain(c, 50, receive, context);
}

static struct packet_plan knock(uint16_t port)
{
	return (struct packet_plan){.src = "198.51.100.7",
		.dst = NET_LAB_OWN4,
		.proto = IP_PROTO_TCP,
		.src_port = 40000,
		.dst_port = port,
		.flags = SYN};
}

static void send_knocks(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct packet_plan plan = knock((uint16_t)(i % 20000));
		net_lab_send(&wire, &plan);
	}
}

static void check_last_port(void *context, const struct event *e)
{
	unsigned *next = context;
	assert_int_equal(e->dst_port, *next % 20000);
	assert_int_equal(e->probe, EVENT_PROBE_SYN);
	assert_string_equal(name_table_name(names, e->iface), "kw0");
	(*next)++;
}

static void every_knock_is_told_once_in_order_and_traffic_never(void **state)
{
	(void)state;
	enum { ROUNDS = 30, BURST = 1000 };
	struct live_capture *c = open_on("kw0");
	struct packet_plan data = knock(40001), other = knock(23);
	data.flags = ACK | PSH;
	other.dst = "192.0.2.77";
	unsigned next = 0, told = 0;
	for (int round = 0; round < ROUNDS; round++) {
		unsigned expected = (unsigned)round * BURST;
		for (unsigned i = expected; i < expected + BURST; i++) {
			struct packet_plan plan = knock((uint16_t)(i % 20000));
			net_lab_send(&wire, &plan);
			net_lab_send(&wire, &data);
			net_lab_send(&wire, &other);
		}
		told += drain(c, 0, check_last_port, &next);
	}
	told += drain(c, 300, check_last_port, &next);
	struct live_capture_counts counts = live_capture_read_counts(c);
	assert_int_equal(told, ROUNDS * BURST);
	assert_int_equal(counts.received, ROUNDS * BURST);
	assert_int_equal(counts.events, ROUNDS * BURST);
	assert_int_equal(counts.dropped + counts.unwanted + counts.broken + counts.doubled, 0);
	live_capture_close(c);
}

static int64_t wall_us(void)
{
	struct timespec wall;
	clock_gettime(CLOCK_REALTIME, &wall);
	return wall_time_from_parts(wall.tv_sec, wall.tv_nsec / 1000).us;
}

/* Sends one and takes it; returns after how many ms. */
static int64_t tell_one(struct live_capture *c)
{
	struct event e;
	struct pollfd ready = {live_capture_fd(c), POLLIN, 0};
	int64_t start = now_ms(), before = wall_us();
	send_knocks(1);
	assert_int_equal(poll(&ready, 1, 10000), 1);
	assert_int_equal(live_capture_read(c, &e, 1), 1);
	assert_in_range(e.time.us, before - 1000, wall_us());
	assert_true(e.marks & EVENT_MARK_INCOMING);
	return now_ms() - start;
}

/* On a busy machine one of them may wait for the processor; not the best of many. */
static void a_single_knock_is_told_soon_with_the_time_of_the_wall(void **state)
{
	(void)state;
	enum { SOON_MS = 200, TRIES = 20 }; /* PACKET_RING_LATENCY_MS on an idle machine */
	struct live_capture *c = open_on("kw0");
	int64_t best = tell_one(c);
	for (int i = 1; i < TRIES && best >= SOON_MS; i++) {
		int64_t waited = tell_one(c);
		best = waited < best ? waited : best;
	}
	print_message("told after %d ms\n", (int)best);
	assert_true(best < SOON_MS);
	live_capture_close(c);
}

/* Who sends waits for who hears: a ring that is full on a busy machine would be no fault of the filter. */
struct sending {
	unsigned count;   /* knocks in all */
	atomic_uint told; /* heard so far */
	atomic_bool stop;
};

static void *send_in_background(void *context)
{
	enum { BURST = 100, AHEAD = 2000 };
	struct sending *s = context;
	for (unsigned sent = 0; sent < s->count; sent += BURST) {
		while (sent > atomic_load(&s->told) + AHEAD && !atomic_load(&s->stop))
			sched_yield();
		send_knocks(BURST);
	}
	return NULL;
}

static void changing_the_filter_loses_nothing(void **state)
{
	(void)state;
	struct sending s = {.count = 40000};
	unsigned told = 0, changes = 0;
	struct live_capture *c = open_on("kw0");
	pthread_t sender;
	assert_int_equal(pthread_create(&sender, NULL, send_in_background, &s), 0);
	int64_t end = now_ms() + 20000;
	while (told < s.count && now_ms() < end) {
		refilter(c);
		changes++;
		told += drain(c, 0, NULL, NULL);
		if (live_capture_read_counts(c).received >= s.count)
			told += drain(c, 200, NULL, NULL);
		atomic_store(&s.told, told);
	}
	atomic_store(&s.stop, true);
	pthread_join(sender, NULL);
	struct live_capture_counts counts = live_capture_read_counts(c);
	print_message("%u changes of the filter under %u knocks\n", changes, s.count);
	assert_int_equal(counts.dropped, 0);
	assert_int_equal(told, s.count);
	assert_true(changes > 3);
	live_capture_close(c);
}

static void traffic_falls_silent_when_its_port_is_opened(void **state)
{
	(void)state;
	struct live_capture *c = open_on("kw0");
	struct packet_plan data = knock(8088);
	data.flags = ACK;
	net_lab_send(&wire, &data);
	assert_int_equal(hear(c, 1, NULL, NULL), 1);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8088)};
	assert_int_equal(bind(server, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(server, 1), 0);
	net_lab_send(&wire, &data); /* passes the old filter, and lies in the ring ... */
	struct pollfd ready = {live_capture_fd(c), POLLIN, 0};
	assert_int_equal(poll(&ready, 1, 10000), 1);
	refilter(c); /* ... when the law changes */
	net_lab_send(&wire, &data);
	assert_int_equal(drain(c, 200, NULL, NULL), 0);
	assert_int_equal(live_capture_read_counts(c).unwanted, 1);
	close(server);
	refilter(c);
	net_lab_send(&wire, &data);
	assert_int_equal(hear(c, 1, NULL, NULL), 1);
	live_capture_close(c);
}

/* A broadcast is sent, and looped back to ourselves: both carry a destination that would count. */
static void what_this_host_sends_is_no_knock(void **state)
{
	(void)state;
	int on = 1, udp = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct live_capture *c = open_on("kw0");
	assert_int_equal(setsockopt(udp, SOL_SOCKET, SO_BROADCAST, &on, sizeof on), 0);
	inet_pton(AF_INET, "192.0.2.255", &to.sin_addr);
	assert_int_equal(sendto(udp, "x", 1, 0, (struct sockaddr *)&to, sizeof to), 1);
	assert_int_equal(drain(c, 200, NULL, NULL), 0);
	struct packet_plan plan = {.src = "192.0.2.50",
		.dst = "192.0.2.255",
		.proto = IP_PROTO_UDP,
		.src_port = 4000,
		.dst_port = 9};
	net_lab_send(&wire, &plan); /* the same from the wire is one */
	assert_int_equal(hear(c, 1, NULL, NULL), 1);
	close(udp);
	live_capture_close(c);
}

static void a_wrong_name_is_answered_with_the_right_ones(void **state)
{
	(void)state;
	char error[512] = "";
	struct capture_filter *filter = make_filter();
	assert_null(
		live_capture_open(&(struct live_capture_options){.iface = "eth9", .names = names},
			filter, error, sizeof error));
	free(filter);
	assert_int_equal(errno, ENODEV);
	assert_non_null(strstr(error, "eth9: no such interface; there are: lo, "));
	assert_non_null(strstr(error, "kw0"));
}

static void a_slip_in_a_name_is_guessed(void **state)
{
	(void)state;
	char error[512] = "";
	struct capture_filter *filter = make_filter();
	assert_null(
		live_capture_open(&(struct live_capture_options){.iface = "wk0", .names = names},
			filter, error, sizeof error));
	free(filter);
	assert_non_null(strstr(error, "wk0: no such interface; did you mean kw0? There are: lo, "));
}

static void an_interface_may_go_and_come_back(void **state)
{
	(void)state;
	net_lab_add_pair("kw2", "kw3", 3);
	struct live_capture *c = open_on("kw2");
	struct packet_plan plan = knock(23);
	struct net_lab_wire second = net_lab_open_wire("kw3", 3);
	net_lab_send(&second, &plan);
	assert_int_equal(hear(c, 1, NULL, NULL), 1);

	net_lab_run("ip link set kw2 down");
	assert_false(live_capture_check(c));
	assert_int_equal(drain(c, 100, NULL, NULL), 0);
	net_lab_run("ip link set kw2 up");
	net_lab_wait_until_running("kw2");
	assert_true(live_capture_check(c));
	net_lab_send(&second, &plan);
	assert_int_equal(hear(c, 1, NULL, NULL), 1);

	net_lab_run("ip link del kw2");
	net_lab_close_wire(&second);
	assert_false(live_capture_check(c));
	assert_false(live_capture_check(c));
	net_lab_add_pair("kw2", "kw3", 3);
	assert_true(live_capture_check(c));
	second = net_lab_open_wire("kw3", 3);
	net_lab_send(&second, &plan);
	assert_int_equal(hear(c, 1, NULL, NULL), 1);
	net_lab_close_wire(&second);
	net_lab_run("ip link del kw2");
	live_capture_close(c);
}

static void remember_iface(void *context, const struct event *e)
{
	char *out = context;
	strcat(strcat(out, name_table_name(names, e->iface)), " ");
}

static void all_interfaces_are_watched_each_packet_once(void **state)
{
	(void)state;
	char seen[128] = "";
	struct live_capture *c = open_on("any");
	struct packet_plan plan = knock(23);
	net_lab_add_pair("kw2", "kw3", 3); /* comes after the capture was opened */
	usleep(1100000);                   /* the list of interfaces is re-read once a second */
	struct net_lab_wire second = net_lab_open_wire("kw3", 3);
	net_lab_send(&wire, &plan);
	hear(c, 1, remember_iface, seen);
	net_lab_send(&second, &plan);
	hear(c, 1, remember_iface, seen);
	assert_string_equal(seen, "kw0 kw2 ");

	int udp = socket(AF_INET, SOCK_DGRAM, 0); /* to ourselves, over lo */
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	inet_pton(AF_INET, NET_LAB_OWN4, &to.sin_addr);
	assert_int_equal(sendto(udp, "x", 1, 0, (struct sockaddr *)&to, sizeof to), 1);
	assert_int_equal(drain(c, 200, NULL, NULL), 0);
	close(udp);
	live_capture_close(c);

	net_lab_run("ip link add br0 address 02:00:00:00:00:03 type bridge && ip link set kw2 "
		    "master br0 && "
		    "ip link set br0 up && ip addr add 192.0.2.3/32 dev br0");
	c = open_on("any");
	seen[0] = '\0';
	plan.dst = "192.0.2.3";
	net_lab_send(&second, &plan);
	hear(c, 1, remember_iface, seen);
	assert_string_equal(seen, "br0 ");
	assert_int_equal(live_capture_read_counts(c).doubled, 1);
	live_capture_close(c);
	net_lab_close_wire(&second);
	net_lab_run("ip link del br0 && ip link del kw2");
}

/* A second host at the other end of the link, for programs that need a stack of their own. */
static pid_t start_scanner_host(void)
{
	int ready[2];
	char byte = 0;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		byte = unshare(CLONE_NEWNET) == 0;
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 1);
	close(ready[0]), close(ready[1]);
	net_lab_run("ip link add kw4 type veth peer name kw5 netns %d", child);
	net_lab_run("ip addr add 198.51.100.1/24 dev kw4 && ip link set kw4 up");
	net_lab_run("nsenter -t %d -n sh -c 'ip link set lo up; ip addr add 198.51.100.2/24 dev "
		    "kw5; ip "
		    "link set kw5 up'",
		child);
	return child;
}

struct tally {
	unsigned by_probe[EVENT_PROBES];
	bool ports[65536];
	unsigned distinct;
};

static void count_event(void *context, const struct event *e)
{
	struct tally *t = context;
	t->by_probe[e->probe]++;
	t->distinct += !t->ports[e->dst_port];
	t->ports[e->dst_port] = true;
}

static void scanners_are_heard_exactly(void **state)
{
	(void)state;
	static const struct {
		const char *program, *command;
		enum event_probe probe;
		unsigned distinct; /* ports */
		unsigned packets;  /* 0 = the scanner may send again */
	} rows[] = {
		{"hping3", "hping3 -q -c 200 -i u500 -S -p ++1000 198.51.100.1", EVENT_PROBE_SYN,
			200, 200},
		{"hping3", "hping3 -q -c 200 -i u500 -F -P -U -p ++1000 198.51.100.1",
			EVENT_PROBE_XMAS, 200, 200},
		{"hping3", "hping3 -q -c 100 -i u500 --udp -p ++2000 198.51.100.1", EVENT_PROBE_UDP,
			100, 100},
		{"nmap", "nmap -n -Pn -T4 -sS -p1-300 198.51.100.1", EVENT_PROBE_SYN, 300, 0},
		{"nmap", "nmap -n -Pn -T4 -sA -p1-300 198.51.100.1", EVENT_PROBE_ACK, 300, 0},
		{"nmap", "nmap -n -Pn -T4 -sM -p1-300 198.51.100.1", EVENT_PROBE_MAIMON, 300, 0},
		{"nmap", "nmap -n -Pn -T4 -sN -p1-300 198.51.100.1", EVENT_PROBE_NULL, 300, 0},
	};
	pid_t host = start_scanner_host();
	struct tally *tally = memory_calloc(1, sizeof *tally);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!net_lab_has(rows[i].program)) {
			print_message("skipped: %s is not installed\n", rows[i].program);
			continue;
		}
		struct live_capture *c = open_on("kw4");
		net_lab_run("nsenter -t %d -n timeout 60 %s >/dev/null 2>&1 || test $? = 1", host,
			rows[i].command);
		memset(tally, 0, sizeof *tally);
		unsigned all = drain(c, 300, count_event, tally);
		unsigned got = tally->by_probe[rows[i].probe];
		bool right = tally->distinct == rows[i].distinct && got == all &&
			     (rows[i].packets ? got == rows[i].packets : got >= rows[i].distinct);
		if (!right)
			fail_msg("%s: got %u events, %u of the kind, %u ports; wanted %u ports",
				rows[i].command, all, got, tally->distinct, rows[i].distinct);
		live_capture_close(c);
	}
	free(tally);
	kill(host, SIGKILL);
	waitpid(host, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_knock_is_told_once_in_order_and_traffic_never),
		cmocka_unit_test(a_single_knock_is_told_soon_with_the_time_of_the_wall),
		cmocka_unit_test(changing_the_filter_loses_nothing),
		cmocka_unit_test(traffic_falls_silent_when_its_port_is_opened),
		cmocka_unit_test(what_this_host_sends_is_no_knock),
		cmocka_unit_test(a_wrong_name_is_answered_with_the_right_ones),
		cmocka_unit_test(a_slip_in_a_name_is_guessed),
		cmocka_unit_test(an_interface_may_go_and_come_back),
		cmocka_unit_test(all_interfaces_are_watched_each_packet_once),
		cmocka_unit_test(scanners_are_heard_exactly),
	};
	char error[256] = "";
	if (!net_lab_may_run("live_capture, for it needs a network of its own"))
		return 77;
	net_lab_enter();
	diag_set_quiet(1);
	reader = listening_reader_open(false, error, sizeof error);
	if (!reader) {
		print_error("%s\n", error);
		return 1;
	}
	set = memory_calloc(1, sizeof *set);
	names = name_table_create();
	wire = net_lab_open_wire("kw1", 1);
	int result = cmocka_run_group_tests(tests, NULL, NULL);
	net_lab_close_wire(&wire);
	name_table_destroy(names);
	listening_reader_close(reader);
	free(set);
	return result;
}
