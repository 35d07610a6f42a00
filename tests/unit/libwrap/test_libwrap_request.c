/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"

#include "table_check.h"

#include <stdio.h>
#include <unistd.h>

static void a_fresh_request_knows_nothing(void **state)
{
	(void)state;
	struct request_info r;
	char pid[16];
	memset(&r, 0xff, sizeof r);
	assert_ptr_equal(request_init(&r, 0), &r);
	assert_int_equal(r.fd, -1);
	assert_string_equal(r.daemon, "unknown");
	assert_string_equal(r.user, "");
	snprintf(pid, sizeof pid, "%d", (int)getpid());
	assert_string_equal(r.pid, pid);
	assert_ptr_equal(r.client->request, &r);
	assert_ptr_equal(r.server->request, &r);
	assert_null(r.client->sin);
	assert_null(r.sink);
	assert_null(r.hostname);
}

static void every_key_has_its_place(void **state)
{
	(void)state;
	struct request_info r;
	struct sockaddr one, two;
	request_init(&r, RQ_FILE, 7, RQ_DAEMON, "d", RQ_USER, "u", RQ_CLIENT_NAME, "cn", RQ_CLIENT_ADDR, "ca",
		RQ_CLIENT_SIN, &one, RQ_SERVER_NAME, "sn", RQ_SERVER_ADDR, "sa", RQ_SERVER_SIN, &two, 0);
	assert_int_equal(r.fd, 7);
	assert_string_equal(r.daemon, "d");
	assert_string_equal(r.user, "u");
	assert_string_equal(r.client->name, "cn");
	assert_string_equal(r.client->addr, "ca");
	assert_string_equal(r.server->name, "sn");
	assert_string_equal(r.server->addr, "sa");
	assert_ptr_equal(r.client->sin, &one);
	assert_ptr_equal(r.server->sin, &two);
	request_set(&r, RQ_CLIENT_NAME, "", RQ_USER, r.daemon, 0);
	assert_string_equal(r.client->name, "");
	assert_string_equal(r.user, "d");
	assert_string_equal(r.client->addr, "ca");
}

static void texts_are_cut_at_127_and_may_be_missing(void **state)
{
	(void)state;
	struct request_info r;
	char text[400];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	request_init(&r, RQ_DAEMON, text, RQ_CLIENT_ADDR, (char *)NULL, 0);
	assert_int_equal(strlen(r.daemon), 127);
	assert_string_equal(r.client->addr, "");
}

static void a_key_that_does_not_exist_ends_the_list(void **state)
{
	(void)state;
	struct request_info r;
	request_init(&r, RQ_USER, "u", 77, "x", RQ_DAEMON, "never read", 0);
	assert_string_equal(r.user, "u");
	assert_string_equal(r.daemon, "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fresh_request_knows_nothing),
		cmocka_unit_test(every_key_has_its_place),
		cmocka_unit_test(texts_are_cut_at_127_and_may_be_missing),
		cmocka_unit_test(a_key_that_does_not_exist_ends_the_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
