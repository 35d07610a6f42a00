/* SPDX-License-Identifier: ISC */
#include "cli/access_host.h"

#include "elf_maker.h"
#include "table_check.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a host that is made up -------------------------------------------------------------------------------- */

static char root[] = "/tmp/kw-host-XXXXXX";

/* Of a file below the root; its directories are made. */
static const char *place(const char *path, char full[512])
{
	snprintf(full, 512, "%s%s", root, path);
	for (char *slash = full + sizeof root; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	return full;
}

static void put(const char *path, const void *bytes, size_t size, mode_t mode)
{
	char full[512];
	FILE *f = fopen(place(path, full), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(full, mode), 0);
}

static void put_text(const char *path, const char *text)
{
	put(path, text, strlen(text), 0644);
}

static void put_program(const char *path, const char *library)
{
	const struct elf_maker_file f = elf_maker_of(library);
	put(path, &f, sizeof f, 0755);
}

static void put_programs(void)
{
	static const char *const asking[] = {"/usr/sbin/sshd", "/usr/bin/socat", "/usr/local/sbin/locald", "/usr/libexec/hiddend",
		"/usr/sbin/rpc.mountd", "/usr/sbin/exim4", "/usr/sbin/in.rshd"};
	static const char *const others[] = {"/usr/sbin/plaind", "/usr/bin/ssh", "/usr/sbin/in.telnetd"};
	char full[512];
	for (size_t i = 0; i < TABLE_CHECK_ROWS(asking); i++)
		put_program(asking[i], "libwrap.so.0");
	for (size_t i = 0; i < TABLE_CHECK_ROWS(others); i++)
		put_program(others[i], "libc.so.6");
	put_program("/usr/sbin/slapd", "libfront.so.1"); /* which asks for it */
	put_program("/usr/lib/libfront.so.1", "libwrap.so.0");
	put_program("/usr/sbin/alone", NULL);
	put_program("/usr/sbin/nearly", "libwrap.so.1");
	put("/usr/sbin/scripted", "#!/bin/sh\n", 10, 0755);
	put_program("/usr/sbin/forbidden", "libwrap.so.0");
	assert_int_equal(chmod(place("/usr/sbin/forbidden", full), 0644), 0);
	assert_int_equal(mkdir(place("/usr/sbin/folder", full), 0755), 0);
}

static void put_services(void)
{
	put_text("/etc/inetd.conf",
		"# in.commentd stream tcp nowait root /usr/sbin/tcpd in.commentd\n"
		"ftp\tstream tcp nowait root /usr/sbin/tcpd in.ftpd -l # a comment\n"
		"telnet stream tcp nowait root /usr/sbin/in.telnetd in.telnetd\n"
		"shell stream tcp nowait root /usr/sbin/in.rshd in.rshd\n"
		"finger stream tcp nowait nobody /usr/libexec/knockwatch/tcpd /usr/sbin/in.fingerd -w\n"
		"ident stream tcp wait nobody /opt/in.identd\n"
		"echo stream tcp nowait root internal\n"
		"short stream tcp nowait in.shortd\n"
		"name stream tcp nowait root /usr/libexec/knockwatch/tcpd-whole in.wholed\n"
		"last dgram udp wait root /usr/sbin/tcpd in.lastd");
	put_text("/etc/inetd.d/more", "tftp dgram udp wait root /usr/sbin/tcpd in.tftpd /srv\n");
	put_text("/etc/xinetd.conf", "defaults\n{\n\tlog_type = SYSLOG daemon info\n}\nincludedir /etc/xinetd.d\n");
	put_text("/etc/xinetd.d/rsync", "service rsync\n{\n\tid = rsync-all\n\tserver = /usr/bin/rsyncd\n\tdisable = yes\n}\n");
	put_text("/etc/xinetd.d/silent", "service silent\n{\n\tflags += REUSE NOLIBWRAP\n\tserver=/usr/sbin/in.silentd\n}\n");
	put_text("/etc/xinetd.d/two", "service finger\n{\n\tflags = NOLIBWRAP\n\tserver_args = /usr/sbin/in.cfingerd -w\n\tserver = "
				      "/usr/sbin/tcpd\n}\nservice inside\n{\n\tserver_args = -l\n\t# id = out\n\ttype = INTERNAL\n}\n");
	put_text("/etc/systemd/system/talk@.service", "[Service]\nExecStart=-/usr/sbin/tcpd /usr/sbin/in.talkd -x\n");
	put_text("/usr/lib/systemd/system/ntalk@.service", "[Service]\nExecStart=@/usr/sbin/tcpd in.ntalkd\n");
	put_text("/lib/systemd/system/rlogin@.service", "[Service]\n#ExecStart=/usr/sbin/tcpd in.nonod\nExecStart=/usr/sbin/tcpd in.rlogind\n");
	put_text("/run/systemd/system/sgi.service", "[Service]\n ExecStart\t= /usr/sbin/tcpd \\\n  in.sgid\nExecStartPre=/usr/sbin/tcpd in.pred\n");
	put_text("/usr/lib/systemd/system/q@.service", "[Service]\nExecStart=/usr/sbin/in.quoted\n");
	put_text("/etc/systemd/system/q@.service.d/wrap.conf", "[Service]\nExecStart=\nExecStart=-/usr/sbin/tcpd in.quoted\n");
	put_text("/etc/systemd/system/plain.service", "[Service]\nExecStart=/usr/sbin/something in.unitd\n");
}

static int make_host(void **state)
{
	(void)state;
	if (mkdtemp(root) == NULL)
		return -1;
	put_programs();
	put_services();
	return 0;
}

static int remove_host(void **state)
{
	char command[100];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	return system(command); // NOLINT: a test
}

static struct access_host *host_below(const char *directory)
{
	return access_host_create(directory, NULL);
}

/* ---- what is said of a name -------------------------------------------------------------------------------- */

struct said {
	enum access_lint_code code;
	char hint[100];
};

static struct said ask(struct access_host *h, const char *name)
{
	struct said s;
	struct access_draft hint = {0};
	s.code = access_host_know_daemon(h, text_slice_of(name), &hint);
	const struct text_slice text = access_draft_slice(&hint);
	snprintf(s.hint, sizeof s.hint, "%.*s", (int)text.length, text.start);
	access_draft_free(&hint);
	return s;
}

struct row {
	const char *name;
	enum access_lint_code code;
	const char *hint;
};
#define GOOD ACCESS_LINT_CODES
#define UNKNOWN ACCESS_LINT_DAEMON_UNKNOWN
#define UNWRAPPED ACCESS_LINT_DAEMON_UNWRAPPED

/* Each with a host of its own, for what was said before is not said again. */
static void check_rows(const struct row *rows, size_t count)
{
	unsigned faults = 0;
	for (size_t i = 0; i < count; i++) {
		struct access_host *h = host_below(root);
		const struct said s = ask(h, rows[i].name);
		faults += table_check_number(rows[i].name, "code", s.code, rows[i].code);
		faults += table_check_text(rows[i].name, "hint", s.hint, rows[i].hint ? rows[i].hint : "");
		access_host_destroy(h);
	}
	assert_int_equal(faults, 0);
}

static void a_program_asks_if_it_uses_libwrap(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"sshd", GOOD, NULL}, {"socat", GOOD, NULL}, {"locald", GOOD, NULL}, {"hiddend", GOOD, NULL},
		{"slapd", GOOD, NULL},    /* by another library */
		{"scripted", GOOD, NULL}, /* nobody can tell what it does */
		{"plaind", UNWRAPPED, NULL}, {"alone", UNWRAPPED, NULL}, {"nearly", UNWRAPPED, NULL},
		{"forbidden", UNKNOWN, NULL}, {"folder", UNKNOWN, NULL}, {"nobody-at-all", UNKNOWN, NULL},
		{"tcpd", UNWRAPPED, NULL}, {"libfront.so.1", UNKNOWN, NULL},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void letters_of_a_name_are_the_same_in_any_case(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"SSHD", GOOD, NULL}, {"Plaind", UNWRAPPED, NULL}, {"IN.FTPD", GOOD, NULL}, {"MountD", GOOD, NULL}};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void some_daemons_have_another_name_than_their_program(void **state)
{
	(void)state;
	static const struct row rows[] = {{"mountd", GOOD, NULL}, {"exim", GOOD, NULL}, {"rpc.mountd", GOOD, NULL},
		{"statd", UNKNOWN, NULL}, {"stunnel", UNKNOWN, NULL}};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void a_service_asks_if_tcpd_or_xinetd_stand_before_it(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"in.ftpd", GOOD, NULL}, {"in.fingerd", GOOD, NULL}, {"in.tftpd", GOOD, NULL}, {"in.lastd", GOOD, NULL},
		{"in.wholed", GOOD, NULL},
		{"in.rshd", GOOD, NULL},       /* not through tcpd, but it asks itself */
		{"in.telnetd", UNWRAPPED, NULL}, {"in.identd", UNWRAPPED, NULL},
		{"in.commentd", UNKNOWN, NULL}, {"in.shortd", UNKNOWN, NULL},
		{"rsync", GOOD, NULL}, {"rsync-all", GOOD, NULL}, {"rsyncd", GOOD, NULL}, {"defaults", UNKNOWN, NULL},
		{"silent", UNWRAPPED, NULL}, {"in.silentd", UNWRAPPED, NULL}, /* xinetd is told not to ask */
		{"in.cfingerd", GOOD, NULL},                                  /* but tcpd does */
		{"inside", GOOD, NULL}, {"-l", UNKNOWN, NULL}, {"out", UNKNOWN, NULL},
		{"in.talkd", GOOD, NULL}, {"in.ntalkd", GOOD, NULL}, {"in.rlogind", GOOD, NULL},
		{"in.sgid", GOOD, NULL}, {"in.quoted", GOOD, NULL}, {"in.pred", UNKNOWN, NULL},
		{"in.unitd", UNKNOWN, NULL}, {"in.nonod", UNKNOWN, NULL},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void the_name_that_was_probably_meant_is_told(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"ssh", UNKNOWN, "sshd"}, /* is there, too: a client, which asks nobody */
		{"finger", UNKNOWN, "in.fingerd"}, {"ftp", UNKNOWN, "in.ftpd"}, {"ftpd", UNKNOWN, "in.ftpd"}, {"slap", UNKNOWN, "slapd"},
		{"plain", UNKNOWN, ""},   /* "plaind" would do no better */
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void what_can_be_no_file_name_is_not_judged(void **state)
{
	(void)state;
	char longest[64], longer[65];
	memset(longest, 'x', 63);
	memset(longer, 'x', 64);
	longest[63] = longer[64] = '\0';
	const struct row rows[] = {{"", GOOD, NULL}, {"/usr/sbin/plaind", GOOD, NULL}, {"a/b", GOOD, NULL},
		{longest, UNKNOWN, NULL}, {longer, GOOD, NULL}, {"..", UNKNOWN, NULL}, {"%s%n", UNKNOWN, NULL}};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void it_is_said_once_of_each_of_many_names(void **state)
{
	(void)state;
	enum { NAMES = 1000 };
	struct access_host *h = host_below(root);
	unsigned faults = 0;
	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < NAMES; i++) {
			char name[32];
			snprintf(name, sizeof name, "nobody%u", i);
			faults += table_check_number(name, "code", ask(h, name).code, round ? GOOD : UNKNOWN);
		}
		faults += table_check_number("plaind", "code", ask(h, "plaind").code, round ? GOOD : UNWRAPPED);
		/* but each line with a name that can be corrected is */
		faults += table_check_text("ssh", "hint", ask(h, "ssh").hint, "sshd");
	}
	access_host_destroy(h);
	assert_int_equal(faults, 0);
}

