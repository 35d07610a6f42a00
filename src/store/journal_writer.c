/* SPDX-License-Identifier: ISC */
/*
 * Records are sealed when they are taken, so that what waits is already part of the chain, and a batch
 * is one write(2). Where that writes only a part (the disk is full), the rest stays and is written later from the very byte
 * on: as long as the process lives no line is torn. A record that finds no room is refused
 * before it is sealed, so that the chain has no gap; only the count that is told has one.
 */
#include "store/journal_writer.h"

#include "base/memory.h"
#include "store/journal_ends.h"
#include "store/journal_files.h"
#include "store/journal_head.h"
#include "store/journal_torn.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BATCH = 64 << 10, /* written at once when so much waits */
	ASIDE = 4 << 10,  /* of the room for what waits: for the journal's own events */
};

#define FORM_VERSION 1

struct journal_writer {
	char *state, *host;
	int directory, fd;
	uint32_t day; /* of the open file */
	struct journal_hasher *hasher;
	struct journal_place place; /* of the newest record taken */
	struct journal_place head;  /* of the first record of the open file */
	uint64_t first;             /* seq of the oldest record kept */
	uint64_t written;
	char *pending;
	size_t pending_most, pending_start, pending_end;
	uint64_t lost, lost_told;
	uint64_t lost_before_stuck;
	bool stuck, told, unsynced, clock_known;
	bool behind;          /* the day could not be begun, or the file not be synced */
	struct wall_time now; /* when it was last told */
	int64_t steady_us, synced_us;
	uint64_t torn;                  /* bytes that were set aside when it was opened */
	struct journal_file_name aside; /* ... and where to */
	struct json_line line;
	struct store_error fault;
};

static void set_fault(struct journal_writer *w, uint32_t day, int error_number)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/" JOURNAL_DIRECTORY "/%s", w->state,
		journal_file_name_of(day, false).text);
	if (error_number == EINVAL)
		store_error_set(&w->fault, STORE_TROUBLE_FOREIGN, path,
			"is no file of ours alone (a plain file without a second name). Nothing was "
			"changed; move it away");
	else if (error_number == EBADMSG)
		store_error_set(&w->fault, STORE_TROUBLE_FOREIGN, path,
			"holds no record that the chain could go on from. Nothing was changed; see "
			"'knockwatch verify', then move the file away");
	else
		store_error_from_system(&w->fault, path, error_number);
}

static size_t waiting(const struct journal_writer *w)
{
	return w->pending_end - w->pending_start;
}

/* Writes what waits, as far as it goes. */
static bool write_pending(struct journal_writer *w)
{
	while (waiting(w) > 0) {
		ssize_t n = write(w->fd, w->pending + w->pending_start, waiting(w));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			set_fault(w, w->day, n < 0 ? errno : ENOSPC);
			return false;
		}
		w->pending_start += (size_t)n;
		w->unsynced = true;
	}
	w->pending_start = w->pending_end = 0;
	w->written = w->place.seq;
	return true;
}

/* Room for `size` bytes behind what waits; `reserve` of it stays free. */
static bool has_room(struct journal_writer *w, size_t size, size_t reserve)
{
	if (waiting(w) + size + reserve > w->pending_most)
		return false;
	if (w->pending == NULL)
		w->pending = memory_calloc(1, w->pending_most);
	if (w->pending_end + size > w->pending_most) {
		memmove(w->pending, w->pending + w->pending_start, waiting(w));
		w->pending_end = waiting(w);
		w->pending_start = 0;
	}
	return true;
}

static uint64_t append(struct journal_writer *w, const char *event, size_t length,
	bool is_chain_event, size_t reserve)
{
	bool fits = length > 2 && event[0] == '{' && event[length - 1] == '}' &&
		    length + JOURNAL_TAIL_MAX <= JOURNAL_LINE_MAX &&
		    memchr(event, '\n', length) == NULL;
	if (!fits || !has_room(w, length + JOURNAL_TAIL_MAX, reserve)) {
		w->lost++;
		return 0;
	}
	w->pending_end += journal_record_seal(
		w->hasher, &w->place, event, length, is_chain_event, w->pending + w->pending_end);
	if (waiting(w) >= BATCH && !w->stuck && !write_pending(w)) {
		w->stuck = true;
		w->told = false;
		w->lost_before_stuck = w->lost;
	}
	return w->place.seq;
}

