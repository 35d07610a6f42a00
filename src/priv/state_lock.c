/* SPDX-License-Identifier: ISC */
#include "priv/state_lock.h"

#include "base/text_buffer.h"
#include "priv/state_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	LOOKS = 100,  /* at a line that is being written over, or is still to come */
	PAUSE_MS = 5, /* between them */
};

/* Written as root before the drop, in a directory that an ordinary user may own: only a plain file
 * without a second name is ours. */
static int open_file(const char *directory, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct stat facts;
	int dir = state_directory_open(directory, error, error_size);
	if (dir < 0)
		return -1;
	int fd = openat(dir, STATE_LOCK_FILE,
		O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	int kept = errno;
	close(dir);
	if (fd < 0) {
		text_buffer_printf(
			&message, "%s/%s: %s", directory, STATE_LOCK_FILE, strerror(kept));
		return -1;
	}
	if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_nlink == 1)
		return fd;
	text_buffer_printf(
		&message, "%s/%s: is no file of ours; remove it", directory, STATE_LOCK_FILE);
	close(fd);
	return -1;
}

enum state_lock_result state_lock_take(
	const char *directory, int *fd, char *error, size_t error_size)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	*fd = open_file(directory, error, error_size);
	if (*fd < 0)
		return STATE_LOCK_FAILED;
	/* What the one before said of itself must not pass for ours. */
	if (fcntl(*fd, F_OFD_SETLK, &whole) == 0 && ftruncate(*fd, 0) == 0)
		return STATE_LOCK_TAKEN;
	int kept = errno;
	close(*fd);
	*fd = -1;
	if (kept == EAGAIN || kept == EACCES)
		return STATE_LOCK_HELD;
	struct text_buffer message = text_buffer_over(error, error_size);
	text_buffer_printf(&message, "%s/%s: cannot be locked: %s", directory, STATE_LOCK_FILE,
		strerror(kept));
	return STATE_LOCK_FAILED;
}

bool state_lock_write(int fd, const char *line)
{
	char bytes[STATE_LOCK_LINE_MAX + 1];
	struct text_buffer b = text_buffer_over(bytes, sizeof bytes);
	text_buffer_printf(&b, "%s\n", line);
	size_t length = b.used;
	if (b.cut) {
		errno = EMSGSIZE;
		return false;
	}
	ssize_t n = pwrite(fd, bytes, length, 0);
	if (n >= 0 && (size_t)n != length)
		errno = ENOSPC;
	return n == (ssize_t)length && ftruncate(fd, (off_t)length) == 0;
}

/* The first line, without its newline; false where it has no end, as while it is being written, and
 * where one is to come and did not yet. */
static bool read_line(int fd, bool to_come, char *line, size_t size)
{
	ssize_t n = pread(fd, line, size - 1, 0);
	if (n < 0)
		n = 0;
	line[n] = '\0';
	char *end = strchr(line, '\n');
	if (end != NULL)
		*end = '\0';
	return end != NULL || (n == 0 && !to_come);
}

static bool read_twice_alike(int fd, bool to_come, char *line, size_t size)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	char again[STATE_LOCK_LINE_MAX];
	for (int i = 0; i < LOOKS; i++) {
		if (read_line(fd, to_come, line, size) &&
			read_line(fd, to_come, again, sizeof again) && strcmp(line, again) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

bool state_lock_look(const char *directory, bool *held, char *line, size_t line_size)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct stat facts;
	line[0] = '\0';
	*held = false;
	int dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	int fd = openat(
		dir, STATE_LOCK_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int kept = errno;
	close(dir);
	errno = kept;
	if (fd < 0)
		return false;
	bool asked = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
		     fcntl(fd, F_OFD_GETLK, &whole) == 0;
	*held = asked && whole.l_type != F_UNLCK;
	if (!asked || !read_twice_alike(fd, *held, line, line_size))
		line[0] = '\0';
	close(fd);
	errno = asked ? 0 : EIO;
	return asked;
}
