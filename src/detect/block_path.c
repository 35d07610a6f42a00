/* SPDX-License-Identifier: ISC */
/*
 * IPv6: a source owns at least a /64 and often a /48. Each /64 is scored on its own; beside it the
 * /48 keeps count of its /64s, and once three of them are active the block is the source.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "track/source_record.h"

#define BLOCKS_ACTIVE 3
#define BLOCK_SPAN_S 1800 /* longest pause between two /64s that count together */

/* The /48's record if it has become the source; else counts the event for it and returns null. */
static struct source_record *take_block(
	struct detector *d, struct prepared *p, const struct knock *k)
{
	struct prepared block = *p;
	block.source = detector_block_address(&p->source);
	block.key = detector_source_key(d, &block.source);
	uint8_t class =
		(uint8_t)(1u << (keyed_hash_pair(&d->hash, addr_high_word(&p->source), 48) >> 61));
	struct source_record *r = source_table_find(d->sources, block.key, &block.source);
	if (r == NULL) {
		struct doorkeeper_sight sight = doorkeeper_touch(
			d->doorkeeper, block.key, probe_path_small_door(&k->target), d->now);
		if (sight.answer != DOORKEEPER_SECOND)
			return NULL;
		r = probe_path_add_record(d, &block, sight.first);
		r->flags = SOURCE_FLAG_BLOCK;
		probe_path_recall_target(r, sight.door, &k->target);
		r->score = (float)SEQUENTIAL_FAILURE;
	}
	/* Customers of one provider err, too, but not all within one half hour. */
	uint32_t now_s = d->now_s;
	if (r->dossier == 0 && now_s - r->last_s > BLOCK_SPAN_S)
		r->blocks = 0;
	r->last_s = now_s;
	r->blocks |= class;
	if (__builtin_popcount(r->blocks) >= BLOCKS_ACTIVE) {
		*p = block;
		return r;
	}
	r->packets++;
	r->techniques |= k->techniques;
	if (source_record_find_target(r, k->target) < 0) {
		r->score =
			(float)sequential_add((double)r->score, probe_path_weigh(d, p->event, k));
		source_record_add_target(r, k->target, false);
	}
	return NULL;
}

struct source_record *block_path_find(struct detector *d, struct prepared *p, const struct knock *k)
{
	struct source_record *r = detector_find_record(d, p);
	if (addr_is_v4(&p->source) || addr_is_link_local(&p->source) ||
		(k->offered && !k->broken_off) || (r != NULL && r->dossier != 0))
		return r;
	struct source_record *block = take_block(d, p, k);
	/* Counting for the block may have moved the records of the bucket. */
	return block ? block : source_table_find(d->sources, p->key, &p->source);
}
