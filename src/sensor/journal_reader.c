/* SPDX-License-Identifier: ISC */
#include "sensor/journal_reader.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "logline/log_head.h"
#include "logline/log_line.h"
#include "logline/wrapper_line.h"
#include "sensor/ear.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <time.h>

#define CALL_ENTRIES 1024 /* of one call: some 10 ms */
#define CALL_CHANGES 64   /* wake-ups that one call takes */
#define MESSAGE_MAX 8192  /* of a longer one the head is read, where it is packed */
#define NAME_MAX_BYTES 64 /* of a host or an identifier */

static const char *const places[] = {"/var/log/journal", "/run/log/journal"};
#define PLACES (sizeof places / sizeof places[0])

struct journal_reader {
	sd_journal *journal;
	int fd;
	bool due;        /* there may be new entries: look, whatever the descriptor says */
	bool unread;     /* the library stands at an entry that is not taken yet */
	bool resumed;    /* it is known where to begin */
	bool from_start; /* as it was opened */
	char cursor[EAR_POSITION_MAX]; /* of the last entry that was taken; "" = of none */
	struct name_table *names;
	struct access_queue *decisions;
	struct journal_reader_counts counts;
	char name[512];
};

/* What an entry says beside its message, copied: the library's own memory lasts until the next field. */
struct entry {
	struct wall_time time;
	bool kernel;
	char host[NAME_MAX_BYTES], identifier[NAME_MAX_BYTES];
	size_t host_length, identifier_length;
};

/* --- entries --- */

/* The value of a field; false where the entry has none. */
static bool find_field(struct journal_reader *r, const char *field, struct text_slice *out)
{
	const void *data;
	size_t length, name_length = strlen(field) + 1; /* with its '=' */
	if (sd_journal_get_data(r->journal, field, &data, &length) < 0 || length < name_length)
		return false;
	*out = (struct text_slice){(const char *)data + name_length, length - name_length};
	return true;
}

static size_t copy_field(struct journal_reader *r, const char *field, char out[NAME_MAX_BYTES])
{
	struct text_slice value;
	if (!find_field(r, field, &value))
		return 0;
	size_t length = value.length < NAME_MAX_BYTES ? value.length : NAME_MAX_BYTES;
	memcpy(out, value.start, length);
	return length;
}

static bool read_entry(struct journal_reader *r, struct entry *e)
{
	uint64_t us;
	struct text_slice transport = {"", 0};
	if (sd_journal_get_realtime_usec(r->journal, &us) < 0 || us > (uint64_t)CLOCK_LAST_US)
		return false;
	e->time = (struct wall_time){(int64_t)us};
	(void)find_field(r, "_TRANSPORT", &transport);
	e->kernel = text_slice_equals(transport, "kernel");
	e->host_length = copy_field(r, "_HOSTNAME", e->host);
	e->identifier_length = e->kernel ? 0 : copy_field(r, "SYSLOG_IDENTIFIER", e->identifier);
	return true;
}

/* The admin has named who else is heard, so any of these may report packets. */
static struct text_slice program_of(const struct entry *e)
{
	struct text_slice identifier = {e->identifier, e->identifier_length};
	if (!log_head_is_packet_logger(identifier))
		identifier.length = 0;
	return identifier;
}

static enum log_line_result read_message(
	struct journal_reader *r, const struct entry *e, struct log_line_facts *facts)
{
	struct log_line_message m = {.time = e->time,
		.host = {e->host, e->host_length},
		.program = program_of(e),
		.writer = {e->identifier, e->identifier_length},
		.kernel = e->kernel,
		.origin = EVENT_ORIGIN_JOURNAL};
	if (!find_field(r, "MESSAGE", &m.text))
		return LOG_LINE_OTHER;
	return log_line_read_message(&m, facts);
}

static void note_broken(struct journal_reader *r, const char *fault)
{
	r->counts.broken++;
	r->counts.last_fault = fault;
}

