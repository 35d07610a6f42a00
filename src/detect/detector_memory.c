/* SPDX-License-Identifier: ISC */
/*
 * The memory of sources on disk, a memory_stream:
 *
 *   | magic 8 | version 2 | time 8 | hash key 3 x 8 | places of the doorkeeper 8 |
 *   | cells 8 | records 8 | cells: gap small, cell 8 | records: RECORD_BYTES each | sum 4 |
 *
 * Only what is in use is written, so that a quiet host's file is small. The gap of a cell is the count
 * of free places before it. A cell knows its source by its place alone: it comes back only where the
 * doorkeeper has as many places. A record has its source's address and finds its place anew, in a memory
 * of any size; in a smaller one the least valuable go.
 *
 * The hash key goes with them, for without it no place could be found again; so the file must be as
 * private as the process (the caller makes it 0600). Dossiers are not kept: a source that goes on gets
 * a new one at once, since its score is there.
 *
 * The sum is right before anything is read. What a file with a right sum may still hold is made sane
 * one number at a time, for a file is input like any other.
 */
#include "detect/detector_state.h"

#include "detect/memory_stream.h"
#include "detect/sequential_test.h"

#include <errno.h>

#define MAGIC UINT64_C(0x6b77736f75726365) /* "kwsource" */

enum { VERSION = 2, KEYS = 3 };

struct counts {
	uint64_t places, cells, records;
};

static uint64_t *doorkeeper_cells(struct detector *d, uint64_t *places)
{
	size_t size;
	uint64_t *cells = doorkeeper_bytes(d->doorkeeper, &size);
	*places = size / sizeof *cells;
	return cells;
}

static uint64_t count_cells(const uint64_t *cells, uint64_t places)
{
	uint64_t n = 0;
	for (uint64_t i = 0; i < places; i++)
		n += cells[i] != 0;
	return n;
}

static void put_head(struct memory_writer *w, struct detector *d, const struct counts *c)
{
	memory_writer_put(w, MAGIC, 8);
	memory_writer_put(w, VERSION, 2);
	memory_writer_put(w, (uint64_t)d->now.us, 8);
	for (unsigned i = 0; i < KEYS; i++)
		memory_writer_put(w, d->hash.key[i], 8);
	memory_writer_put(w, c->places, 8);
	memory_writer_put(w, c->cells, 8);
	memory_writer_put(w, c->records, 8);
}

static void put_cells(struct memory_writer *w, const uint64_t *cells, uint64_t places)
{
	uint64_t gap = 0;
	for (uint64_t i = 0; i < places && !w->failed; i++) {
		if (cells[i] == 0) {
			gap++;
			continue;
		}
		memory_writer_put_small(w, gap);
		memory_writer_put(w, cells[i], 8);
		gap = 0;
	}
}

static void put_record(struct memory_writer *w, const struct source_record *r)
{
	uint32_t score;
	memcpy(&score, &r->score, sizeof score);
	memory_writer_put_bytes(w, r->addr.bytes, sizeof r->addr.bytes);
	memory_writer_put(w, r->first_s, 4);
	memory_writer_put(w, r->last_s, 4);
	memory_writer_put(w, r->packets, 4);
	memory_writer_put(w, score, 4);
	memory_writer_put(w, r->techniques, 4);
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE; i++) {
		memory_writer_put(w, r->hosts[i], 4);
		memory_writer_put(w, r->ports[i], 2);
		memory_writer_put(w, r->spaces[i], 1);
	}
	memory_writer_put(w, r->targets_count, 1);
	memory_writer_put(w, r->flags, 1);
	memory_writer_put(w, r->visits, 1);
	memory_writer_put(w, r->blocks, 1);
}

bool detector_save_memory(struct detector *d, int fd)
{
	struct memory_writer w;
	struct counts c = {.records = source_table_count(d->sources)};
	const uint64_t *cells = doorkeeper_cells(d, &c.places);
	c.cells = count_cells(cells, c.places);
	memory_writer_init(&w, fd);
	put_head(&w, d, &c);
	put_cells(&w, cells, c.places);
	size_t cursor = 0;
	for (struct source_record *r; (r = source_table_next(d->sources, &cursor)) != NULL;)
		put_record(&w, r);
	return memory_writer_end(&w);
}

