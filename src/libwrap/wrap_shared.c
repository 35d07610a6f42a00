/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_shared.h"

#include "access/access_limit.h"
#include "access/access_window.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define OF_ROOT "/run/knockwatch"
#define OF_OTHERS OF_ROOT "/limits"

static const struct {
	const char *name;
	size_t size;
} kinds[] = {
	[WRAP_SHARED_LIMITS] = {"access.limits", ACCESS_LIMIT_BYTES},
	[WRAP_SHARED_TRAPS] = {"access.traps", ACCESS_WINDOW_BYTES},
};

/* Why there is no file. */
enum { WHY_SIZE = 200 };

static void __attribute__((format(printf, 2, 3))) say(char why[WHY_SIZE], const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(why, WHY_SIZE, format, args);
	va_end(args);
}

/* ---- a file ------------------------------------------------------------------------------------------------- */

/* As packaging/systemd/knockwatch.tmpfiles.conf does at the start of the machine. */
static void make_places(void)
{
	if (mkdir(OF_ROOT, 0755) == 0 && chmod(OF_ROOT, 0755) == 0 && mkdir(OF_OTHERS, 0700) == 0)
		(void)chmod(OF_OTHERS, 01733); /* mkdir() obeys the umask */
}

static bool is_safe_directory(int fd, const char *path, char why[WHY_SIZE])
{
	struct stat st;
	if (fstat(fd, &st) != 0) {
		say(why, "%s: %m", path);
		return false;
	}
	const uid_t me = geteuid();
	const bool is_shut = (st.st_mode & 022) == 0, keeps_names = (st.st_mode & S_ISVTX) != 0 && me != 0;
	if ((st.st_uid == 0 || st.st_uid == me) && (is_shut || keeps_names))
		return true;
	say(why, "%s (of user %u, mode %o) can be changed by others", path, (unsigned)st.st_uid, st.st_mode & 07777);
	return false;
}

static int open_directory(const char *path, char why[WHY_SIZE])
{
	const int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		say(why, "%s: %m", path);
		return -1;
	}
	if (is_safe_directory(fd, path, why))
		return fd;
	close(fd);
	return -1;
}

/* O_CREAT alone is refused by the kernel for a name that another user took, with an error that does not tell of it. */
static int open_file(int directory, const char *name, char why[WHY_SIZE])
{
	enum { TRIES = 3, HOW = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK };
	struct stat st;
	int fd = -1;
	for (int i = 0; i < TRIES && fd < 0; i++) {
		fd = openat(directory, name, HOW);
		if (fd >= 0 || errno != ENOENT)
			break;
		fd = openat(directory, name, HOW | O_CREAT | O_EXCL, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd >= 0)
		return fd;
	const int failed = errno;
	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid != geteuid()) {
		say(why, "%s is taken by user %u", name, (unsigned)st.st_uid);
		return -1;
	}
	errno = failed;
	say(why, "%s: %m", name);
	return -1;
}

/* For file systems that have no better way; only behind what is there. */
static bool write_zeros(int fd, const struct stat *st, size_t size)
{
	static const char zeros[4096];
	for (off_t at = st->st_size; at < (off_t)size;) {
		const size_t left = size - (size_t)at;
		const ssize_t n = pwrite(fd, zeros, left < sizeof zeros ? left : sizeof zeros, at);
		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? n : 0;
	}
	return true;
}

/* Blocks of a file system that is full would be missed when they are written, by SIGBUS; to ask for more than RLIMIT_FSIZE
 * is answered by SIGXFSZ. */
static bool has_blocks(int fd, const struct stat *st, const char *name, size_t size, char why[WHY_SIZE])
{
	struct rlimit most;
	if ((size_t)st->st_blocks * 512 >= size && st->st_size >= (off_t)size)
		return true;
	if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && most.rlim_cur < size) {
		say(why, "%s: this process may write files of %llu bytes only", name, (unsigned long long)most.rlim_cur);
		return false;
	}
	errno = posix_fallocate(fd, 0, (off_t)size);
	if (errno == 0 || (errno == EOPNOTSUPP && write_zeros(fd, st, size)))
		return true;
	say(why, "%s: %m", name);
	return false;
}

