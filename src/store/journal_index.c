/* SPDX-License-Identifier: ISC */
#include "store/journal_index.h"

#include "base/memory.h"
#include "event/event.h"
#include "event/json_field.h"
#include "event/json_head.h"
#include "net/ip_proto.h"
#include "store/count_json.h"
#include "verdict/incident_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows, while the index cannot be written. */
enum { WAITING_MOST = 2 * STORE_ROWS_PER_TRANSACTION };

struct journal_index {
	struct store *store;
	struct journal_walk *walk;
	uint64_t skipped;
};

struct journal_index *journal_index_open(
	const char *state, struct store *s, struct store_error *error)
{
	struct journal_place newest, there;
	if (!store_newest_record(s, &newest, error))
		return NULL;
	struct journal_index *i = memory_calloc(1, sizeof *i);
	i->store = s;
	i->walk = journal_walk_open(state, error);
	if (i->walk == NULL) {
		free(i);
		return NULL;
	}
	if (newest.seq == 0 && journal_walk_seek(i->walk, 1, error))
		return i;
	if (newest.seq > 0 && journal_walk_find(i->walk, newest.seq, &there) &&
		journal_hash_equal(&there.hash, &newest.hash))
		return i;
	if (newest.seq > 0)
		store_error_set(error, STORE_TROUBLE_FOREIGN, store_path(s),
			"was not made from this journal; 'knockwatch reindex' makes it anew");
	journal_index_close(i);
	return NULL;
}

void journal_index_close(struct journal_index *i)
{
	if (i == NULL)
		return;
	journal_walk_close(i->walk);
	free(i);
}

static bool get_addr(const json_t *root, const char *key, struct addr *out)
{
	const char *text = json_field_text(root, key);
	return text != NULL && addr_parse(text, strlen(text), out);
}

static bool get_probe(const json_t *root, uint8_t *out)
{
	const char *name = json_field_text(json_object_get(root, "knock"), "probe");
	for (uint8_t i = 0; name != NULL && i < EVENT_PROBES; i++) {
		if (strcmp(event_probe_name((enum event_probe)i), name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool read_knock(const json_t *root, struct store_knock *out)
{
	const char *proto = json_field_text(root, "proto");
	json_int_t port = json_integer_value(json_object_get(root, "dest_port"));
	if (proto == NULL || port < 0 || port > UINT16_MAX ||
		!json_field_time(root, "timestamp", &out->first) ||
		!ip_proto_parse(proto, strlen(proto), &out->proto) ||
		!get_addr(root, "src_ip", &out->src) || !get_addr(root, "dest_ip", &out->dst))
		return false;
	out->last = out->first;
	out->day = (uint32_t)(wall_time_seconds(out->first) / 86400);
	out->port = (uint16_t)port;
	out->packets = 1;
	return get_probe(root, &out->probe);
}

static bool add_knock(struct store *s, const json_t *root)
{
	struct store_knock knock = {.packets = 0};
	if (!read_knock(root, &knock))
		return false;
	struct store_source_count source = {
		.day = knock.day, .src = knock.src, .packets = 1, .targets = 1};
	store_add_knocks(s, &knock, 1);
	store_add_source_counts(s, &source, 1);
	return true;
}

static bool add_counts(struct store *s, const json_t *root)
{
	struct store_port_count counts[COUNT_JSON_ROWS];
	size_t n = count_json_read(json_object_get(root, "counts"), counts);
	store_add_port_counts(s, counts, n);
	return n > 0;
}

static bool add_import(struct store *s, const json_t *root)
{
	struct import in;
	struct wall_time at;
	if (!json_field_time(root, "timestamp", &at) ||
		!import_json_read(json_object_get(root, "import"), &in))
		return false;
	if (in.has_sum)
		store_add_import(s, &in, at);
	return true;
}

/* The line as it was before it was sealed, on the heap. */
static char *plain_line(const struct journal_record *r)
{
	char *line = memory_realloc(NULL, r->plain_length + 2);
	memcpy(line, r->line, r->plain_length);
	memcpy(line + r->plain_length, "}", 2);
	return line;
}

static bool add_incident(struct store *s, const struct journal_record *r)
{
	struct incident_json_reading reading;
	char error[128], *line = plain_line(r);
	bool good = incident_json_read(line, r->plain_length + 1, &reading, error, sizeof error);
	if (good) {
		store_put_incident(s, &reading.incident, line);
		incident_json_clear(&reading);
	}
	free(line);
	return good;
}

static bool add_object(struct store *s, const struct journal_record *r,
	bool (*add)(struct store *, const json_t *))
{
	json_t *root = json_loadb(r->line, r->length, 0, NULL);
	bool good = root != NULL && add(s, root);
	json_decref(root);
	return good;
}

static bool add_rows(struct store *s, const struct journal_record *r)
{
	if (r->is_chain_event)
		return true;
	struct text_slice type = json_head_find(r->line, r->length, JSON_HEAD_TYPE);
	if (text_slice_equals(type, "incident"))
		return add_incident(s, r);
	if (text_slice_equals(type, "knock"))
		return add_object(s, r, add_knock);
	if (text_slice_equals(type, "counts"))
		return add_object(s, r, add_counts);
	if (text_slice_equals(type, "import"))
		return add_object(s, r, add_import);
	return true;
}

bool journal_index_add(struct store *s, const struct journal_record *r, uint32_t day)
{
	store_begin_record(s, day);
	bool good = add_rows(s, r);
	store_end_record(s, &r->place);
	return good;
}

/* A long text finds room in an empty queue only. */
static void make_room(struct store *s, const struct journal_record *r)
{
	enum { LONG = 16 << 10 };
	struct store_error error;
	if (r->length > LONG)
		(void)store_flush_now(s, &error);
}

size_t journal_index_follow(struct journal_index *i, size_t most)
{
	struct journal_record r;
	size_t taken = 0;
	while (taken < most && store_rows_waiting(i->store) < WAITING_MOST &&
		journal_walk_next(i->walk, &r)) {
		make_room(i->store, &r);
		if (!journal_index_add(i->store, &r, journal_walk_day(i->walk)))
			i->skipped++;
		taken++;
	}
	return taken;
}

uint64_t journal_index_skipped(const struct journal_index *i)
{
	return i->skipped + journal_walk_skipped(i->walk);
}
