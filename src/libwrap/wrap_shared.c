/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_shared.h"

#include "access/access_limit.h"
#include "access/access_window.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name;
	size_t size;
} kinds[] = {
	[WRAP_SHARED_LIMITS] = {"access.limits", ACCESS_LIMIT_BYTES},
	[WRAP_SHARED_TRAPS] = {"access.traps", ACCESS_WINDOW_BYTES},
};

/* Made at their first use, kept to the end of the process. */
static void *own[sizeof kinds / sizeof kinds[0]];
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

/* Blocks of a file system that is full would be missed when they are written, by SIGBUS. */
static bool has_blocks(int fd, const struct stat *st, size_t size)
{
	return (size_t)st->st_blocks * 512 >= size || posix_fallocate(fd, 0, (off_t)size) == 0;
}

static bool is_ours(int fd, size_t size)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 && st.st_uid == geteuid() &&
	       (st.st_mode & 022) == 0 && has_blocks(fd, &st, size) && fstat(fd, &st) == 0 && st.st_size >= (off_t)size;
}

static void *map_file(const char *path, size_t size)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return NULL;
	void *memory = MAP_FAILED;
	if (is_ours(fd, size))
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}

static void *own_memory(enum wrap_shared_kind kind)
{
	pthread_mutex_lock(&making);
	if (!own[kind]) {
		/* Shared, so that the children a daemon forks count together. */
		void *memory = mmap(NULL, kinds[kind].size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		own[kind] = memory == MAP_FAILED ? NULL : memory;
	}
	void *memory = own[kind];
	pthread_mutex_unlock(&making);
	return memory;
}

struct wrap_shared wrap_shared_open_at(enum wrap_shared_kind kind, const char *const paths[], size_t count)
{
	const int kept = errno;
	struct wrap_shared shared = {.size = kinds[kind].size};
	for (size_t i = 0; i < count && !shared.memory; i++)
		shared.memory = map_file(paths[i], shared.size);
	if (!shared.memory) {
		shared.is_own = true;
		shared.memory = own_memory(kind);
	}
	errno = kept;
	return shared;
}

struct wrap_shared wrap_shared_open(enum wrap_shared_kind kind)
{
	char for_all[64], of_user[64];
	snprintf(for_all, sizeof for_all, "/run/knockwatch/%s", kinds[kind].name);
	snprintf(of_user, sizeof of_user, "/dev/shm/knockwatch.%s.%lu", kinds[kind].name, (unsigned long)geteuid());
	return wrap_shared_open_at(kind, (const char *const[]){for_all, of_user}, 2);
}

void wrap_shared_close(const struct wrap_shared *shared)
{
	const int kept = errno;
	if (shared->memory && !shared->is_own)
		munmap(shared->memory, shared->size);
	errno = kept;
}