static void an_empty_host_knows_nobody(void **state)
{
	(void)state;
	char full[512];
	static const char *const roots[] = {"/empty", "/not/there"};
	assert_int_equal(mkdir(place("/empty", full), 0755), 0);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(roots); i++) {
		struct access_host *h = host_below(place(roots[i], full));
		assert_int_equal(ask(h, "sshd").code, UNKNOWN);
		assert_int_equal(ask(h, "in.ftpd").code, UNKNOWN);
		access_host_destroy(h);
	}
	access_host_destroy(NULL);
}

static void a_root_may_have_letters_of_a_pattern(void **state)
{
	(void)state;
	char full[512];
	put_text("/a[b]*\\?/etc/inetd.d/one", "x stream tcp nowait root /usr/sbin/tcpd in.oned\n");
	struct access_host *h = host_below(place("/a[b]*\\?", full));
	assert_int_equal(ask(h, "in.oned").code, GOOD);
	access_host_destroy(h);
}

/* What stands behind the first part of a very long line is no line of its own. */
static void long_lines_pipes_and_folders_are_passed_over(void **state)
{
	(void)state;
	static char text[6000];
	char full[512];
	memset(text, 'x', 4095);
	snprintf(text + 4095, sizeof text - 4095,
		" stream tcp nowait root /usr/sbin/tcpd in.taild\n"
		"x stream tcp nowait root /usr/sbin/tcpd in.nextd\n");
	put_text("/odd/etc/inetd.d/long", text);
	assert_int_equal(mkfifo(place("/odd/etc/inetd.conf", full), 0600), 0);
	assert_int_equal(mkdir(place("/odd/etc/xinetd.conf", full), 0700), 0);
	struct access_host *h = host_below(place("/odd", full));
	assert_int_equal(ask(h, "in.nextd").code, GOOD);
	assert_int_equal(ask(h, "in.taild").code, UNKNOWN);
	access_host_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_asks_if_it_uses_libwrap),
		cmocka_unit_test(letters_of_a_name_are_the_same_in_any_case),
		cmocka_unit_test(some_daemons_have_another_name_than_their_program),
		cmocka_unit_test(a_service_asks_if_tcpd_or_xinetd_stand_before_it),
		cmocka_unit_test(the_name_that_was_probably_meant_is_told),
		cmocka_unit_test(what_can_be_no_file_name_is_not_judged),
		cmocka_unit_test(it_is_said_once_of_each_of_many_names),
		cmocka_unit_test(an_empty_host_knows_nobody),
		cmocka_unit_test(a_root_may_have_letters_of_a_pattern),
		cmocka_unit_test(long_lines_pipes_and_folders_are_passed_over),
	};
	return cmocka_run_group_tests(tests, make_host, remove_host);
}
