/* SPDX-License-Identifier: ISC */
#include "tcpd/first_datagram.h"

#include "table_check.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Bound to an address of this host, or, for Unix, to an abstract name. */
static int open_server(int family, int type)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	const bool is_unix = family == AF_UNIX;
	const int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, is_unix ? (void *)&un : (void *)&in, is_unix ? sizeof un.sun_family : sizeof in), 0);
	return fd;
}

static int open_client(int server, int family, int type)
{
	struct sockaddr_storage to;
	socklen_t size = sizeof to;
	const int fd = socket(family, type | SOCK_CLOEXEC, 0);
	assert_int_equal(getsockname(server, (void *)&to, &size), 0);
	assert_int_equal(connect(fd, (void *)&to, size), 0);
	return fd;
}

static void it_is_due_where_there_is_no_connection(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int family, type;
		bool listens, due;
	} rows[] = {
		{"UDP", AF_INET, SOCK_DGRAM, false, true},
		{"datagrams of Unix", AF_UNIX, SOCK_DGRAM, false, true},
		{"TCP", AF_INET, SOCK_STREAM, false, false},
		{"TCP that listens", AF_INET, SOCK_STREAM, true, false},
		{"packets in sequence", AF_UNIX, SOCK_SEQPACKET, true, false},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		const int fd = open_server(rows[i].family, rows[i].type);
		if (rows[i].listens)
			assert_int_equal(listen(fd, 1), 0);
		faults += table_check_number(rows[i].name, "due", first_datagram_is_due(fd), rows[i].due);
		close(fd);
	}
	const int server = open_server(AF_INET, SOCK_DGRAM), client = open_client(server, AF_INET, SOCK_DGRAM);
	faults += table_check_number("UDP with a peer", "due", first_datagram_is_due(client), false);
	close(client);
	close(server);
	assert_int_equal(faults, 0);
}

static void it_is_seen_and_taken_whole(void **state)
{
	(void)state;
	static const int families[] = {AF_INET, AF_UNIX};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(families); i++) {
		const int server = open_server(families[i], SOCK_DGRAM), client = open_client(server, families[i], SOCK_DGRAM);
		char said[8] = "";
		assert_false(first_datagram_waits(server));
		first_datagram_take(server);
		assert_int_equal(send(client, "first", 5, 0), 5);
		assert_int_equal(send(client, "", 0, 0), 0);
		assert_int_equal(send(client, "third", 5, 0), 5);
		assert_true(first_datagram_waits(server));
		assert_true(first_datagram_waits(server));
		first_datagram_take(server);
		assert_true(first_datagram_waits(server)); /* an empty one is one, too */
		first_datagram_take(server);
		assert_int_equal(recv(server, said, sizeof said - 1, 0), 5);
		assert_string_equal(said, "third");
		assert_false(first_datagram_waits(server));
		close(client);
		close(server);
	}
}

static void what_has_a_connection_loses_nothing(void **state)
{
	(void)state;
	int ends[2];
	char said[8] = "";
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(send(ends[0], "stays", 5, 0), 5);
	first_datagram_take(ends[1]);
	assert_int_equal(recv(ends[1], said, sizeof said - 1, 0), 5);
	assert_string_equal(said, "stays");
	close(ends[0]);
	close(ends[1]);
}

/* The kernel looks at the checksum of a long one when it is read. */
static void one_with_a_wrong_checksum_makes_a_socket_readable_and_is_none(void **state)
{
	(void)state;
	struct sockaddr_in to;
	socklen_t size = sizeof to;
	uint16_t packet[200] = {0};
	const int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
	if (raw < 0)
		skip();
	const int server = open_server(AF_INET, SOCK_DGRAM);
	assert_int_equal(getsockname(server, (void *)&to, &size), 0);
	packet[0] = htons(4242);
	packet[1] = to.sin_port;
	packet[2] = htons(sizeof packet);
	packet[3] = htons(0x1234);
	to.sin_port = 0;
	assert_int_equal(sendto(raw, packet, sizeof packet, 0, (void *)&to, sizeof to), sizeof packet);
	struct pollfd p = {.fd = server, .events = POLLIN};
	assert_int_equal(poll(&p, 1, 2000), 1);
	assert_true(first_datagram_is_due(server));
	assert_false(first_datagram_waits(server));
	assert_int_equal(poll(&p, 1, 0), 0);
	close(server);
	close(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_due_where_there_is_no_connection),
		cmocka_unit_test(it_is_seen_and_taken_whole),
		cmocka_unit_test(what_has_a_connection_loses_nothing),
		cmocka_unit_test(one_with_a_wrong_checksum_makes_a_socket_readable_and_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
