/* SPDX-License-Identifier: ISC */
#include "priv/role_process.h"

#include "priv/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SELF "/proc/self/exe"
#define STEP_MS 10
#define FAILED_TO_START 7 /* "internal error", as everywhere */

/* What a library would listen to otherwise (LD_PRELOAD, MALLOC_...) is not handed on. */
static char *const *clean_environment(void)
{
	static const char *const kept[] = {"TZ", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE",
		"JOURNAL_STREAM", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
		"LLVM_PROFILE_FILE"};
	static char *list[sizeof kept / sizeof kept[0] + 1];
	static char texts[sizeof kept / sizeof kept[0]][256];
	unsigned n = 0;
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		const char *value = getenv(kept[i]);
		if (value == NULL || snprintf(texts[n], sizeof texts[n], "%s=%s", kept[i], value) >=
					     (int)sizeof texts[n])
			continue;
		list[n] = texts[n];
		n++;
	}
	list[n] = NULL;
	return list;
}

/* In the new process: keeps standard error and the channel, and becomes the program again. */
static _Noreturn void become(int channel, char *const *argv)
{
	sigset_t none;
	sigemptyset(&none);
	int null = open("/dev/null", O_RDWR);
	bool ok = null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0;
	/* dup2 onto itself would leave the flag that closes it. */
	ok = ok && (channel == ROLE_PROCESS_CHANNEL ? fcntl(channel, F_SETFD, 0) == 0
						    : dup2(channel, ROLE_PROCESS_CHANNEL) >= 0);
	ok = ok && close_range(ROLE_PROCESS_CHANNEL + 1, ~0u, 0) == 0;
	if (ok && sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execve(SELF, argv, clean_environment());
	_exit(FAILED_TO_START);
}

bool role_process_start(struct role_process *out, char *const *argv)
{
	int ends[2];
	*out = (struct role_process){.channel = -1};
	if (!channel_open_pair(ends))
		return false;
	pid_t pid = fork();
	if (pid == 0)
		become(ends[1], argv);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	*out = (struct role_process){.pid = pid, .channel = ends[0]};
	return true;
}

static int code_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int role_process_end(struct role_process *p, int timeout_ms)
{
	const struct timespec step = {0, STEP_MS * 1000000L};
	int status = 0;
	if (p->channel >= 0)
		close(p->channel);
	p->channel = -1;
	if (p->pid == 0)
		return 0;
	pid_t pid = p->pid, ended;
	p->pid = 0;
	for (int waited = 0; (ended = waitpid(pid, &status, WNOHANG)) == 0; waited += STEP_MS) {
		if (waited >= timeout_ms && kill(pid, SIGKILL) < 0)
			return 0;
		nanosleep(&step, NULL);
	}
	return ended == pid ? code_of(status) : 0;
}
