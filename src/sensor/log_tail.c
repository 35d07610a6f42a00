/* SPDX-License-Identifier: ISC */
/*
 * A log file is a row of generations: files that carried its name one after the other. The tail
 * holds those it still reads, oldest first; all but the last have been rotated away.
 *
 *     held[0] (kern.log.2)   held[1] (kern.log.1)   held[2] (kern.log)
 *     at its end, in grace   at its end, in grace   growing
 *
 * One look compares the name with the newest generation. If it belongs to another file by now, the
 * new file is opened, and everything beside it that was born since we began and was never held is a
 * generation that was missed. Renaming goes on while we look, so a scan may miss one; it is repeated
 * as long as old generations are held, and finds it then.
 */
#include "sensor/log_tail.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "logline/log_line.h"
#include "logline/wrapper_line.h"
#include "sensor/log_generation.h"
#include "sensor/rotated_files.h"
#include "sensor/seen_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HELD_MAX 16 /* generations held open: a rotation every 4 s for the time of grace */
#define READ_BUDGET (1u << 20) /* bytes a call, so that one busy file does not hold up the loop */

struct log_tail {
	char *path, *directory_path;
	const char *base; /* inside path */
	int directory;    /* O_PATH; -1 while it does not exist */
	int inotify_fd;
	struct log_generation held[HELD_MAX]; /* oldest first */
	unsigned held_count;
	bool current;           /* the newest one still carries the name, as far as we know */
	struct seen_files seen; /* generations that are or were held */
	int64_t scanned_ms;     /* when missed generations were looked for last */
	bool missing_said;
	bool behind;
	struct log_line_clock clock;
	struct name_table *names;
	struct access_queue *decisions;
	struct log_tail_report report;
	struct rotated_files found;
	char buffer[LOG_TAIL_LINE_MAX];
};

/* Room for events in one call, and for reading. */
struct reading {
	struct log_tail *tail;
	struct event *out;
	size_t max, written;
	size_t budget;
};

/* --- lines --- */

static bool is_full(const struct reading *r)
{
	const struct access_queue *q = r->tail->decisions;
	return r->written >= r->max || r->budget == 0 || (q != NULL && access_queue_is_full(q));
}

static void take_knock(struct reading *r, const struct log_line_facts *facts)
{
	struct event *e = &r->out[r->written++];
	*e = facts->event;
	e->iface = name_table_intern(r->tail->names, facts->iface);
	e->host = name_table_intern(r->tail->names, facts->host);
	r->tail->report.events++;
}

static bool take_line(void *context, const char *line, size_t length)
{
	struct reading *r = context;
	struct log_tail *t = r->tail;
	struct log_line_facts facts;
	t->report.lines++;
	t->report.too_long += length == sizeof t->buffer;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	switch (log_line_read(&t->clock, line, length, &facts)) {
	case LOG_LINE_ACCESS:
		if (!wrapper_line_pass_on(&facts, t->decisions))
			break;
		t->report.events++;
		return !is_full(r);
	case LOG_LINE_OTHER:
		break;
	case LOG_LINE_BROKEN:
		t->report.broken++;
		t->report.last_fault = facts.fault;
		return true;
	case LOG_LINE_KNOCK:
		take_knock(r, &facts);
		return !is_full(r);
	}
	t->report.other++;
	return true;
}

/* Reads one generation to its end, or until there is no more room. */
static void read_generation(struct reading *r, struct log_generation *g)
{
	size_t used = 1;
	while (used > 0 && !is_full(r)) {
		used = log_generation_read(g, clock_now_monotonic_ms(), r->tail->buffer,
			sizeof r->tail->buffer, take_line, r);
		r->budget -= used < r->budget ? used : r->budget;
	}
}

/* --- generations --- */

/* What is held so long that it was forgotten is held all the same. */
static bool is_known(const struct log_tail *t, const struct file_identity *identity)
{
	for (unsigned i = 0; i < t->held_count; i++) {
		if (file_identity_same(&t->held[i].identity, identity))
			return true;
	}
	return seen_files_has(&t->seen, identity);
}

