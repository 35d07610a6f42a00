/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_report.h"

#include "libwrap/wrap_act.h"
#include "libwrap/wrap_request.h"
#include "in_child.h"
#include "table_files.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#define PATH "access.sock"

static int listener = -1;

/* A daemon that is told who sends. */
static void listen_here(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = PATH};
	const int on = 1;
	listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	unlink(PATH);
	assert_return_code(bind(listener, (struct sockaddr *)&name, sizeof name), errno);
	assert_return_code(setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof on), errno);
	assert_return_code(chmod(PATH, 0666), errno);
	assert_return_code(chmod(".", 0755), errno);
}

static void listen_no_more(void)
{
	close(listener);
	unlink(PATH);
}

struct heard {
	uint8_t bytes[2048];
	struct access_wire wire;
	uid_t uid;
};

/* The next datagram; false if there is none. */
static bool hear(struct heard *h)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr align;
	} control;
	struct iovec part = {h->bytes, sizeof h->bytes};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	const ssize_t size = recvmsg(listener, &m, 0);
	struct ucred who;
	if (size < 0)
		return false;
	memcpy(&who, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof who);
	h->uid = who.uid;
	assert_true(access_wire_read(h->bytes, (size_t)size, &h->wire));
	return true;
}

static void assert_text(const struct heard *h, enum access_wire_text which, const char *wanted)
{
	char got[300] = "";
	memcpy(got, h->wire.texts[which].start, h->wire.texts[which].length);
	assert_string_equal(got, wanted);
}

static struct request_info *request_of(struct request_info *q)
{
	return request_init(q, RQ_FILE, STDIN_FILENO, RQ_DAEMON, "sshd", RQ_USER, "joe", RQ_CLIENT_NAME, "host.example", RQ_CLIENT_ADDR,
		"::ffff:192.0.2.1", 0);
}

static struct access_decision d; /* the last one */

/* Decides, and carries out with a daemon at PATH; what came of it. */
static enum access_verdict decide(const char *allow, const char *deny, struct wrap_report *report)
{
	static struct request_info request;
	static struct access_request q;
	access_decision_clear(&d);
	table_files_set(allow, deny);
	request_of(&request);
	q = wrap_request_of(&request);
	const struct access_tables tables = wrap_request_tables();
	access_decision_make(&tables, &q, wrap_request_log(), &d);
	*report = wrap_report_of(&d, &request);
	report->path = PATH;
	report->root_path = NULL;
	struct wrap_act act = {.request = &request, .q = &q, .at = {.file = d.file, .line = d.line}, .report = report};
	enum wrap_act_result result = WRAP_ACT_GO_ON;
	for (unsigned i = 0; i < d.option_count && result == WRAP_ACT_GO_ON; i++)
		result = wrap_act_option(&act, &d.options[i]);
	return result == WRAP_ACT_DENY ? ACCESS_DENY : d.verdict;
}

static void a_decision_is_told_with_its_rule(void **state)
{
	(void)state;
	struct wrap_report r;
	struct heard h;
	const enum access_verdict v = decide("# friends\nsshd: .example: severity auth.info\n", "ALL: ALL\n", &r);
	wrap_report_send(&r, v, wrap_report_why(r.decision));
	assert_true(hear(&h));
	assert_true(h.wire.granted);
	assert_int_equal(h.wire.why, ACCESS_WIRE_RULE);
	assert_int_equal(h.wire.line, 2);
	assert_int_equal(h.uid, getuid());
	assert_text(&h, ACCESS_WIRE_SERVICE, "sshd");
	assert_text(&h, ACCESS_WIRE_USER, "joe");
	assert_text(&h, ACCESS_WIRE_NAME, "host.example");
	assert_text(&h, ACCESS_WIRE_FILE, hosts_allow_table);
	assert_text(&h, ACCESS_WIRE_LINE_TEXT, "sshd: .example: severity auth.info");
	assert_text(&h, ACCESS_WIRE_OPTIONS, "severity auth.info");
	assert_true(addr_is_v4(&h.wire.client));
	assert_int_equal(addr_v4(&h.wire.client), 0xc0000201);
	assert_true(addr_is_none(&h.wire.server));
}

/* IPv6 without brackets is no option there, and is one elsewhere. */
static void a_rule_of_a_strict_table_is_split_as_those_are(void **state)
{
	(void)state;
	static const struct {
		const char *allow, *options;
	} rows[] = {
		{"# knockwatch: strict\nsshd: 192.0.2.1 2001:db8::7\n", ""},
		{"# knockwatch: strict\nsshd: 192.0.2.1 2001:db8::7: severity auth.info\n", "severity auth.info"},
		{"# knockwatch: strict\nsshd: 2001:db8::7 10.0.0.1/8: allow\n", "allow"}, /* broken */
		{"sshd: 192.0.2.1 2001:db8::7\n", "db8::7"},
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct wrap_report r;
		struct heard h;
		const enum access_verdict v = decide(rows[i].allow, "", &r);
		wrap_report_send(&r, v, wrap_report_why(r.decision));
		assert_true(hear(&h));
		assert_text(&h, ACCESS_WIRE_OPTIONS, rows[i].options);
	}
}

