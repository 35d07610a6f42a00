/* SPDX-License-Identifier: ISC */
/* Real sockets on the loopback interface. */
#include "sensor/syslog_receiver.h"

#include "logline/syslog_frame.h"
#include "sensor/syslog_peers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define KNOCK                                                                                      \
	"<4>Nov 28 12:00:05 gate kernel: DROP IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 "      \
	"LEN=60 TTL=47 ID=1 PROTO=TCP SPT=4444 DPT=%u WINDOW=1024 RES=0x00 SYN URGP=0"

static struct name_table *names;
static struct syslog_receiver *receiver;
static struct event events[8192];
static size_t heard;

/* A port that is free at the moment, for this type of socket. */
static uint16_t free_port(int type)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof a;
	int fd = socket(AF_INET, type, 0);
	assert_return_code(bind(fd, (struct sockaddr *)&a, sizeof a), errno);
	assert_return_code(getsockname(fd, (struct sockaddr *)&a, &length), errno);
	close(fd);
	return ntohs(a.sin_port);
}

static uint16_t open_receiver(enum syslog_transport transport, const char *from)
{
	bool udp = transport == SYSLOG_TRANSPORT_UDP;
	struct syslog_address a = {.transport = transport,
		.addr = addr_from_v4(INADDR_LOOPBACK),
		.port = free_port(udp ? SOCK_DGRAM : SOCK_STREAM)};
	struct syslog_receiver_options o = {.addresses = &a, .count = 1, .names = names};
	char error[512] = "";
	if (from != NULL) {
		struct prefix p;
		bool host_bits;
		assert_true(prefix_parse(from, strlen(from), &p, &host_bits));
		prefix_set_add(&o.from, &p);
	}
	receiver = syslog_receiver_open(&o, error, sizeof error);
	if (receiver == NULL)
		fail_msg("%s", error);
	return a.port;
}

static int connect_to(uint16_t port, int type)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port)};
	int fd = socket(AF_INET, type, 0);
	assert_return_code(connect(fd, (struct sockaddr *)&a, sizeof a), errno);
	return fd;
}

static void send_text(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Reads until there is nothing more for `quiet_ms`. */
static void hear(int quiet_ms)
{
	struct pollfd ready = {syslog_receiver_fd(receiver), POLLIN, 0};
	bool more = false;
	do {
		more = false;
		heard += syslog_receiver_read(
			receiver, events + heard, sizeof events / sizeof events[0] - heard, &more);
	} while (more || poll(&ready, 1, quiet_ms) > 0);
}

static int set_up(void **state)
{
	(void)state;
	names = name_table_create();
	receiver = NULL;
	heard = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	syslog_receiver_close(receiver);
	name_table_destroy(names);
	return 0;
}

static void expect_ports(unsigned first, unsigned count)
{
	assert_int_equal(heard, count);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(events[i].dst_port, first + i);
}

static void every_datagram_is_an_event_once(void **state)
{
	(void)state;
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_UDP, NULL), SOCK_DGRAM);
	for (unsigned i = 0; i < 1000; i++) {
		char line[512];
		snprintf(line, sizeof line, KNOCK "\n", 1000 + i);
		send_text(fd, line);
	}
	hear(20);
	expect_ports(1000, 1000);
	assert_string_equal(name_table_name(names, events[0].host), "gate");
	assert_int_equal(syslog_receiver_peer(receiver, 0)->events, 1000);
	close(fd);
}

static void a_stream_in_pieces_is_an_event_for_each_message(void **state)
{
	(void)state;
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_TCP, NULL), SOCK_STREAM);
	for (unsigned i = 0; i < 200; i++) {
		char line[512], framed[600];
		size_t length = (size_t)snprintf(line, sizeof line, KNOCK, 1000 + i);
		if (i % 2 == 0)
			snprintf(framed, sizeof framed, "%zu %s", length, line);
		else
			snprintf(framed, sizeof framed, "%s\n", line);
		for (size_t at = 0; at < strlen(framed); at += 101) {
			char piece[102] = "";
			memcpy(piece, framed + at, strnlen(framed + at, 101));
			send_text(fd, piece);
			if (i < 3)
				hear(1);
		}
	}
	hear(20);
	expect_ports(1000, 200);
	close(fd);
	hear(20);
	assert_int_equal(syslog_receiver_counts(receiver).connections, 0);
	assert_int_equal(syslog_receiver_counts(receiver).lost_unfinished, 0);
}

