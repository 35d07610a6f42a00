/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_limit.h"

#include "access/access_limit.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of a process that may not write the file of all: made at its first limit, kept to its end. */
static void *of_this_process;
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static bool is_ours(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 022) == 0 &&
	       (st.st_size >= (off_t)ACCESS_LIMIT_BYTES || ftruncate(fd, ACCESS_LIMIT_BYTES) == 0);
}

/* Null where the process may not. The directory is made by whoever installs us (tmpfiles.d). */
static void *map_of_all(void)
{
	int fd =
		open(WRAP_LIMIT_PATH, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return NULL;
	void *memory = MAP_FAILED;
	if (is_ours(fd))
		memory = mmap(NULL, ACCESS_LIMIT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}

static void *own_memory(void)
{
	pthread_mutex_lock(&making);
	if (!of_this_process) {
		/* Shared, so that the children a daemon forks count together. */
		void *memory = mmap(NULL, ACCESS_LIMIT_BYTES, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		of_this_process = memory == MAP_FAILED ? NULL : memory;
	}
	void *memory = of_this_process;
	pthread_mutex_unlock(&making);
	return memory;
}

/* Field 22 of /proc/PID/stat: when it was started; behind the name, which may hold anything. */
static bool read_start(uint32_t pid, uint32_t *started)
{
	enum { FIELDS_BEHIND_NAME = 20 };
	char path[32], text[1024];
	snprintf(path, sizeof path, "/proc/%u/stat", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *p = strrchr(text, ')');
	for (int i = 0; p && i < FIELDS_BEHIND_NAME; i++)
		p = strchr(p + 1, ' ');
	if (!p)
		return false;
	*started = (uint32_t)strtoull(p, NULL, 10);
	return true;
}

static bool is_there(void *self, struct access_limit_visitor v)
{
	uint32_t started;
	(void)self;
	return read_start(v.pid, &started) && started == v.started;
}

static bool count(void *memory, const struct access_option *option, struct access_limit_key key)
{
	struct timespec now;
	if (option->kind == ACCESS_OPTION_LIMIT) {
		clock_gettime(CLOCK_BOOTTIME, &now);
		return access_limit_pace(memory, key, (unsigned)option->number,
			(uint64_t)option->span_s * 1000000000u,
			(uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
	}
	struct access_limit_visitor me = {.pid = (uint32_t)getpid()};
	/* Without /proc nobody can be counted. */
	return !read_start(me.pid, &me.started) ||
	       access_limit_enter(memory, key, (unsigned)option->number, me, is_there, NULL);
}

static void say_why(
	const struct access_option *option, const char *client, char why[WRAP_LIMIT_WHY_SIZE])
{
	struct text_buffer b = text_buffer_over(why, WRAP_LIMIT_WHY_SIZE);
	text_buffer_printf(&b, "%s %d", access_option_keyword(option->kind), option->number);
	if (option->kind == ACCESS_OPTION_LIMIT)
		text_buffer_printf(&b, " in %u s", option->span_s);
	text_buffer_add(&b, " reached by ");
	text_buffer_add_escaped(&b, client, strlen(client));
}

bool wrap_limit_admits(const struct access_request *q, const struct access_option *option,
	char why[WRAP_LIMIT_WHY_SIZE])
{
	const char *client = q->answers->address(q->self, ACCESS_CLIENT);
	struct addr address = {0};
	(void)addr_parse(client, strlen(client), &address); /* unknown: all of them together */
	char counted[ACCESS_TEXT_SIZE + 32]; /* limits that differ are counted apart */
	snprintf(counted, sizeof counted, "%s %d/%u", q->daemon, option->number, option->span_s);
	struct access_limit_key key =
		access_limit_key_of(counted, &address, option->v4_bits, option->v6_bits);
	int kept = errno;
	void *shared = map_of_all(), *memory = shared ? shared : own_memory();
	bool admitted = !memory || count(memory, option, key);
	if (shared)
		munmap(shared, ACCESS_LIMIT_BYTES);
	errno = kept;
	if (!admitted)
		say_why(option, client, why);
	return admitted;
}
