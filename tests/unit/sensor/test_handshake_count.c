/* SPDX-License-Identifier: ISC */
#include "sensor/handshake_count.h"

#include "net_lab.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct find_row {
	const char *text, *group, *name;
	bool found;
	uint64_t number;
};

#define TEXT "TcpExt: A Bc C\nTcpExt: 1 22 18446744073709551615\nTcp: A Neg\nTcp: 7 -1\nIp: X\n"

static const struct find_row find_rows[] = {
	{TEXT, "TcpExt", "A", true, 1},
	{TEXT, "TcpExt", "Bc", true, 22},
	{TEXT, "TcpExt", "B", false, 0},
	{TEXT, "TcpExt", "C", true, UINT64_MAX},
	{TEXT, "Tcp", "A", true, 7},
	{TEXT, "Tcp", "Neg", false, 0},
	{TEXT, "Tcp", "C", false, 0},
	{TEXT, "Ip", "X", false, 0},
	{TEXT, "Udp", "A", false, 0},
	{"Tcp: A B\nTcp: 1\n", "Tcp", "B", false, 0},
	{"Tcp: A\nTcp: 99999999999999999999\n", "Tcp", "A", false, 0},
	{"Tcp: A\nTcp: 5", "Tcp", "A", true, 5},
	{"", "Tcp", "A", false, 0},
};

static void a_counter_is_found_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof find_rows / sizeof find_rows[0]; i++) {
		const struct find_row *r = &find_rows[i];
		uint64_t number = 0;
		bool found = handshake_count_find(r->text, r->group, r->name, &number);
		if (found != r->found || number != r->number)
			fail_msg("row %zu: got %d %llu", i, found, (unsigned long long)number);
	}
}

static int listen_on(uint16_t port, int backlog)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static int call(uint16_t port, int flags)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | flags, 0);
	assert_int_equal(inet_pton(AF_INET, NET_LAB_OWN4, &to.sin_addr), 1);
	(void)connect(fd, (struct sockaddr *)&to, sizeof to);
	return fd;
}

static void completed_handshakes_count_and_failed_ones_do_not(void **state)
{
	(void)state;
	struct handshake_count *h = handshake_count_open();
	uint32_t count;
	assert_non_null(h);
	assert_true(handshake_count_read(h, &count));
	assert_int_equal(count, 0);
	int server = listen_on(8080, 100);
	for (int i = 0; i < 7; i++)
		close(call(8080, 0));
	for (int i = 0; i < 5; i++)
		close(call(8081, 0)); /* nobody listens */
	assert_true(handshake_count_read(h, &count));
	assert_int_equal(count, 7);
	assert_true(handshake_count_read(h, &count));
	assert_int_equal(count, 0);
	close(server);
	handshake_count_close(h);
}

/* A server that does not accept: its clients are honest all the same. */
static void calls_at_a_full_queue_count(void **state)
{
	(void)state;
	struct handshake_count *h = handshake_count_open();
	uint32_t count;
	int fds[10], server = listen_on(8082, 1);
	assert_true(handshake_count_read(h, &count));
	for (int i = 0; i < 10; i++)
		fds[i] = call(8082, SOCK_NONBLOCK);
	unsigned all = 0;
	for (int i = 0; i < 1000 && all < 10; i++) {
		usleep(10000);
		assert_true(handshake_count_read(h, &count));
		all += count;
	}
	assert_true(all >= 10);
	for (int i = 0; i < 10; i++)
		close(fds[i]);
	close(server);
	handshake_count_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_is_found_by_its_name),
		cmocka_unit_test(completed_handshakes_count_and_failed_ones_do_not),
		cmocka_unit_test(calls_at_a_full_queue_count),
	};
	if (!net_lab_may_run("handshake_count, for it needs a network of its own"))
		return 77;
	net_lab_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