/* Null, or what is wrong. */
static const char *take_head(struct memory_reader *r, struct keyed_hash *hash, struct counts *c)
{
	uint64_t magic = memory_reader_take(r, 8), version = memory_reader_take(r, 2);
	if (magic != MAGIC)
		return "is no memory of sources, or an older version's";
	if (version != VERSION)
		return "was written by another version";
	(void)memory_reader_take(r, 8);
	bool odd = true;
	for (unsigned i = 0; i < KEYS; i++) {
		hash->key[i] = memory_reader_take(r, 8);
		odd = odd && (hash->key[i] & 1);
	}
	c->places = memory_reader_take(r, 8);
	c->cells = memory_reader_take(r, 8);
	c->records = memory_reader_take(r, 8);
	return r->failed || !odd ? "is damaged" : NULL;
}

/* Where the doorkeeper has another size the cells are passed over. */
static bool take_cells(struct memory_reader *r, struct detector *d, const struct counts *c)
{
	uint64_t places, next = 0;
	uint64_t *cells = doorkeeper_cells(d, &places);
	for (uint64_t i = 0; i < c->cells && !r->failed; i++) {
		uint64_t gap = memory_reader_take_small(r), cell = memory_reader_take(r, 8);
		if (gap >= c->places || next >= c->places - gap)
			return false;
		if (c->places == places && !r->failed)
			cells[next + gap] = cell;
		next += gap + 1;
	}
	return !r->failed;
}

static void make_sane(struct source_record *r)
{
	r->flags &= SOURCE_FLAG_BLOCK;
	r->techniques &= technique_bit(TECHNIQUES) - 1;
	if (r->packets == 0) /* that means "no record" where one is pushed out */
		r->packets = 1;
	if (r->first_s > r->last_s)
		r->first_s = r->last_s;
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE; i++) {
		if ((r->spaces[i] & SOURCE_SPACE_MASK) >= TARGET_SPACES)
			r->spaces[i] = TARGET_PROTOCOL;
	}
	if (!(r->score >= 0 && r->score <= SEQUENTIAL_CEILING))
		r->score = 0;
}

static struct source_record take_record(struct memory_reader *in)
{
	struct source_record r = {0};
	memory_reader_take_bytes(in, r.addr.bytes, sizeof r.addr.bytes);
	r.first_s = (uint32_t)memory_reader_take(in, 4);
	r.last_s = (uint32_t)memory_reader_take(in, 4);
	r.packets = (uint32_t)memory_reader_take(in, 4);
	uint32_t score = (uint32_t)memory_reader_take(in, 4);
	memcpy(&r.score, &score, sizeof r.score);
	r.techniques = (uint32_t)memory_reader_take(in, 4);
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE; i++) {
		r.hosts[i] = (uint32_t)memory_reader_take(in, 4);
		r.ports[i] = (uint16_t)memory_reader_take(in, 2);
		r.spaces[i] = (uint8_t)memory_reader_take(in, 1);
	}
	r.targets_count = (uint8_t)memory_reader_take(in, 1);
	r.flags = memory_reader_take(in, 1) & 0xf;
	r.visits = memory_reader_take(in, 1) & 0xf;
	r.blocks = (uint8_t)memory_reader_take(in, 1);
	make_sane(&r);
	return r;
}

static bool take_records(struct memory_reader *in, struct detector *d, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		struct source_record evicted, r = take_record(in);
		if (in->failed)
			return false;
		uint64_t key = detector_source_key(d, &r.addr);
		if (source_table_find(d->sources, key, &r.addr) == NULL)
			*source_table_add(d->sources, key, &r.addr, &evicted) = r;
	}
	return memory_reader_is_at_end(in);
}

static void forget_all(struct detector *d)
{
	doorkeeper_wipe(d->doorkeeper);
	source_table_wipe(d->sources);
}

const char *detector_load_memory(struct detector *d, int fd)
{
	struct memory_reader r;
	struct keyed_hash hash;
	struct counts c;
	if (!memory_reader_init(&r, fd))
		return errno == EBADMSG ? "is damaged or cut short" : "cannot be read";
	const char *fault = take_head(&r, &hash, &c);
	if (fault != NULL)
		return fault;
	forget_all(d);
	d->hash = hash;
	if (take_cells(&r, d, &c) && take_records(&r, d, c.records))
		return NULL;
	forget_all(d);
	return "is damaged";
}
