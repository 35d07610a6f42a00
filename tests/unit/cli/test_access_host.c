/* SPDX-License-Identifier: ISC */
#include "cli/access_host.h"

#include "support/table_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static char root[64];

static void put(const char *path, const char *text)
{
	char full[256];
	snprintf(full, sizeof full, "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	FILE *out = fopen(full, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	assert_int_equal(chmod(full, 0755), 0);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof root, "/tmp/knockwatch-host.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	put("/etc/inetd.conf", "# x\nfinger stream tcp nowait nobody /usr/sbin/tcpd in.fingerd -w\n"
			       "echo stream tcp nowait root internal\n"
			       "bare stream tcp nowait root /usr/sbin/in.bare in.bare\n");
	put("/other.conf", "telnet stream tcp nowait root /usr/sbin/tcpd in.telnetd\n");
	put("/etc/xinetd.d/x", "service ntalk\n{\n\tserver = /usr/sbin/in.ntalkd\n}\n");
	put("/lib/systemd/system/k@.service", "[Service]\nExecStart=-/usr/sbin/tcpd /usr/sbin/in.kd\n");
	put("/usr/sbin/scriptd", "#!/bin/sh\n");
	return 0;
}

static int tear_down(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", root);
	return system(command); // NOLINT: a path of ours
}

static const struct {
	const char *name;
	bool other; /* with the other inetd.conf */
	enum access_lint_code code;
	const char *hint;
} rows[] = {
	{"in.fingerd", false, ACCESS_LINT_CODES, ""},
	{"finger", false, ACCESS_LINT_DAEMON_UNKNOWN, "in.fingerd"},
	{"in.bare", false, ACCESS_LINT_DAEMON_UNWRAPPED, ""},
	{"in.ntalkd", false, ACCESS_LINT_CODES, ""},
	{"in.kd", false, ACCESS_LINT_CODES, ""},
	{"scriptd", false, ACCESS_LINT_CODES, ""}, /* what a script does cannot be told */
	{"nowhered", false, ACCESS_LINT_DAEMON_UNKNOWN, ""},
	{"in.telnetd", false, ACCESS_LINT_DAEMON_UNKNOWN, ""},
	{"in.telnetd", true, ACCESS_LINT_CODES, ""},
	{"in.fingerd", true, ACCESS_LINT_DAEMON_UNKNOWN, ""},
	{"a/b", false, ACCESS_LINT_CODES, ""},
	{"", false, ACCESS_LINT_CODES, ""},
};

static void a_daemon_asks_by_itself_or_behind_somebody_who_does(void **state)
{
	char other[128];
	unsigned faults = 0;
	(void)state;
	snprintf(other, sizeof other, "%s/other.conf", root);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_host *h = access_host_create(root, rows[i].other ? other : NULL);
		struct access_draft hint = {0};
		enum access_lint_code code =
			access_host_know_daemon(h, text_slice_of(rows[i].name), &hint);
		faults += table_check_number(rows[i].name, "code", code, rows[i].code);
		access_draft_add(&hint, "", 1);
		faults += table_check_text(rows[i].name, "hint", hint.text, rows[i].hint);
		access_draft_free(&hint);
		access_host_destroy(h);
	}
	assert_int_equal(faults, 0);
}

static void the_same_daemon_is_told_once(void **state)
{
	struct access_host *h = access_host_create(root, NULL);
	struct access_draft hint = {0};
	(void)state;
	assert_int_equal(access_host_know_daemon(h, text_slice_of("nowhered"), &hint), ACCESS_LINT_DAEMON_UNKNOWN);
	assert_int_equal(access_host_know_daemon(h, text_slice_of("nowhered"), &hint), ACCESS_LINT_CODES);
	access_host_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_daemon_asks_by_itself_or_behind_somebody_who_does),
		cmocka_unit_test(the_same_daemon_is_told_once),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
