/* SPDX-License-Identifier: ISC */
#include "in_child.h"
#include "table_files.h"

#include <netinet/in.h>
#include <syslog.h>

struct verdict_row {
	const char *what, *allow, *deny;
	int verdict; /* of sshd for joe at host.example, 192.0.2.1 */
};

static const struct verdict_row verdict_rows[] = {
	{"no rule grants", "", "", 1},
	{"a rule of hosts.allow grants", "sshd: 192.0.2.\n", "ALL: ALL\n", 1},
	{"a rule of hosts.deny denies", "", "sshd: .example\n", 0},
	{"hosts.allow is read first", "ALL: ALL\n", "ALL: ALL\n", 1},
	{"an option turns a verdict", "sshd: ALL: deny\n", "", 0},
	{"an option turns a verdict the other way", "", "sshd: ALL: allow\n", 1},
	{"a wrong option denies", "sshd: ALL: alow\n", "", 0},
	{"a user that does not exist denies", "sshd: ALL: user nobody-at-all\n", "", 0},
	{"a group that does not exist denies", "sshd: ALL: group nobody-at-all\n", "", 0},
	{"a command that fails is its own affair", "sshd: ALL: spawn exit 3\n", "", 1},
	{"a command that asks and is refused", "sshd: ALL: aclexec exit 3\n", "ALL: ALL\n", 0},
	{"a command that asks and is granted", "sshd: ALL: aclexec exit 0\n", "ALL: ALL\n", 1},
	{"a refused command is forgotten", "sshd: ALL: aclexec exit 3\n", "sshd: ALL: spawn true\n", 0},
	{"a socket option without a socket is passed over", "sshd: ALL: keepalive: linger 3\n", "", 1},
	{"a banner without a folder is passed over", "sshd: ALL: banners /no/where\n", "", 1},
	{"nice, umask and a variable", "sshd: ALL: nice 1: umask 022: setenv KW_X %a\n", "ALL: ALL\n", 1},
	{"a variable needs a name", "sshd: ALL: setenv A=B c\n", "", 0},
	{"a table without its last newline", "sshd: 192.0.2.1", "ALL: ALL", 1},
};

static struct request_info request_of(const char *daemon)
{
	struct request_info r;
	request_init(&r, RQ_DAEMON, daemon, RQ_USER, "joe", RQ_CLIENT_NAME, "host.example", RQ_CLIENT_ADDR, "192.0.2.1", 0);
	r.client->request = r.server->request = NULL; /* of this copy; set again by who uses it */
	return r;
}

static int ask(const char *daemon)
{
	struct request_info r = request_of(daemon);
	r.client->request = r.server->request = &r;
	return hosts_access(&r);
}

static void the_tables_decide(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(verdict_rows); i++) {
		const struct verdict_row *r = &verdict_rows[i];
		table_files_set(r->allow, r->deny);
		resident = -1; /* nice would be passed over */
		faults += table_check_number(r->what, "hosts_access", ask("sshd"), r->verdict);
		resident = -1;
		faults += table_check_number(r->what, "hosts_ctl",
			hosts_ctl((char *)"sshd", (char *)"host.example", (char *)"192.0.2.1", (char *)"joe"), r->verdict);
	}
	assert_int_equal(faults, 0);
}

static void a_table_that_cannot_be_read_closes(void **state)
{
	(void)state;
	hosts_deny_table = (char *)"/";
	table_files_set("sshd: 192.0.2.1\n", "");
	assert_int_equal(ask("sshd"), 1);
	assert_int_equal(ask("ftpd"), 0);
	hosts_deny_table = (char *)"/no/where";
	assert_int_equal(ask("ftpd"), 1);
	hosts_deny_table = table_files_deny;
}

static void the_second_decision_makes_a_process_a_resident_one(void **state)
{
	(void)state;
	table_files_set("", "");
	resident = -1;
	ask("sshd");
	assert_int_equal(resident, 0);
	ask("sshd");
	assert_int_equal(resident, 1);
	ask("sshd");
	assert_int_equal(resident, 1);
}

