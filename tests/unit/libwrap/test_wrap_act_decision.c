/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_act.h"

#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_request.h"
#include "logged_lines.h"
#include "table_files.h"

/* What a rule asks for, in a child; the tables are read as by hosts_access(). */
struct decision_row {
	const char *what, *allow, *deny;
	enum access_verdict verdict;
	bool before, after;       /* do the files of this name come to be? */
	const char *logged;       /* null: nothing is */
};

static const struct decision_row decision_rows[] = {
	{"no rule", "", "", ACCESS_GRANT, false, false, NULL},
	{"a rule that grants", "ALL: ALL: spawn touch before: spawn touch after\n", "", ACCESS_GRANT, true, true, NULL},
	{"a rule that denies", "", "ALL: ALL: spawn touch before: spawn touch after\n", ACCESS_DENY, true, true, NULL},
	{"an option that allows", "", "ALL: ALL: spawn touch after: allow\n", ACCESS_GRANT, false, true, NULL},
	{"an option that denies", "ALL: ALL: spawn touch after: deny\n", "", ACCESS_DENY, false, true, NULL},
	{"a user that is not there ends the list", "ALL: ALL: spawn touch before: user nobody-at-all: spawn touch after\n", "",
		ACCESS_DENY, true, false, "hosts.allow, line 1: unknown user"},
	{"and so it does where the rule denies", "", "\nALL: ALL: group nogroup-at-all: spawn touch after: allow\n", ACCESS_DENY,
		false, false, "hosts.deny, line 2: unknown group"},
	{"a socket that is none does not", "ALL: ALL: keepalive: linger 3: banners /no/where: spawn touch after\n", "", ACCESS_GRANT,
		false, true, "hosts.allow, line 1: /no/where: No such file"},
	{"options before a faulty one are carried out", "ALL: ALL: spawn touch before: severity nonsense: spawn touch after\n", "",
		ACCESS_DENY, true, false, "hosts.allow, line 1: "},
	{"a twist without a socket comes back", "ALL: ALL: spawn touch before: twist touch after\n", "", ACCESS_DENY, true, false,
		"hosts.allow, line 1: twist_option: /bin/sh: Bad file descriptor"},
};

static int run_decision(const struct decision_row *r)
{
	struct access_decision d;
	struct request_info request;
	char address[32];
	resident = -1;
	/* A client of its own for each, for what one did before is no matter of the next. */
	snprintf(address, sizeof address, "192.0.2.%d", (int)(r - decision_rows) + 1);
	request_init(&request, RQ_DAEMON, "sshd", RQ_FILE, -1, RQ_USER, "joe", RQ_CLIENT_NAME, "host.example", RQ_CLIENT_ADDR,
		address, 0);
	table_files_set(r->allow, r->deny);
	const struct access_tables tables = wrap_request_tables();
	const struct access_request q = wrap_request_of(&request);
	libwrap_diag_stand_at((struct libwrap_place){"elsewhere", 7});
	access_decision_make(&tables, &q, wrap_request_log(), &d);
	const enum access_verdict verdict = wrap_act_decision(&d, &request, &q);
	access_decision_clear(&d);
	if (verdict != r->verdict)
		return 1;
	if ((access("before", F_OK) == 0) != r->before || (access("after", F_OK) == 0) != r->after)
		return 2;
	if (r->logged != NULL ? !logged_lines_have(r->logged) : logged_lines[0] != '\0')
		return 3;
	const struct libwrap_place place = libwrap_diag_stand_at((struct libwrap_place){NULL, 0});
	return place.file != NULL && strcmp(place.file, "elsewhere") == 0 && place.line == 7 ? 0 : 4;
}

/* 1: another verdict, 2: other commands ran, 3: other words, 4: later messages come from another place. */
static void options_are_carried_out_in_their_order_until_one_denies(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(decision_rows); i++) {
		int status = 0;
		fflush(NULL);
		const pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			_exit(run_decision(&decision_rows[i]));
		assert_int_equal(waitpid(child, &status, 0), child);
		faults += table_check_number(decision_rows[i].what, "fault", WIFEXITED(status) ? WEXITSTATUS(status) : 200, 0);
		(void)unlink("before");
		(void)unlink("after");
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_carried_out_in_their_order_until_one_denies),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