/* 1 if the entry became an event. */
static size_t take_entry(struct journal_reader *r, struct event *out)
{
	struct entry e;
	struct log_line_facts facts;
	r->counts.entries++;
	if (!read_entry(r, &e)) {
		note_broken(r, "the entry cannot be read from the journal");
		return 0;
	}
	switch (read_message(r, &e, &facts)) {
	case LOG_LINE_ACCESS:
		if (!wrapper_line_pass_on(&facts, r->decisions))
			break;
		r->counts.events++;
		return 0;
	case LOG_LINE_OTHER:
		break;
	case LOG_LINE_BROKEN:
		note_broken(r, facts.fault);
		return 0;
	case LOG_LINE_KNOCK:
		*out = facts.event;
		out->iface = name_table_intern(r->names, facts.iface);
		out->host = name_table_intern(r->names, facts.host);
		r->counts.events++;
		return 1;
	}
	r->counts.other++;
	return 0;
}

/* Takes what the library has noticed: files that grew, came or went. */
static void take_changes(struct journal_reader *r)
{
	for (unsigned i = 0; i < CALL_CHANGES; i++) {
		int change = sd_journal_process(r->journal);
		if (change <= 0) /* SD_JOURNAL_NOP */
			return;
		r->due = true;
	}
}

/* Remembers where the library stands: it forgets that itself when the file is renamed or removed. */
static void note_cursor(struct journal_reader *r)
{
	char *cursor = NULL;
	if (sd_journal_get_cursor(r->journal, &cursor) >= 0 && strlen(cursor) < sizeof r->cursor)
		memcpy(r->cursor, cursor, strlen(cursor) + 1);
	free(cursor);
}

/* Goes to the next entry; false if there is none. */
static bool step(struct journal_reader *r)
{
	if (r->unread)
		r->unread = false;
	else if (sd_journal_next(r->journal) <= 0)
		r->due = false;
	return r->due;
}

static bool is_full(const struct journal_reader *r)
{
	return r->decisions != NULL && access_queue_is_full(r->decisions);
}

size_t journal_reader_read(struct journal_reader *r, struct event *out, size_t max, bool *more)
{
	size_t n = 0;
	unsigned entries = 0;
	if (!r->resumed)
		return 0;
	take_changes(r);
	while (r->due && n < max && entries < CALL_ENTRIES && !is_full(r) && step(r)) {
		n += take_entry(r, &out[n]);
		entries++;
	}
	if (entries > 0)
		note_cursor(r);
	*more |= r->due;
	return n;
}

void journal_reader_look_around(struct journal_reader *r)
{
	r->due = true; /* what no wake-up told is found all the same */
}

/* --- opening --- */

bool journal_reader_is_here(void)
{
	struct stat facts;
	for (size_t i = 0; i < PLACES; i++) {
		DIR *directory = stat(places[i], &facts) == 0 ? opendir(places[i]) : NULL;
		const struct dirent *item;
		bool found = false;
		while (directory != NULL && !found && (item = readdir(directory)) != NULL)
			found = item->d_name[0] != '.';
		if (directory != NULL)
			closedir(directory);
		if (found)
			return true;
	}
	return false;
}

static int add_match(sd_journal *journal, const char *field, const char *value)
{
	char match[512];
	int length = snprintf(match, sizeof match, "%s=%s", field, value);
	if (length >= (int)sizeof match)
		return -ENAMETOOLONG;
	return sd_journal_add_match(journal, match, (size_t)length);
}

static int add_matches(
	sd_journal *journal, const char *field, const char *const *values, unsigned count)
{
	int result = count > 0 ? sd_journal_add_disjunction(journal) : 0;
	for (unsigned i = 0; i < count && result >= 0; i++)
		result = add_match(journal, field, values[i]);
	return result;
}

static int choose_entries(sd_journal *journal, const struct journal_reader_options *o)
{
	int result = add_match(journal, "_TRANSPORT", "kernel");
	if (result >= 0)
		result = add_matches(journal, "_SYSTEMD_UNIT", o->units, o->units_count);
	if (result >= 0)
		result = add_matches(
			journal, "SYSLOG_IDENTIFIER", o->identifiers, o->identifiers_count);
	return result;
}

/* Goes behind the entry of the position, or before the first one after it where that is gone. */
static int seek_position(struct journal_reader *r, const char *cursor)
{
	int result = sd_journal_seek_cursor(r->journal, cursor);
	if (result >= 0)
		result = sd_journal_next(r->journal);
	r->unread = result > 0 && sd_journal_test_cursor(r->journal, cursor) <= 0;
	return result;
}