static void what_ends_without_an_end_of_line_still_counts(void **state)
{
	(void)state;
	char line[512];
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_TCP, NULL), SOCK_STREAM);
	snprintf(line, sizeof line, KNOCK, 1000);
	send_text(fd, line);
	close(fd);
	hear(20);
	expect_ports(1000, 1);
}

static void a_counted_message_that_is_not_whole_is_lost_and_counted(void **state)
{
	(void)state;
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_TCP, NULL), SOCK_STREAM);
	send_text(fd, "500 <4>kernel: IN=");
	hear(20);
	close(fd);
	hear(20);
	assert_int_equal(heard, 0);
	assert_int_equal(syslog_receiver_counts(receiver).lost_unfinished, 1);
}

static void who_may_not_send_is_refused_and_counted(void **state)
{
	(void)state;
	char line[512];
	uint16_t port = open_receiver(SYSLOG_TRANSPORT_UDP, "192.0.2.0/24");
	int fd = connect_to(port, SOCK_DGRAM);
	snprintf(line, sizeof line, KNOCK, 1000);
	send_text(fd, line);
	hear(20);
	assert_int_equal(heard, 0);
	assert_int_equal(syslog_receiver_counts(receiver).refused_peers, 1);
	assert_null(syslog_receiver_peer(receiver, 0));
	close(fd);
	syslog_receiver_close(receiver);
	fd = connect_to(open_receiver(SYSLOG_TRANSPORT_TCP, "192.0.2.0/24"), SOCK_STREAM);
	hear(20);
	assert_int_equal(syslog_receiver_counts(receiver).refused_peers, 1);
	assert_int_equal(recv(fd, line, sizeof line, 0), 0);
	close(fd);
}

/* As many as the receive buffer holds, which root may make larger: then they are more than one call takes. */
static void who_may_not_send_cannot_hold_us_with_a_flood(void **state)
{
	(void)state;
	const unsigned sent = 6000, call_most = 4096;
	bool more = false;
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_UDP, "192.0.2.0/24"), SOCK_DGRAM);
	for (unsigned i = 0; i < sent; i++)
		send_text(fd, "<13>gate app: hello");
	assert_int_equal(syslog_receiver_read(receiver, events, 1000, &more), 0);
	uint64_t first = syslog_receiver_counts(receiver).refused_peers;
	assert_true(first > 0 && first <= call_most);
	hear(20);
	assert_int_equal(heard, 0);
	assert_int_equal(more, syslog_receiver_counts(receiver).refused_peers > first);
	close(fd);
}

static void a_flood_of_datagrams_is_lost_in_numbers(void **state)
{
	(void)state;
	const unsigned sent = 100000;
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_UDP, NULL), SOCK_DGRAM);
	for (unsigned i = 0; i < sent; i++)
		send_text(fd, "<13>gate app: hello");
	hear(20);
	send_text(fd, "<13>gate app: the last one brings the kernel's count");
	hear(20);
	struct syslog_counts c = syslog_receiver_counts(receiver);
	assert_int_equal(c.messages + c.lost_in_kernel + c.lost_beyond_rate, sent + 1);
	assert_true(c.lost_in_kernel + c.lost_beyond_rate > 0);
	close(fd);
}

static void a_stream_that_is_too_fast_waits_and_loses_nothing(void **state)
{
	(void)state;
	const unsigned wanted = SYSLOG_PEER_LINES * SYSLOG_PEER_BURST_S + 2000;
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_TCP, NULL), SOCK_STREAM);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	static const char line[] = "<13>gate app: hello\n";
	size_t at = 0, all = (sizeof line - 1) * wanted;
	for (unsigned turn = 0; turn < 2000; turn++) {
		while (at < all) {
			size_t from = at % (sizeof line - 1);
			ssize_t n = send(fd, line + from, sizeof line - 1 - from, MSG_NOSIGNAL);
			if (n <= 0)
				break;
			at += (size_t)n;
		}
		hear(at < all ? 0 : 5);
		if (syslog_receiver_counts(receiver).messages == wanted)
			break;
	}
	assert_int_equal(syslog_receiver_counts(receiver).messages, wanted);
	close(fd);
}

