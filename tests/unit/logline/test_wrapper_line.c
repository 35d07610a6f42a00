/* SPDX-License-Identifier: ISC */
#include "logline/wrapper_line.h"

#include "facts_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEAD "Nov 20 14:09:40 gate "

static void expect_all(const struct facts_text_row *rows, size_t count)
{
	char text[512];
	struct text_buffer got = text_buffer_over(text, sizeof text);
	const struct facts_text_row *bad = facts_text_check(rows, count, &got);
	if (bad != NULL)
		fail_msg("%s:\n got    %s\n wanted %s", bad->name, text, bad->wanted);
}

static void decisions_of_libwrap_are_read(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"refused, as Debian's libwrap logs",
			HEAD "sshd[7]: refused connect from 192.0.2.7 (192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 host[gate]"},
		{"granted", HEAD "in.telnetd[7]: connect from 192.0.2.7 (192.0.2.7)",
			"GRANTED 192.0.2.7 > in.telnetd TCP/23 pid=7 host[gate]"},
		{"a name that was looked up",
			HEAD "sshd[7]: refused connect from evil.example (192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 name[evil.example] host[gate]"},
		{"a user that ident told",
			HEAD "in.fingerd[7]: connect from root@evil.example (192.0.2.7)",
			"GRANTED 192.0.2.7 > in.fingerd TCP/79 pid=7 user[root] name[evil.example] "
			"host[gate]"},
		{"a user at an address", HEAD "in.fingerd[7]: connect from root@192.0.2.7 (192.0.2.7)",
			"GRANTED 192.0.2.7 > in.fingerd TCP/79 pid=7 user[root] host[gate]"},
		{"no names", HEAD "sshd[7]: refused connect from unknown@paranoid (192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 host[gate]"},
		{"IPv6", HEAD "sshd[7]: refused connect from 2001:db8::7 (2001:db8::7)",
			"REFUSED 2001:db8::7 > sshd TCP/22 pid=7 host[gate]"},
		{"IPv4 in IPv6", HEAD "sshd[7]: refused connect from ::ffff:192.0.2.7 (::ffff:192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 host[gate]"},
		{"a zone", HEAD "sshd[7]: refused connect from fe80::7%eth0 (fe80::7%eth0)",
			"REFUSED fe80::7 > sshd TCP/22 pid=7 host[gate]"},
		{"without the address, as the original logs",
			HEAD "sshd[7]: refused connect from 192.0.2.7",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 host[gate]"},
		{"a name alone has no address", HEAD "tftpd: refused connect from E40-008-8.MIT.EDU",
			"REFUSED - > tftpd UDP/69 name[E40-008-8.MIT.EDU] host[gate]"},
		{"a host whose name ends in a colon, as in 1990",
			"May 21 14:06:53 tuegate: systatd: connect from monk.rutgers.edu",
			"GRANTED - > systatd TCP/11 name[monk.rutgers.edu] host[tuegate]"},
		{"an unknown daemon has no port", HEAD "mydaemon[7]: refused connect from 192.0.2.7",
			"REFUSED 192.0.2.7 > mydaemon pid=7 host[gate]"},
		{"a stamp with a year and a zone",
			"2026-11-20T14:09:40.120311+00:00 gate sshd[7]: refused connect from a (192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 name[a] host[gate]"},
		{"RFC 5424",
			"<38>1 2026-11-20T14:09:40Z gate sshd 7 - - refused connect from a (192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 name[a] host[gate]"},
		{"a trap door of the tables", HEAD "in.telnetd[7]: twist root@192.0.2.7 to /bin/echo no",
			"REFUSED 192.0.2.7 > in.telnetd TCP/23 pid=7 user[root] host[gate]"},
		{"of the journal, as a line of JSON",
			"{\"__REALTIME_TIMESTAMP\":\"1795183780120311\",\"_HOSTNAME\":\"gate\","
			"\"SYSLOG_IDENTIFIER\":\"sshd\",\"_TRANSPORT\":\"syslog\","
			"\"MESSAGE\":\"refused connect from u@evil.example (192.0.2.7)\"}",
			"REFUSED 192.0.2.7 > sshd TCP/22 user[u] name[evil.example] host[gate]"},
	};
	expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void other_programs_say_it_in_their_own_words(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"inetd refuses",
			HEAD "inetd[7]: refused connection from 192.0.2.7, service telnetd (tcp)",
			"REFUSED 192.0.2.7 > telnetd TCP/23 pid=7 host[gate]"},
		{"inetd lets in", HEAD "inetd[7]: connection from 192.0.2.7, service ftpd (tcp)",
			"GRANTED 192.0.2.7 > ftpd TCP/21 pid=7 host[gate]"},
		{"xinetd refuses", HEAD "xinetd[7]: FAIL: telnet libwrap from=::ffff:192.0.2.7",
			"REFUSED 192.0.2.7 > telnet TCP/23 pid=7 host[gate]"},
		{"inetd knows numbers of ports, too",
			HEAD "inetd[7]: refused connection from ::1, service 2526 (tcp6)",
			"REFUSED ::1 > 2526 TCP/2526 pid=7 host[gate]"},
		{"and UDP", HEAD "inetd[7]: refused connection from 192.0.2.7, service 69 (udp)",
			"REFUSED 192.0.2.7 > 69 UDP/69 pid=7 host[gate]"},
		{"xinetd in a file of its own", "26/11/20@14:09:40: FAIL: ftp address from=192.0.2.7",
			"REFUSED 192.0.2.7 > ftp TCP/21"},
		{"stunnel by syslog",
			HEAD "stunnel[7]: LOG4[0]: Service [imaps] REFUSED by libwrap from 192.0.2.7:4242",
			"REFUSED 192.0.2.7:4242 > imaps TCP/993 pid=7 host[gate]"},
		{"stunnel in a file of its own",
			"2026.11.20 14:09:40 LOG4[0]: Service [imaps] REFUSED by libwrap from "
			"2001:db8::7:4242",
			"REFUSED 2001:db8::7:4242 > imaps TCP/993"},
		{"stunnel lets in",
			HEAD "stunnel: LOG5[2]: Service [imaps] accepted connection from "
			     "::ffff:192.0.2.7:53172",
			"GRANTED 192.0.2.7:53172 > imaps TCP/993 host[gate]"},
		{"mosquitto by syslog",
			HEAD "mosquitto[7]: 1795933340: Client connection from 192.0.2.7 denied access "
			     "by tcpd.",
			"REFUSED 192.0.2.7 > mosquitto TCP/1883 pid=7 host[gate]"},
		{"mosquitto without its stamp",
			HEAD "mosquitto[7]: Client connection from 192.0.2.7 denied access by tcpd.",
			"REFUSED 192.0.2.7 > mosquitto TCP/1883 pid=7 host[gate]"},
		{"mosquitto in a file of its own",
			"1795183780: Client connection from 192.0.2.7 denied access by tcpd.",
			"REFUSED 192.0.2.7 > mosquitto TCP/1883"},
		{"vsftpd in a file of its own",
			"Fri Nov 20 14:09:40 2026 [pid 2] CONNECT: Client \"::ffff:192.0.2.7\", "
			"\"Connection refused: tcp_wrappers denial.\"",
			"REFUSED 192.0.2.7 > vsftpd TCP/21"},
		{"vsftpd lets in", "Fri Nov 20 14:09:40 2026 [pid 2] CONNECT: Client \"192.0.2.7\"",
			"GRANTED 192.0.2.7 > vsftpd TCP/21"},
		{"slapd", HEAD "slapd[7]: fd=13 DENIED from unknown (192.0.2.7)",
			"REFUSED 192.0.2.7 > slapd TCP/389 pid=7 host[gate]"},
		{"rpcbind refuses",
			HEAD "rpcbind[7]: connect from 192.0.2.7 to getport(nfs): request from "
			     "unauthorized host",
			"REFUSED 192.0.2.7 > rpcbind TCP/111 pid=7 host[gate]"},
		{"rpcbind lets in", HEAD "rpcbind[7]: connect from 192.0.2.7 to dump()",
			"GRANTED 192.0.2.7 > rpcbind TCP/111 pid=7 host[gate]"},
		{"snmpd",
			HEAD "snmpd[7]: Connection from UDP: [192.0.2.7]:5678->[198.51.100.5]:161 REFUSED",
			"REFUSED 192.0.2.7 > snmpd UDP/161 pid=7 host[gate]"},
		{"sendmail",
			HEAD "sm-mta[7]: NOQUEUE: tcpwrappers (mx.example, 192.0.2.7) rejection",
			"REFUSED 192.0.2.7 > sm-mta TCP/25 pid=7 host[gate]"},
		{"tftpd", HEAD "in.tftpd[7]: connection refused from 192.0.2.7",
			"REFUSED 192.0.2.7 > in.tftpd UDP/69 pid=7 host[gate]"},
		{"atftpd", HEAD "atftpd[7]: Connection refused from 192.0.2.7 to 198.51.100.5",
			"REFUSED 192.0.2.7 > atftpd UDP/69 pid=7 host[gate]"},
	};
	expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void what_a_client_can_choose_is_no_decision(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"a user's name",
			HEAD "sshd[7]: Invalid user refused connect from 203.0.113.9 (203.0.113.9) from "
			     "192.0.2.7 port 4242",
			"OTHER"},
		{"a user's name with a colon",
			HEAD "sshd[7]: Invalid user x: refused connect from 203.0.113.9 (203.0.113.9)",
			"OTHER"},
		{"a word of a program without a process id",
			HEAD "ftp: fingerd: refused connect from 203.0.113.9 (203.0.113.9)", "OTHER"},
		{"a web request", HEAD "httpd[7]: GET /refused connect from 203.0.113.9", "OTHER"},
		{"an ident user with another's address",
			HEAD "sshd[7]: refused connect from a (203.0.113.9)@192.0.2.7 (192.0.2.7)",
			"REFUSED 192.0.2.7 > sshd TCP/22 pid=7 user[a (203.0.113.9)] host[gate]"},
		{"the kernel", HEAD "kernel: refused connect from 203.0.113.9", "OTHER"},
		{"nobody", "refused connect from 203.0.113.9", "OTHER"},
		{"a mail server has the same words for everybody",
			HEAD "postfix/smtpd[7]: connect from mx.example[192.0.2.7]", "OTHER"},
		{"another's", HEAD "smtpd[7]: connect from mx.example[192.0.2.7]", "OTHER"},
	};
	expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void what_tells_no_decision_is_other(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"a warning of the tables",
			HEAD "sshd[7]: warning: /etc/hosts.deny, line 3: missing \":\" separator", "OTHER"},
		{"a warning of names",
			HEAD "sshd[7]: warning: can't verify hostname: getaddrinfo(a.example) failed",
			"OTHER"},
		{"xinetd's other failures", HEAD "xinetd[7]: FAIL: ftp per_source_limit from=192.0.2.7",
			"OTHER"},
		{"xinetd's start, which may be refused the next moment",
			HEAD "xinetd[7]: START: telnet pid=12 from=192.0.2.7", "OTHER"},
		{"xinetd's second line",
			HEAD "xinetd[7]: libwrap refused connection to ftp (libwrap=ftpd) from 192.0.2.7",
			"OTHER"},
		{"the end of a connection", HEAD "sshd[7]: Connection closed by 192.0.2.7 port 4242",
			"OTHER"},
		{"nothing behind it", HEAD "sshd[7]: refused connect from ", "OTHER"},
		{"an empty line", "", "OTHER"},
	};
	expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void cut_lines_are_broken(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"within the address", HEAD "sshd[7]: refused connect from evil.example (192.0.2",
			"BROKEN: the message ends within the client's address"},
		{"no address", HEAD "sshd[7]: refused connect from evil.example (192.0.2.700)",
			"BROKEN: the client's address is none"},
		{"no port",
			HEAD "stunnel[7]: LOG4[0]: Service [imaps] REFUSED by libwrap from 192.0.2.7",
			"BROKEN: the client is no address with a port"},
		{"no address at all is none", HEAD "sshd[7]: refused connect from unknown (unknown)",
			"REFUSED - > sshd TCP/22 pid=7 host[gate]"},
	};
	expect_all(rows, sizeof rows / sizeof rows[0]);
}