/* A rotated_files_known. */
static bool is_no_miss(const void *context, const struct file_identity *identity)
{
	const struct log_tail *t = context;
	return seen_files_is_old(&t->seen, identity) || is_known(t, identity);
}

static void let_go(struct log_tail *t, unsigned index)
{
	log_generation_close(&t->held[index]);
	t->held_count--;
	memmove(t->held + index, t->held + index + 1, (t->held_count - index) * sizeof t->held[0]);
}

/* True if there is room for one more; otherwise the oldest is told to end. */
static bool make_room(struct log_tail *t)
{
	if (t->held_count < HELD_MAX)
		return true;
	t->held[0].closing = true;
	return false;
}

/* The generation that carries the name stays the last. */
static void insert_by_age(struct log_tail *t, const struct log_generation *missed)
{
	unsigned at = t->held_count - t->current;
	while (at > 0 && t->held[at - 1].identity.born_ns > missed->identity.born_ns)
		at--;
	memmove(t->held + at + 1, t->held + at, (t->held_count - at) * sizeof t->held[0]);
	t->held[at] = *missed;
	t->held_count++;
	seen_files_add(&t->seen, &missed->identity);
}

/* A copy of a generation that is held tells nothing new. Of one that was rotated away it never will,
 * for nobody truncates that any more; of the newest it may (see adopt_copy). */
static bool is_copy(struct log_tail *t, const struct log_generation *found)
{
	for (unsigned i = 0; i < t->held_count; i++) {
		if (!log_generation_is_copy(found, &t->held[i]))
			continue;
		if (i + 1 < t->held_count || !t->current)
			seen_files_add(&t->seen, &found->identity);
		return true;
	}
	return false;
}

/* Not decided yet: an empty file, or the first bytes of what may be a copy. Looked at again when it grows. */
static bool is_being_copied(const struct log_tail *t, const struct log_generation *found)
{
	for (unsigned i = 0; i < t->held_count; i++) {
		if (log_generation_may_become_copy(found, &t->held[i]))
			return true;
	}
	return false;
}

/* Adds generations that were missed, before the newest one if that still carries the name. Returns
 * false if there was no room for all. */
static bool add_missed(struct log_tail *t)
{
	t->scanned_ms = clock_now_monotonic_ms();
	rotated_files_find(t->directory, t->base, is_no_miss, t, &t->found);
	for (unsigned i = 0; i < t->found.count; i++) {
		struct log_generation missed;
		const struct rotated_file *file = &t->found.items[i];
		if (!make_room(t))
			return false;
		if (!log_generation_open(
			    &missed, t->directory, file->name, clock_now_monotonic_ms()))
			continue; /* renamed again: the next scan finds it */
		if (is_known(t, &missed.identity) || is_copy(t, &missed) ||
			is_being_copied(t, &missed)) {
			log_generation_close(&missed);
			continue;
		}
		insert_by_age(t, &missed);
		t->report.rotations++;
	}
	return true;
}

static void say_missing(struct log_tail *t)
{
	if (!t->missing_said)
		diag_note("%s: is not there; waiting for it", t->path);
	t->missing_said = true;
}

/* The name belongs to another file: takes that one. False if there is nothing new to read. */
static bool take_new_file(struct log_tail *t)
{
	struct log_generation next;
	t->current = false;
	if (!add_missed(t) || !make_room(t))
		return true;
	if (!log_generation_open(&next, t->directory, t->base, clock_now_monotonic_ms())) {
		if (errno == ENOENT)
			say_missing(t);
		else if (!t->missing_said)
			diag_warn(
				"%s: cannot be opened: %s; trying again", t->path, strerror(errno));
		t->missing_said = true;
		return false;
	}
	if (is_known(t, &next.identity)) { /* renamed back, or not renamed yet */
		log_generation_close(&next);
		t->current =
			t->held_count > 0 &&
			file_identity_same(&t->held[t->held_count - 1].identity, &next.identity);
		return false;
	}
	if (t->missing_said)
		diag_note("%s: is there now", t->path);
	t->report.rotations += t->held_count > 0;
	t->missing_said = false;
	t->held[t->held_count++] = next;
	t->current = true;
	seen_files_add(&t->seen, &next.identity);
	return true;
}

