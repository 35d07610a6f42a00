/* SPDX-License-Identifier: ISC */
#include "daemon/position_file.h"

#include "base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "systemd-journal.cursor"

static bool make_path(char out[PATH_MAX], const char *directory, const char *name)
{
	return snprintf(out, PATH_MAX, "%s/%s", directory, name) < PATH_MAX;
}

bool position_file_may_hold(const char *position)
{
	for (const char *c = position; *c != '\0'; c++) {
		if (*c < '!' || *c > '~')
			return false;
	}
	return strncmp(position, "s=", 2) == 0 && strlen(position) < EAR_POSITION_MAX;
}

void position_file_load(struct position_file *f, const char *directory, char out[EAR_POSITION_MAX])
{
	char path[PATH_MAX];
	*f = (struct position_file){0};
	out[0] = '\0';
	if (!make_path(path, directory, FILE_NAME))
		return;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		if (errno != ENOENT)
			diag_warn("%s: %m; the journal is read from now on", path);
		return;
	}
	ssize_t n = read(fd, out, EAR_POSITION_MAX - 1);
	close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (position_file_may_hold(out)) {
		memcpy(f->written, out, strlen(out) + 1);
		return;
	}
	out[0] = '\0';
	diag_warn("%s: holds no position; the journal is read from now on", path);
}

static bool replace(const char *path, const char *fresh, const char *position)
{
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	size_t length = strlen(position);
	bool good = write(fd, position, length) == (ssize_t)length && write(fd, "\n", 1) == 1;
	good = close(fd) == 0 && good;
	return good && rename(fresh, path) == 0;
}

void position_file_save(struct position_file *f, const char *directory, const char *position)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	if (!position_file_may_hold(position) || strcmp(position, f->written) == 0 ||
		!make_path(path, directory, FILE_NAME) ||
		!make_path(fresh, directory, FILE_NAME ".new"))
		return;
	if (replace(path, fresh, position)) {
		memcpy(f->written, position, strlen(position) + 1);
		f->failed = false;
	} else if (!f->failed) {
		f->failed = true;
		diag_warn("%s: %m; after a restart a part of the journal may be read again", path);
	}
}
