/* SPDX-License-Identifier: ISC */
/* Sockets are opened and closed for real; time is told, so that two minutes need no waiting. */
#include "sensor/client_ports.h"
#include "sensor/udp_doubt.h"

#include "base/memory.h"
#include "net/ip_proto.h"
#include "net_lab.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define OTHER4 "192.0.2.99"

static struct client_ports *clients;

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct addr addr_of(const char *text)
{
	struct addr a;
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

static int udp_socket(const char *address, uint16_t port)
{
	bool v6 = strchr(address, ':') != NULL;
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	inet_pton(v6 ? AF_INET6 : AF_INET, address,
		v6 ? (void *)&in6.sin6_addr : (void *)&in4.sin_addr);
	assert_int_equal(v6 ? bind(fd, (struct sockaddr *)&in6, sizeof in6)
			    : bind(fd, (struct sockaddr *)&in4, sizeof in4),
		0);
	return fd;
}

static void connect_to_peer(int fd)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
	assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &to.sin_addr), 1);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
}

static bool used_on(const char *address, uint16_t port, int64_t at_ms)
{
	struct addr a = addr_of(address);
	return client_ports_used(clients, &a, port, at_ms);
}

/* The kernel's worker tells of an end in its own time. */
static void hear_until_used(const char *address, uint16_t port)
{
	for (int i = 0; i < 2000 && !used_on(address, port, now_ms()); i++) {
		client_ports_hear(clients, now_ms());
		usleep(5000);
	}
}

/* On a busy machine an answer takes its time, and the next question must wait for ten times that. */
static bool ask(void)
{
	int64_t since = now_ms();
	for (int i = 0; i < 5000; i++) {
		usleep(2000);
		if (client_ports_ask(clients, since, now_ms()))
			return true;
	}
	return false;
}

static void a_port_is_remembered_for_two_minutes_after_its_socket_ended(void **state)
{
	(void)state;
	static const struct {
		const char *bound;
		uint16_t port;
		bool connected, on_own4, on_own6;
	} rows[] = {
		{"0.0.0.0", 41001, false, true, false},
		{"0.0.0.0", 41002, true, true, false},
		{"::", 41003, false, true, true},
		{NET_LAB_OWN6, 41004, false, false, true},
		{"0.0.0.0", 801, true, true, false},
	};
	assert_true(client_ports_can_tell(clients, now_ms()));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd = udp_socket(rows[i].bound, rows[i].port);
		if (rows[i].connected)
			connect_to_peer(fd);
		assert_false(used_on(NET_LAB_OWN4, rows[i].port, now_ms()));
		close(fd);
		hear_until_used(rows[i].on_own4 ? NET_LAB_OWN4 : NET_LAB_OWN6, rows[i].port);
		int64_t soon = now_ms() + (CLIENT_PORTS_MEMORY_S - 1) * 1000,
			late = now_ms() + (CLIENT_PORTS_MEMORY_S + 2) * 1000;
		assert_int_equal(used_on(NET_LAB_OWN4, rows[i].port, soon), rows[i].on_own4);
		assert_int_equal(used_on(NET_LAB_OWN6, rows[i].port, soon), rows[i].on_own6);
		assert_false(used_on(NET_LAB_OWN4, rows[i].port, late));
		assert_false(used_on(NET_LAB_OWN6, rows[i].port, late));
	}
}

static void an_open_socket_is_found_by_asking(void **state)
{
	(void)state;
	int client = udp_socket("0.0.0.0", 42001), server = udp_socket(NET_LAB_OWN4, 69);
	connect_to_peer(client);
	assert_true(ask());
	assert_true(used_on(NET_LAB_OWN4, 42001, now_ms()));
	assert_true(used_on(NET_LAB_OWN4, 69, now_ms()));
	assert_false(used_on(OTHER4, 69, now_ms()));
	assert_false(used_on(NET_LAB_OWN6, 69, now_ms()));
	assert_false(used_on(NET_LAB_OWN4, 42002, now_ms()));
	close(client), close(server);
	/* An answer that is new enough is not asked for again. */
	assert_true(client_ports_ask(clients, 1, now_ms()));
	assert_true(used_on(NET_LAB_OWN4, 69, now_ms()));
	assert_true(ask());
	hear_until_used(NET_LAB_OWN4, 69);
	assert_true(used_on(NET_LAB_OWN4, 69, now_ms())); /* as one that ended */
}

static void what_stays_on_loopback_says_nothing(void **state)
{
	(void)state;
	int fd = udp_socket("127.0.0.1", 43001);
	assert_true(ask());
	assert_false(used_on(NET_LAB_OWN4, 43001, now_ms()));
	close(fd);
	close(udp_socket("0.0.0.0", 43002)); /* told after the other */
	hear_until_used(NET_LAB_OWN4, 43002);
	assert_true(used_on(NET_LAB_OWN4, 43002, now_ms()));
	assert_false(used_on(NET_LAB_OWN4, 43001, now_ms()));
}

