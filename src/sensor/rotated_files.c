/* SPDX-License-Identifier: ISC */
#include "sensor/rotated_files.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

_Static_assert(sizeof((struct dirent *)0)->d_name == ROTATED_NAME_MAX, "a name fits");

static int64_t stamp_ns(const struct statx_timestamp *t)
{
	return t->tv_sec * INT64_C(1000000000) + t->tv_nsec;
}

static bool read_identity(int directory, const char *name, int flags, struct file_identity *out)
{
	struct statx facts;
	if (statx(directory, name, flags, STATX_BASIC_STATS | STATX_BTIME, &facts) < 0)
		return false;
	*out = (struct file_identity){
		.device = makedev(facts.stx_dev_major, facts.stx_dev_minor),
		.inode = facts.stx_ino,
		.born_ns = facts.stx_mask & STATX_BTIME ? stamp_ns(&facts.stx_btime) : 0,
		.written_ns = stamp_ns(&facts.stx_mtime),
	};
	return S_ISREG(facts.stx_mode);
}

bool file_identity_read(int fd, struct file_identity *out)
{
	return read_identity(fd, "", AT_EMPTY_PATH, out);
}

bool file_identity_read_at(int directory, const char *name, struct file_identity *out)
{
	return read_identity(directory, name, 0, out);
}

bool file_identity_same(const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->born_ns == b->born_ns;
}

bool rotated_files_is_rotated_name(const char *base, const char *name)
{
	size_t n = strlen(base);
	if (strncmp(base, name, n) != 0 || (name[n] != '.' && name[n] != '-') ||
		!isdigit((unsigned char)name[n + 1]))
		return false;
	return name[n + 1 + strspn(name + n + 1, "0123456789-")] == '\0';
}

/* Oldest first: by birth, then by last write, then by the number behind the name, which grows with
 * age. */
static int compare_age(const void *a, const void *b)
{
	const struct rotated_file *x = a, *y = b;
	if (x->identity.born_ns != y->identity.born_ns)
		return x->identity.born_ns < y->identity.born_ns ? -1 : 1;
	if (x->identity.written_ns != y->identity.written_ns)
		return x->identity.written_ns < y->identity.written_ns ? -1 : 1;
	size_t n = strlen(x->name), m = strlen(y->name);
	return n != m ? (n > m ? -1 : 1) : strcmp(y->name, x->name);
}

/* Keeps the oldest ROTATED_FILES_MAX: what is left out is younger, and its turn comes later. */
static void keep(struct rotated_files *files, const struct rotated_file *found)
{
	if (files->count < ROTATED_FILES_MAX) {
		files->items[files->count++] = *found;
		return;
	}
	struct rotated_file *youngest = &files->items[0];
	for (unsigned i = 1; i < files->count; i++) {
		if (compare_age(&files->items[i], youngest) > 0)
			youngest = &files->items[i];
	}
	if (compare_age(found, youngest) < 0)
		*youngest = *found;
}

void rotated_files_find(int directory, const char *base, rotated_files_known *known,
	const void *context, struct rotated_files *out)
{
	out->count = 0;
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	struct dirent *entry;
	while ((entry = readdir(dir))) {
		struct rotated_file found;
		if (!rotated_files_is_rotated_name(base, entry->d_name) ||
			!file_identity_read_at(directory, entry->d_name, &found.identity) ||
			known(context, &found.identity))
			continue;
		memcpy(found.name, entry->d_name, sizeof found.name);
		keep(out, &found);
	}
	closedir(dir);
	qsort(out->items, out->count, sizeof out->items[0], compare_age);
}