static void nothing_of_a_decision_sticks(void **state)
{
	(void)state;
	const mode_t before = umask(027);
	table_files_set("sshd: ALL: severity local3.alert: umask 077: setenv KW_STUCK yes\n", "");
	allow_severity = LOG_INFO;
	deny_severity = LOG_WARNING;
	assert_int_equal(ask("sshd"), 1);
	assert_int_equal(allow_severity, LOG_LOCAL3 | LOG_ALERT);
	assert_int_equal(deny_severity, LOG_LOCAL3 | LOG_ALERT);
	assert_int_equal(umask(077), 077);
	assert_string_equal(getenv("KW_STUCK"), "yes");
	assert_int_equal(ask("ftpd"), 1);
	assert_int_equal(allow_severity, LOG_INFO);
	assert_int_equal(deny_severity, LOG_WARNING);
	assert_int_equal(umask(before), 027);
	assert_null(getenv("KW_STUCK"));
}

static void commands_and_variables_get_their_letters(void **state)
{
	(void)state;
	char text[400];
	table_files_set("sshd: ALL: spawn echo %d %h %a %u %% > got: setenv KW_C %c: spawn echo $KW_C > env\n", "");
	assert_int_equal(ask("sshd"), 1);
	assert_string_equal(table_files_read("got", text), "sshd host.example 192.0.2.1 joe %\n");
	assert_string_equal(table_files_read("env", text), "joe@host.example\n");
}

static void a_command_that_does_not_fit_denies(void **state)
{
	(void)state;
	static char table[12000];
	strcpy(table, "sshd: ALL: spawn echo ");
	for (int i = 0; i < 600; i++)
		strcat(table, "%h-host-name ");
	strcat(table, "> never\n");
	table_files_set(table, "");
	assert_int_equal(ask("sshd"), 0);
	assert_int_equal(access("never", F_OK), -1);
}

static void a_dry_run_does_nothing(void **state)
{
	(void)state;
	dry_run = 1;
	table_files_set("sshd: ALL: spawn touch done: setenv KW_DRY x: user nobody: aclexec exit 1: umask 0: allow\n", "");
	assert_int_equal(ask("sshd"), 1);
	assert_int_equal(access("done", F_OK), -1);
	assert_null(getenv("KW_DRY"));
	table_files_set("sshd: ALL: user nobody-at-all\n", "");
	assert_int_equal(ask("sshd"), 0);
	assert_int_equal(dry_run, 1);
	table_files_set("sshd: ALL: twist echo\n", "");
	ask("sshd");
	assert_int_equal(dry_run, 0);
}