/* --- doubt --- */

static struct event datagram(uint16_t port)
{
	return (struct event){.src = addr_of("198.51.100.7"),
		.dst = addr_of(NET_LAB_OWN4),
		.proto = IP_PROTO_UDP,
		.src_port = 4000,
		.dst_port = port,
		.has = EVENT_HAS_PORTS};
}

static void only_what_no_socket_explains_is_a_knock(void **state)
{
	(void)state;
	struct udp_doubt *d = udp_doubt_create(clients, false);
	struct event out[4], knock = datagram(44001), answer = datagram(44002);
	int fd = udp_socket("0.0.0.0", 44002); /* open, but nobody knows of it yet */
	int64_t start = now_ms();
	assert_false(udp_doubt_take(d, &knock, start, out));
	assert_false(udp_doubt_take(d, &answer, start, out));
	assert_int_equal(udp_doubt_settle(d, start + CLIENT_PORTS_PATIENCE_MS - 1, out, 4), 0);
	assert_int_equal(udp_doubt_settle(d, start + 5000, out, 4), 1);
	assert_int_equal(out[0].dst_port, 44001);
	assert_int_equal(udp_doubt_read_counts(d).answers, 1);
	/* One that ends while its answer is held. */
	int brief = udp_socket("0.0.0.0", 44003);
	struct event late = datagram(44003);
	start = now_ms();
	assert_false(udp_doubt_take(d, &late, start, out));
	close(brief);
	hear_until_used(NET_LAB_OWN4, 44003);
	assert_int_equal(udp_doubt_settle(d, start + 5000, out, 4), 0);
	assert_int_equal(udp_doubt_read_counts(d).answers, 2);
	udp_doubt_destroy(d);
	close(fd);
}

/* More than can be held come out early, in their order; only what came too fast to be asked for is
 * lost. */
static void a_flood_is_judged_early(void **state)
{
	(void)state;
	enum { MANY = UDP_DOUBT_HELD + 500 };
	struct udp_doubt *d = udp_doubt_create(clients, false);
	struct event out[2], e = datagram(45001);
	int64_t start = now_ms() + 10000;
	unsigned came = 0;
	for (unsigned i = 0; i < MANY; i++) {
		e.src_port = (uint16_t)(1000 + i);
		if (udp_doubt_take(d, &e, start + i / 100, out))
			assert_int_equal(out[0].src_port, 1000 + came++);
	}
	assert_int_equal(came, 500);
	while (udp_doubt_settle(d, start + 1000, out, 2) == 2)
		came += 2;
	assert_int_equal(came, MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_false(udp_doubt_take(d, &e, start + 2000, out)); /* all at once */
	assert_int_equal(udp_doubt_read_counts(d).crowded, MANY - UDP_DOUBT_HELD);
	udp_doubt_destroy(d);
}

/* The last test: it leaves the clock far ahead. */
static void a_storm_of_ends_is_not_followed(void **state)
{
	(void)state;
	int64_t now = now_ms() + 60000;
	for (int i = 0; i < CLIENT_PORTS_ENDS_MOST + 500; i++) {
		close(udp_socket("0.0.0.0", 46001));
		if (i % 500 == 0)
			client_ports_hear(clients, now);
	}
	for (int i = 0; i < 2000 && client_ports_can_tell(clients, now); i++) {
		client_ports_hear(clients, now);
		usleep(5000);
	}
	assert_false(client_ports_can_tell(clients, now));
	now += CLIENT_PORTS_REST_S * 1000;
	client_ports_hear(clients, now);
	assert_false(client_ports_can_tell(clients, now)); /* it missed what ended meanwhile */
	assert_true(client_ports_can_tell(clients, now + CLIENT_PORTS_MEMORY_S * 1000));
	close(udp_socket("0.0.0.0", 46002));
	hear_until_used(NET_LAB_OWN4, 46002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_is_remembered_for_two_minutes_after_its_socket_ended),
		cmocka_unit_test(an_open_socket_is_found_by_asking),
		cmocka_unit_test(what_stays_on_loopback_says_nothing),
		cmocka_unit_test(only_what_no_socket_explains_is_a_knock),
		cmocka_unit_test(a_flood_is_judged_early),
		cmocka_unit_test(a_storm_of_ends_is_not_followed),
	};
	if (!net_lab_may_run("client_ports, for it needs a network of its own"))
		return 77;
	net_lab_enter();
	clients = client_ports_open(false);
	if (!clients || !client_ports_can_tell(clients, now_ms())) {
		print_message("skipped: this kernel does not tell of the ends of UDP sockets\n");
		return 77;
	}
	int result = cmocka_run_group_tests(tests, NULL, NULL);
	client_ports_close(clients);
	return result;
}
