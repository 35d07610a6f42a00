/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_command.h"

#include "base/clock_now.h"
#include "in_child.h"
#include "table_check.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/kw-command-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command); // NOLINT: a test
}

static const char *contents(const char *path, char text[200])
{
	FILE *f = fopen(path, "r");
	if (!f)
		return NULL;
	const size_t got = fread(text, 1, 199, f);
	fclose(f);
	text[got] = '\0';
	return text;
}

/* Waited for to its end. */
static enum wrap_command_end run(const char *text, unsigned seconds)
{
	return wrap_command_run(&(struct wrap_command){.text = text, .wait_seconds = seconds, .life_seconds = seconds});
}

static enum wrap_command_end run_on(const char *text, unsigned wait_seconds, unsigned life_seconds, const char *late_line)
{
	return wrap_command_run(&(struct wrap_command){
		.text = text, .wait_seconds = wait_seconds, .life_seconds = life_seconds, .late_line = late_line});
}

static void the_end_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *command;
		enum wrap_command_end end;
	} rows[] = {
		{"true", WRAP_COMMAND_ZERO},
		{"exit 3", WRAP_COMMAND_OTHER},
		{"kill -9 $$", WRAP_COMMAND_OTHER},
		{"no-such-command-at-all", WRAP_COMMAND_OTHER},
		{"", WRAP_COMMAND_ZERO},
		{"sleep 11 &", WRAP_COMMAND_ZERO},
	};
	unsigned faults = 0;
	const int64_t begin = clock_now_monotonic_ms();
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(
			rows[i].command, "end", run(rows[i].command, 10), rows[i].end);
	assert_int_equal(faults, 0);
	assert_in_range(clock_now_monotonic_ms() - begin, 0, 5000);
}

static bool has_number(const char *file)
{
	char text[200];
	const char *number = contents(file, text);
	return number && strchr(number, '\n');
}

/* The process whose number is in a file is over, or nothing but a body that nobody has collected. */
static bool is_gone(const char *file)
{
	char text[200], path[64];
	const char *number = contents(file, text);
	const pid_t process = number ? (pid_t)atoi(number) : 0;
	assert_true(process > 1);
	if (kill(process, 0) < 0)
		return true;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
	return !contents(path, text) || strstr(text, ") Z ") != NULL;
}

static bool is_gone_soon(const char *file)
{
	for (int i = 0; i < 250 && !is_gone(file); i++)
		usleep(20 * 1000);
	return is_gone(file);
}

static void what_takes_too_long_is_killed_with_its_children(void **state)
{
	(void)state;
	const int64_t begin = clock_now_monotonic_ms();
	assert_int_equal(run("sleep 60 & echo $! > child; wait", 1), WRAP_COMMAND_LATE);
	assert_in_range(clock_now_monotonic_ms() - begin, 900, 4000);
	assert_true(is_gone("child"));
}

