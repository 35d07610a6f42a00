/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

void journal_scene_begin(struct journal_scene *s)
{
	*s = (struct journal_scene){.state = "/tmp/knockwatch-journal-XXXXXX"};
	assert_non_null(mkdtemp(s->state));
	s->now = wall_time_from_parts(clock_days_from_civil(2026, 11, 20) * 86400 + 43200, 0);
	s->steady_us = 1000 * CLOCK_US_PER_S;
}

static void remove_directory(const char *path)
{
	char name[512];
	DIR *dir = opendir(path);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (unlink(name) != 0)
			remove_directory(name);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(path);
}

void journal_scene_end(struct journal_scene *s)
{
	if (s->writer != NULL)
		journal_scene_close(s);
	remove_directory(s->state);
}

void journal_scene_open(struct journal_scene *s)
{
	struct store_error error;
	s->writer = journal_writer_open(
		s->state, &(struct journal_writer_options){.host = "minnie"}, s->now, &error);
	if (s->writer == NULL)
		fail_msg("the writer does not open: %s", error.text);
	journal_writer_advance(s->writer, s->now, s->steady_us, &error);
}

void journal_scene_close(struct journal_scene *s)
{
	struct store_error error;
	assert_true(journal_writer_close(s->writer, &error));
	s->writer = NULL;
}

void journal_scene_append(struct journal_scene *s, unsigned count)
{
	struct store_error error;
	char event[128];
	for (unsigned i = 0; i < count; i++) {
		int n = snprintf(event, sizeof event,
			"{\"v\":1,\"event_type\":\"knock\",\"knock\":{\"probe\":\"syn\",\"ttl\":%u}}",
			++s->events);
		assert_true(journal_writer_append(s->writer, event, (size_t)n) > 0);
	}
	assert_int_equal(journal_writer_flush(s->writer, &error), JOURNAL_WRITER_DONE);
}

void journal_scene_wait(struct journal_scene *s, int64_t seconds)
{
	struct store_error error;
	s->now.us += seconds * CLOCK_US_PER_S;
	s->steady_us += seconds * CLOCK_US_PER_S;
	journal_writer_advance(s->writer, s->now, s->steady_us, &error);
}

void journal_scene_fill(struct journal_scene *s, unsigned days, unsigned each)
{
	journal_scene_open(s);
	for (unsigned d = 0; d < days; d++) {
		if (d > 0)
			journal_scene_wait(s, 86400);
		journal_scene_append(s, each);
	}
	journal_scene_close(s);
}

const char *journal_scene_path(const struct journal_scene *s, const char *name)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/" JOURNAL_DIRECTORY "/%s", s->state, name);
	return path;
}

char *journal_scene_read(const struct journal_scene *s, const char *name, size_t *length)
{
	struct stat facts;
	int fd = open(journal_scene_path(s, name), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && fstat(fd, &facts) == 0);
	char *text = calloc(1, (size_t)facts.st_size + 1);
	assert_int_equal(read(fd, text, (size_t)facts.st_size), facts.st_size);
	close(fd);
	if (length != NULL)
		*length = (size_t)facts.st_size;
	return text;
}

void journal_scene_write(
	const struct journal_scene *s, const char *name, const char *text, size_t length)
{
	int fd = open(journal_scene_path(s, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), (ssize_t)length);
	close(fd);
}

void journal_scene_pack(const struct journal_scene *s, const char *name)
{
	size_t length, size;
	char *text = journal_scene_read(s, name, &length), packed_name[64];
	size = ZSTD_compressBound(length);
	char *packed = malloc(size);
	size = ZSTD_compress(packed, size, text, length, 3);
	assert_false(ZSTD_isError(size));
	snprintf(packed_name, sizeof packed_name, "%s.zst", name);
	journal_scene_write(s, packed_name, packed, size);
	unlink(journal_scene_path(s, name));
	free(packed);
	free(text);
}

struct journal_report journal_scene_check(const struct journal_scene *s, unsigned threads)
{
	struct journal_report report;
	struct store_error error;
	struct journal_check_options o = {.until = UINT32_MAX, .threads = threads};
	if (!journal_check_run(s->state, &o, &report, &error))
		fail_msg("cannot be checked: %s", error.text);
	return report;
}

void journal_scene_assert_whole(const struct journal_scene *s, uint64_t records)
{
	struct journal_report r = journal_scene_check(s, 2);
	if (r.fault.kind != JOURNAL_FAULT_NONE)
		fail_msg("%s:%llu: %s", r.fault.file.text, (unsigned long long)r.fault.line,
			r.fault.text);
	assert_int_equal(r.records, records);
}

void journal_scene_assert_fault(const struct journal_scene *s, enum journal_fault_kind kind,
	const char *file, uint64_t line, uint64_t seq)
{
	for (unsigned threads = 1; threads <= 3; threads++) {
		struct journal_report r = journal_scene_check(s, threads);
		if (r.fault.kind != kind)
			fail_msg("got %s (%s:%llu, record %llu: %s), wanted %s",
				journal_fault_name(r.fault.kind), r.fault.file.text,
				(unsigned long long)r.fault.line, (unsigned long long)r.fault.seq,
				r.fault.text, journal_fault_name(kind));
		assert_string_equal(r.fault.file.text, file);
		assert_int_equal(r.fault.line, line);
		assert_int_equal(r.fault.seq, seq);
	}
}
