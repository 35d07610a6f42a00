/* SPDX-License-Identifier: ISC */
/*
 * An entry is a 64-bit hash under a key of our own and three numbers: with 8192 of them the chance that a start
 * which was never seen meets the hash of another is below one in 10^15, and nobody can look for such a start
 * without the key. Two kinds share the table: what was started (unit, parent, file, shape), and who starts (unit,
 * parent, file), which counts the shapes it had.
 */
#include "detect/exec_baseline.h"

#include "base/keyed_hash.h"
#include "base/memory.h"
#include "detect/memory_stream.h"
#include "event/exec_shape.h"

#include <errno.h>
#include <stdlib.h>

enum { WAYS = 8, BUCKETS = EXEC_BASELINE_ENTRIES / WAYS, KINDS_WHO = 1, KINDS_WHAT = 2 };

#define MAGIC UINT64_C(0x4b57455845433031) /* "KWEXEC01" */

struct entry {
	uint64_t hash;    /* 0 = free */
	uint32_t first_s; /* seconds since 1970 */
	uint32_t last_s;
	uint32_t count;  /* how often; saturates */
	uint32_t shapes; /* of who starts: different ones so far */
};

struct exec_baseline {
	struct keyed_hash hash;
	struct exec_baseline_stats stats;
	struct entry entries[BUCKETS][WAYS];
};

struct exec_baseline *exec_baseline_create(void)
{
	struct exec_baseline *b = memory_calloc(1, sizeof *b);
	keyed_hash_init(&b->hash);
	return b;
}

void exec_baseline_destroy(struct exec_baseline *b)
{
	free(b);
}

static uint64_t add_text(const struct exec_baseline *b, uint64_t hash, const char *text)
{
	size_t length = strlen(text);
	for (size_t at = 0; at <= length; at += sizeof(uint64_t)) {
		uint64_t piece = 0;
		size_t n = length - at < sizeof piece ? length - at : sizeof piece;
		memcpy(&piece, text + at, n);
		hash = keyed_hash_pair(&b->hash, hash, piece);
	}
	return keyed_hash_pair(&b->hash, hash, length);
}

static struct entry *find(struct exec_baseline *b, uint64_t hash)
{
	struct entry *bucket = b->entries[hash % BUCKETS];
	for (unsigned i = 0; i < WAYS; i++) {
		if (bucket[i].hash == hash)
			return &bucket[i];
	}
	return NULL;
}

static struct entry *add(struct exec_baseline *b, uint64_t hash, uint32_t now_s)
{
	struct entry *bucket = b->entries[hash % BUCKETS], *place = bucket;
	for (unsigned i = 1; i < WAYS; i++) {
		if (place->hash != 0 && (bucket[i].hash == 0 || bucket[i].last_s < place->last_s))
			place = &bucket[i];
	}
	if (place->hash == 0)
		b->stats.entries++;
	else
		b->stats.evicted++;
	*place = (struct entry){.hash = hash, .first_s = now_s, .last_s = now_s};
	return place;
}

static void touch(struct entry *e, uint32_t now_s)
{
	e->count += e->count < UINT32_MAX;
	if (now_s > e->last_s)
		e->last_s = now_s;
}

/* The hash of who starts what file: numbers in names do not count. */
static uint64_t hash_of_who(const struct exec_baseline *b, const struct exec_event *e)
{
	char unit[EXEC_UNIT_MAX], parent[EXEC_COMM_MAX];
	exec_shape_of_name(e->unit, unit, sizeof unit);
	exec_shape_of_name(e->parent, parent, sizeof parent);
	uint64_t hash = keyed_hash_pair(&b->hash, KINDS_WHO, e->uid == 0);
	hash = add_text(b, hash, unit);
	hash = add_text(b, hash, parent);
	hash = add_text(b, hash, e->exe);
	return hash != 0 ? hash : 1;
}

static bool is_new(struct exec_baseline *b, const struct exec_event *e, uint32_t now_s)
{
	struct exec_shape shape = exec_shape_of(e);
	uint64_t of_who = hash_of_who(b, e);
	uint64_t of_what = add_text(b, keyed_hash_pair(&b->hash, of_who, KINDS_WHAT), shape.text);
	of_what += of_what == 0;
	struct entry *who = find(b, of_who);
	if (who == NULL)
		who = add(b, of_who, now_s);
	touch(who, now_s);
	struct entry *what = find(b, of_what);
	if (what != NULL) {
		touch(what, now_s);
		return false;
	}
	if (who->shapes >= EXEC_BASELINE_SHAPES)
		return false;
	who->shapes++;
	touch(add(b, of_what, now_s), now_s);
	return true;
}

