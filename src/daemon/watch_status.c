/* SPDX-License-Identifier: ISC */
#include "daemon/watch_status.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/text_buffer.h"
#include "event/json_field.h"
#include "event/json_line.h"
#include "priv/state_lock.h"

#include <jansson.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t peak_memory_bytes(void)
{
	struct rusage u;
	return getrusage(RUSAGE_SELF, &u) == 0 ? (uint64_t)u.ru_maxrss * 1024 : 0;
}

static void put_senders(struct json_line *line, const struct sensor_frame_senders *senders)
{
	json_line_open_list(line, "senders");
	for (unsigned i = 0; senders != NULL && i < senders->count; i++) {
		json_line_open_object(line, NULL);
		json_line_put_text(line, "name", senders->list[i].name);
		json_line_put_count(line, "lines", senders->list[i].lines);
		json_line_put_count(line, "events", senders->list[i].events);
		json_line_put_count(line, "lost", senders->list[i].lost);
		json_line_close(line);
	}
	json_line_close(line);
}

static void put_watch(struct json_line *line, const struct watch_status *s, bool ended)
{
	json_line_open_object(line, "watch");
	json_line_put_count(line, "pid", (uint64_t)getpid());
	json_line_put_time(line, "since", s->since);
	json_line_put_text(line, "listening", s->listening);
	json_line_put_count(line, "memory_bytes", s->memory_bytes);
	json_line_put_count(line, "peak_memory_bytes", peak_memory_bytes());
	if (s->last_event.us != 0)
		json_line_put_time(line, "last_event", s->last_event);
	if (s->execs > 0) {
		json_line_put_count(line, "root_commands", s->execs);
		json_line_put_count(line, "root_commands_new", s->execs_new);
	}
	json_line_put_bool(line, "ended", ended);
	put_senders(line, s->senders);
	json_line_close(line);
}

static void write_line(struct watch_status *s, struct pipeline *p,
	const struct stats_json_extra *extra, bool ended)
{
	struct json_line line;
	if (s->lock < 0)
		return;
	json_line_init(&line);
	json_line_start(&line);
	stats_json_put(&line, p, clock_now(), extra);
	put_watch(&line, s, ended);
	json_line_close(&line);
	(void)state_lock_write(s->lock, line.text);
	json_line_clear(&line);
}

void watch_status_begin(struct watch_status *s, const char *host)
{
	s->since = clock_now();
	write_line(s, NULL, &(struct stats_json_extra){.host = host}, false);
}

void watch_status_write(struct watch_status *s, struct pipeline *p,
	const struct stats_json_extra *extra, bool ended)
{
	write_line(s, p, extra, ended);
}

static struct wall_time time_of(const json_t *object, const char *key)
{
	struct wall_time t = {0};
	(void)json_field_time(object, key, &t);
	return t;
}

static void read_senders(const json_t *list, struct status_watch *out)
{
	const json_t *item;
	size_t i;
	out->senders_count = 0;
	json_array_foreach(list, i, item)
	{
		if (out->senders_count == STATUS_SENDERS_MAX)
			break;
		struct status_sender *s = &out->senders[out->senders_count++];
		const char *name = json_field_text(item, "name");
		snprintf(s->name, sizeof s->name, "%s", name ? name : "");
		s->lines = json_field_count(item, "lines");
		s->events = json_field_count(item, "events");
		s->lost = json_field_count(item, "lost");
	}
}

void watch_status_read(const char *line, struct status_watch *out)
{
	json_t *root = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	const json_t *stats = json_object_get(root, "stats"),
		     *watch = json_object_get(root, "watch");
	const json_t *lost = json_object_get(stats, "lost");
	const char *listening = json_field_text(watch, "listening");
	out->pid = json_field_count(watch, "pid");
	out->since = time_of(watch, "since");
	out->heard = time_of(root, "timestamp");
	out->last_event = time_of(watch, "last_event");
	out->ended = json_is_true(json_object_get(watch, "ended"));
	out->memory_bytes = json_field_count(watch, "memory_bytes");
	out->peak_memory_bytes = json_field_count(watch, "peak_memory_bytes");
	out->root_commands = json_field_count(watch, "root_commands");
	out->root_commands_new = json_field_count(watch, "root_commands_new");
	out->packets = json_field_count(stats, "packets");
	out->knocks = json_field_count(stats, "knocks");
	out->incidents = json_field_count(stats, "incidents");
	out->skipped_lines = json_field_count(stats, "skipped_lines");
	out->lost = json_field_count(lost, "kernel");
	read_senders(json_object_get(watch, "senders"), out);
	snprintf(out->listening, sizeof out->listening, "%s", listening ? listening : "");
	json_decref(root);
}

/* Its user may be shared with others, and whoever is refused may be root at a terminal. */
void watch_status_say_held(const char *directory)
{
	char line[STATE_LOCK_LINE_MAX], on[4 * sizeof((struct status_watch *)0)->listening];
	struct text_buffer t = text_buffer_over(on, sizeof on);
	struct status_watch w = {0};
	bool held;
	if (state_lock_look(directory, &held, line, sizeof line))
		watch_status_read(line, &w);
	if (w.pid == 0) {
		diag_error("watch: %s: another watch writes there; name another directory with "
			   "--state DIR, or stop that one",
			directory);
		return;
	}
	text_buffer_add_escaped(&t, w.listening, strlen(w.listening));
	diag_error(
		"watch: %s: another watch writes there (pid %llu, since %s, on %s); name another "
		"directory with --state DIR, or stop that one with 'kill %llu'",
		directory, (unsigned long long)w.pid,
		time_text_minute(w.since, clock_now(), TIME_TEXT_LOCAL).text,
		on[0] ? on : "nothing", (unsigned long long)w.pid);
}
