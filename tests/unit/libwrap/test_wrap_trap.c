/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_trap.h"

#include "base/clock_now.h"
#include "logged_lines.h"
#include "table_files.h"

#include <signal.h>

static void is_logged(const char *text)
{
	assert_true(logged_lines_have(text));
}

/* ---- askers ----------------------------------------------------------------------------------------------- */

static int ask(const char *address)
{
	struct request_info r;
	resident = -1;
	request_init(&r, RQ_DAEMON, "in.trapd", RQ_CLIENT_ADDR, address, 0);
	return hosts_access(&r);
}

static unsigned lines_of(const char *file)
{
	unsigned n = 0;
	FILE *f = fopen(file, "r");
	for (int c; f && (c = getc(f)) != EOF;)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

/* Rules that no other test of this run has counted: the command is a part of what is counted. */
static int begin(void **state)
{
	(void)state;
	table_files_set("", "");
	unlink("ran");
	logged_lines_forget();
	return 0;
}

static void one_command_runs_for_a_source_and_a_rule(void **state)
{
	(void)state;
	table_files_set("", "in.trapd: 192.0.2.0/255.255.255.0 [2001:db8::]/32: spawn echo %a >>ran\n"
			    "in.trapd: 198.51.100.: spawn echo other %a >>ran\n");
	for (int i = 0; i < 5; i++)
		assert_int_equal(ask("192.0.2.1"), 0);
	assert_int_equal(lines_of("ran"), 1);
	assert_int_equal(ask("192.0.2.2"), 0);
	assert_int_equal(ask("198.51.100.1"), 0);
	assert_int_equal(lines_of("ran"), 3);
	/* A /64 is one source. */
	ask("2001:db8::1");
	ask("2001:db8::2:3");
	assert_int_equal(lines_of("ran"), 4);
	ask("2001:db8:0:1::1");
	assert_int_equal(lines_of("ran"), 5);
	is_logged("hosts.deny, line 1: not run for 192.0.2.1, 1 in 60 s is reached (1 times by now): echo 192.0.2.1 >>ran");
	is_logged("(2 times by now)");
	is_logged("(4 times by now)");
	assert_null(strstr(logged_lines, "(3 times by now)"));
}

static void two_commands_of_a_rule_are_two(void **state)
{
	(void)state;
	table_files_set("in.trapd: ALL: spawn echo two >>ran: spawn echo two >>ran\n", "");
	assert_int_equal(ask("192.0.2.1"), 1);
	assert_int_equal(lines_of("ran"), 2);
	assert_int_equal(ask("192.0.2.1"), 1);
	assert_int_equal(lines_of("ran"), 2);
}

static void processes_count_together(void **state)
{
	(void)state;
	enum { PROCESSES = 30 };
	pid_t children[PROCESSES];
	table_files_set("", "in.trapd: ALL: spawn echo together >>ran\n");
	ask("192.0.2.99"); /* so that memory is there, also where it is only of this process */
	unlink("ran");
	fflush(NULL);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(ask("192.0.2.1"));
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = 99;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(lines_of("ran"), 1);
}

static void all_sources_together_get_only_so_many(void **state)
{
	(void)state;
	char address[32];
	table_files_set("", "in.trapd: ALL: spawn echo all >>ran\n");
	for (int i = 0; i < 50; i++) {
		snprintf(address, sizeof address, "10.0.0.%d", i);
		assert_int_equal(ask(address), 0);
	}
	assert_int_equal(lines_of("ran"), WRAP_TRAP_PER_RULE);
	is_logged("not run for 10.0.0.30, 30 in 60 s of all clients are reached (1 times by now): echo all >>ran");
	assert_int_equal(logged_lines_count(), 5); /* 1, 2, 4, 8, 16 */
}

static void a_rule_may_say_otherwise(void **state)
{
	(void)state;
	table_files_set("", "in.trapd: 192.0.2.: trap-limit 3/1h per source: spawn echo a >>ran\n"
			    "in.trapd: 198.51.100.: trap-limit 2/1m per network: spawn echo b >>ran\n"
			    "in.trapd: 203.0.113.: trap-limit 4/1m per service: trap-limit 1/1s: spawn echo c >>ran\n");
	for (int i = 0; i < 5; i++)
		ask("192.0.2.1");
	assert_int_equal(lines_of("ran"), 3);
	is_logged("3 in 3600 s are reached");
	ask("198.51.100.1");
	ask("198.51.100.2");
	ask("198.51.100.3");
	assert_int_equal(lines_of("ran"), 5);
	for (int i = 0; i < 9; i++) {
		char address[32];
		snprintf(address, sizeof address, "203.0.113.%d", i);
		ask(address);
	}
	assert_int_equal(lines_of("ran"), 9);
}

static void after_the_interval_it_runs_again_and_tells_how_often_it_did_not(void **state)
{
	(void)state;
	table_files_set("", "in.trapd: ALL: trap-limit 1/1s: spawn echo again >>ran\n");
	for (int i = 0; i < 7; i++)
		ask("192.0.2.1");
	assert_int_equal(lines_of("ran"), 1);
	logged_lines_forget();
	const int64_t deadline = clock_now_monotonic_ms() + 5000;
	while (lines_of("ran") < 2 && clock_now_monotonic_ms() < deadline) {
		usleep(50 * 1000);
		ask("192.0.2.1");
	}
	assert_int_equal(lines_of("ran"), 2);
	is_logged("run again for 192.0.2.1, after ");
}

/* Those in the background are still running. */
static void only_so_many_run_at_a_time(void **state)
{
	(void)state;
	table_files_set("", "in.trapd: ALL: trap-at-most 2: spawn (echo x >>ran; while [ -e ran ]; do sleep 0.02; done) &\n");
	ask("192.0.2.1");
	ask("192.0.2.2");
	for (int i = 0; i < 200 && lines_of("ran") < 2; i++)
		usleep(10 * 1000);
	assert_int_equal(lines_of("ran"), 2);
	assert_int_equal(ask("192.0.2.3"), 0);
	is_logged("not run for 192.0.2.3, 2 commands are running (1 times by now): (echo x");
	assert_int_equal(lines_of("ran"), 2);
	unlink("ran"); /* their end */
	/* It has not lost its turn. */
	for (int i = 0; i < 250 && lines_of("ran") < 1; i++) {
		usleep(20 * 1000);
		ask("192.0.2.3");
	}
	assert_true(lines_of("ran") >= 1);
	unlink("ran");
}

static void a_command_is_killed_at_its_time_and_not_waited_for_longer(void **state)
{
	(void)state;
	table_files_set("in.trapd: ALL: trap-time 1s: spawn sleep 60\n", "");
	const int64_t start = clock_now_monotonic_ms();
	assert_int_equal(ask("192.0.2.1"), 1);
	assert_in_range(clock_now_monotonic_ms() - start, 900, 5000);
	is_logged("hosts.allow, line 1: killed after 1 s: sleep 60");
}

/* ---- twist ------------------------------------------------------------------------------------------------ */

/* A child that asks; what it becomes speaks into the pipe. Returns the reading end. */
static int twist(const char *address, pid_t *child)
{
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	fflush(NULL);
	*child = fork();
	if (*child == 0) {
		struct request_info r;
		close(fds[0]);
		resident = -1;
		request_init(&r, RQ_DAEMON, "in.trapd", RQ_CLIENT_ADDR, address, RQ_FILE, fds[1], 0);
		hosts_access(&r);
		_exit(9);
	}
	close(fds[1]);
	return fds[0];
}

static bool speaks(int fd)
{
	char text[10];
	return read(fd, text, sizeof text) > 0;
}

static void as_many_twists_as_may_run_and_no_more(void **state)
{
	(void)state;
	enum { CHILDREN = WRAP_TRAP_TWISTS + 4 };
	pid_t children[CHILDREN];
	unsigned spoke = 0;
	int status;
	table_files_set("", "in.trapd: ALL: twist echo hello; exec sleep 60\n");
	for (int i = 0; i < CHILDREN; i++) {
		const int fd = twist("192.0.2.1", &children[i]);
		spoke += speaks(fd);
		close(fd);
	}
	assert_int_equal(spoke, WRAP_TRAP_TWISTS);
	for (int i = 0; i < CHILDREN; i++) {
		kill(children[i], SIGKILL);
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
	}
	/* In hosts.allow it is a service. */
	table_files_set("in.trapd: ALL: twist echo hello; exec sleep 60\n", "");
	spoke = 0;
	for (int i = 0; i < CHILDREN; i++) {
		const int fd = twist("192.0.2.1", &children[i]);
		spoke += speaks(fd);
		close(fd);
	}
	assert_int_equal(spoke, CHILDREN);
	for (int i = 0; i < CHILDREN; i++) {
		kill(children[i], SIGKILL);
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
	}
}

static void a_twist_has_an_end_where_the_rule_says_so(void **state)
{
	(void)state;
	pid_t child;
	int status = 0;
	table_files_set("in.trapd: ALL: trap-time 1s: twist echo hello; sleep 60\n", "");
	const int fd = twist("192.0.2.1", &child);
	assert_true(speaks(fd));
	assert_false(speaks(fd)); /* its end: nobody has the descriptor any more */
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	close(fd);
}

static void a_twist_that_is_not_run_denies(void **state)
{
	(void)state;
	pid_t child;
	int status = 0;
	table_files_set("in.trapd: ALL: trap-limit 1/1m: twist echo hello\n", "");
	int fd = twist("192.0.2.1", &child);
	assert_true(speaks(fd));
	close(fd);
	waitpid(child, &status, 0);
	fd = twist("192.0.2.1", &child);
	assert_false(speaks(fd));
	close(fd);
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 9); /* it came back */
	assert_int_equal(ask("192.0.2.1"), 0);
	is_logged("hosts.allow, line 1: not run for 192.0.2.1, 1 in 60 s is reached (2 times by now): echo hello");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_command_runs_for_a_source_and_a_rule, begin),
		cmocka_unit_test_setup(two_commands_of_a_rule_are_two, begin),
		cmocka_unit_test_setup(processes_count_together, begin),
		cmocka_unit_test_setup(all_sources_together_get_only_so_many, begin),
		cmocka_unit_test_setup(a_rule_may_say_otherwise, begin),
		cmocka_unit_test_setup(after_the_interval_it_runs_again_and_tells_how_often_it_did_not, begin),
		cmocka_unit_test_setup(only_so_many_run_at_a_time, begin),
		cmocka_unit_test_setup(a_command_is_killed_at_its_time_and_not_waited_for_longer, begin),
		cmocka_unit_test_setup(as_many_twists_as_may_run_and_no_more, begin),
		cmocka_unit_test_setup(a_twist_has_an_end_where_the_rule_says_so, begin),
		cmocka_unit_test_setup(a_twist_that_is_not_run_denies, begin),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