uint64_t journal_writer_append(struct journal_writer *w, const char *event, size_t length)
{
	return append(w, event, length, false, ASIDE);
}

uint64_t journal_writer_append_health(
	struct journal_writer *w, const struct journal_health *health, struct wall_time now)
{
	journal_health_write(&w->line, health, now, w->host);
	return append(w, w->line.text, w->line.used, false, 0);
}

uint64_t journal_writer_append_chain(struct journal_writer *w, const char *event, size_t length)
{
	return append(w, event, length, true, 0);
}

/* --- days ------------------------------------------------------------------------------------- */

/* Makes the file of `day` the open one, if it can be had. */
static bool open_file(struct journal_writer *w, uint32_t day)
{
	int fd = journal_files_open_writer(w->directory, day);
	if (fd < 0) {
		set_fault(w, day, errno);
		return false;
	}
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	w->day = day;
	return true;
}

/* The head of the day that is open, behind `before`, whose day is `day_before`. */
static bool append_head(
	struct journal_writer *w, const struct journal_ends *before, uint32_t day_before)
{
	struct journal_head head = {.first = w->first > 0 ? w->first : w->place.seq + 1};
	if (before->last.seq > 0) {
		snprintf(head.file, sizeof head.file, "%s",
			journal_file_name_of(day_before, false).text);
		head.events = before->last.seq - before->first.seq + 1;
		head.prev = before->first.hash;
		head.head = before->last.hash;
	}
	w->first = head.first;
	journal_head_write(&w->line, &head, w->now, w->host);
	if (append(w, w->line.text, w->line.used, true, 0) == 0)
		return false;
	w->head = w->place;
	if (!write_pending(w))
		return false;
	if (fsync(w->directory) == 0)
		return true;
	set_fault(w, w->day, errno);
	return false;
}

static bool sync_file(struct journal_writer *w)
{
	if (!w->unsynced)
		return true;
	if (fdatasync(w->fd) != 0) {
		set_fault(w, w->day, errno);
		return false;
	}
	w->unsynced = false;
	return true;
}

