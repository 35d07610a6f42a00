/* SPDX-License-Identifier: ISC */
#include "net/daemon_port.h"

#include "net/ip_proto.h"
#include "table_check.h"

static void daemons_are_found_by_the_names_they_log_under(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned proto, port; /* 0: not known */
	} rows[] = {{"sshd", 6, 22}, {"in.telnetd", 6, 23}, {"telnet", 6, 23}, {"IN.FTPD", 6, 21},
		{"vsftpd", 6, 21}, {"in.tftpd", 17, 69}, {"rpc.mountd", 17, 635}, {"rpcbind", 6, 111},
		{"apcupsd", 6, 3551}, {"www", 6, 80}, {"wu.ftpd", 6, 21}, {"bacula-dir", 6, 9101},
		{"git-daemon", 6, 9418}, {"imap2", 6, 143}, {"imap4d", 6, 143}, {"imapd", 6, 143},
		{"netbios-ssn", 6, 139}, {"netstat", 6, 15}, {"p910nd", 6, 9100}, {"pop2", 6, 109},
		{"sm-mta", 6, 25}, {"smbd", 6, 445}, {"sshd2", 6, 22}, {"systatd", 6, 11},
		{"in.", 0, 0}, {"", 0, 0}, {"sshd[1]", 0, 0}, {"sshdx", 0, 0},
		{"a-name-that-is-longer-than-any-of-the-table", 0, 0}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct daemon_port got = {0, 0};
		bool found = daemon_port_find(text_slice_of(rows[i].name), &got);
		faults += table_check_number(rows[i].name, "found", found, rows[i].proto != 0);
		faults += table_check_number(rows[i].name, "proto", got.proto, rows[i].proto);
		faults += table_check_number(rows[i].name, "port", got.port, rows[i].port);
	}
	assert_int_equal(faults, 0);
}

static void a_name_with_a_nul_is_none(void **state)
{
	(void)state;
	struct daemon_port got;
	assert_false(daemon_port_find((struct text_slice){"sshd\0x", 6}, &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemons_are_found_by_the_names_they_log_under),
		cmocka_unit_test(a_name_with_a_nul_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
