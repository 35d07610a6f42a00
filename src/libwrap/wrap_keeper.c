/* SPDX-License-Identifier: ISC */
/*
 * Whose children are they? A shell that is told "work &" ends at once, and what works on is given to init: out of reach.
 * A process group does not hold it (setsid), a cgroup needs rights that most daemons lack, a PID namespace would show
 * the command other numbers than %p says. A "child subreaper" (prctl(2)) is given such orphans instead of init, needs no rights
 * and changes nothing that the command sees. Killing it peels the tree from its root: children of the killed become children
 * of the keeper, which looks for them (/proc/.../children) until nobody is left.
 *
 * A twist is no child of ours but what the service becomes; nobody can be put above a process that is there already. So what it
 * leaves behind is known by its group. The group's number is free for others once the last of it is over; a process with
 * this number says that it is another group's by now.
 */
#include "libwrap/wrap_keeper.h"

#include "base/clock_now.h"
#include "base/text_buffer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	NOT_EXECUTED = 127, /* what a shell says, too */
	KILLING_MS = 2000,
	KILLING_STEP_MS = 10,
	GROUP_STEP_MS = 50,
	GROUP_STEP_MAX_MS = 1000, /* a look at all processes costs milliseconds */
	KEPT_FD = 3,
};

/* ---- from the daemon's state to a clean one --------------------------------------------------------------- */

/* A handler of the daemon must not run in a child. Nothing is ignored but SIGHUP. */
static void reset_signals(void)
{
	const struct sigaction by_default = {.sa_handler = SIG_DFL};
	const struct sigaction ignored = {.sa_handler = SIG_IGN};
	for (int i = 1; i < NSIG; i++)
		sigaction(i, i == SIGHUP ? &ignored : &by_default, NULL);
}

/* 0, 1 and 2 are the null device, `kept` becomes KEPT_FD, and there are no others: not the client's socket. */
static bool take_descriptors_away(int kept)
{
	const int safe = fcntl(kept, F_DUPFD_CLOEXEC, KEPT_FD);
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (safe < 0 || null < 0)
		return false;
	for (int i = 0; i < 3; i++) {
		if (null == i ? fcntl(null, F_SETFD, 0) < 0 : dup2(null, i) < 0)
			return false;
	}
	if (safe != KEPT_FD && dup3(safe, KEPT_FD, O_CLOEXEC) < 0)
		return false;
	return close_range(KEPT_FD + 1, ~0U, 0) == 0;
}

/* To the system's log as a datagram of its own: syslog(3) takes a lock. */
static void send_line(const char *line)
{
	const struct sockaddr_un log = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	const int fd = line ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	if (fd < 0)
		return;
	(void)sendto(fd, line, strlen(line), MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&log, sizeof log);
	close(fd);
}

/* ---- the shell ------------------------------------------------------------------------------------------- */

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

/* ---- its end ---------------------------------------------------------------------------------------------- */

struct watch {
	pid_t shell;
	bool shell_ended, told;
};

/* False where nobody listens. */
static bool say(int ear, enum wrap_keeper_word word)
{
	const char bytes[WRAP_KEEPER_SAYS] = {(char)word, (char)errno};
	return write(ear, bytes, sizeof bytes) == sizeof bytes; /* SIGPIPE is blocked */
}

static bool tell(struct watch *w, enum wrap_keeper_word word)
{
	const bool heard = !w->told && say(KEPT_FD, word);
	if (!w->told)
		close(KEPT_FD);
	w->told = true;
	return heard;
}

/* Collects who has ended. False once there is nobody any more. */
static bool collect(struct watch *w)
{
	int status = 0;
	pid_t child;
	while ((child = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (child != w->shell)
			continue;
		w->shell_ended = true;
		tell(w, WIFEXITED(status) && WEXITSTATUS(status) == 0 ? WRAP_KEEPER_ZERO : WRAP_KEEPER_OTHER);
	}
	return child == 0 || errno != ECHILD;
}

/* Waits for a child's end, or a word to end. False at the deadline, and for that word. */
static bool wait_for_news(int64_t deadline_ms)
{
	const int64_t left = deadline_ms - clock_now_monotonic_ms();
	const struct timespec time = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
	sigset_t news;
	if (left <= 0)
		return false;
	sigemptyset(&news);
	sigaddset(&news, SIGCHLD);
	sigaddset(&news, SIGTERM);
	sigaddset(&news, SIGINT);
	const int got = sigtimedwait(&news, NULL, &time);
	return got == SIGCHLD || (got < 0 && errno == EINTR);
}

/* Those of our children that the kernel lists, as far as they fit; the others come later. False without a list. */
static bool kill_children(void)
{
	char text[4096];
	const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	const ssize_t n = read(fd, text, sizeof text);
	close(fd);
	pid_t child = 0;
	for (ssize_t i = 0; i < n; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			child = child * 10 + (text[i] - '0');
			continue;
		}
		if (child > 1)
			kill(child, SIGKILL);
		child = 0; /* a number that is cut has no blank behind it */
	}
	return n >= 0;
}

static void kill_all(struct watch *w)
{
	const int64_t end_ms = clock_now_monotonic_ms() + KILLING_MS;
	/* Its group's number is its own as long as it is not collected. */
	if (!w->shell_ended) {
		kill(-w->shell, SIGKILL);
		kill(w->shell, SIGKILL); /* it may not have come to its group yet */
	}
	w->told = true; /* its end is no news */
	do {
		if (!kill_children())
			kill(-w->shell, SIGKILL);
		(void)wait_for_news(clock_now_monotonic_ms() + KILLING_STEP_MS);
	} while (collect(w) && clock_now_monotonic_ms() < end_ms);
}