/* Whatever it does to get away: a group, a session, parents that end, and ears for signals. */
static void what_goes_into_the_background_has_the_same_end(void **state)
{
	(void)state;
	static const struct {
		const char *name, *command;
	} rows[] = {
		{"a job", "sleep 60 & echo $! >late"},
		{"a job of a job", "(sleep 60 & echo $! >late) &"},
		{"a session", "setsid sh -c 'echo $$ >late; exec sleep 60' &"},
		{"a session of a session", "setsid sh -c 'setsid sh -c \"echo \\$\\$ >late; exec sleep 60\" &' &"},
		{"one that hears no signal", "(trap '' TERM INT HUP; sleep 60 & echo $! >late; wait) &"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		unlink("late");
		const int64_t begin = clock_now_monotonic_ms();
		faults += table_check_number(rows[i].name, "end", run_on(rows[i].command, 10, 1, NULL), WRAP_COMMAND_ZERO);
		faults += table_check_number(rows[i].name, "waited", clock_now_monotonic_ms() - begin > 900, false);
		for (int n = 0; n < 90 && !has_number("late"); n++)
			usleep(10 * 1000);
		faults += table_check_number(rows[i].name, "gone at once", is_gone("late"), false);
		faults += table_check_number(rows[i].name, "gone", is_gone_soon("late"), true);
	}
	assert_int_equal(faults, 0);
}

static void whoever_waits_need_not_wait_to_the_end(void **state)
{
	(void)state;
	const int64_t begin = clock_now_monotonic_ms();
	assert_int_equal(run_on("echo $$ >shell; sleep 60", 1, 2, NULL), WRAP_COMMAND_RUNS_ON);
	assert_in_range(clock_now_monotonic_ms() - begin, 900, 1900);
	assert_false(is_gone("shell"));
	assert_true(is_gone_soon("shell"));
	assert_in_range(clock_now_monotonic_ms() - begin, 1900, 5000);
}

static void the_keeper_is_gone_with_the_last_of_them(void **state)
{
	(void)state;
	assert_int_equal(run("echo $PPID >keeper; sleep 0.2 &", 10), WRAP_COMMAND_ZERO);
	assert_false(is_gone("keeper"));
	assert_true(is_gone_soon("keeper"));
	assert_int_equal(run("echo $PPID >keeper", 10), WRAP_COMMAND_ZERO);
	assert_true(is_gone_soon("keeper"));
}

static bool never(void *self)
{
	(void)self;
	return false;
}

static void what_may_not_run_does_not(void **state)
{
	(void)state;
	assert_int_equal(wrap_command_run(&(struct wrap_command){
				 .text = "touch ran", .wait_seconds = 10, .life_seconds = 10, .may_run = never}),
		WRAP_COMMAND_REFUSED);
	assert_int_equal(access("ran", F_OK), -1);
}

/* A keeper that is told to end (a service that is stopped) ends its command first. */
static void a_keeper_that_is_ended_ends_its_command(void **state)
{
	(void)state;
	char text[200];
	assert_int_equal(run("echo $PPID >keeper; sleep 60 & echo $! >late", 10), WRAP_COMMAND_ZERO);
	assert_true(has_number("late"));
	assert_int_equal(kill((pid_t)atoi(contents("keeper", text)), SIGTERM), 0);
	assert_true(is_gone_soon("late"));
	assert_true(is_gone_soon("keeper"));
}

static void a_process_can_have_an_end_of_its_own(void **state)
{
	(void)state;
	int status = 0;
	const int64_t begin = clock_now_monotonic_ms();
	const pid_t child = fork();
	if (child == 0) {
		if (wrap_command_end_self(1, NULL))
			execl("/bin/sh", "sh", "-c", "sleep 60 & echo $! >late; wait", (char *)NULL);
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_in_range(clock_now_monotonic_ms() - begin, 900, 5000);
	assert_true(is_gone_soon("late"));
}

/* A child with an end of its own that becomes this shell, until that shell is over. */
static void twist(unsigned seconds, const char *command)
{
	int status = 0;
	const pid_t child = fork();
	if (child == 0) {
		if (wrap_command_end_self(seconds, NULL))
			execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void what_it_leaves_behind_has_the_same_end(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"sleep 60 & echo $! >late",
		"(sleep 60 & echo $! >late) & wait",
		"(trap '' TERM INT HUP; sleep 60 & echo $! >late; wait) & while [ ! -s late ]; do :; done",
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		unlink("late");
		const int64_t begin = clock_now_monotonic_ms();
		twist(2, rows[i]);
		assert_in_range(clock_now_monotonic_ms() - begin, 0, 1900);
		assert_true(has_number("late"));
		assert_false(is_gone("late"));
		assert_true(is_gone_soon("late"));
		assert_in_range(clock_now_monotonic_ms() - begin, 1900, 6000);
	}
}

/* Whose last one is over, whether the shell was it or not: orphans are ours here, and so is who stays with them. */
static void who_stays_with_a_process_is_gone_with_the_last_of_its_group(void **state)
{
	(void)state;
	static const char *const rows[] = {"true", "sleep 0.3 &"};
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		const int64_t begin = clock_now_monotonic_ms();
		twist(60, rows[i]);
		while (waitpid(-1, NULL, 0) > 0)
			continue;
		assert_int_equal(errno, ECHILD);
		assert_in_range(clock_now_monotonic_ms() - begin, 0, 10000);
	}
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}

static void its_descriptors_are_the_null_device_and_no_others(void **state)
{
	(void)state;
	char text[200];
	const int fd = open("secret", O_RDWR | O_CREAT, 0600); /* not close-on-exec */
	assert_int_equal(dup2(fd, 77), 77);
	assert_int_equal(run("p=/proc/$$/fd; x=$(readlink $p/0 $p/1 $p/2 $p/77); echo \"$x\" > fds", 10),
		WRAP_COMMAND_ZERO);
	close(fd);
	close(77);
	assert_string_equal(contents("fds", text), "/dev/null\n/dev/null\n/dev/null\n");
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void the_daemon_sees_nothing_of_it(void **state)
{
	(void)state;
	struct sigaction mine = {.sa_handler = count_signal}, before, after;
	sigaction(SIGCHLD, &mine, &before);
	signals = 0;
	assert_int_equal(run("true", 10), WRAP_COMMAND_ZERO);
	assert_int_equal(signals, 0);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
	sigaction(SIGCHLD, &before, &after);
	assert_ptr_equal(after.sa_handler, count_signal);
}

static void ignored_children_of_the_daemon_do_not_matter(void **state)
{
	(void)state;
	struct sigaction ignored = {.sa_handler = SIG_IGN}, before;
	sigaction(SIGCHLD, &ignored, &before);
	assert_int_equal(run("exit 0", 10), WRAP_COMMAND_ZERO);
	assert_int_equal(run("exit 1", 10), WRAP_COMMAND_OTHER);
	assert_int_equal(run("sh -c 'exit 4'; test $? = 4", 10), WRAP_COMMAND_ZERO);
	sigaction(SIGCHLD, &before, NULL);
}

/* Blocked and caught signals of the daemon are none of the command's; SIGHUP it does not hear. */
static void its_signals_are_fresh(void **state)
{
	(void)state;
	sigset_t some, before;
	sigemptyset(&some);
	sigaddset(&some, SIGTERM);
	sigprocmask(SIG_BLOCK, &some, &before);
	assert_int_equal(run("kill -TERM $$; exit 0", 10), WRAP_COMMAND_OTHER);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_int_equal(run("kill -HUP $$; exit 0", 10), WRAP_COMMAND_ZERO);
}

static void *run_sleeper(void *end)
{
	*(enum wrap_command_end *)end = run("sleep 1", 10);
	return NULL;
}

static void only_so_many_run_at_once(void **state)
{
	(void)state;
	enum { THREADS = WRAP_COMMAND_AT_ONCE + 4 };
	pthread_t threads[THREADS];
	enum wrap_command_end ends[THREADS];
	unsigned done = 0, refused = 0;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_sleeper, &ends[i]);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		done += ends[i] == WRAP_COMMAND_ZERO;
		refused += ends[i] == WRAP_COMMAND_NOT_RUN;
	}
	assert_int_equal(done + refused, THREADS);
	assert_in_range(refused, 1, 4);
	assert_int_equal(run("true", 10), WRAP_COMMAND_ZERO);
}

static int run_true(void)
{
	return run("true", 10) == WRAP_COMMAND_ZERO ? 0 : 1;
}

static atomic_bool is_over;

static void *run_again_and_again(void *unused)
{
	while (!is_over) {
		if (run("sleep 0.5", 10) == WRAP_COMMAND_NOT_RUN)
			usleep(1000);
	}
	return unused;
}

static void what_waits_in_a_parent_does_not_in_its_child(void **state)
{
	(void)state;
	enum { THREADS = WRAP_COMMAND_AT_ONCE + 4, TRIES = 200 };
	pthread_t threads[THREADS];
	int tries = 0;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_again_and_again, NULL);
	while (run_true() == 0 && tries++ < TRIES)
		usleep(20000); /* for one of them to take the place */
	const int code = in_child(run_true);
	is_over = true;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_in_range(tries, 0, TRIES);
	assert_int_equal(code, 0);
	assert_int_equal(run_true(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_is_told),
		cmocka_unit_test(what_takes_too_long_is_killed_with_its_children),
		cmocka_unit_test(what_goes_into_the_background_has_the_same_end),
		cmocka_unit_test(whoever_waits_need_not_wait_to_the_end),
		cmocka_unit_test(the_keeper_is_gone_with_the_last_of_them),
		cmocka_unit_test(what_may_not_run_does_not),
		cmocka_unit_test(a_keeper_that_is_ended_ends_its_command),
		cmocka_unit_test(a_process_can_have_an_end_of_its_own),
		cmocka_unit_test(what_it_leaves_behind_has_the_same_end),
		cmocka_unit_test(who_stays_with_a_process_is_gone_with_the_last_of_its_group),
		cmocka_unit_test(its_descriptors_are_the_null_device_and_no_others),
		cmocka_unit_test(the_daemon_sees_nothing_of_it),
		cmocka_unit_test(ignored_children_of_the_daemon_do_not_matter),
		cmocka_unit_test(its_signals_are_fresh),
		cmocka_unit_test(only_so_many_run_at_once),
		cmocka_unit_test(what_waits_in_a_parent_does_not_in_its_child),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
