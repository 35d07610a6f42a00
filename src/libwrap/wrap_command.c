/* SPDX-License-Identifier: ISC */
/*
 * A child made by fork() belongs to the whole process: its end sends SIGCHLD, and a daemon that collects its own children
 * with wait() collects it, too (or has SIGCHLD ignored, and nobody can). A child of clone() with no signal
 * to send is seen by nobody but who asks for it with __WALL. But what stays longer than the caller waits must be
 * nobody's child at all, for the caller may execute another program meanwhile (tcpd does). So there are three:
 *
 *     daemon ---clone, no signal---> starter ---clone---> keeper ---clone---> /bin/sh
 *                (ends at once)                (init's)
 *
 * The keeper tells by a word in a pipe what came of the shell. None of them shares memory with the daemon, and between
 * clone and exec nothing is called that takes a lock.
 */
#include "libwrap/wrap_command.h"

#include "base/clock_now.h"
#include "libwrap/wrap_keeper.h"
#include "libwrap/wrap_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 3000 }; /* for a keeper to kill, and tell */

/*
 * Two stacks are enough for three: nothing is shared, so each child runs in a copy, and what its parent's parent stood on
 * is free there.
 */
struct ladder {
	_Alignas(16) char upper[WRAP_KEEPER_STACK_SIZE];
	_Alignas(16) char lower[WRAP_KEEPER_STACK_SIZE];
	int (*stay)(struct ladder *l); /* the keeper */
	struct wrap_keeper keeper;
	pid_t process; /* who is to be ended */
	int pidfd;
};

static _Atomic uint64_t waiting; /* wrap_process_count */

static int be_keeper(void *arg)
{
	struct ladder *l = arg;
	return l->stay(l);
}

static int be_starter(void *arg)
{
	struct ladder *l = arg;
	_exit(clone(be_keeper, l->lower + sizeof l->lower, SIGCHLD, l) < 0);
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

/* False: no process. */
static bool start_keeper(struct ladder *l)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* until the child has no handlers of ours any more */
	const pid_t starter = clone(be_starter, l->upper + sizeof l->upper, 0, l);
	const int failed = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = failed;
	if (starter < 0)
		return false;
	const bool started = collect(starter) == 0;
	errno = EAGAIN;
	return started;
}

/* What the keeper says. */
static enum wrap_command_end listen_to(int ear, const struct wrap_command *command)
{
	/* The keeper keeps the time; should it be stopped, this does not stop with it. */
	const bool to_the_end = command->life_seconds <= command->wait_seconds;
	const int64_t deadline_ms = clock_now_monotonic_ms() + (to_the_end ? (int64_t)command->life_seconds * 1000 + GRACE_MS
									   : (int64_t)command->wait_seconds * 1000);
	char said[WRAP_KEEPER_SAYS] = {0};
	for (;;) {
		const int64_t left = deadline_ms - clock_now_monotonic_ms();
		struct pollfd p = {.fd = ear, .events = POLLIN};
		const int ready = poll(&p, 1, left <= 0 ? 0 : left < INT32_MAX ? (int)left : INT32_MAX);
		if (ready == 0)
			return to_the_end ? WRAP_COMMAND_LATE : WRAP_COMMAND_RUNS_ON;
		if (ready > 0 && (read(ear, said, sizeof said) >= 0 || errno != EINTR))
			break;
		if (ready < 0 && errno != EINTR)
			return WRAP_COMMAND_LATE;
	}
	errno = (unsigned char)said[1];
	switch ((enum wrap_keeper_word)said[0]) {
	case WRAP_KEEPER_ZERO:
		return WRAP_COMMAND_ZERO;
	case WRAP_KEEPER_OTHER:
		return WRAP_COMMAND_OTHER;
	case WRAP_KEEPER_REFUSED:
		return WRAP_COMMAND_REFUSED;
	case WRAP_KEEPER_NOT_RUN:
		return WRAP_COMMAND_NOT_RUN;
	case WRAP_KEEPER_LATE:
		break;
	}
	return WRAP_COMMAND_LATE; /* or the keeper was killed, and with it what it could tell */
}

static int keep(struct ladder *l)
{
	wrap_keeper_keep(&l->keeper);
}

static enum wrap_command_end run(const struct wrap_command *command)
{
	int ears[2];
	struct ladder l;
	if (pipe2(ears, O_CLOEXEC) < 0)
		return WRAP_COMMAND_NOT_RUN;
	l.stay = keep;
	l.keeper = (struct wrap_keeper){.command = command->text,
		.seconds = command->life_seconds,
		.may_run = command->may_run,
		.self = command->self,
		.late_line = command->late_line,
		.ear = ears[1],
		.stack_end = l.upper + sizeof l.upper};
	const bool started = start_keeper(&l);
	const int failed = errno;
	close(ears[1]);
	enum wrap_command_end end = WRAP_COMMAND_NOT_RUN;
	errno = failed;
	if (started)
		end = listen_to(ears[0], command);
	const int kept = errno;
	close(ears[0]);
	errno = kept;
	return end;
}

/* False: as many as may wait do. */
static bool begin_to_wait(void)
{
	uint64_t was = atomic_load(&waiting), is;
	do {
		const uint32_t count = wrap_process_count(was);
		if (count >= WRAP_COMMAND_AT_ONCE)
			return false;
		is = wrap_process_pack(count + 1);
	} while (!atomic_compare_exchange_weak(&waiting, &was, is));
	return true;
}

enum wrap_command_end wrap_command_run(const struct wrap_command *command)
{
	if (!begin_to_wait()) {
		errno = EAGAIN;
		return WRAP_COMMAND_NOT_RUN;
	}
	const enum wrap_command_end end = run(command);
	const int failed = errno;
	atomic_fetch_sub(&waiting, 1);
	errno = failed;
	return end;
}

static int end_other(struct ladder *l)
{
	wrap_keeper_end(l->process, l->pidfd, l->keeper.seconds, l->keeper.late_line);
}

bool wrap_command_end_self(unsigned seconds, const char *late_line)
{
	struct ladder l;
	l.stay = end_other;
	l.keeper = (struct wrap_keeper){.seconds = seconds, .late_line = late_line};
	l.process = wrap_process_id(); /* it is to be killed */
	l.pidfd = (int)syscall(SYS_pidfd_open, l.process, 0);
	if (l.pidfd < 0)
		return false;
	setpgid(0, 0); /* the first of a session has one already */
	const bool started = start_keeper(&l);
	const int failed = errno;
	close(l.pidfd);
	errno = failed;
	return started;
}