/* All of the day before is written; a new one begins. */
static bool begin_day(struct journal_writer *w, uint32_t day)
{
	struct journal_ends before = {.first = w->head, .last = w->place};
	uint32_t day_before = w->day;
	return sync_file(w) && open_file(w, day) && append_head(w, &before, day_before);
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool find_ends(
	struct journal_writer *w, const struct journal_file *file, struct journal_ends *out)
{
	int fd = journal_files_open(w->directory, file);
	bool found = fd >= 0 && journal_ends_find(fd, file->packed, out);
	if (!found)
		set_fault(w, file->day, errno);
	if (fd >= 0 && out->version > FORM_VERSION) {
		found = false;
		store_error_set_newer(&w->fault, w->state, out->version, FORM_VERSION);
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* The newest file is ours to append to: what a crash tore goes aside. */
static bool resume_file(
	struct journal_writer *w, const struct journal_file *file, const struct journal_ends *ends)
{
	if (!open_file(w, file->day))
		return false;
	w->place = ends->last;
	w->head = ends->first;
	w->written = ends->last.seq;
	uint64_t torn = ends->bytes - ends->whole_bytes;
	if (torn == 0)
		return true;
	if (!journal_torn_set_aside(
		    w->directory, w->fd, w->day, ends->whole_bytes, ends->bytes, &w->aside)) {
		set_fault(w, w->day, errno);
		return false;
	}
	w->torn = torn;
	return true;
}

/* Where the journal began when this file did: what its head says, not what is there today. */
static void read_first(struct journal_writer *w, const struct journal_file *file)
{
	struct journal_head head;
	if (journal_head_read_file(w->directory, file, &head))
		w->first = head.first;
}

/* The newest file that has a record, before items[count]; `ends` is empty where there is none. */
static bool find_newest(struct journal_writer *w, const struct journal_files *files, size_t count,
	struct journal_ends *ends, uint32_t *day)
{
	*ends = (struct journal_ends){0};
	while (count-- > 0) {
		if (!find_ends(w, &files->items[count], ends))
			return false;
		*day = files->items[count].day;
		if (ends->last.seq > 0) {
			read_first(w, &files->items[count]);
			return true;
		}
	}
	return true;
}

/* A file without a record gets its head, behind the newest record of the `count` files before. */
static bool start_file(
	struct journal_writer *w, const struct journal_files *files, size_t count, uint32_t day)
{
	struct journal_ends before;
	uint32_t day_before = 0;
	if (!find_newest(w, files, count, &before, &day_before))
		return false;
	w->place = before.last;
	return open_file(w, day) && append_head(w, &before, day_before);
}

static bool start_or_resume(struct journal_writer *w, const struct journal_files *files)
{
	uint32_t today = (uint32_t)(wall_time_seconds(w->now) / 86400);
	struct journal_ends ends;
	if (files->count == 0)
		return start_file(w, files, 0, today);
	const struct journal_file *newest = &files->items[files->count - 1];
	if (newest->packed) /* never a second file of a day */
		return start_file(
			w, files, files->count, newest->day >= today ? newest->day + 1 : today);
	if (!find_ends(w, newest, &ends) || !resume_file(w, newest, &ends))
		return false;
	if (ends.last.seq == 0)
		return start_file(w, files, files->count - 1, newest->day);
	read_first(w, newest);
	return newest->day >= today || begin_day(w, today);
}

static void tell_torn(struct journal_writer *w)
{
	if (w->torn > 0)
		journal_writer_append_health(w,
			&(struct journal_health){.what = "journal",
				.was = "torn",
				.now = "set-aside",
				.file = w->aside.text,
				.count = w->torn,
				.advice = "bytes of a record that was never acknowledged, cut by a "
					  "crash"},
			w->now);
}

/* Says so where the newest file is of a day that is still to come. */
static void tell_future(struct journal_writer *w)
{
	uint32_t today = (uint32_t)(wall_time_seconds(w->now) / 86400);
	if (w->day > today)
		journal_writer_append_health(w,
			&(struct journal_health){.what = "clock",
				.was = wall_time_to_rfc3339(
					wall_time_from_parts((int64_t)w->day * 86400, 0))
					       .text,
				.now = wall_time_to_rfc3339(w->now).text,
				.advice = "the newest file is of a later day and goes on"},
			w->now);
}

static bool open_all(struct journal_writer *w)
{
	struct journal_files files;
	w->directory = journal_files_open_directory(w->state, true, &w->fault);
	if (w->directory < 0)
		return false;
	if (!journal_files_list(w->directory, &files)) {
		store_error_from_system(&w->fault, w->state, errno);
		return false;
	}
	bool good = start_or_resume(w, &files);
	journal_files_clear(&files);
	if (good) {
		tell_torn(w);
		tell_future(w);
	}
	return good && write_pending(w);
}

struct journal_writer *journal_writer_open(const char *state,
	const struct journal_writer_options *options, struct wall_time now,
	struct store_error *error)
{
	struct journal_writer *w = memory_calloc(1, sizeof *w);
	w->state = memory_strdup(state);
	w->host = options->host != NULL ? memory_strdup(options->host) : NULL;
	w->directory = w->fd = -1;
	w->hasher = journal_hasher_create();
	w->pending_most = options->bytes > 0 ? options->bytes : JOURNAL_WRITER_BYTES;
	w->now = now;
	*error = (struct store_error){STORE_TROUBLE_NONE, ""};
	if (open_all(w))
		return w;
	*error = w->fault;
	w->pending_start = w->pending_end = 0;
	journal_writer_close(w, &(struct store_error){0});
	return NULL;
}

bool journal_writer_close(struct journal_writer *w, struct store_error *error)
{
	if (w == NULL)
		return true;
	bool good = waiting(w) == 0 || write_pending(w);
	good = good && (w->fd < 0 || sync_file(w));
	if (!good)
		*error = w->fault;
	if (w->fd >= 0)
		close(w->fd);
	if (w->directory >= 0)
		close(w->directory);
	journal_hasher_destroy(w->hasher);
	json_line_clear(&w->line);
	free(w->pending);
	free(w->host);
	free(w->state);
	free(w);
	return good;
}

/* --- life ------------------------------------------------------------------------------------- */

static enum journal_writer_result tell_stuck(struct journal_writer *w, struct store_error *error)
{
	if (!w->stuck)
		w->lost_before_stuck = w->lost;
	w->stuck = true;
	if (w->told)
		return JOURNAL_WRITER_WAITS;
	w->told = true;
	*error = w->fault;
	return JOURNAL_WRITER_STUCK;
}

static enum journal_writer_result tell_resumed(struct journal_writer *w, struct store_error *error)
{
	bool told = w->told;
	w->stuck = w->told = false;
	if (!told)
		return JOURNAL_WRITER_DONE;
	*error = (struct store_error){STORE_TROUBLE_NONE, ""};
	snprintf(error->text, sizeof error->text,
		"%s/" JOURNAL_DIRECTORY ": works again, %llu records were lost meanwhile", w->state,
		(unsigned long long)(w->lost - w->lost_before_stuck));
	return JOURNAL_WRITER_RESUMED;
}

/* Once there is room again, what found none becomes part of the record. */
static void tell_lost(struct journal_writer *w)
{
	if (w->lost == w->lost_told)
		return;
	struct journal_health health = {.what = "journal",
		.was = "full",
		.now = "writes",
		.count = w->lost - w->lost_told,
		.advice = "so many events were not recorded; give the journal more room"};
	if (journal_writer_append_health(w, &health, w->now) != 0)
		w->lost_told = w->lost;
}

/* All that waits, and what was lost. */
static bool write_all(struct journal_writer *w)
{
	if (!write_pending(w))
		return false;
	tell_lost(w);
	return write_pending(w);
}

static enum journal_writer_result tell(
	struct journal_writer *w, bool good, struct store_error *error)
{
	if (!good)
		return tell_stuck(w, error);
	return w->stuck ? tell_resumed(w, error) : JOURNAL_WRITER_DONE;
}

enum journal_writer_result journal_writer_flush(struct journal_writer *w, struct store_error *error)
{
	return tell(w, write_all(w) && !w->behind, error);
}

static void tell_jump(struct journal_writer *w, struct wall_time now, int64_t steady_us)
{
	int64_t jump = now.us - w->now.us - (steady_us - w->steady_us);
	struct wall_time expected = {now.us - jump};
	if (!w->clock_known || (jump > -JOURNAL_WRITER_JUMP_US && jump < JOURNAL_WRITER_JUMP_US))
		return;
	journal_writer_append_health(w,
		&(struct journal_health){.what = "clock",
			.was = wall_time_to_rfc3339(expected).text,
			.now = wall_time_to_rfc3339(now).text,
			.advice = jump < 0 ? "it was set back; the newest file goes on"
					   : "it was set ahead"},
		now);
}

/* The day that begins, and once a second the disk. */
static bool catch_up(struct journal_writer *w)
{
	uint32_t today = (uint32_t)(wall_time_seconds(w->now) / 86400);
	if (today > w->day && !begin_day(w, today))
		return false;
	if (!w->behind && w->steady_us - w->synced_us < CLOCK_US_PER_S)
		return true;
	w->synced_us = w->steady_us;
	return sync_file(w);
}

enum journal_writer_result journal_writer_advance(struct journal_writer *w, struct wall_time now,
	int64_t steady_us, struct store_error *error)
{
	tell_jump(w, now, steady_us);
	w->now = now;
	w->steady_us = steady_us;
	w->clock_known = true;
	if (!write_all(w))
		return tell_stuck(w, error);
	w->behind = !catch_up(w);
	return tell(w, !w->behind, error);
}

bool journal_writer_sync(struct journal_writer *w, struct store_error *error)
{
	if (write_pending(w) && sync_file(w))
		return true;
	*error = w->fault;
	return false;
}

uint64_t journal_writer_written(const struct journal_writer *w)
{
	return w->written;
}

struct journal_place journal_writer_newest(const struct journal_writer *w)
{
	return w->place;
}

uint64_t journal_writer_lost(const struct journal_writer *w)
{
	return w->lost;
}

int journal_writer_directory(const struct journal_writer *w)
{
	return w->directory;
}

uint32_t journal_writer_day(const struct journal_writer *w)
{
	return w->day;
}

const char *journal_writer_host(const struct journal_writer *w)
{
	return w->host;
}

void journal_writer_set_first(struct journal_writer *w, uint64_t first)
{
	w->first = first;
}