static bool is_ours(int fd, const char *name, size_t size, char why[WHY_SIZE])
{
	struct stat st;
	if (fstat(fd, &st) != 0) {
		say(why, "%s: %m", name);
		return false;
	}
	if (st.st_uid != geteuid()) {
		say(why, "%s is taken by user %u", name, (unsigned)st.st_uid);
		return false;
	}
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1 || (st.st_mode & 022) != 0) {
		say(why, "%s is not a file with one name that nobody else may write", name);
		return false;
	}
	return has_blocks(fd, &st, name, size, why);
}

static void *map_file(const char *directory, const char *name, size_t size, char why[WHY_SIZE])
{
	void *memory = MAP_FAILED;
	const int at = open_directory(directory, why);
	const int fd = at >= 0 ? open_file(at, name, why) : -1;
	if (fd >= 0 && is_ours(fd, name, size, why)) {
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (memory == MAP_FAILED)
			say(why, "%s: %m", name);
	}
	if (fd >= 0)
		close(fd);
	if (at >= 0)
		close(at);
	return memory == MAP_FAILED ? NULL : memory;
}

/* ---- memory of one's own ------------------------------------------------------------------------------------ */

/*
 * Made at their first use, kept to the end of the process. There is no lock, for a child that is forked while another thread holds
 * one would wait for ever: who is later takes what the first one made. In a process that finds no memory every thread writes the
 * same maker, so it is right as soon as there is memory.
 */
static struct {
	_Atomic(void *) memory;
	atomic_long maker; /* a process */
} own[sizeof kinds / sizeof kinds[0]];
static atomic_long told_by; /* the last process that has told of it */
_Static_assert(ATOMIC_POINTER_LOCK_FREE == 2 && ATOMIC_LONG_LOCK_FREE == 2, "no lock in disguise");

/* Shared, so that the children a daemon forks count together. False: no memory, or another thread was first. */
static bool make_own(enum wrap_shared_kind kind, size_t size, long me)
{
	void *none = NULL;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	atomic_store(&own[kind].maker, me);
	if (atomic_compare_exchange_strong(&own[kind].memory, &none, memory))
		return true;
	munmap(memory, size);
	return false;
}

static void take_own(enum wrap_shared_kind kind, struct wrap_shared *shared, const char *why)
{
	const long me = wrap_process_id();
	const bool made = !atomic_load(&own[kind].memory) && make_own(kind, shared->size, me);
	shared->memory = atomic_load(&own[kind].memory);
	shared->is_own = true;
	shared->is_fresh = made || !shared->memory;
	shared->is_inherited = shared->memory && atomic_load(&own[kind].maker) != me;
	const bool was_told = atomic_exchange(&told_by, me) == me;
	if (shared->is_fresh && !was_told)
		libwrap_diag_warn("limits and bounds of commands hold for this process and its children alone: %s", why);
}

/* ---- both --------------------------------------------------------------------------------------------------- */

struct wrap_shared wrap_shared_open_in(enum wrap_shared_kind kind, const char *directory, const char *name)
{
	const int kept = errno;
	char why[WHY_SIZE] = "";
	struct wrap_shared shared = {.size = kinds[kind].size};
	shared.memory = map_file(directory, name, shared.size, why);
	if (!shared.memory)
		take_own(kind, &shared, why);
	errno = kept;
	return shared;
}

struct wrap_shared wrap_shared_open(enum wrap_shared_kind kind)
{
	const int kept = errno;
	const uid_t me = geteuid();
	char of_user[64];
	if (me == 0) {
		make_places();
		errno = kept;
		return wrap_shared_open_in(kind, OF_ROOT, kinds[kind].name);
	}
	snprintf(of_user, sizeof of_user, "%s.%lu", kinds[kind].name, (unsigned long)me);
	return wrap_shared_open_in(kind, OF_OTHERS, of_user);
}

void wrap_shared_close(const struct wrap_shared *shared)
{
	const int kept = errno;
	if (shared->memory && !shared->is_own)
		munmap(shared->memory, shared->size);
	errno = kept;
}
