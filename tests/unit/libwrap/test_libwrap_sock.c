/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"

#include "table_check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

/* Two ends of a connection over loopback; the server's is returned, the client's in `client`. */
static int connected(int family, int *client, char port[8])
{
	struct sockaddr_storage a = {.ss_family = (sa_family_t)family};
	socklen_t size = sizeof a;
	const int listener = socket(family, SOCK_STREAM, 0);
	if (family == AF_INET)
		((struct sockaddr_in *)&a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		((struct sockaddr_in6 *)&a)->sin6_addr = in6addr_loopback;
	if (bind(listener, (void *)&a, sizeof a) < 0 || listen(listener, 1) < 0) {
		close(listener);
		return -1;
	}
	getsockname(listener, (void *)&a, &size);
	*client = socket(family, SOCK_STREAM, 0);
	assert_int_equal(connect(*client, (void *)&a, size), 0);
	const int server = accept(listener, NULL, NULL);
	close(listener);
	strcpy(port, eval_port((void *)&a));
	return server;
}

static void both_ends_of_a_connection_are_known(void **state)
{
	(void)state;
	static const struct {
		int family;
		const char *address;
	} rows[] = {{AF_INET, "127.0.0.1"}, {AF_INET6, "::1"}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char port[8];
		int client;
		const int fd = connected(rows[i].family, &client, port);
		if (fd < 0)
			continue; /* a host without IPv6 */
		struct request_info r;
		request_init(&r, RQ_FILE, fd, 0);
		fromhost(&r);
		faults += table_check_text(rows[i].address, "client", eval_hostaddr(r.client), rows[i].address);
		faults += table_check_text(rows[i].address, "server", eval_hostaddr(r.server), rows[i].address);
		faults += table_check_text(rows[i].address, "port", eval_port(r.server->sin), port);
		faults += table_check_number(rows[i].address, "no datagram", r.sink == NULL, true);
		close(fd);
		close(client);
	}
	assert_int_equal(faults, 0);
}

static void a_second_request_leaves_the_first_alone(void **state)
{
	(void)state;
	struct request_info first, second;
	char port[8], other[8];
	int a, b;
	const int fd = connected(AF_INET, &a, port), fd2 = connected(AF_INET, &b, other);
	request_init(&first, RQ_FILE, fd, 0);
	sock_host(&first);
	request_init(&second, RQ_FILE, fd2, 0);
	sock_host(&second);
	assert_string_equal(eval_port(first.server->sin), port);
	assert_string_equal(eval_port(second.server->sin), other);
	close(fd);
	close(fd2);
	close(a);
	close(b);
}

/* Though what `sin` points at is somebody else's by then; also in a copy, and after a text was set. */
static void very_many_requests_leave_the_first_alone(void **state)
{
	(void)state;
	enum { MANY = 5000 };
	struct request_info first, copy, other;
	char port[8];
	int client, fds[2];
	const int fd = connected(AF_INET, &client, port);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	request_init(&first, RQ_FILE, fd, 0);
	sock_host(&first);
	for (int i = 0; i < MANY; i++) {
		request_init(&other, RQ_FILE, fds[0], 0);
		sock_host(&other);
	}
	assert_int_equal(first.client->sin->sa_family, AF_UNIX);
	copy = first;
	copy.client->request = copy.server->request = &copy;
	assert_string_equal(eval_hostaddr(first.client), "127.0.0.1");
	assert_string_equal(eval_hostaddr(copy.client), "127.0.0.1");
	assert_string_equal(eval_hostname(copy.client), eval_hostname(first.client));
	request_set(&first, RQ_CLIENT_ADDR, "", 0);
	assert_string_equal(eval_hostaddr(first.client), "127.0.0.1");
	close(fd);
	close(client);
	close(fds[0]);
	close(fds[1]);
}

static void an_address_that_is_set_holds(void **state)
{
	(void)state;
	struct sockaddr_in a = {.sin_family = AF_INET}, b = {.sin_family = AF_INET};
	struct request_info r;
	char port[8];
	int client;
	const int fd = connected(AF_INET, &client, port);
	inet_pton(AF_INET, "192.0.2.1", &a.sin_addr);
	inet_pton(AF_INET, "192.0.2.2", &b.sin_addr);
	request_init(&r, RQ_FILE, fd, 0);
	sock_host(&r);
	request_set(&r, RQ_CLIENT_SIN, &a, 0);
	assert_string_equal(eval_hostaddr(r.client), "192.0.2.1");
	sock_host(&r);
	request_set(&r, RQ_CLIENT_ADDR, "", 0);
	r.client->sin = (void *)&b; /* as a program may */
	assert_string_equal(eval_hostaddr(r.client), "192.0.2.2");
	request_set(&r, RQ_CLIENT_ADDR, "", RQ_CLIENT_SIN, NULL, 0);
	assert_string_equal(eval_hostaddr(r.client), "unknown");
	close(fd);
	close(client);
}

/* Nothing is put behind a text that has no room for it. */
static void a_long_text_stays_whole(void **state)
{
	(void)state;
	struct request_info r;
	char port[8], text[STRING_LENGTH];
	int client;
	const int fd = connected(AF_INET, &client, port);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	request_init(&r, RQ_FILE, fd, RQ_CLIENT_ADDR, text, 0);
	sock_host(&r);
	assert_string_equal(r.client->addr, text);
	request_set(&r, RQ_SERVER_ADDR, text, 0);
	assert_string_equal(r.server->addr, text);
	assert_string_equal(eval_port(r.server->sin), port);
	close(fd);
	close(client);
}

static void a_datagram_tells_its_sender_and_is_taken_away_on_request(void **state)
{
	(void)state;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof a;
	const int server = socket(AF_INET, SOCK_DGRAM, 0), client = socket(AF_INET, SOCK_DGRAM, 0);
	char byte;
	assert_int_equal(bind(server, (void *)&a, sizeof a), 0);
	getsockname(server, (void *)&a, &size);
	assert_int_equal(sendto(client, "hello", 5, 0, (void *)&a, sizeof a), 5);
	struct request_info r;
	request_init(&r, RQ_FILE, server, 0);
	sock_host(&r);
	assert_string_equal(eval_hostaddr(r.client), "127.0.0.1");
	assert_non_null(r.sink);
	assert_string_equal(eval_user(&r), "unknown");
	r.sink(server);
	assert_int_equal(recv(server, &byte, 1, MSG_DONTWAIT), -1);
	r.sink(server); /* nothing there: does not wait */
	close(server);
	close(client);
}

static void what_is_no_socket_has_unknown_ends(void **state)
{
	(void)state;
	struct request_info r;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	request_init(&r, RQ_FILE, fds[0], 0);
	sock_host(&r);
	assert_null(r.client->sin);
	assert_string_equal(eval_hostaddr(r.client), "unknown");
	assert_string_equal(eval_hostname(r.client), "unknown");
	close(fds[0]);
	close(fds[1]);
	request_init(&r, RQ_FILE, -1, 0);
	sock_host(&r);
	fix_options(&r);
	assert_string_equal(eval_client(&r), "unknown");
}

static void a_unix_socket_is_local(void **state)
{
	(void)state;
	struct request_info r;
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	request_init(&r, RQ_FILE, fds[0], 0);
	sock_host(&r);
	assert_string_equal(eval_hostaddr(r.client), "localhost");
	assert_string_equal(eval_hostname(r.client), "unknown");
	assert_string_equal(eval_port(r.client->sin), "0");
	fix_options(&r);
	close(fds[0]);
	close(fds[1]);
}

static void the_text_of_an_address_is_the_c_librarys(void **state)
{
	(void)state;
	static const struct {
		const char *address, *text;
	} rows[] = {
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
		{"::", "::"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct sockaddr_in6 six = {.sin6_family = AF_INET6};
		struct request_info r;
		assert_int_equal(inet_pton(AF_INET6, rows[i].address, &six.sin6_addr), 1);
		request_init(&r, RQ_CLIENT_SIN, &six, 0);
		sock_methods(&r);
		faults += table_check_text(rows[i].address, "text", eval_hostaddr(r.client), rows[i].text);
	}
	assert_int_equal(faults, 0);
}

static void loopback_options_are_no_route(void **state)
{
	(void)state;
	static const unsigned char record[] = {7, 7, 4, 0, 0, 0, 0, 0}; /* record route, one address */
	struct request_info r;
	char port[8];
	int client;
	const int fd = connected(AF_INET, &client, port);
	unsigned char left[40];
	socklen_t size = sizeof left;
	assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, record, sizeof record), 0);
	request_init(&r, RQ_FILE, fd, 0);
	sock_host(&r);
	fix_options(&r);
	assert_int_equal(getsockopt(fd, IPPROTO_IP, IP_OPTIONS, left, &size), 0);
	assert_int_equal(size, 0);
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
	close(fd);
	close(client);
}

static void a_told_route_ends_the_connection(void **state)
{
	(void)state;
	static const unsigned char route[] = {1, 131, 7, 4, 127, 0, 0, 1}; /* NOP, loose source route */
	struct request_info r;
	char port[8];
	int client;
	const int fd = connected(AF_INET, &client, port);
	if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, route, sizeof route) == 0) {
		request_init(&r, RQ_FILE, fd, 0);
		sock_host(&r);
		fix_options(&r);
		assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), -1);
	}
	close(fd);
	close(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_of_a_connection_are_known),
		cmocka_unit_test(a_second_request_leaves_the_first_alone),
		cmocka_unit_test(very_many_requests_leave_the_first_alone),
		cmocka_unit_test(an_address_that_is_set_holds),
		cmocka_unit_test(a_long_text_stays_whole),
		cmocka_unit_test(a_datagram_tells_its_sender_and_is_taken_away_on_request),
		cmocka_unit_test(what_is_no_socket_has_unknown_ends),
		cmocka_unit_test(a_unix_socket_is_local),
		cmocka_unit_test(the_text_of_an_address_is_the_c_librarys),
		cmocka_unit_test(loopback_options_are_no_route),
		cmocka_unit_test(a_told_route_ends_the_connection),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
