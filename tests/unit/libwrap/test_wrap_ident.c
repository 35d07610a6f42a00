/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_ident.h"

#include "base/clock_now.h"
#include "table_check.h"

#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

struct answer_row {
	const char *answer;
	const char *user; /* null: none */
};

static const struct answer_row answer_rows[] = {
	{"6193, 23 : USERID : UNIX : stjohns\r", "stjohns"},
	{"6193,23:USERID:UNIX:stjohns", "stjohns"},
	{" 6193 , 23 : USERID : OTHER : a b", "a"},
	{"6193, 23 : USERID : UNIX ,US-ASCII : who\r", "who"},
	{"6193, 23 : ERROR : NO-USER", NULL},
	{"6194, 23 : USERID : UNIX : stjohns", NULL},
	{"6193, 24 : USERID : UNIX : stjohns", NULL},
	{"6193 23 : USERID : UNIX : stjohns", NULL},
	{"6193, 23 : USERID :: stjohns", NULL},
	{"6193, 23 : USERID : UNIX :", NULL},
	{"6193, 23 : USERID : UNIX :  \r", NULL},
	{"6193, 23 : USERID : UNIX", NULL},
	{"6193, 23 : userid : UNIX : stjohns", NULL},
	{"70729, 23 : USERID : UNIX : wraps", NULL},
	{"4294973489, 23 : USERID : UNIX : wraps", NULL},
	{"6193, 23 : USERID : UNIX : a\001\033b", "a__b"},
	{"6193, 23 : USERID : UNIX : root@trusted.example", "root@trusted.example"},
	{"", NULL},
	{"6193", NULL},
};

static void an_answer_counts_for_our_question_only(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(answer_rows); i++) {
		const struct answer_row *r = &answer_rows[i];
		char user[WRAP_IDENT_USER_SIZE] = "untouched";
		bool read = wrap_ident_read(text_slice_of(r->answer), 6193, 23, user);
		faults += table_check_number(r->answer, "read", read, r->user != NULL);
		faults += table_check_text(r->answer, "user", user, r->user ? r->user : "untouched");
	}
	assert_int_equal(faults, 0);
}

static void a_user_is_cut_at_127_bytes(void **state)
{
	(void)state;
	char line[400], user[WRAP_IDENT_USER_SIZE];
	snprintf(line, sizeof line, "1,2:USERID:UNIX:%0300d", 0);
	assert_true(wrap_ident_read(text_slice_of(line), 1, 2, user));
	assert_int_equal(strlen(user), 127);
}

/* An address of our own on which nothing listens at port 113 (or only a listener that never answers). */
static struct sockaddr_in loopback(unsigned host, unsigned port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(0x7f000000 | host)};
}

static void nobody_there_is_no_answer_at_once(void **state)
{
	(void)state;
	const struct sockaddr_in remote = loopback(0x123457, 6193), ours = loopback(0x123456, 23);
	char user[WRAP_IDENT_USER_SIZE] = "untouched";
	const int64_t begin = clock_now_monotonic_ms();
	assert_false(wrap_ident_ask((const void *)&remote, (const void *)&ours, 5, user));
	assert_in_range(clock_now_monotonic_ms() - begin, 0, 1000);
	assert_string_equal(user, "untouched");
}

static void a_host_that_never_answers_costs_no_more_than_the_time_given(void **state)
{
	(void)state;
	const struct sockaddr_in remote = loopback(0x123458, 6193), ours = loopback(0x123456, 23);
	struct sockaddr_in silent = loopback(0x123458, WRAP_IDENT_PORT);
	char user[WRAP_IDENT_USER_SIZE] = "untouched";
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (const void *)&silent, sizeof silent) < 0 || listen(fd, 4) < 0) {
		close(fd);
		skip(); /* port 113 is for root */
	}
	const int64_t begin = clock_now_monotonic_ms();
	assert_false(wrap_ident_ask((const void *)&remote, (const void *)&ours, 1, user));
	assert_in_range(clock_now_monotonic_ms() - begin, 900, 2500);
	close(fd);
}

static void families_must_be_the_same(void **state)
{
	(void)state;
	const struct sockaddr_in remote = loopback(1, 6193);
	const struct sockaddr_in6 ours = {.sin6_family = AF_INET6};
	const struct sockaddr other = {.sa_family = AF_UNIX};
	char user[WRAP_IDENT_USER_SIZE];
	assert_false(wrap_ident_ask((const void *)&remote, (const void *)&ours, 1, user));
	assert_false(wrap_ident_ask(&other, &other, 1, user));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_counts_for_our_question_only),
		cmocka_unit_test(a_user_is_cut_at_127_bytes),
		cmocka_unit_test(nobody_there_is_no_answer_at_once),
		cmocka_unit_test(a_host_that_never_answers_costs_no_more_than_the_time_given),
		cmocka_unit_test(families_must_be_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
