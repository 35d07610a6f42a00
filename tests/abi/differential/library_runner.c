/* SPDX-License-Identifier: ISC */
#include "library_runner.h"

#include "wrap_call.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WALL_LIMIT_MS = 4000,
	CPU_LIMIT_S = 2,
};

struct library_runner {
	const char *library, *name;
	const struct access_case *c; /* shared */
	pid_t pid;
	int ask, answer;         /* a byte each */
	struct outcome *outcome; /* shared */
};

static void give_up(const char *what)
{
	fprintf(stderr, "library_runner: %s: %s\n", what, strerror(errno));
	exit(7);
}

void *library_runner_share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		give_up("mmap");
	return p;
}

/* True once the child has ended, false after the limit. */
static bool child_ends(pid_t child)
{
	int fd = (int)syscall(SYS_pidfd_open, child, 0);
	if (fd < 0)
		return true; /* then it is waited for without a limit */
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int n = poll(&p, 1, WALL_LIMIT_MS);
	close(fd);
	return n > 0;
}

static void read_text(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;
	while (used + 1 < size && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
}

/* For whoever the process becomes: else the first command, if it still runs as root, makes a file of root's. */
static void make_room_for_what_ran(const char *path)
{
	unlink(path); /* a late command of the case before may have made one of its own */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0 || fchmod(fd, 0666) != 0)
		give_up(path);
	close(fd);
}

static void read_what_ran(const char *path, struct outcome *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	out->ran[0] = '\0';
	if (fd < 0)
		return;
	read_text(fd, out->ran, sizeof out->ran);
	close(fd);
	unlink(path);
}

static void run_in_child(const struct wrap_library *l, const struct access_case *c, struct outcome *out, int client,
	const char *place)
{
	struct rlimit cpu = {CPU_LIMIT_S, CPU_LIMIT_S}, core = {0, 0};
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &core);
	setpgid(0, 0); /* so that what it starts can be ended with it */
	clearenv();
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("KW_OUT", place, 1);
	wrap_call_case(l, c, client, out);
	_exit(0);
}

static void clear_outcome(struct outcome *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < CASE_ROUNDS; i++)
		out->round[i].verdict = -1;
	out->end = END_EXITED; /* until it says that it came back */
}

static void tell_end(struct outcome *out, bool ended, int status)
{
	if (!ended || (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))) {
		out->end = END_TOO_LONG;
	} else if (WIFSIGNALED(status)) {
		out->end = END_KILLED;
		out->code = WTERMSIG(status);
	} else if (out->end != END_RETURNED) {
		out->code = WEXITSTATUS(status);
	}
}

static void run_case(const struct wrap_library *l, const struct access_case *c, struct outcome *out, const char *place)
{
	int pair[2], status = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		give_up("socketpair");
	make_room_for_what_ran(place);
	pid_t child = fork();
	if (child < 0)
		give_up("fork");
	if (child == 0) {
		close(pair[0]);
		run_in_child(l, c, out, pair[1], place);
	}
	close(pair[1]);
	setpgid(child, child);
	bool ended = child_ends(child);
	kill(-child, SIGKILL);
	if (waitpid(child, &status, 0) != child)
		give_up("waitpid");
	tell_end(out, ended, status);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	read_text(pair[0], out->said, sizeof out->said);
	close(pair[0]);
	read_what_ran(place, out);
}

static void serve(const struct wrap_library *l, const struct library_runner *r, int ask, int answer)
{
	char place[64], byte = 0;
	int pair[2];
	snprintf(place, sizeof place, CASE_PLACE "/out/%s", r->name);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		give_up("socketpair");
	while (read(ask, &byte, 1) == 1) {
		clear_outcome(r->outcome);
		if (r->c->plain)
			wrap_call_case(l, r->c, pair[1], r->outcome);
		else
			run_case(l, r->c, r->outcome, place);
		if (write(answer, &byte, 1) != 1)
			break;
	}
}

static void start(struct library_runner *r)
{
	int ask[2], answer[2];
	char ready = 'r';
	if (pipe2(ask, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0)
		give_up("pipe");
	fflush(NULL);
	r->pid = fork();
	if (r->pid < 0)
		give_up("fork");
	if (r->pid == 0) {
		struct wrap_library l;
		struct rlimit core = {0, 0};
		close(ask[1]);
		close(answer[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setrlimit(RLIMIT_CORE, &core);
		clearenv();
		if (!wrap_call_load(&l, r->library))
			_exit(7);
		if (write(answer[1], &ready, 1) == 1)
			serve(&l, r, ask[0], answer[1]);
		_exit(0);
	}
	close(ask[0]);
	close(answer[1]);
	r->ask = ask[1];
	r->answer = answer[0];
	if (read(r->answer, &ready, 1) != 1)
		exit(7); /* it has said why */
}

/* Ends the process, or finds out how it ended. Closing is not enough: a runner started later holds the other end, too. */
static int stop(struct library_runner *r, bool kill_it)
{
	int status = 0;
	close(r->ask);
	close(r->answer);
	if (kill_it)
		kill(r->pid, SIGKILL);
	waitpid(r->pid, &status, 0);
	return status;
}

struct library_runner *library_runner_start(const char *library, const char *name, const struct access_case *c)
{
	struct library_runner *r = calloc(1, sizeof *r);
	if (!r)
		give_up("calloc");
	r->library = library;
	r->name = name;
	r->c = c;
	r->outcome = library_runner_share(sizeof *r->outcome);
	start(r);
	return r;
}

void library_runner_begin(struct library_runner *r)
{
	char byte = 'q';
	if (write(r->ask, &byte, 1) != 1)
		give_up("a runner is gone");
}

const struct outcome *library_runner_wait(struct library_runner *r)
{
	struct pollfd p = {.fd = r->answer, .events = POLLIN};
	char byte;
	bool in_time = poll(&p, 1, 2 * WALL_LIMIT_MS) > 0;
	if (in_time && read(r->answer, &byte, 1) == 1)
		return r->outcome;
	tell_end(r->outcome, in_time, stop(r, !in_time));
	start(r);
	return r->outcome;
}

const struct outcome *library_runner_outcome(const struct library_runner *r)
{
	return r->outcome;
}

void library_runner_stop(struct library_runner *r)
{
	stop(r, true);
	munmap(r->outcome, sizeof *r->outcome);
	free(r);
}