static void times_of_files_of_their_own_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		const char *time;
	} rows[] = {
		{"26/11/20@14:09:40: FAIL: ftp libwrap from=192.0.2.7", "2026-11-20T14:09:40"},
		{"26/1/2@14:09:40: FAIL: ftp libwrap from=192.0.2.7", "2026-01-02T14:09:40"},
		{"2026.11.20 14:09:40 LOG4[0]: Service [a] REFUSED by libwrap from 192.0.2.7:1",
			"2026-11-20T14:09:40"},
		{"1795183780: Client connection from 192.0.2.7 denied access by tcpd.",
			"2026-11-20T14:09:40"},
		{"Fri Nov 20 14:09:40 2026 [pid 2] CONNECT: Client \"192.0.2.7\"",
			"2026-11-20T14:09:40"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct log_line_clock clock = {.year = 2020};
		struct log_line_facts facts;
		assert_int_equal(
			log_line_read(&clock, rows[i].line, strlen(rows[i].line), &facts),
			LOG_LINE_ACCESS);
		struct clock_text got = wall_time_to_rfc3339(facts.event.time);
		got.text[19] = '\0';
		assert_string_equal(got.text, rows[i].time);
	}
}

static void a_line_becomes_a_whole_decision(void **state)
{
	(void)state;
	static const char line[] =
		HEAD "in.fingerd[7]: refused connect from root@evil.example (192.0.2.7)";
	struct log_line_clock clock = {.year = 2026};
	struct log_line_facts facts;
	struct access_event a;
	assert_int_equal(
		log_line_read(&clock, line, sizeof line - 1, &facts), LOG_LINE_ACCESS);
	wrapper_line_describe(&facts, &a);
	assert_true(access_event_is_sound(&a));
	assert_string_equal(a.service, "in.fingerd");
	assert_string_equal(a.user, "root");
	assert_string_equal(a.name, "evil.example");
	assert_string_equal(a.host, "gate");
	assert_int_equal(a.pid, 7);
	assert_int_equal(a.server_port, 79);
	assert_int_equal(a.access, EVENT_ACCESS_REFUSED);
	assert_int_equal(a.origin, EVENT_ORIGIN_LOG);
}