static int twist_to_shell(void)
{
	int fds[2];
	char text[400] = "";
	struct request_info r = request_of("sshd");
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return 1;
	const pid_t child = fork();
	if (child == 0) {
		close(fds[0]);
		resident = -1;
		r.fd = fds[1];
		r.client->request = r.server->request = &r;
		hosts_access(&r);
		_exit(9);
	}
	close(fds[1]);
	int status;
	waitpid(child, &status, 0);
	if (read(fds[0], text, sizeof text - 1) < 0 || strcmp(text, "go away 192.0.2.1\n") != 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static void a_twist_becomes_the_shell_on_the_socket(void **state)
{
	(void)state;
	table_files_set("sshd: ALL: twist echo go away %a; exit 7\n", "");
	assert_int_equal(in_child(twist_to_shell), 7);
}

static void a_resident_process_does_not_twist(void **state)
{
	(void)state;
	table_files_set("sshd: ALL: twist touch twisted\n", "");
	resident = 1;
	assert_int_equal(ask("sshd"), 0);
	assert_int_equal(access("twisted", F_OK), -1);
}

static int twist_without_socket(void)
{
	resident = -1;
	int before = dup(1);
	if (ask("sshd") != 0) /* came back: denied, with its descriptors as they were */
		return 1;
	return before >= 0 && write(1, "", 0) == 0 && write(before, "", 0) == 0 ? 0 : 2;
}

static void a_twist_without_a_socket_comes_back_and_denies(void **state)
{
	(void)state;
	table_files_set("sshd: ALL: twist touch twisted\n", "");
	assert_int_equal(in_child(twist_without_socket), 0);
}

static int drop_then_spawn(void)
{
	char text[400];
	resident = -1;
	if (chmod(".", 0777) < 0 || ask("sshd") != 1)
		return 1;
	if (getuid() == 0 || geteuid() == 0 || setuid(0) == 0)
		return 2;
	return strcmp(table_files_read("who", text), "nobody\n") == 0 ? 0 : 3;
}

static int drop_in_resident(void)
{
	resident = 1;
	return ask("sshd") == 0 && geteuid() == 0 ? 0 : 1;
}

static void rights_are_dropped_before_what_follows(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	table_files_set("sshd: ALL: user nobody: spawn id -un > who\n", "");
	assert_int_equal(in_child(drop_then_spawn), 0);
	assert_int_equal(in_child(drop_in_resident), 0);
}

/* What process_options() said: the value of its jump, 0 where it came back. */
static int said_by_options(const char *options)
{
	char text[200];
	struct request_info r = request_of("sshd");
	r.client->request = r.server->request = &r;
	strcpy(text, options);
	volatile int verdict = setjmp(tcpd_buf); // NOLINT
	if (verdict == 0)
		process_options(text, &r);
	return verdict;
}

static void options_come_back_by_a_jump(void **state)
{
	(void)state;
	static const struct {
		const char *options;
		int verdict;
	} rows[] = {
		{" allow", AC_PERMIT}, {" deny", AC_DENY}, {" spawn true: allow", AC_PERMIT}, {" severity info", 0},
		{" severity nonsense", AC_ERROR}, {" nonsense", AC_ERROR}, {"", 0}, {" ", AC_ERROR},
		{" allow: deny", AC_ERROR}, {" user nobody-at-all", AC_ERROR},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(rows[i].options, "jump", said_by_options(rows[i].options), rows[i].verdict);
	assert_int_equal(faults, 0);
}

static void letters_that_do_not_fit_leave_nothing(void **state)
{
	(void)state;
	struct request_info r = request_of("sshd");
	char text[16];
	r.client->request = r.server->request = &r;
	assert_string_equal(percent_x(text, sizeof text, (char *)"%a", &r), "192.0.2.1");
	assert_string_equal(percent_x(text, sizeof text, (char *)"%a %a", &r), "");
	assert_string_equal(percent_x(text, 1, (char *)"x", &r), "");
}

static void a_table_without_a_path_denies(void **state)
{
	(void)state;
	char *allow = hosts_allow_table, *deny = hosts_deny_table;
	table_files_set("", "");
	hosts_deny_table = NULL;
	assert_int_equal(ask("sshd"), 0);
	hosts_allow_table = NULL;
	assert_int_equal(ask("sshd"), 0);
	hosts_deny_table = deny;
	assert_int_equal(ask("sshd"), 0);
	hosts_allow_table = allow;
	assert_int_equal(ask("sshd"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tables_decide),
		cmocka_unit_test(a_table_without_a_path_denies),
		cmocka_unit_test(a_table_that_cannot_be_read_closes),
		cmocka_unit_test(the_second_decision_makes_a_process_a_resident_one),
		cmocka_unit_test(nothing_of_a_decision_sticks),
		cmocka_unit_test(commands_and_variables_get_their_letters),
		cmocka_unit_test(a_command_that_does_not_fit_denies),
		cmocka_unit_test(a_dry_run_does_nothing),
		cmocka_unit_test(a_twist_becomes_the_shell_on_the_socket),
		cmocka_unit_test(a_resident_process_does_not_twist),
		cmocka_unit_test(a_twist_without_a_socket_comes_back_and_denies),
		cmocka_unit_test(rights_are_dropped_before_what_follows),
		cmocka_unit_test(options_come_back_by_a_jump),
		cmocka_unit_test(letters_that_do_not_fit_leave_nothing),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
