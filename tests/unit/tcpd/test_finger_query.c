/* SPDX-License-Identifier: ISC */
#include "tcpd/finger_query.h"

#include "table_check.h"

struct query_row {
	const char *target;
	bool whole;
	const char *host, *line; /* null: refused */
	const char *why;
};

static const struct query_row query_rows[] = {
	{"joe@client.example", false, "client.example", "joe\r\n", NULL},
	{"joe@client.example", true, "client.example", "/W joe\r\n", NULL},
	{"@198.51.100.7", false, "198.51.100.7", "\r\n", NULL},
	{"@198.51.100.7", true, "198.51.100.7", "/W\r\n", NULL},
	{"joe@2001:db8::7", false, "2001:db8::7", "joe\r\n", NULL},
	{"joe@[2001:db8::7]", false, "2001:db8::7", "joe\r\n", NULL},
	{"joe", false, NULL, NULL, "expected user@host or @host"},
	{"", false, NULL, NULL, "expected user@host or @host"},
	{"joe@", false, NULL, NULL, "expected user@host or @host"},
	{"joe@a.example@b.example", false, NULL, NULL, "forwarding is refused"},
	{"@a.example@b.example", false, NULL, NULL, "forwarding is refused"},
	{"@@b.example", false, NULL, NULL, "forwarding is refused"},
	{"joe\r\nroot@a.example", false, NULL, NULL, "not printable"},
	{"joe root@a.example", false, NULL, NULL, "not printable"},
	{"jos\xe9@a.example", false, NULL, NULL, "not printable"},
	{"joe@a\x1b[2J", false, NULL, NULL, "not printable"},
	{"joe@-a", false, NULL, NULL, "no host begins with '-'"},
};

static void a_target_is_one_host_and_one_line_or_refused(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(query_rows); i++) {
		const struct query_row *r = &query_rows[i];
		struct finger_query q;
		const char *why = "not set";
		const bool read = finger_query_read(r->target, r->whole, &q, &why);
		faults += table_check_number(r->target, "read", read, r->host != NULL);
		faults += table_check_text(r->target, "why", why, r->why);
		if (!read)
			continue;
		faults += table_check_text(r->target, "host", q.host, r->host);
		faults += table_check_text(r->target, "line", q.line, r->line);
	}
	assert_int_equal(faults, 0);
}

static void the_longest_name_fits_and_one_more_does_not(void **state)
{
	(void)state;
	struct finger_query q;
	const char *why;
	char target[FINGER_QUERY_USER_MAX + FINGER_QUERY_HOST_SIZE + 4];
	memset(target, 'a', sizeof target - 1);
	target[FINGER_QUERY_USER_MAX] = '@';
	target[FINGER_QUERY_USER_MAX + FINGER_QUERY_HOST_SIZE] = '\0';
	assert_true(finger_query_read(target, true, &q, &why));
	assert_int_equal(strlen(q.line), 3 + FINGER_QUERY_USER_MAX + 2);
	assert_int_equal(strlen(q.host), FINGER_QUERY_HOST_SIZE - 1);
	target[FINGER_QUERY_USER_MAX + FINGER_QUERY_HOST_SIZE] = 'a';
	target[FINGER_QUERY_USER_MAX + FINGER_QUERY_HOST_SIZE + 1] = '\0';
	assert_false(finger_query_read(target, true, &q, &why));
	assert_string_equal(why, "too long");
	memset(target, 'a', sizeof target - 1);
	strcpy(target + FINGER_QUERY_USER_MAX + 1, "@a"); // NOLINT: it fits
	assert_false(finger_query_read(target, true, &q, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_is_one_host_and_one_line_or_refused),
		cmocka_unit_test(the_longest_name_fits_and_one_more_does_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