static void a_full_queue_takes_no_more(void **state)
{
	(void)state;
	static struct access_queue q;
	static const char line[] = HEAD "sshd[7]: refused connect from 192.0.2.7 (192.0.2.7)";
	struct log_line_clock clock = {.year = 2026};
	struct log_line_facts facts;
	assert_int_equal(
		log_line_read(&clock, line, sizeof line - 1, &facts), LOG_LINE_ACCESS);
	assert_false(wrapper_line_pass_on(&facts, NULL));
	for (unsigned i = 0; i < ACCESS_QUEUE_MOST; i++)
		assert_true(wrapper_line_pass_on(&facts, &q));
	assert_true(access_queue_is_full(&q));
	assert_false(wrapper_line_pass_on(&facts, &q));
	assert_non_null(access_queue_take(&q));
	assert_true(wrapper_line_pass_on(&facts, &q));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions_of_libwrap_are_read),
		cmocka_unit_test(other_programs_say_it_in_their_own_words),
		cmocka_unit_test(what_a_client_can_choose_is_no_decision),
		cmocka_unit_test(what_tells_no_decision_is_other),
		cmocka_unit_test(cut_lines_are_broken),
		cmocka_unit_test(times_of_files_of_their_own_are_read),
		cmocka_unit_test(a_line_becomes_a_whole_decision),
		cmocka_unit_test(a_full_queue_takes_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