/* ---- both ------------------------------------------------------------------------------------------------- */

static void __attribute__((noreturn)) give_up(enum wrap_keeper_word word)
{
	struct watch w = {0};
	tell(&w, word);
	_exit(0);
}

int wrap_keeper_keep(const struct wrap_keeper *k)
{
	struct watch w = {0};
	const int64_t deadline_ms = clock_now_monotonic_ms() + (int64_t)k->seconds * 1000;
	setsid();
	reset_signals();
	if (!take_descriptors_away(k->ear))
		_exit(say(k->ear, WRAP_KEEPER_NOT_RUN) ? 0 : 1);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (k->may_run && !k->may_run(k->self))
		give_up(WRAP_KEEPER_REFUSED);
	w.shell = clone(be_shell, k->stack_end, SIGCHLD, (void *)(uintptr_t)k->command);
	if (w.shell < 0)
		give_up(WRAP_KEEPER_NOT_RUN);
	bool in_time = true;
	while (collect(&w)) {
		if (!in_time) {
			const bool is_told = w.told;
			kill_all(&w);
			w.told = is_told;
			if (!tell(&w, WRAP_KEEPER_LATE))
				send_line(k->late_line);
			break;
		}
		in_time = wait_for_news(deadline_ms);
	}
	_exit(0);
}

/* ---- the end of another ----------------------------------------------------------------------------------- */

/* A process's state and group, from its /proc/PID/stat behind the name, which may hold anything. */
static bool read_group(int proc, const char *pid, char *state, pid_t *group)
{
	char path[32], text[512];
	struct text_buffer b = text_buffer_over(path, sizeof path);
	text_buffer_add(&b, pid);
	text_buffer_add(&b, "/stat");
	const int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *p = strrchr(text, ')');
	if (!p || p[1] != ' ' || p[2] == '\0')
		return false;
	*state = p[2];
	p = strchr(p + 3, ' ');          /* the parent */
	p = p ? strchr(p + 1, ' ') : NULL; /* the group */
	*group = 0;
	for (p = p ? p + 1 : ""; *p >= '0' && *p <= '9'; p++)
		*group = *group * 10 + (*p - '0');
	return true;
}

enum membership { NO_MEMBER, MEMBER, NUMBER_OF_ANOTHER };

static enum membership membership_of(int proc, const char *pid, pid_t group)
{
	char state;
	pid_t its, number = 0;
	if (pid[0] < '1' || pid[0] > '9' || !read_group(proc, pid, &state, &its) || state == 'Z' || state == 'X')
		return NO_MEMBER;
	for (; *pid >= '0' && *pid <= '9'; pid++)
		number = number * 10 + (*pid - '0');
	if (number == group)
		return NUMBER_OF_ANOTHER;
	return its == group ? MEMBER : NO_MEMBER;
}

/* Whether somebody is left in the group whose first one is over. Where nothing can be listed, what the kernel says. */
static bool group_lives(pid_t group)
{
	_Alignas(struct dirent64) char names[2048];
	enum membership found = NO_MEMBER;
	ssize_t n = -1;
	if (kill(-group, 0) < 0 && errno == ESRCH)
		return false;
	const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (proc >= 0 && found != NUMBER_OF_ANOTHER && (n = getdents64(proc, (void *)names, sizeof names)) > 0) {
		for (ssize_t at = 0; at < n && found != NUMBER_OF_ANOTHER;) {
			const struct dirent64 *entry = (const void *)(names + at);
			const enum membership m = membership_of(proc, entry->d_name, group);
			at += entry->d_reclen;
			found = m == NO_MEMBER ? found : m;
		}
	}
	if (proc >= 0)
		close(proc);
	return found == MEMBER || (found == NO_MEMBER && n < 0);
}

/* False at the deadline. */
static bool wait_for_process(int64_t deadline_ms)
{
	for (;;) {
		const int64_t left = deadline_ms - clock_now_monotonic_ms();
		struct pollfd p = {.fd = KEPT_FD, .events = POLLIN};
		if (left <= 0)
			return false;
		if (poll(&p, 1, left < INT_MAX ? (int)left : INT_MAX) > 0)
			return true;
	}
}

/* False at the deadline. No event tells of it, so it looks now and then, the longer it lasts the less often. */
static bool wait_for_group(pid_t group, int64_t deadline_ms)
{
	for (int64_t step = GROUP_STEP_MS; group_lives(group);) {
		const int64_t left = deadline_ms - clock_now_monotonic_ms();
		if (left <= 0)
			return false;
		(void)poll(NULL, 0, (int)(left < step ? left : step));
		step = step * 2 < GROUP_STEP_MAX_MS ? step * 2 : GROUP_STEP_MAX_MS;
	}
	return true;
}

void wrap_keeper_end(pid_t process, int pidfd, unsigned seconds, const char *late_line)
{
	const int64_t deadline_ms = clock_now_monotonic_ms() + (int64_t)seconds * 1000;
	sigset_t none;
	setsid();
	reset_signals();
	if (!take_descriptors_away(pidfd))
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	const bool is_over = wait_for_process(deadline_ms);
	if (is_over && wait_for_group(process, deadline_ms))
		_exit(0);
	kill(-process, SIGKILL);
	if (!is_over)
		kill(process, SIGKILL);
	send_line(late_line);
	_exit(0);
}