static void connections_are_bounded_for_each_peer(void **state)
{
	(void)state;
	uint16_t port = open_receiver(SYSLOG_TRANSPORT_TCP, NULL);
	int fds[SYSLOG_STREAMS_PEER + 20];
	const unsigned count = sizeof fds / sizeof fds[0];
	for (unsigned i = 0; i < count; i++)
		fds[i] = connect_to(port, SOCK_STREAM);
	hear(20);
	struct syslog_counts c = syslog_receiver_counts(receiver);
	assert_int_equal(c.connections, SYSLOG_STREAMS_PEER);
	assert_int_equal(c.refused_places, 20);
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	hear(20);
	assert_int_equal(syslog_receiver_counts(receiver).connections, 0);
}

static void an_endless_line_is_cut_once_and_what_follows_it_is_read(void **state)
{
	(void)state;
	char piece[4097], line[512];
	int fd = connect_to(open_receiver(SYSLOG_TRANSPORT_TCP, NULL), SOCK_STREAM);
	memset(piece, 'x', sizeof piece - 1);
	piece[sizeof piece - 1] = '\0';
	for (unsigned i = 0; i < 500; i++) {
		send_text(fd, piece);
		hear(0);
	}
	snprintf(line, sizeof line, "\n" KNOCK "\n", 1000);
	send_text(fd, line);
	hear(20);
	expect_ports(1000, 1);
	assert_int_equal(syslog_receiver_counts(receiver).cut, 1);
	assert_int_equal(syslog_receiver_counts(receiver).messages, 2);
	close(fd);
}

static void garbage_makes_no_event(void **state)
{
	(void)state;
	unsigned seed = 20261128;
	uint16_t port = open_receiver(SYSLOG_TRANSPORT_TCP, NULL);
	for (unsigned round = 0; round < 40; round++) {
		char bytes[3000];
		int fd = connect_to(port, SOCK_STREAM);
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (char)rand_r(&seed);
		assert_int_equal(send(fd, bytes, sizeof bytes, MSG_NOSIGNAL), sizeof bytes);
		hear(0);
		close(fd);
		hear(1);
	}
	hear(20);
	assert_int_equal(heard, 0);
	assert_int_equal(syslog_receiver_counts(receiver).connections, 0);
}

static void tls_without_a_certificate_is_a_mistake_of_the_admin(void **state)
{
	(void)state;
	struct syslog_address a = {
		SYSLOG_TRANSPORT_TLS, addr_from_v4(INADDR_LOOPBACK), free_port(SOCK_STREAM)};
	struct syslog_receiver_options o = {.addresses = &a, .count = 1, .names = names};
	char error[512] = "";
	assert_null(syslog_receiver_open(&o, error, sizeof error));
	assert_int_equal(errno, EINVAL);
	assert_non_null(strstr(error, "syslog_certificate"));
	o.tls.certificate = "/dev/null";
	assert_null(syslog_receiver_open(&o, error, sizeof error));
	assert_int_equal(errno, EINVAL);
	assert_non_null(strstr(error, "/dev/null: holds no certificate"));
}

static void a_port_that_is_taken_is_told(void **state)
{
	(void)state;
	uint16_t port = open_receiver(SYSLOG_TRANSPORT_TCP, NULL);
	struct syslog_address a = {SYSLOG_TRANSPORT_TCP, addr_from_v4(INADDR_LOOPBACK), port};
	struct syslog_receiver_options o = {.addresses = &a, .count = 1, .names = names};
	char error[512] = "";
	assert_null(syslog_receiver_open(&o, error, sizeof error));
	assert_int_equal(errno, EADDRINUSE);
	assert_non_null(strstr(error, "tcp:127.0.0.1:"));
}

#define WITH_RECEIVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RECEIVER(every_datagram_is_an_event_once),
		WITH_RECEIVER(a_stream_in_pieces_is_an_event_for_each_message),
		WITH_RECEIVER(what_ends_without_an_end_of_line_still_counts),
		WITH_RECEIVER(a_counted_message_that_is_not_whole_is_lost_and_counted),
		WITH_RECEIVER(who_may_not_send_is_refused_and_counted),
		WITH_RECEIVER(who_may_not_send_cannot_hold_us_with_a_flood),
		WITH_RECEIVER(a_flood_of_datagrams_is_lost_in_numbers),
		WITH_RECEIVER(a_stream_that_is_too_fast_waits_and_loses_nothing),
		WITH_RECEIVER(connections_are_bounded_for_each_peer),
		WITH_RECEIVER(an_endless_line_is_cut_once_and_what_follows_it_is_read),
		WITH_RECEIVER(garbage_makes_no_event),
		WITH_RECEIVER(tls_without_a_certificate_is_a_mistake_of_the_admin),
		WITH_RECEIVER(a_port_that_is_taken_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
