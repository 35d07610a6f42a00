/* SPDX-License-Identifier: ISC */
/*
 * Most of it changes the process for good: each row has a child of its own, whose exit code is what it found.
 */
#include "libwrap/wrap_act.h"

#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_request.h"
#include "libwrap/wrap_restore.h"
#include "logged_lines.h"
#include "table_files.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* ---- one option, for joe at host.example ------------------------------------------------------------------- */

static struct request_info request;
static char table_path[100], daemon_name[32];
static unsigned table_line; /* another one for each row, for what a rule did before is no matter of the next */

static void make_request(int fd)
{
	/* A service of this run's own: limits are counted for all processes of a host. */
	snprintf(daemon_name, sizeof daemon_name, "act%ld", (long)getppid());
	snprintf(table_path, sizeof table_path, "%s/hosts.allow", table_files_folder);
	request_init(&request, RQ_DAEMON, daemon_name, RQ_FILE, fd, RQ_USER, "joe", RQ_CLIENT_NAME, "host.example",
		RQ_CLIENT_ADDR, "192.0.2.1", 0);
	logged_lines_forget();
}

/* As it stands in a rule. */
static enum wrap_act_result act_on(const char *written)
{
	char text[20000];
	struct access_option option;
	struct access_option_fault why;
	snprintf(text, sizeof text, "%s", written);
	struct text_slice rest = text_slice_of(text);
	if (access_option_next(&rest, &option, &why) != ACCESS_OPTION_READ)
		_exit(99); /* the row is wrong */
	const struct access_request q = wrap_request_of(&request);
	struct wrap_act act = {
		.request = &request, .q = &q, .at = {.file = table_path, .line = table_line, .sink = wrap_request_log()}};
	return wrap_act_option(&act, &option);
}

static bool exists(const char *name)
{
	return access(name, F_OK) == 0;
}

/* In a child: the option, and what must be true behind it. */
struct row {
	const char *option;
	enum wrap_act_result result;
	bool (*holds)(void);    /* null: nothing more */
	const char *logged;     /* null: nothing is */
	void (*before)(void);   /* null: nothing is made ready */
};

static int run_row(const struct row *r)
{
	resident = -1;
	make_request(-1);
	if (r->before != NULL)
		r->before();
	const enum wrap_act_result got = act_on(r->option);
	if (got != r->result)
		return 1;
	if (r->holds != NULL && !r->holds())
		return 2;
	if (r->logged != NULL ? !logged_lines_have(r->logged) : logged_lines[0] != '\0')
		return 3;
	return 0;
}

/* 1: another result, 2: it does not hold, 3: other words. */
static void check_rows(const struct row *rows, size_t count)
{
	unsigned faults = 0;
	for (size_t i = 0; i < count; i++) {
		int status = 0;
		fflush(NULL);
		table_line++;
		const pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			_exit(run_row(&rows[i]));
		assert_int_equal(waitpid(child, &status, 0), child);
		faults += table_check_number(rows[i].option, "fault", WIFEXITED(status) ? WEXITSTATUS(status) : 200, 0);
	}
	assert_int_equal(faults, 0);
}

/* ---- the process ------------------------------------------------------------------------------------------- */

static bool both_severities(void)
{
	return allow_severity == (LOG_LOCAL3 | LOG_ALERT) && deny_severity == (LOG_LOCAL3 | LOG_ALERT);
}

static bool has_mask(void)
{
	return umask(0) == 027;
}

static bool has_variable(void)
{
	const char *value = getenv("KW_sshd_joe");
	return value != NULL && strcmp(value, "joe@host.example at 192.0.2.1") == 0;
}

static bool has_empty_variable(void)
{
	const char *value = getenv("KW_EMPTY");
	return value != NULL && value[0] == '\0';
}

static bool is_nicer(void)
{
	return getpriority(PRIO_PROCESS, 0) == 7;
}

static bool is_as_nice(void)
{
	return getpriority(PRIO_PROCESS, 0) == 0;
}

static bool knows_no_user(void)
{
	return strcmp(request.user, STRING_UNKNOWN) == 0;
}

static void be_resident(void)
{
	resident = 1;
}

static void be_usual(void)
{
	setpriority(PRIO_PROCESS, 0, 0);
}

static void be_usual_and_resident(void)
{
	be_usual();
	resident = 1;
}

static void forget_user(void)
{
	request.user[0] = '\0';
}

