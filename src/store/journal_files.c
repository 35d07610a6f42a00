/* SPDX-License-Identifier: ISC */
#include "store/journal_files.h"

#include "base/clock.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLAIN_SUFFIX ".jsonl"
#define PACKED_SUFFIX ".jsonl.zst"
#define DATE_LENGTH 10

#define DIRECTORY_MODE 0750
#define FILE_MODE 0640
#define OPEN_FLAGS (O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

struct journal_file_name journal_file_name_of(uint32_t day, bool packed)
{
	struct journal_file_name out;
	struct clock_text date =
		wall_time_to_rfc3339(wall_time_from_parts((int64_t)day * 86400, 0));
	snprintf(out.text, sizeof out.text, "%.*s%s", DATE_LENGTH, date.text,
		packed ? PACKED_SUFFIX : PLAIN_SUFFIX);
	return out;
}

static int two_digits(const char *at)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	return (at[0] - '0') * 10 + at[1] - '0';
}

bool journal_file_name_parse(const char *name, uint32_t *day, bool *packed)
{
	if (strlen(name) < DATE_LENGTH)
		return false;
	int century = two_digits(name), year = two_digits(name + 2), month = two_digits(name + 5),
	    date = two_digits(name + 8);
	if (century < 19 || year < 0 || month < 1 || date < 1)
		return false;
	int64_t days = clock_days_from_civil(century * 100 + year, month, date);
	if (days < 0)
		return false;
	/* Only what we would have written: no 31st of February, no other case, nothing behind. */
	*day = (uint32_t)days;
	*packed = strcmp(name + DATE_LENGTH, PACKED_SUFFIX) == 0;
	return strcmp(journal_file_name_of(*day, *packed).text, name) == 0;
}

/* 0, or errno. The last component may be no symbolic link. */
static int make_directories(const char *state, const char *path)
{
	if (mkdir(state, 0700) != 0 && errno != EEXIST)
		return errno;
	return mkdir(path, DIRECTORY_MODE) != 0 && errno != EEXIST ? errno : 0;
}

static bool is_ours(int fd, mode_t kind)
{
	struct stat facts;
	return fstat(fd, &facts) == 0 && (facts.st_mode & S_IFMT) == kind &&
	       facts.st_uid == geteuid() && (kind == S_IFDIR || facts.st_nlink == 1);
}

int journal_files_open_directory(const char *state, bool writer, struct store_error *error)
{
	char path[PATH_MAX];
	*error = (struct store_error){STORE_TROUBLE_NONE, ""};
	if (snprintf(path, sizeof path, "%s/" JOURNAL_DIRECTORY, state) >= (int)sizeof path) {
		store_error_from_system(error, state, ENAMETOOLONG);
		return -1;
	}
	int error_number = writer ? make_directories(state, path) : 0;
	int fd = error_number == 0 ? open(path, O_RDONLY | O_DIRECTORY | OPEN_FLAGS) : -1;
	if (fd >= 0 && writer &&
		(!is_ours(fd, S_IFDIR) || (fchmod(fd, DIRECTORY_MODE) != 0 && errno != EPERM))) {
		close(fd);
		fd = -1;
		errno = EPERM;
	}
	if (fd < 0)
		store_error_from_system(error, path, error_number != 0 ? error_number : errno);
	return fd;
}

static int compare_files(const void *left, const void *right)
{
	const struct journal_file *a = left, *b = right;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (int)a->packed - (int)b->packed;
}

/* Of a day that is there in both forms the plain one stays. */
static void keep_one_a_day(struct journal_files *files)
{
	size_t kept = 0;
	for (size_t i = 0; i < files->count; i++) {
		if (kept == 0 || files->items[kept - 1].day != files->items[i].day)
			files->items[kept++] = files->items[i];
	}
	files->count = kept;
}

static void add_entry(int directory, const char *name, struct journal_files *out, size_t *size)
{
	struct journal_file file = {0};
	struct stat facts;
	if (!journal_file_name_parse(name, &file.day, &file.packed) ||
		fstatat(directory, name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	file.bytes = (uint64_t)facts.st_size;
	if (out->count == *size) {
		*size = *size > 0 ? *size * 2 : 64;
		out->items = memory_realloc(out->items, *size * sizeof *out->items);
	}
	out->items[out->count++] = file;
}

bool journal_files_list(int directory, struct journal_files *out)
{
	*out = (struct journal_files){0};
	size_t size = 0;
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	if (dir == NULL) {
		int kept = errno;
		if (copy >= 0)
			close(copy);
		errno = kept;
		return false;
	}
	for (struct dirent *e; out->count < JOURNAL_FILES_MAX && (e = readdir(dir)) != NULL;)
		add_entry(directory, e->d_name, out, &size);
	closedir(dir);
	if (out->count > 0)
		qsort(out->items, out->count, sizeof *out->items, compare_files);
	keep_one_a_day(out);
	return true;
}

void journal_files_clear(struct journal_files *files)
{
	free(files->items);
	*files = (struct journal_files){0};
}

int journal_files_open(int directory, const struct journal_file *file)
{
	struct stat facts;
	int fd = openat(directory, journal_file_name_of(file->day, file->packed).text,
		O_RDONLY | OPEN_FLAGS);
	if (fd < 0 || (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* Whatever the umask is: readers of our group are wanted. That it cannot be set is no reason not to write. */
static int let_group_read(int fd)
{
	if (fd >= 0)
		(void)fchmod(fd, FILE_MODE);
	return fd;
}

int journal_files_open_writer(int directory, uint32_t day)
{
	int fd = openat(directory, journal_file_name_of(day, false).text,
		O_RDWR | O_CREAT | O_APPEND | OPEN_FLAGS, FILE_MODE);
	if (fd < 0 || is_ours(fd, S_IFREG))
		return let_group_read(fd);
	close(fd);
	errno = EINVAL;
	return -1;
}

int journal_files_create(int directory, const char *name)
{
	return let_group_read(
		openat(directory, name, O_RDWR | O_CREAT | O_EXCL | OPEN_FLAGS, FILE_MODE));
}