/* Goes behind the last entry that is there: its position is known even if nothing more comes. */
static int seek_end(struct journal_reader *r)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	const uint64_t us = (uint64_t)now.tv_sec * CLOCK_US_PER_S + (uint64_t)now.tv_nsec / 1000;
	int result = sd_journal_seek_realtime_usec(r->journal, us);
	if (result >= 0)
		result = sd_journal_previous(r->journal);
	if (result > 0)
		note_cursor(r);
	return result != 0 ? result : sd_journal_seek_realtime_usec(r->journal, us);
}

static void begin(struct journal_reader *r)
{
	int result = r->from_start ? sd_journal_seek_head(r->journal) : seek_end(r);
	if (result < 0)
		diag_warn("the systemd journal: cannot be read from where it should: %s",
			strerror(-result));
}

void journal_reader_resume(struct journal_reader *r, const char *position)
{
	size_t length = strlen(position);
	if (r->resumed)
		return;
	r->resumed = true;
	if (length > 0 && length < sizeof r->cursor && seek_position(r, position) >= 0) {
		memcpy(r->cursor, position, length + 1);
		return;
	}
	if (length > 0)
		diag_warn("the position in the systemd journal is not understood; it is read from "
			  "now on");
	begin(r);
}

const char *journal_reader_position(const struct journal_reader *r)
{
	return r->cursor;
}

static void write_name(struct journal_reader *r, const struct journal_reader_options *o)
{
	struct text_buffer t = text_buffer_over(r->name, sizeof r->name);
	text_buffer_add(&t, "the systemd journal (kernel");
	for (unsigned i = 0; i < o->units_count; i++)
		text_buffer_printf(&t, ", %s", o->units[i]);
	for (unsigned i = 0; i < o->identifiers_count; i++)
		text_buffer_printf(&t, ", %s", o->identifiers[i]);
	text_buffer_add(&t, ")");
}

static int open_journal(struct journal_reader *r, const struct journal_reader_options *o)
{
	int result = sd_journal_open(&r->journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
	if (result >= 0)
		result = r->fd = sd_journal_get_fd(r->journal);
	if (result >= 0)
		result = sd_journal_set_data_threshold(r->journal, MESSAGE_MAX);
	if (result >= 0)
		result = choose_entries(r->journal, o);
	return result;
}

struct journal_reader *journal_reader_open(
	const struct journal_reader_options *o, char *error, size_t error_size)
{
	if (!journal_reader_is_here()) {
		snprintf(error, error_size,
			"this host has no systemd journal (nothing in /var/log/journal or "
			"/run/log/journal)");
		errno = ENOENT;
		return NULL;
	}
	struct journal_reader *r = memory_calloc(1, sizeof *r);
	r->names = o->names;
	r->decisions = o->decisions;
	r->due = true;
	r->from_start = o->from_start;
	write_name(r, o);
	int result = open_journal(r, o);
	if (result >= 0)
		return r;
	snprintf(error, error_size, "the systemd journal cannot be read: %s", strerror(-result));
	journal_reader_close(r);
	errno = -result;
	return NULL;
}

void journal_reader_close(struct journal_reader *r)
{
	if (r == NULL)
		return;
	sd_journal_close(r->journal);
	free(r);
}

int journal_reader_fd(const struct journal_reader *r)
{
	return r->fd;
}

const char *journal_reader_name(const struct journal_reader *r)
{
	return r->name;
}

struct journal_reader_counts journal_reader_report(const struct journal_reader *r)
{
	return r->counts;
}

/* The first journal of the system that is found tells for all. */
bool journal_reader_group(const struct journal_reader *r, gid_t *out)
{
	char machine[33], path[128];
	sd_id128_t id;
	struct stat facts;
	(void)r;
	if (sd_id128_get_machine(&id) < 0)
		return false;
	sd_id128_to_string(id, machine);
	for (size_t i = 0; i < PLACES; i++) {
		snprintf(path, sizeof path, "%s/%s/system.journal", places[i], machine);
		if (stat(path, &facts) < 0)
			continue;
		*out = facts.st_gid;
		return !(facts.st_mode & S_IROTH) && facts.st_mode & S_IRGRP;
	}
	return false;
}

unsigned journal_reader_paths(const char **out, unsigned max)
{
	unsigned n = 0;
	for (size_t i = 0; i < PLACES && n < max; i++)
		out[n++] = places[i];
	return n;
}
