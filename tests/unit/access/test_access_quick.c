/* SPDX-License-Identifier: ISC */
#include "access/access_quick.h"

#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access_lab.h"

struct quick_row {
	const char *line;
	bool rejected;
};

/* The daemon is sshd, the client 198.51.100.7. */
static const struct quick_row quick_rows[] = {
	{"ALL: 198.51.100.8", true},
	{"ALL: 198.51.100.7", false},
	{"ALL: 198.51.100.70", true},
	{"ALL : 198.51.100.8 \r", true},
	{"ALL: 198.51.", false},
	{"ALL: 198.52.", true},
	{"ALL: 1", false}, /* not fitting, but left to others */
	{"sshd: 198.51.100.0/24", false},
	{"sshd: 198.51.101.0/24", true},
	{"sshd: 198.51.101.0/255.255.255.0", true},
	{"sshd: [2001:db8::]/32", true},
	{"sshd: [2001:db8::1]", false}, /* asks for a name */
	{"ftpd: anything at all", true},
	{"SSHD: ALL", false},
	{"known: 10.0.0.1", false},
	{"22: 10.0.0.1", false},
	{"ftpd, sshd: 10.0.0.1", false},
	{"ftpd 10.0.0.1", false},
	{"ftp*: 10.0.0.1", false},
	{"ALL: 10.0.0.1 198.51.100.7", false},
	{"ALL: 10.0.0.1, 198.51.100.7", false},
	{"ALL: 10.0.0.1: deny", false},
	{"ALL: host", false},
	{"ALL:", false},
	{"ALL", false},
	{"# ALL: 10.0.0.1", false},
	{"", false},
};

static void plain_lines_that_do_not_fit_are_rejected(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(quick_rows); i++) {
		struct access_known k = access_lab_known("198.51.100.7", "h.example.org", "root");
		struct access_request q = access_request_known("sshd", &k);
		struct access_asker asker = access_asker_of(&q);
		faults += table_check_number(quick_rows[i].line, "rejected",
			access_quick_rejects(text_slice_of(quick_rows[i].line), false, &asker), quick_rows[i].rejected);
		faults += table_check_number(quick_rows[i].line, "asked", k.asked_name[ACCESS_CLIENT], false);
	}
	assert_int_equal(faults, 0);
}

static const char *const parts[] = {"ALL", "sshd", "ftpd", "KNOWN", "x-y", "22", "198.51.100.7", "198.51.100.", "198.", "10.",
	"198.51.100.0/24", "198.51.100.7/32", "10.0.0.0/8", "0.0.0.0/0.0.0.0", "[2001:db8::]/32", "[::]/0", "[2001:db8::7]",
	"[::ffff:198.51.100.7]/128", "/", ":", ": ", ": ", " ", "\t", "\r", ",", "@", "*", "[", "]", ".", "7", "host", "EXCEPT", "#"};
static const char *const addresses[] = {"198.51.100.7", "::ffff:198.51.100.7", "2001:db8::7", "", "255.255.255.255"};
static const char *const daemons[] = {"sshd", "x-y", "22", "", "all", "::ffff:1.2.3.4"};

static void what_is_rejected_fits_by_no_other_way_and_asks_nothing(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("quick");
	unsigned rejected = 0;
	for (unsigned round = 0; round < 200000; round++) {
		char line[256] = "";
		for (unsigned n = 1 + table_check_random_below(&random, 6); n > 0; n--)
			strcat(line, parts[table_check_random_below(&random, TABLE_CHECK_ROWS(parts))]);
		const char *address = addresses[table_check_random_below(&random, TABLE_CHECK_ROWS(addresses))];
		const char *daemon = daemons[table_check_random_below(&random, TABLE_CHECK_ROWS(daemons))];
		struct access_known k = access_lab_known(address, "host", "root");
		struct access_request q = access_request_known(daemon, &k);
		struct access_asker asker = access_asker_of(&q);
		struct access_lab_heard heard = {0};
		const bool strict = table_check_random_below(&random, 2);
		const struct access_place at = {.file = "t", .line = 1, .strict = strict, .sink = {access_lab_hear, &heard}};
		if (!access_quick_rejects(text_slice_of(line), strict, &asker))
			continue;
		rejected++;
		if (access_fit_line_matches(text_slice_of(line), &q, &at))
			fail_msg("\"%s\" fits %s from %s%s", line, daemon, address, strict ? ", strictly" : "");
		if (k.asked_name[ACCESS_CLIENT] || k.asked_user || heard.count)
			fail_msg("\"%s\" asks or warns", line);
	}
	assert_true(rejected > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_lines_that_do_not_fit_are_rejected),
		cmocka_unit_test(what_is_rejected_fits_by_no_other_way_and_asks_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
