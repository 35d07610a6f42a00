/* SPDX-License-Identifier: ISC */
/*
 * A child made by fork() belongs to the whole process: its end sends SIGCHLD, and a daemon that collects its own children
 * with wait() collects it, too (or has SIGCHLD ignored, and nobody can). A child of clone() with no signal
 * to send is seen by nobody but who asks for it with __WALL; but once it executes a program, it is a child
 * like any other. So there are two:
 *
 *     daemon ---clone, no signal---> watcher ---clone---> /bin/sh
 *
 * The watcher executes nothing. It waits, kills what is late, and tells by its exit code what came of it. Neither shares
 * memory with the daemon, and between clone and exec nothing is called that takes a lock.
 */
#include "libwrap/wrap_command.h"

#include "base/clock_now.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SHELL_STACK_SIZE = 16 * 1024, /* a dozen system calls */
	WATCHER_STACK_SIZE = SHELL_STACK_SIZE + 16 * 1024,
	NOT_EXECUTED = 127, /* what a shell says, too */
};

struct order {
	const char *command;
	unsigned seconds;
};

static atomic_int running;

/* Waits for the end of the process behind the descriptor. */
static bool wait_for_end(int pidfd, int64_t deadline_ms)
{
	for (;;) {
		const int64_t left = deadline_ms - clock_now_monotonic_ms();
		struct pollfd p = {.fd = pidfd, .events = POLLIN};
		const int ready = poll(&p, 1, left > 0 ? (int)left : 0);
		if (ready > 0)
			return true;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

/* Its exit code; -1 for a signal, or where somebody else has collected it. */
static int collect(pid_t child)
{
	int status = 0;
	while (waitpid(child, &status, __WALL) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- the shell ------------------------------------------------------------------------------------------ */

static int be_shell(void *command)
{
	char *words[] = {(char *)"sh", (char *)"-c", command, NULL};
	sigset_t none;
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve("/bin/sh", words, environ);
	_exit(NOT_EXECUTED);
}

/* ---- the watcher ---------------------------------------------------------------------------------------- */

/* A handler of the daemon must not run in a child. Nothing is ignored but SIGHUP. */
static void reset_signals(void)
{
	const struct sigaction by_default = {.sa_handler = SIG_DFL};
	const struct sigaction ignored = {.sa_handler = SIG_IGN};
	for (int i = 1; i < NSIG; i++)
		sigaction(i, i == SIGHUP ? &ignored : &by_default, NULL);
}

static bool take_descriptors_away(void)
{
	const int null = open("/dev/null", O_RDWR);
	if (null < 0)
		return false;
	for (int i = 0; i < 3; i++) {
		if (null != i && dup2(null, i) < 0)
			return false;
	}
	return close_range(3, ~0U, 0) == 0;
}

static enum wrap_command_end watch(pid_t shell, int pidfd, unsigned seconds)
{
	if (wait_for_end(pidfd, clock_now_monotonic_ms() + (int64_t)seconds * 1000))
		return collect(shell) == 0 ? WRAP_COMMAND_ZERO : WRAP_COMMAND_OTHER;
	kill(-shell, SIGKILL);
	kill(shell, SIGKILL); /* it may not have come to its group yet */
	return WRAP_COMMAND_LATE;
}

static int be_watcher(void *arg)
{
	_Alignas(16) char stack[SHELL_STACK_SIZE];
	const struct order *order = arg;
	int pidfd = -1;
	reset_signals();
	if (!take_descriptors_away())
		_exit(WRAP_COMMAND_NOT_RUN);
	const pid_t shell = clone(be_shell, stack + sizeof stack, CLONE_PIDFD | SIGCHLD,
		(void *)(uintptr_t)order->command, &pidfd);
	if (shell < 0)
		_exit(WRAP_COMMAND_NOT_RUN);
	_exit((int)watch(shell, pidfd, order->seconds));
}

/* ---- the daemon ----------------------------------------------------------------------------------------- */

static enum wrap_command_end run(const char *command, unsigned seconds)
{
	_Alignas(16) char stack[WATCHER_STACK_SIZE];
	struct order order = {command, seconds};
	sigset_t all, before;
	int pidfd = -1;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* until the child has no handlers of ours any more */
	const pid_t watcher = clone(be_watcher, stack + sizeof stack, CLONE_PIDFD, &order, &pidfd);
	const int failed = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (watcher < 0) {
		errno = failed;
		return WRAP_COMMAND_NOT_RUN;
	}
	/* The watcher keeps the time; should it be stopped, this does not stop with it. */
	int code = -1;
	if (wait_for_end(pidfd, clock_now_monotonic_ms() + ((int64_t)seconds + 1) * 1000)) {
		code = collect(watcher);
	} else {
		kill(watcher, SIGKILL);
		if (wait_for_end(pidfd, clock_now_monotonic_ms() + 1000))
			collect(watcher);
	}
	close(pidfd);
	errno = EAGAIN;
	return code < 0 ? WRAP_COMMAND_LATE : (enum wrap_command_end)code;
}

enum wrap_command_end wrap_command_run(const char *command, unsigned seconds)
{
	enum wrap_command_end end = WRAP_COMMAND_NOT_RUN;
	if (atomic_fetch_add(&running, 1) < WRAP_COMMAND_AT_ONCE)
		end = run(command, seconds);
	else
		errno = EAGAIN;
	const int failed = errno;
	atomic_fetch_sub(&running, 1);
	errno = failed;
	return end;
}
