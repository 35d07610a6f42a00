/* SPDX-License-Identifier: ISC */
#include "daemon/position_file.h"

#include "base/diag.h"
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "systemd-journal.cursor"

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
	if (snprintf(path, sizeof path, "%s/" FILE_NAME, directory) >= PATH_MAX)
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

static bool write_line(void *line, int fd)
{
	size_t length = strlen(line);
	errno = ENOSPC; /* where a part of it was written */
	return write(fd, line, length) == (ssize_t)length;
}

void position_file_save(struct position_file *f, const char *directory, const char *position)
{
	char line[EAR_POSITION_MAX + 1];
	if (!position_file_may_hold(position) || strcmp(position, f->written) == 0)
		return;
	snprintf(line, sizeof line, "%s\n", position);
	if (file_replace(directory, FILE_NAME, 0600, write_line, line)) {
		memcpy(f->written, position, strlen(position) + 1);
		f->failed = false;
	} else if (!f->failed) {
		f->failed = true;
		diag_warn("%s/" FILE_NAME
			  ": %m; after a restart a part of the journal may be read again",
			directory);
	}
}