static void it_is_told_once(void **state)
{
	(void)state;
	struct wrap_report r;
	struct heard h;
	const enum access_verdict v = decide("", "", &r);
	wrap_report_send(&r, v, wrap_report_why(r.decision));
	wrap_report_send(&r, v, ACCESS_WIRE_FAULT);
	assert_true(hear(&h));
	assert_int_equal(h.wire.why, ACCESS_WIRE_DEFAULT);
	assert_int_equal(h.wire.line, 0);
	assert_false(hear(&h));
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_FAULT);
	assert_true(hear(&h));
	assert_false(h.wire.granted);
}

static void a_socket_tells_both_ends(void **state)
{
	(void)state;
	struct sockaddr_in client = {.sin_family = AF_INET, .sin_port = htons(40000), .sin_addr.s_addr = htonl(0xc0000202)};
	struct sockaddr_in6 server = {.sin6_family = AF_INET6, .sin6_port = htons(22), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct request_info q;
	struct heard h;
	request_init(&q, RQ_DAEMON, "sshd", RQ_CLIENT_SIN, (struct sockaddr *)&client, RQ_SERVER_SIN,
		(struct sockaddr *)&server, 0);
	struct wrap_report r = wrap_report_of(NULL, &q);
	r.path = PATH;
	r.root_path = "root.sock"; /* which there is not */
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_IP_OPTIONS);
	assert_true(hear(&h));
	assert_int_equal(addr_v4(&h.wire.client), 0xc0000202);
	assert_int_equal(h.wire.client_port, 40000);
	assert_int_equal(h.wire.server_port, 22);
	assert_true(addr_is_loopback(&h.wire.server));
	assert_int_equal(h.wire.proto, 6);
	assert_int_equal(q.client->addr[0], '\0'); /* nothing was asked for it */
}

static void nobody_to_tell_is_no_trouble(void **state)
{
	(void)state;
	struct wrap_report r;
	struct heard h;
	bool heard;
	listen_no_more();
	(void)decide("", "", &r);
	errno = 4711;
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT); /* there is no such name */
	assert_int_equal(errno, 4711);
	table_files_write(PATH, "");
	r.told = false;
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT); /* it is no socket */
	assert_int_equal(errno, 4711);
	listen_here();
	close(listener);
	r.told = false;
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT); /* nobody is there any more */
	assert_int_equal(errno, 4711);
	listen_here();
	const time_t begin = time(NULL);
	do { /* within the second it may be thought that there is none */
		r.told = false;
		wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT);
		heard = hear(&h);
	} while (!heard && time(NULL) < begin + 3);
	assert_true(heard);
	assert_int_equal(h.wire.missed, 0); /* nobody missed them */
}

static int tells_nothing_of_its_parent(void)
{
	struct wrap_report r;
	(void)decide("", "", &r);
	wrap_report_send(&r, ACCESS_GRANT, ACCESS_WIRE_DEFAULT);
	return 0;
}

static void what_found_no_room_is_counted(void **state)
{
	(void)state;
	enum { MANY = 2000 }; /* more than any queue has */
	struct wrap_report r;
	struct heard h;
	unsigned got = 0;
	(void)decide("", "", &r);
	for (unsigned i = 0; i < MANY; i++) {
		r.told = false;
		wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT);
	}
	while (hear(&h))
		got++;
	assert_in_range(got, 1, MANY - 1);
	assert_int_equal(in_child(tells_nothing_of_its_parent), 0);
	assert_true(hear(&h));
	assert_int_equal(h.wire.missed, 0);
	r.told = false;
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT);
	assert_true(hear(&h));
	assert_int_equal(h.wire.missed, MANY - got);
	r.told = false;
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT);
	assert_true(hear(&h));
	assert_int_equal(h.wire.missed, 0);
}

static int tells_as_nobody(void)
{
	struct wrap_report r;
	(void)decide("", "", &r);
	if (setuid(65534) < 0)
		return 1;
	r.path = "everybody.sock"; /* which there is not: heard by root's alone, or not at all */
	r.root_path = PATH;
	wrap_report_send(&r, ACCESS_GRANT, ACCESS_WIRE_DEFAULT);
	return 0;
}

static void roots_socket_is_asked_by_root_alone(void **state)
{
	(void)state;
	struct wrap_report r;
	struct heard h;
	if (geteuid() != 0)
		skip();
	table_files_write("everybody.sock", "");
	(void)decide("", "", &r);
	r.path = "everybody.sock"; /* no socket */
	r.root_path = PATH;
	wrap_report_send(&r, ACCESS_GRANT, ACCESS_WIRE_DEFAULT);
	assert_true(hear(&h));
	assert_int_equal(in_child(tells_as_nobody), 0);
	assert_false(hear(&h));
}

