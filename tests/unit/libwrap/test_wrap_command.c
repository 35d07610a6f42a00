/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_command.h"

#include "base/clock_now.h"
#include "table_check.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
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
		{"sleep 60 &", WRAP_COMMAND_ZERO},
	};
	unsigned faults = 0;
	const int64_t begin = clock_now_monotonic_ms();
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(
			rows[i].command, "end", wrap_command_run(rows[i].command, 10), rows[i].end);
	assert_int_equal(faults, 0);
	assert_in_range(clock_now_monotonic_ms() - begin, 0, 5000);
}

static void what_takes_too_long_is_killed_with_its_children(void **state)
{
	(void)state;
	char text[200];
	const int64_t begin = clock_now_monotonic_ms();
	assert_int_equal(wrap_command_run("sleep 60 & echo $! > child; wait", 1), WRAP_COMMAND_LATE);
	assert_in_range(clock_now_monotonic_ms() - begin, 900, 4000);
	const pid_t child = (pid_t)atoi(contents("child", text));
	assert_true(child > 1);
	for (int i = 0; i < 100 && kill(child, 0) == 0; i++)
		usleep(20 * 1000); /* until init has collected it */
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
	assert_true(kill(child, 0) < 0 || strstr(contents(path, text), ") Z ") != NULL);
}

static void its_descriptors_are_the_null_device_and_no_others(void **state)
{
	(void)state;
	char text[200];
	const int fd = open("secret", O_RDWR | O_CREAT, 0600); /* not close-on-exec */
	assert_int_equal(dup2(fd, 77), 77);
	assert_int_equal(wrap_command_run("p=/proc/$$/fd; x=$(readlink $p/0 $p/1 $p/2 $p/77); echo \"$x\" > fds", 10),
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
	assert_int_equal(wrap_command_run("true", 10), WRAP_COMMAND_ZERO);
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
	assert_int_equal(wrap_command_run("exit 0", 10), WRAP_COMMAND_ZERO);
	assert_int_equal(wrap_command_run("exit 1", 10), WRAP_COMMAND_OTHER);
	assert_int_equal(wrap_command_run("sh -c 'exit 4'; test $? = 4", 10), WRAP_COMMAND_ZERO);
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
	assert_int_equal(wrap_command_run("kill -TERM $$; exit 0", 10), WRAP_COMMAND_OTHER);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_int_equal(wrap_command_run("kill -HUP $$; exit 0", 10), WRAP_COMMAND_ZERO);
}

static void *run_sleeper(void *end)
{
	*(enum wrap_command_end *)end = wrap_command_run("sleep 1", 10);
	return NULL;
}

static void only_so_many_run_at_once(void **state)
{
	(void)state;
	enum { THREADS = WRAP_COMMAND_AT_ONCE + 4 };
	pthread_t threads[THREADS];
	enum wrap_command_end ends[THREADS];
	unsigned run = 0, refused = 0;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_sleeper, &ends[i]);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		run += ends[i] == WRAP_COMMAND_ZERO;
		refused += ends[i] == WRAP_COMMAND_NOT_RUN;
	}
	assert_int_equal(run + refused, THREADS);
	assert_in_range(refused, 1, 4);
	assert_int_equal(wrap_command_run("true", 10), WRAP_COMMAND_ZERO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_is_told),
		cmocka_unit_test(what_takes_too_long_is_killed_with_its_children),
		cmocka_unit_test(its_descriptors_are_the_null_device_and_no_others),
		cmocka_unit_test(the_daemon_sees_nothing_of_it),
		cmocka_unit_test(ignored_children_of_the_daemon_do_not_matter),
		cmocka_unit_test(its_signals_are_fresh),
		cmocka_unit_test(only_so_many_run_at_once),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
