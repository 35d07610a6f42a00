/* SPDX-License-Identifier: ISC */
#include "priv/state_directory.h"

#include "base/text_buffer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Gives one file of root's to the user. Opened first, so that what is checked is what is given. */
static bool give_file(int directory, const char *name, uid_t uid, gid_t gid)
{
	struct stat facts;
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return true;
	bool ours = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == 0 &&
		    facts.st_nlink == 1;
	bool done = !ours || fchown(fd, uid, gid) == 0;
	close(fd);
	return done;
}

static bool give_files(int fd, const char *path, uid_t uid, gid_t gid, struct text_buffer *message)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	if (!dir) {
		text_buffer_printf(message, "%s: cannot be listed: %s", path, strerror(errno));
		if (copy >= 0)
			close(copy);
		return false;
	}
	struct dirent *entry;
	bool done = true;
	for (unsigned i = 0; done && i < STATE_DIRECTORY_FILES_MAX && (entry = readdir(dir)); i++)
		done = give_file(fd, entry->d_name, uid, gid);
	if (!done)
		text_buffer_printf(message, "%s: a file in it cannot be given away: %s", path,
			strerror(errno));
	closedir(dir);
	return done;
}

/* Owner and mode of the open directory; a message is in `message` where it fails. */
static bool settle(int fd, const char *path, uid_t uid, gid_t gid, struct text_buffer *message)
{
	struct stat facts;
	if (fstat(fd, &facts) < 0) {
		text_buffer_printf(message, "%s: %s", path, strerror(errno));
		return false;
	}
	if (facts.st_uid != uid && facts.st_uid != geteuid()) {
		text_buffer_printf(message, "%s: belongs to uid %lu, not to us", path,
			(unsigned long)facts.st_uid);
		return false;
	}
	bool owned = facts.st_uid == uid && facts.st_gid == gid;
	mode_t mode = facts.st_mode & 07777;
	bool is_closed = mode == 0700 || (owned && mode == STATE_DIRECTORY_GROUP_MODE);
	if ((!owned && fchown(fd, uid, gid) < 0) || (!is_closed && fchmod(fd, 0700) < 0)) {
		text_buffer_printf(
			message, "%s: owner or mode cannot be set: %s", path, strerror(errno));
		return false;
	}
	return true;
}

/* Of what root left there only this has files of its own. */
static bool give_journal(
	int fd, const char *path, uid_t uid, gid_t gid, struct text_buffer *message)
{
	struct stat facts;
	int journal = openat(
		fd, STATE_DIRECTORY_JOURNAL, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (journal < 0)
		return true;
	bool ours = fstat(journal, &facts) == 0 && facts.st_uid == 0;
	bool done = !ours || (fchown(journal, uid, gid) == 0 &&
				     fchmod(journal, STATE_DIRECTORY_GROUP_MODE) == 0);
	if (!done)
		text_buffer_printf(message, "%s/%s: cannot be given away: %s", path,
			STATE_DIRECTORY_JOURNAL, strerror(errno));
	done = done && give_files(journal, path, uid, gid, message);
	close(journal);
	return done;
}

int state_directory_open(const char *path, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	if (mkdir(path, 0700) < 0 && errno != EEXIST) {
		text_buffer_printf(&message, "%s: cannot be made: %s", path, strerror(errno));
		return -1;
	}
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		text_buffer_printf(&message, "%s: %s", path,
			errno == ELOOP || errno == ENOTDIR
				? "is not a directory (a symbolic link is not followed)"
				: strerror(errno));
	return fd;
}

static bool may_enter(const struct stat *dir, uid_t uid, gid_t gid)
{
	if (uid == 0)
		return true;
	if (dir->st_uid == uid)
		return dir->st_mode & S_IXUSR;
	return dir->st_mode & (dir->st_gid == gid ? S_IXGRP : S_IXOTH);
}

/* True if the user can walk to the directory. A home directory, as Debian makes it, is closed to others. */
static bool can_reach(const char *path, uid_t uid, gid_t gid, struct text_buffer *message)
{
	char whole[PATH_MAX];
	struct stat facts;
	if (realpath(path, whole) == NULL)
		return true; /* opening it will tell */
	for (char *end; (end = strrchr(whole, '/')) != NULL && end != whole;) {
		*end = '\0';
		if (stat(whole, &facts) < 0 || may_enter(&facts, uid, gid))
			continue;
		text_buffer_printf(
			message, "%s: uid %lu may not enter %s", path, (unsigned long)uid, whole);
		return false;
	}
	return true;
}

bool state_directory_prepare(const char *path, uid_t uid, gid_t gid, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	int fd = state_directory_open(path, error, error_size);
	if (fd < 0)
		return false;
	bool done = can_reach(path, uid, gid, &message) && settle(fd, path, uid, gid, &message);
	if (done && geteuid() == 0)
		done = give_files(fd, path, uid, gid, &message) &&
		       give_journal(fd, path, uid, gid, &message);
	close(fd);
	return done;
}