static int becomes_nobody(void)
{
	struct wrap_report r;
	const enum access_verdict v = decide("sshd: ALL: user nobody\n", "", &r);
	wrap_report_send(&r, v, wrap_report_why(r.decision));
	return v == ACCESS_GRANT && getuid() != 0 ? 0 : 1;
}

static int becomes_nobody_and_is_too_many(void)
{
	struct wrap_report r;
	resident = 1; /* a twist fails in such a process; a user, for root, too */
	const enum access_verdict v = decide("sshd: ALL: user nobody\n", "", &r);
	wrap_report_send(&r, v, ACCESS_WIRE_FAULT);
	return v == ACCESS_DENY ? 0 : 1;
}

static void it_is_told_with_the_rights_it_was_decided_with(void **state)
{
	(void)state;
	struct heard h;
	if (geteuid() != 0)
		skip();
	assert_int_equal(in_child(becomes_nobody), 0);
	assert_true(hear(&h));
	assert_int_equal(h.uid, 0);
	assert_true(h.wire.granted);
	assert_false(hear(&h));
	assert_int_equal(in_child(becomes_nobody_and_is_too_many), 0);
	assert_true(hear(&h));
	assert_false(h.wire.granted);
	assert_int_equal(h.wire.why, ACCESS_WIRE_FAULT);
	assert_false(hear(&h));
}

static int becomes_a_command(void)
{
	struct wrap_report r;
	resident = -1;
	(void)decide("", "sshd: ALL: twist exit 7\n", &r);
	return 0;
}

static void a_twist_is_told_before(void **state)
{
	(void)state;
	struct heard h;
	assert_int_equal(in_child(becomes_a_command), 7);
	assert_true(hear(&h));
	assert_false(h.wire.granted);
	assert_text(&h, ACCESS_WIRE_OPTIONS, "twist exit 7");
	assert_false(hear(&h));
}

static void in_a_dry_run_nobody_is_told(void **state)
{
	(void)state;
	struct request_info q;
	dry_run = 1;
	assert_null(wrap_report_of(NULL, request_of(&q)).path);
	dry_run = 0;
	struct wrap_report r = wrap_report_of(NULL, request_of(&q));
	assert_string_equal(r.path, ACCESS_WIRE_PATH);
	r.path = NULL;
	wrap_report_send(&r, ACCESS_DENY, ACCESS_WIRE_DEFAULT);
	assert_false(r.told);
}

static void what_is_expected_is_what_the_options_say(void **state)
{
	(void)state;
	static const struct {
		const char *allow;
		enum access_verdict verdict;
		enum access_wire_why why;
	} rows[] = {{"", ACCESS_GRANT, ACCESS_WIRE_DEFAULT}, {"ALL: ALL\n", ACCESS_GRANT, ACCESS_WIRE_RULE},
		{"ALL: ALL: deny\n", ACCESS_DENY, ACCESS_WIRE_RULE}, {"ALL: ALL: twist x\n", ACCESS_DENY, ACCESS_WIRE_RULE},
		{"ALL: ALL: alow\n", ACCESS_DENY, ACCESS_WIRE_FAULT}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct wrap_report r;
		resident = 1; /* nothing is twisted */
		(void)decide(rows[i].allow, "", &r);
		faults += table_check_number(rows[i].allow, "verdict", wrap_report_expected(r.decision), rows[i].verdict);
		faults += table_check_number(rows[i].allow, "why", wrap_report_why(r.decision), rows[i].why);
		struct heard h;
		while (hear(&h))
			continue;
	}
	resident = -1;
	assert_int_equal(faults, 0);
}

static int begin(void **state)
{
	const int result = table_files_begin(state);
	listen_here();
	return result;
}

static int end(void **state)
{
	access_decision_clear(&d);
	listen_no_more();
	return table_files_end(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decision_is_told_with_its_rule),
		cmocka_unit_test(a_rule_of_a_strict_table_is_split_as_those_are),
		cmocka_unit_test(it_is_told_once),
		cmocka_unit_test(a_socket_tells_both_ends),
		cmocka_unit_test(nobody_to_tell_is_no_trouble),
		cmocka_unit_test(what_found_no_room_is_counted),
		cmocka_unit_test(roots_socket_is_asked_by_root_alone),
		cmocka_unit_test(it_is_told_with_the_rights_it_was_decided_with),
		cmocka_unit_test(a_twist_is_told_before),
		cmocka_unit_test(in_a_dry_run_nobody_is_told),
		cmocka_unit_test(what_is_expected_is_what_the_options_say),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