static void reopen_directory(struct log_tail *t)
{
	struct stat facts;
	if (t->directory >= 0 && fstat(t->directory, &facts) == 0 && facts.st_nlink > 0)
		return;
	if (t->directory >= 0)
		close(t->directory);
	t->directory = open(t->directory_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->directory >= 0 && t->inotify_fd >= 0)
		(void)inotify_add_watch(t->inotify_fd, t->directory_path,
			IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
}

/* Everything held is at its end. True if there is something to read again. */
static bool look(struct log_tail *t)
{
	struct file_identity named;
	if (t->held_count > 0 && t->current) {
		struct log_generation *newest = &t->held[t->held_count - 1];
		bool there = file_identity_read_at(t->directory, t->base, &named);
		if (there && file_identity_same(&named, &newest->identity)) {
			bool rescan = t->held_count > 1 &&
				      clock_now_monotonic_ms() - t->scanned_ms >= LOG_TAIL_POLL_MS;
			unsigned before = t->held_count;
			return rescan && (!add_missed(t) || t->held_count > before);
		}
	}
	reopen_directory(t);
	return take_new_file(t);
}

/* Ends the generations that were rotated away and stopped growing. */
static void end_old(struct log_tail *t)
{
	int64_t now = clock_now_monotonic_ms();
	for (unsigned i = 0; i + 1 < t->held_count; i++) {
		if (now - t->held[i].grown_ms > LOG_TAIL_GRACE_MS)
			t->held[i].closing = true;
	}
}

/* Copied and truncated: what was written before the copy and not read yet is in the copy. */
static void adopt_copy(struct log_tail *t, const struct log_generation *truncated)
{
	const struct log_generation before = *truncated; /* which moves when the copy is inserted */
	rotated_files_find(t->directory, t->base, is_no_miss, t, &t->found);
	for (unsigned i = 0; i < t->found.count; i++) {
		struct log_generation copy;
		if (!log_generation_open(
			    &copy, t->directory, t->found.items[i].name, clock_now_monotonic_ms()))
			continue;
		if (!log_generation_is_copy(&copy, &before)) {
			log_generation_close(&copy);
			continue;
		}
		seen_files_add(&t->seen, &copy.identity);
		if (log_generation_continue(&copy, &before) && make_room(t))
			insert_by_age(t, &copy);
		else
			log_generation_close(&copy);
	}
}

/* The file that carries the name may have been truncated since the last look. */
static void check_truncation(struct log_tail *t)
{
	struct log_generation *newest = t->held + t->held_count - 1;
	if (t->held_count == 0 || !t->current || log_generation_is_intact(newest))
		return;
	diag_note("%s: was truncated; reading from its beginning", t->path);
	t->report.truncations++;
	adopt_copy(t, newest);
	log_generation_restart(&t->held[t->held_count - 1]);
}

/* Reads everything held to its end; false if it had to stop before. */
static bool read_held(struct log_tail *t, struct reading *r)
{
	check_truncation(t);
	for (unsigned i = 0; i < t->held_count;) {
		struct log_generation *g = &t->held[i];
		read_generation(r, g);
		if (is_full(r))
			return false;
		if (g->closing)
			let_go(t, i);
		else
			i++;
	}
	return true;
}

static void forget_wakeups(struct log_tail *t)
{
	char events[4096] __attribute__((aligned(8)));
	for (int i = 0; i < 64 && t->inotify_fd >= 0; i++) {
		if (read(t->inotify_fd, events, sizeof events) <= 0)
			break;
	}
}

static void set_offset_of_clock(struct log_tail *t)
{
	time_t now = time(NULL);
	struct tm local;
	if (localtime_r(&now, &local))
		t->clock.utc_offset_s = (int)local.tm_gmtoff;
}

size_t log_tail_read(struct log_tail *t, struct event *out, size_t max)
{
	struct reading r = {t, out, max, 0, READ_BUDGET};
	forget_wakeups(t);
	set_offset_of_clock(t);
	end_old(t);
	t->behind = true;
	while (read_held(t, &r)) {
		if (!look(t)) {
			t->behind = false;
			break;
		}
	}
	return r.written;
}

bool log_tail_is_behind(const struct log_tail *t)
{
	return t->behind;
}

/* --- opening --- */

static void split_path(struct log_tail *t, const char *path)
{
	t->path = memory_strdup(path);
	t->directory_path = memory_strdup(path);
	char *slash = strrchr(t->directory_path, '/');
	t->base = slash ? t->path + (slash + 1 - t->directory_path) : t->path;
	if (!slash) {
		free(t->directory_path);
		t->directory_path = memory_strdup(".");
	} else {
		slash[slash == t->directory_path ? 1 : 0] = '\0';
	}
}

static void start_clock(struct log_tail *t, time_t when)
{
	struct timespec wall, since_boot;
	struct tm local = {.tm_year = 70};
	tzset();
	localtime_r(&when, &local);
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &since_boot);
	t->clock.year = local.tm_year + 1900;
	t->clock.utc_offset_s = (int)local.tm_gmtoff;
	t->clock.boot = wall_time_from_parts(
		wall.tv_sec - since_boot.tv_sec, (wall.tv_nsec - since_boot.tv_nsec) / 1000);
	t->clock.last = wall_time_from_parts(wall.tv_sec, wall.tv_nsec / 1000);
}