static void name_daemon(void)
{
	snprintf(request.daemon, sizeof request.daemon, "sshd");
}

static void name_daemon_badly(void)
{
	snprintf(request.daemon, sizeof request.daemon, "A=B");
}

static void set_very_many(void)
{
	const char *why;
	for (int i = 0; i < WRAP_RESTORE_VARIABLES; i++)
		wrap_restore_set_variable("KW_MANY", "x", &why);
}

static void what_belongs_to_the_process_is_set(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"allow", WRAP_ACT_GRANT, NULL, NULL, NULL},
		{"deny", WRAP_ACT_DENY, NULL, NULL, NULL},
		{"severity local3.alert", WRAP_ACT_GO_ON, both_severities, NULL, NULL},
		{"umask 027", WRAP_ACT_GO_ON, has_mask, NULL, NULL},
		{"setenv KW_%d_%u \t%c at %a ", WRAP_ACT_GO_ON, has_variable, NULL, name_daemon},
		{"setenv KW_EMPTY", WRAP_ACT_GO_ON, has_empty_variable, NULL, NULL},
		{"setenv %d c", WRAP_ACT_DENY, NULL, "bad setenv name: \"A=B\"", name_daemon_badly},
		{"setenv KW_ONE_MORE x", WRAP_ACT_DENY, NULL, "error: setenv \"KW_ONE_MORE\": too many variables", set_very_many},
		{"nice 7", WRAP_ACT_GO_ON, is_nicer, NULL, be_usual},
		{"nice 7", WRAP_ACT_GO_ON, is_as_nice, "nice option in resident process", be_usual_and_resident},
		{"rfc931", WRAP_ACT_GO_ON, knows_no_user, NULL, forget_user}, /* there is no socket to ask by */
		{"aclexec exit 1", WRAP_ACT_GO_ON, NULL, NULL, NULL},           /* it was run while deciding */
		{"note who knows why", WRAP_ACT_GO_ON, NULL, NULL, NULL},
		{"expires 20200101T000000Z", WRAP_ACT_GO_ON, NULL, NULL, NULL},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static bool touched(void)
{
	return exists("touched") && unlink("touched") == 0;
}

static bool not_touched(void)
{
	return !exists("touched");
}

static bool letters_are_filled_in(void)
{
	char text[400];
	return strcmp(table_files_read("letters", text), "joe@host.example 192.0.2.1 %\n") == 0;
}

static const char *long_option(const char *keyword)
{
	static char text[16000];
	int used = snprintf(text, sizeof text, "%s", keyword);
	for (int i = 0; i < 600; i++)
		used += snprintf(text + used, sizeof text - (size_t)used, " %%h-and-more");
	snprintf(text + used, sizeof text - (size_t)used, "; touch touched");
	return text;
}

static void commands_run_and_end_as_they_like(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"spawn touch touched", WRAP_ACT_GO_ON, touched, NULL, NULL},
		{"spawn touch touched; exit 3", WRAP_ACT_GO_ON, touched, NULL, NULL},
		{"spawn touch touched", WRAP_ACT_GO_ON, touched, NULL, be_resident},
		{"spawn echo %c %a %% > letters", WRAP_ACT_GO_ON, letters_are_filled_in, NULL, NULL},
		{"spawn no-such-command-at-all", WRAP_ACT_GO_ON, NULL, NULL, NULL},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
	const struct row too_long[] = {{long_option("spawn echo"), WRAP_ACT_DENY, not_touched, "\"spawn\" is too long", NULL}};
	check_rows(too_long, 1);
	const struct row too_long_to_twist[] = {
		{long_option("twist echo"), WRAP_ACT_DENY, not_touched, "\"twist\" is too long", NULL}};
	check_rows(too_long_to_twist, 1);
}

/* ---- rights ------------------------------------------------------------------------------------------------ */

static bool is_nobody(void)
{
	const struct passwd *nobody = getpwnam("nobody");
	gid_t groups[64];
	return getuid() == nobody->pw_uid && geteuid() == nobody->pw_uid && getegid() == nobody->pw_gid &&
	       getgroups(64, groups) == 1 && groups[0] == nobody->pw_gid && setuid(0) != 0;
}

static bool is_nobody_in_daemon(void)
{
	return getuid() == getpwnam("nobody")->pw_uid && getegid() == getgrnam("daemon")->gr_gid;
}