bool exec_baseline_note(struct exec_baseline *b, const struct exec_event *e)
{
	int64_t seconds = wall_time_seconds(e->time);
	uint32_t now_s = seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
	bool fresh = is_new(b, e, now_s);
	if (b->stats.starts++ == 0)
		b->stats.since = e->time;
	b->stats.fresh += fresh;
	return fresh;
}

struct exec_baseline_stats exec_baseline_stats(const struct exec_baseline *b)
{
	return b->stats;
}

bool exec_baseline_save(const struct exec_baseline *b, int fd)
{
	struct memory_writer w;
	memory_writer_init(&w, fd);
	memory_writer_put(&w, MAGIC, 8);
	for (unsigned i = 0; i < 3; i++)
		memory_writer_put(&w, b->hash.key[i], 8);
	memory_writer_put(&w, (uint64_t)b->stats.since.us, 8);
	memory_writer_put(&w, b->stats.starts, 8);
	memory_writer_put(&w, b->stats.fresh, 8);
	memory_writer_put(&w, b->stats.entries, 4);
	for (unsigned i = 0; i < EXEC_BASELINE_ENTRIES; i++) {
		const struct entry *e = &b->entries[i / WAYS][i % WAYS];
		if (e->hash == 0)
			continue;
		memory_writer_put(&w, e->hash, 8);
		memory_writer_put(&w, e->first_s, 4);
		memory_writer_put(&w, e->last_s, 4);
		memory_writer_put(&w, e->count, 4);
		memory_writer_put(&w, e->shapes, 4);
	}
	return memory_writer_end(&w);
}

static bool is_sound(const struct entry *e)
{
	return e->hash != 0 && e->first_s <= e->last_s && e->count > 0 &&
	       e->shapes <= EXEC_BASELINE_SHAPES;
}

static const char *read_entries(struct exec_baseline *b, struct memory_reader *r, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct entry e;
		e.hash = memory_reader_take(r, 8);
		e.first_s = (uint32_t)memory_reader_take(r, 4);
		e.last_s = (uint32_t)memory_reader_take(r, 4);
		e.count = (uint32_t)memory_reader_take(r, 4);
		e.shapes = (uint32_t)memory_reader_take(r, 4);
		if (r->failed || !is_sound(&e) || find(b, e.hash) != NULL)
			return "has entries that make no sense";
		*add(b, e.hash, e.first_s) = e;
	}
	return memory_reader_is_at_end(r) ? NULL : "is longer than it says";
}

static const char *read_all(struct exec_baseline *b, struct memory_reader *r)
{
	if (memory_reader_take(r, 8) != MAGIC)
		return "was not written by this version";
	for (unsigned i = 0; i < 3; i++)
		b->hash.key[i] = memory_reader_take(r, 8);
	b->stats.since.us = (int64_t)memory_reader_take(r, 8);
	b->stats.starts = memory_reader_take(r, 8);
	b->stats.fresh = memory_reader_take(r, 8);
	unsigned count = (unsigned)memory_reader_take(r, 4);
	if (r->failed || count > EXEC_BASELINE_ENTRIES || !wall_time_is_sane(b->stats.since) ||
		b->stats.fresh > b->stats.starts)
		return "has a head that makes no sense";
	for (unsigned i = 0; i < 3; i++) {
		if (b->hash.key[i] % 2 == 0)
			return "has a key that makes no sense";
	}
	const char *fault = read_entries(b, r, count);
	return fault == NULL && b->stats.evicted > 0 ? "has entries that make no sense" : fault;
}

const char *exec_baseline_load(struct exec_baseline *b, int fd)
{
	struct memory_reader r;
	if (!memory_reader_init(&r, fd))
		return errno == EBADMSG ? "is damaged" : "cannot be read";
	struct exec_baseline *fresh = memory_calloc(1, sizeof *fresh);
	const char *fault = read_all(fresh, &r);
	if (fault == NULL)
		*b = *fresh;
	free(fresh);
	return fault;
}