/* Where the first generation is read from: its end, or its beginning. */
static void start_at(struct log_tail *t, struct log_generation *g, bool from_start)
{
	const int64_t ns_per_s = 1000000000;
	if (from_start)
		start_clock(t, (time_t)(g->identity.written_ns / ns_per_s));
	else
		log_generation_seek_end(g);
}

static bool open_first(struct log_tail *t, bool from_start, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct log_generation first;
	struct timespec now; /* by the coarse clock, as file systems stamp */
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	seen_files_init(&t->seen, (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
	start_clock(t, time(NULL));
	reopen_directory(t);
	if (t->directory >= 0 &&
		log_generation_open(&first, t->directory, t->base, clock_now_monotonic_ms())) {
		start_at(t, &first, from_start);
		t->held[t->held_count++] = first;
		t->current = true;
		seen_files_init(&t->seen, file_identity_age_ns(&first.identity));
		seen_files_add(&t->seen, &first.identity);
		return true;
	}
	if (errno == ENOENT) {
		say_missing(t);
		return true;
	}
	int kept = errno;
	text_buffer_printf(&message, "%s: %s", t->path,
		kept == EINVAL ? "is not a file that can be followed" : strerror(kept));
	errno = kept;
	return false;
}

struct log_tail *log_tail_open(
	const struct log_tail_options *options, char *error, size_t error_size)
{
	struct log_tail *t = memory_calloc(1, sizeof *t);
	split_path(t, options->path);
	t->names = options->names;
	t->decisions = options->decisions;
	t->directory = -1;
	t->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (open_first(t, options->from_start, error, error_size))
		return t;
	int kept = errno;
	log_tail_close(t);
	errno = kept;
	return NULL;
}

void log_tail_close(struct log_tail *t)
{
	if (!t)
		return;
	while (t->held_count > 0)
		let_go(t, t->held_count - 1);
	if (t->directory >= 0)
		close(t->directory);
	if (t->inotify_fd >= 0)
		close(t->inotify_fd);
	free(t->path);
	free(t->directory_path);
	free(t);
}

int log_tail_fd(const struct log_tail *t)
{
	return t->inotify_fd;
}

bool log_tail_group(const struct log_tail *t, gid_t *out)
{
	struct stat facts;
	if (t->held_count == 0 || fstat(t->held[t->held_count - 1].fd, &facts) < 0 ||
		facts.st_mode & S_IROTH || !(facts.st_mode & S_IRGRP))
		return false;
	*out = facts.st_gid;
	return true;
}

const struct log_tail_report *log_tail_report(const struct log_tail *t)
{
	return &t->report;
}

const char *log_tail_name(const struct log_tail *t)
{
	return t->path;
}

const char *log_tail_directory(const struct log_tail *t)
{
	return t->directory_path;
}
