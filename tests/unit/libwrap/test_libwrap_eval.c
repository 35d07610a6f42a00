/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"

#include "table_check.h"

#include <netinet/in.h>

static unsigned names, addresses;

static void find_name(struct host_info *host)
{
	names++;
	strcpy(host->name, "host.example");
}

static void find_address(struct host_info *host)
{
	addresses++;
	strcpy(host->addr, "192.0.2.1");
}

static void a_question_is_asked_once_and_only_when_it_is_put(void **state)
{
	(void)state;
	struct request_info r;
	request_init(&r, 0);
	r.hostname = find_name;
	r.hostaddr = find_address;
	names = addresses = 0;
	assert_string_equal(eval_hostinfo(r.client), "192.0.2.1"); /* asks for no name */
	assert_string_equal(eval_client(&r), "192.0.2.1");
	assert_int_equal(names, 0);
	assert_string_equal(eval_hostname(r.client), "host.example");
	assert_string_equal(eval_hostname(r.client), "host.example");
	assert_string_equal(eval_hostinfo(r.client), "host.example");
	assert_int_equal(names, 1);
	assert_int_equal(addresses, 1);
}

static void what_cannot_be_found_out_is_unknown(void **state)
{
	(void)state;
	struct request_info r;
	request_init(&r, 0);
	assert_string_equal(eval_user(&r), "unknown");
	assert_string_equal(eval_hostname(r.client), "unknown");
	assert_string_equal(eval_hostaddr(r.server), "unknown");
	assert_string_equal(eval_client(&r), "unknown");
	assert_string_equal(eval_server(&r), "unknown");
}

static void a_client_is_told_as_far_as_known(void **state)
{
	(void)state;
	static const struct {
		const char *user, *name, *address, *client, *server;
	} rows[] = {
		{"", "", "192.0.2.1", "192.0.2.1", "d@192.0.2.1"},
		{"joe", "", "192.0.2.1", "joe@192.0.2.1", "d@192.0.2.1"},
		{"joe", "a.example", "192.0.2.1", "joe@a.example", "d@a.example"},
		{"UNKNOWN", "a.example", "192.0.2.1", "a.example", "d@a.example"},
		{"joe", "paranoid", "192.0.2.1", "joe@192.0.2.1", "d@192.0.2.1"},
		{"joe", "Unknown", "192.0.2.1", "joe@192.0.2.1", "d@192.0.2.1"},
		{"", "", "unknown", "unknown", "d"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct request_info r;
		request_init(&r, RQ_DAEMON, "d", RQ_USER, rows[i].user, RQ_CLIENT_NAME, rows[i].name, RQ_CLIENT_ADDR,
			rows[i].address, RQ_SERVER_NAME, rows[i].name, RQ_SERVER_ADDR, rows[i].address, 0);
		faults += table_check_text(rows[i].client, "client", eval_client(&r), rows[i].client);
		faults += table_check_text(rows[i].server, "server", eval_server(&r), rows[i].server);
	}
	assert_int_equal(faults, 0);
}

static void a_port_is_told_of_both_families(void **state)
{
	(void)state;
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(2222)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(65535)};
	struct sockaddr other = {.sa_family = AF_UNIX, .sa_data = "xx"};
	assert_string_equal(eval_port((void *)&four), "2222");
	assert_string_equal(eval_port((void *)&six), "65535");
	assert_string_equal(eval_port(&other), "0");
	assert_string_equal(eval_port(NULL), "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_asked_once_and_only_when_it_is_put),
		cmocka_unit_test(what_cannot_be_found_out_is_unknown),
		cmocka_unit_test(a_client_is_told_as_far_as_known),
		cmocka_unit_test(a_port_is_told_of_both_families),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
