/* SPDX-License-Identifier: ISC */
#include "input/access_file.h"

#include "memory_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct access_file_options options = {.year = 2026};

static const char mixed[] =
	"Nov 20 14:00:09 gate sshd[412]: refused connect from 198.51.100.20 (198.51.100.20)\n"
	"Nov 20 14:00:10 gate sshd[412]: Connection closed by 198.51.100.20 port 4242\n"
	"Nov 20 14:00:11 gate kernel: DROP IN=eth0 OUT= SRC=192.0.2.1 DST=203.0.113.5 LEN=60 TOS=0x00 "
	"PREC=0x00 TTL=52 ID=1 DF PROTO=TCP SPT=1 DPT=2 WINDOW=64240 RES=0x00 SYN URGP=0\n"
	"{\"v\":1,\"timestamp\":\"2026-11-20T14:00:12.000000Z\",\"id\":\"x\",\"host\":\"south\","
	"\"event_type\":\"access\",\"src_ip\":\"192.0.2.9\",\"access\":{\"service\":\"vsftpd\","
	"\"decision\":\"granted\",\"client\":\"192.0.2.9\",\"file\":\"/etc/hosts.allow\",\"line\":7}}\n"
	"{\"v\":1,\"timestamp\":\"2026-11-20T14:00:13.000000Z\",\"event_type\":\"stats\",\"stats\":{}}\n"
	"Nov 20 14:00:14 gate sshd[413]: refused connect from x (192.0.2.700)\n"
	"Nov 20 14:00:15 gate tftpd: refused connect from E40-008-8.MIT.EDU\n";

static struct access_file *open_bytes(struct memory_file *m)
{
	char error[256] = "";
	struct access_file *f = access_file_open(m->path, &options, error, sizeof error);
	if (f == NULL)
		fail_msg("%s", error);
	return f;
}

static void logs_and_our_own_lines_may_stand_mixed(void **state)
{
	(void)state;
	struct memory_file m = memory_file_create(mixed, sizeof mixed - 1);
	struct access_file *f = open_bytes(&m);
	struct access_event a;
	assert_true(access_file_next(f, &a));
	assert_string_equal(a.service, "sshd");
	assert_string_equal(a.host, "gate");
	assert_int_equal(a.pid, 412);
	assert_true(access_file_next(f, &a));
	assert_string_equal(a.service, "vsftpd");
	assert_string_equal(a.host, "south");
	assert_int_equal(a.line, 7);
	assert_true(access_file_next(f, &a));
	assert_string_equal(a.name, "E40-008-8.MIT.EDU");
	assert_true(addr_is_none(&a.client));
	assert_false(access_file_next(f, &a));
	const struct access_file_report *r = access_file_report(f);
	assert_int_equal(r->lines, 7);
	assert_int_equal(r->decisions, 3);
	assert_int_equal(r->broken, 1);
	assert_false(r->ended_early);
	access_file_close(f);
	memory_file_close(&m);
}

/* A line that began as ours and does not end as ours, and one that tells no decision. */
static void our_own_lines_that_are_broken_are_counted(void **state)
{
	(void)state;
	static const char lines[] =
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:00:12.000000Z\",\"event_type\":\"access\",\"src_ip\":\"192.0\n"
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:00:12.000000Z\",\"event_type\":\"access\",\"access\":"
		"{\"service\":\"vsftpd\"}}\n"
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:00:13.000000Z\",\"event_type\":\"stats\",\"stats\":{\n";
	struct memory_file m = memory_file_create(lines, sizeof lines - 1);
	struct access_file *f = open_bytes(&m);
	struct access_event a;
	assert_false(access_file_next(f, &a));
	assert_int_equal(access_file_report(f)->lines, 3);
	assert_int_equal(access_file_report(f)->broken, 2);
	access_file_close(f);
	memory_file_close(&m);
}

static void what_is_no_file_is_said(void **state)
{
	(void)state;
	char error[256] = "";
	assert_null(access_file_open("/nix/da", &options, error, sizeof error));
	assert_int_equal(errno, ENOENT);
	assert_non_null(strstr(error, "/nix/da: "));
	assert_null(access_file_open("/", &options, error, sizeof error));
	assert_int_equal(errno, EISDIR);
}

static void an_empty_file_has_no_decisions(void **state)
{
	(void)state;
	struct memory_file m = memory_file_create("", 0);
	struct access_file *f = open_bytes(&m);
	struct access_event a;
	assert_false(access_file_next(f, &a));
	access_file_close(f);
	memory_file_close(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_and_our_own_lines_may_stand_mixed),
		cmocka_unit_test(our_own_lines_that_are_broken_are_counted),
		cmocka_unit_test(what_is_no_file_is_said),
		cmocka_unit_test(an_empty_file_has_no_decisions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