static bool is_root_in_daemon(void)
{
	return getuid() == 0 && getegid() == getgrnam("daemon")->gr_gid && getgid() == getgrnam("daemon")->gr_gid;
}

static bool is_still_root(void)
{
	return getuid() == 0 && geteuid() == 0 && getegid() == 0;
}

static void be_nobody(void)
{
	if (act_on("user nobody") != WRAP_ACT_GO_ON)
		_exit(98);
}

static void be_resident_nobody(void)
{
	be_nobody();
	resident = 1;
}

static const char *long_name(const char *keyword)
{
	static char text[600];
	snprintf(text, sizeof text, "%s%0500d", keyword, 0);
	return text;
}

static void rights_are_given_up_or_the_client_is_denied(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	const struct row rows[] = {
		{"user nobody", WRAP_ACT_GO_ON, is_nobody, NULL, NULL},
		{"user nobody.daemon", WRAP_ACT_GO_ON, is_nobody_in_daemon, NULL, NULL},
		{"group daemon", WRAP_ACT_GO_ON, is_root_in_daemon, NULL, NULL},
		{"user nobody-at-all", WRAP_ACT_DENY, is_still_root, "unknown user: \"nobody-at-all\"", NULL},
		{"user nobody.nogroup-at-all", WRAP_ACT_DENY, is_still_root, "unknown group", NULL},
		{"group nogroup-at-all", WRAP_ACT_DENY, is_still_root, "unknown group: \"nogroup-at-all\"", NULL},
		{long_name("user "), WRAP_ACT_DENY, is_still_root, "option \"user\" is too long", NULL},
		{"user daemon", WRAP_ACT_DENY, is_nobody, "initgroups(daemon)", be_nobody},
		{"group daemon", WRAP_ACT_DENY, is_nobody, "setgroups(daemon)", be_nobody},
		{"user nobody", WRAP_ACT_GO_ON, is_nobody, NULL, be_nobody},
		/* a process that serves others, too */
		{"user nobody", WRAP_ACT_DENY, is_still_root, "user option in resident process", be_resident},
		{"group daemon", WRAP_ACT_DENY, is_still_root, "group option in resident process", be_resident},
		{"user nobody", WRAP_ACT_GO_ON, is_nobody, NULL, be_resident_nobody}, /* as it is already */
		{"user root", WRAP_ACT_GO_ON, is_still_root, NULL, be_resident},
		{"user root.root", WRAP_ACT_GO_ON, is_still_root, NULL, be_resident},
		{"group root", WRAP_ACT_GO_ON, is_still_root, NULL, be_resident},
		{"user root.daemon", WRAP_ACT_DENY, is_still_root, "user option in resident process", be_resident},
		{"user daemon", WRAP_ACT_DENY, is_nobody, "initgroups(daemon)", be_resident_nobody},
		{"nice -5", WRAP_ACT_GO_ON, NULL, "nice(-5): ", be_nobody},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

/* ---- the connection ---------------------------------------------------------------------------------------- */

static int ends[2];

static void open_socket(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		_exit(97);
	request.fd = ends[0];
}

static bool keeps_alive(void)
{
	int on = 0;
	socklen_t size = sizeof on;
	return getsockopt(request.fd, SOL_SOCKET, SO_KEEPALIVE, &on, &size) == 0 && on != 0;
}

static bool lingers(void)
{
	struct linger l = {0};
	socklen_t size = sizeof l;
	return getsockopt(request.fd, SOL_SOCKET, SO_LINGER, &l, &size) == 0 && l.l_onoff != 0 && l.l_linger == 3;
}

static bool does_not_linger(void)
{
	struct linger l = {.l_onoff = 1};
	socklen_t size = sizeof l;
	return getsockopt(request.fd, SOL_SOCKET, SO_LINGER, &l, &size) == 0 && l.l_onoff == 0;
}

static bool got_banner(void)
{
	char text[100] = "";
	const ssize_t n = recv(ends[1], text, sizeof text - 1, MSG_DONTWAIT);
	return n > 0 && strcmp(text, "hello 192.0.2.1\r\n") == 0;
}

static bool got_nothing(void)
{
	char text[100];
	return recv(ends[1], text, sizeof text, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static void put_banner(void)
{
	open_socket();
	mkdir("banners", 0777);
	name_daemon();
	table_files_write("banners/sshd", "hello %a\n");
}

static void remove_banner(void)
{
	put_banner();
	(void)unlink("banners/sshd");
}

static void the_connection_is_served_as_far_as_it_can_be(void **state)
{
	(void)state;
	const struct row rows[] = {
		{"keepalive", WRAP_ACT_GO_ON, keeps_alive, NULL, open_socket},
		{"linger 3", WRAP_ACT_GO_ON, lingers, NULL, open_socket},
		{"linger 0", WRAP_ACT_GO_ON, does_not_linger, NULL, open_socket},
		{"banners banners", WRAP_ACT_GO_ON, got_banner, NULL, put_banner},
		{"banners banners", WRAP_ACT_GO_ON, got_nothing, NULL, remove_banner},
		/* services only: logged, and passed over */
		{"keepalive", WRAP_ACT_GO_ON, NULL, "setsockopt SO_KEEPALIVE: Bad file descriptor", NULL},
		{"linger 3", WRAP_ACT_GO_ON, NULL, "setsockopt SO_LINGER 3: Bad file descriptor", NULL},
		{"banners /no/where", WRAP_ACT_GO_ON, got_nothing, "/no/where: No such file", open_socket},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

static void use_up_limit(void)
{
	if (act_on("limit 1/1h") != WRAP_ACT_GO_ON)
		_exit(96);
}

static void one_visit_too_many_is_denied(void **state)
{
	(void)state;
	const struct row rows[] = {
		{"limit 1/1h", WRAP_ACT_DENY, NULL, "limit 1 in 3600 s reached by 192.0.2.1", use_up_limit},
		{"at-most 5", WRAP_ACT_GO_ON, NULL, NULL, NULL},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

/* ---- twist ------------------------------------------------------------------------------------------------- */

/* The child's socket is number `fd`; what it wrote there. Returns its exit code, 200 for a signal. */
static int twist_on(int fd, const char *option, char *text, size_t size)
{
	int pair[2], status = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fflush(NULL);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (dup2(pair[1], fd) != fd)
			_exit(97);
		close_range(fd > 2 ? (unsigned)fd + 1 : 3, ~0U, 0); /* what the test's own parent left open, too */
		for (int i = 3; i < fd; i++)
			close(i);
		resident = -1;
		table_line = 1000;
		make_request(fd);
		_exit(act_on(option) == WRAP_ACT_DENY ? 91 : 90);
	}
	close(pair[1]);
	assert_int_equal(write(pair[0], "knock\n", 6), 6);
	size_t used = 0;
	for (ssize_t n; used < size - 1 && (n = read(pair[0], text + used, size - 1 - used)) > 0; used += (size_t)n)
		continue;
	text[used] = '\0';
	close(pair[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

static void a_twist_is_the_shell_with_the_client_on_its_three_descriptors(void **state)
{
	(void)state;
	static const char option[] = "twist read x; echo \"$x from %a\"; echo errors >&2; ls /proc/self/fd | wc -l; exit 7";
	/* the socket, the directory and the pipe that ls has: 0, 1, 2 and 3 */
	static const char wanted[] = "knock from 192.0.2.1\nerrors\n4\n";
	const int numbers[] = {9, 0, 1, 2};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(numbers); i++) {
		char text[400], row[32];
		snprintf(row, sizeof row, "socket %d", numbers[i]);
		faults += table_check_number(row, "code", twist_on(numbers[i], option, text, sizeof text), 7);
		faults += table_check_text(row, "text", text, wanted);
	}
	assert_int_equal(faults, 0);
}

static struct stat places[3];

static void keep_places(void)
{
	dup2(open("zero", O_RDWR | O_CREAT | O_CLOEXEC, 0600), 0);
	dup2(open("one", O_RDWR | O_CREAT | O_CLOEXEC, 0600), 1);
	close(2);
	for (int i = 0; i < 2; i++)
		(void)fstat(i, &places[i]);
}

/* The kernel executes nothing with a variable of that length. */
static void crowd_environment(void)
{
	static char text[200000];
	memset(text, 'x', sizeof text - 1);
	setenv("KW_CROWD", text, 1);
	open_socket();
	keep_places();
}

static bool have_their_places(void)
{
	for (int i = 0; i < 2; i++) {
		struct stat now;
		if (fstat(i, &now) != 0 || now.st_ino != places[i].st_ino)
			return false;
	}
	return fcntl(2, F_GETFD) < 0 && not_touched();
}

static void be_dry(void)
{
	dry_run = 1;
}

static bool is_not_dry_any_more(void)
{
	return dry_run == 0 && not_touched();
}

static void a_twist_that_cannot_be_comes_back_and_denies(void **state)
{
	(void)state;
	const struct row rows[] = {
		{"twist touch touched", WRAP_ACT_DENY, have_their_places, "twist_option: /bin/sh: Bad file", keep_places},
		{"twist touch touched", WRAP_ACT_DENY, have_their_places, "twist_option: /bin/sh: Argument list too long",
			crowd_environment},
		{"twist touch touched", WRAP_ACT_DENY, not_touched, "twist option in resident process", be_resident},
		{"twist touch touched", WRAP_ACT_GO_ON, is_not_dry_any_more, NULL, be_dry},
	};
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

/* ---- a dry run --------------------------------------------------------------------------------------------- */

static mode_t mask_now(void)
{
	const mode_t mask = umask(0);
	umask(mask);
	return mask;
}

static void be_dry_on_socket(void)
{
	open_socket();
	be_usual();
	umask(022);
	allow_severity = LOG_INFO;
	hosts_access_verbose = 1;
	dry_run = 1;
}

static void put_banner_and_be_dry(void)
{
	put_banner();
	dry_run = 1;
}

static bool nothing_was_done(void)
{
	return dry_run == 1 && not_touched() && getenv("KW_DRY") == NULL && mask_now() == 022 && is_as_nice() && !keeps_alive() &&
	       !lingers() && getuid() == 0 && getegid() == 0;
}

static void in_a_dry_run_nothing_is_done_but_said(void **state)
{
	(void)state;
	const bool is_root = geteuid() == 0;
	const struct row rows[] = {
		{"spawn touch touched %a", WRAP_ACT_GO_ON, nothing_was_done, "option:   spawn touch touched 192.0.2.1", be_dry_on_socket},
		{"setenv KW_DRY %d", WRAP_ACT_GO_ON, nothing_was_done, "option:   setenv KW_DRY act", be_dry_on_socket},
		{"umask 077", WRAP_ACT_GO_ON, nothing_was_done, "option:   umask 077", be_dry_on_socket},
		{"nice 7", WRAP_ACT_GO_ON, nothing_was_done, "option:   nice 7", be_dry_on_socket},
		{"keepalive", WRAP_ACT_GO_ON, nothing_was_done, "option:   keepalive", be_dry_on_socket},
		{"linger 3", WRAP_ACT_GO_ON, nothing_was_done, "option:   linger 3", be_dry_on_socket},
		{"limit 1/1h", WRAP_ACT_GO_ON, nothing_was_done, "option:   limit 1/1h", be_dry_on_socket},
		{"user nobody.daemon", WRAP_ACT_GO_ON, nothing_was_done, "option:   user nobody.daemon", be_dry_on_socket},
		{"group daemon", WRAP_ACT_GO_ON, nothing_was_done, "option:   group daemon", be_dry_on_socket},
		/* but for what tcpdmatch has to show */
		{"banners banners", WRAP_ACT_GO_ON, got_banner, NULL, put_banner_and_be_dry},
		/* what would deny does */
		{"user nobody-at-all", WRAP_ACT_DENY, nothing_was_done, "unknown user: \"nobody-at-all\"", be_dry_on_socket},
		{"group nogroup-at-all", WRAP_ACT_DENY, nothing_was_done, "unknown group: \"nogroup-at-all\"", be_dry_on_socket},
		{"allow", WRAP_ACT_GRANT, nothing_was_done, "option:   allow", be_dry_on_socket},
	};
	if (!is_root)
		skip();
	check_rows(rows, TABLE_CHECK_ROWS(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_belongs_to_the_process_is_set),
		cmocka_unit_test(commands_run_and_end_as_they_like),
		cmocka_unit_test(rights_are_given_up_or_the_client_is_denied),
		cmocka_unit_test(the_connection_is_served_as_far_as_it_can_be),
		cmocka_unit_test(one_visit_too_many_is_denied),
		cmocka_unit_test(a_twist_is_the_shell_with_the_client_on_its_three_descriptors),
		cmocka_unit_test(a_twist_that_cannot_be_comes_back_and_denies),
		cmocka_unit_test(in_a_dry_run_nothing_is_done_but_said),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
