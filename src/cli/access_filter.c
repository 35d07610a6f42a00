/* SPDX-License-Identifier: ISC */
/*
 * Blocks of addresses lie inside each other or apart. Sorted by their first address, the wider one first, they are opened
 * and closed like brackets, and between two brackets the same blocks hold every address:
 *
 *     10.0.0.0/8        [.......................................]
 *     10.1.0.0/16             [.................]
 *     10.1.2.0/24                 [....]
 *     stretches          1     2   3    4        5
 *
 * Of the blocks that hold a stretch the first one in the order of the file decides until it expires, then the next one that lasts
 * longer, and so on: its verdicts in the order of time. Where two that follow each other are the same they are one.
 */
#include "cli/access_filter.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct access_filter_entry {
	struct prefix block;
	int64_t ends_s; /* INT64_MAX: never */
	size_t place;   /* in the order of the file */
	bool is_v4;
	enum access_filter_verdict verdict;
};

struct open_block {
	const struct access_filter_entry *entry; /* borrowed */
};

/* The blocks that hold the stretch, the widest first. */
struct open_blocks {
	struct open_block *items; /* owned */
	size_t count, size;
	struct open_block *ordered; /* owned: the same in the order of the file */
	struct addr next;           /* the first address that is not told yet */
	bool at_end;                /* there is none behind */
};

/* --- addresses --- */

static struct addr last_of(const struct prefix *p)
{
	struct addr a = p->base;
	for (unsigned i = p->length_bits; i < 128; i++)
		a.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return a;
}

/* False, and all zero, behind the last one. */
static bool step_up(struct addr *a)
{
	for (unsigned i = sizeof a->bytes; i-- > 0;) {
		if (++a->bytes[i] != 0)
			return true;
	}
	return false;
}

static void step_down(struct addr *a)
{
	for (unsigned i = sizeof a->bytes; i-- > 0;) {
		if (a->bytes[i]-- != 0)
			return;
	}
}

/* --- in --- */

void access_filter_add(struct access_filter *f, const struct access_set_entry *e)
{
	bool is_for_all = strcmp(e->service, "ALL") == 0;
	if (!is_for_all && e->verdict != ACCESS_GRANT)
		return;
	if (f->entry_count == f->entry_size) {
		f->entry_size = f->entry_size ? 2 * f->entry_size : 64;
		f->entries = memory_realloc(f->entries, f->entry_size * sizeof *f->entries);
	}
	f->entries[f->entry_count] = (struct access_filter_entry){
		.block = e->block,
		.ends_s = e->expires_s ? e->expires_s : INT64_MAX,
		.place = f->entry_count,
		.is_v4 = addr_is_v4(&e->block.base) && e->block.length_bits >= 96,
		.verdict = !is_for_all               ? ACCESS_FILTER_PASS
			: e->verdict == ACCESS_GRANT ? ACCESS_FILTER_ALLOW
						     : ACCESS_FILTER_DENY};
	f->entry_count++;
}

/* --- one stretch --- */

/* It goes on where the one before ended: one piece. */
static bool extends(const struct access_filter_piece *before, const struct access_filter_piece *p)
{
	struct addr next = before->last;
	return before->layer == p->layer && before->is_v4 == p->is_v4 &&
	       before->verdict == p->verdict && before->expires_s == p->expires_s &&
	       step_up(&next) && addr_equal(&next, &p->first);
}

static void put_piece(struct access_filter *f, const struct access_filter_piece *p)
{
	if (f->count == f->piece_size) {
		f->piece_size = f->piece_size ? 2 * f->piece_size : 64;
		f->pieces = memory_realloc(f->pieces, f->piece_size * sizeof *f->pieces);
	}
	f->pieces[f->count++] = *p;
	if (p->layer >= f->layers)
		f->layers = p->layer + 1;
}

static int compare_places(const void *left, const void *right)
{
	const struct open_block *a = left, *b = right;
	return (a->entry->place > b->entry->place) - (a->entry->place < b->entry->place);
}

/* The verdicts of the stretch in the order of time, one a layer. */
static void put_stretch(struct access_filter *f, struct open_blocks *open, const struct addr *last)
{
	struct open_block *by_place = open->ordered;
	struct access_filter_piece p = {
		.first = open->next, .last = *last, .is_v4 = open->items[0].entry->is_v4};
	int64_t told_s = INT64_MIN;
	memcpy(by_place, open->items, open->count * sizeof *by_place);
	qsort(by_place, open->count, sizeof *by_place, compare_places);
	for (size_t i = 0; i < open->count; i++) {
		const struct access_filter_entry *e = by_place[i].entry;
		if (e->ends_s <= told_s)
			continue;
		if (told_s != INT64_MIN && e->verdict != p.verdict) {
			put_piece(f, &p);
			p.layer++;
		}
		told_s = e->ends_s;
		p.verdict = e->verdict;
		p.expires_s = e->ends_s == INT64_MAX ? 0 : e->ends_s;
	}
	if (p.verdict != ACCESS_FILTER_PASS) /* behind it nothing keeps out */
		put_piece(f, &p);
}

/* --- all of them --- */

static void tell_up_to(struct access_filter *f, struct open_blocks *open, const struct addr *last)
{
	if (open->at_end || open->count == 0 || addr_compare(&open->next, last) > 0)
		return;
	put_stretch(f, open, last);
	open->next = *last;
	open->at_end = !step_up(&open->next);
}

static void close_last(struct access_filter *f, struct open_blocks *open)
{
	const struct addr last = last_of(&open->items[open->count - 1].entry->block);
	tell_up_to(f, open, &last);
	open->count--;
}

static void open_block(struct open_blocks *open, const struct access_filter_entry *e)
{
	if (open->count == open->size) {
		open->size = open->size ? 2 * open->size : 32;
		open->items = memory_realloc(open->items, open->size * sizeof *open->items);
		open->ordered = memory_realloc(open->ordered, open->size * sizeof *open->ordered);
	}
	open->items[open->count++].entry = e;
	open->next = e->block.base;
	open->at_end = false;
}

static bool holds(const struct access_filter_entry *wide, const struct access_filter_entry *e)
{
	return wide->is_v4 == e->is_v4 && prefix_holds(&wide->block, &e->block.base);
}

/* One that comes before a wider one, or the same, and lasts as long leaves nothing to it. */
static bool is_hidden(const struct open_blocks *open, const struct access_filter_entry *e)
{
	for (size_t i = 0; i < open->count; i++) {
		if (open->items[i].entry->place < e->place && open->items[i].entry->ends_s >= e->ends_s)
			return true;
	}
	return false;
}

static int compare_blocks(const void *left, const void *right)
{
	const struct access_filter_entry *a = left, *b = right;
	int order = (a->is_v4 < b->is_v4) - (a->is_v4 > b->is_v4);
	if (order == 0)
		order = addr_compare(&a->block.base, &b->block.base);
	if (order == 0)
		order = (a->block.length_bits > b->block.length_bits) -
			(a->block.length_bits < b->block.length_bits);
	return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int compare_pieces(const void *left, const void *right)
{
	const struct access_filter_piece *a = left, *b = right;
	int order = (a->layer > b->layer) - (a->layer < b->layer);
	if (order == 0)
		order = (a->is_v4 < b->is_v4) - (a->is_v4 > b->is_v4);
	if (order == 0)
		order = (a->verdict > b->verdict) - (a->verdict < b->verdict);
	return order ? order : addr_compare(&a->first, &b->first);
}

static void join_pieces(struct access_filter *f)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (kept > 0 && extends(&f->pieces[kept - 1], &f->pieces[i]))
			f->pieces[kept - 1].last = f->pieces[i].last;
		else
			f->pieces[kept++] = f->pieces[i];
	}
	f->count = kept;
}

void access_filter_finish(struct access_filter *f)
{
	struct open_blocks open = {0};
	if (f->entry_count > 0)
		qsort(f->entries, f->entry_count, sizeof *f->entries, compare_blocks);
	for (size_t i = 0; i < f->entry_count; i++) {
		const struct access_filter_entry *e = &f->entries[i];
		struct addr before = e->block.base;
		while (open.count > 0 && !holds(open.items[open.count - 1].entry, e))
			close_last(f, &open);
		if (is_hidden(&open, e))
			continue;
		if (open.count > 0 && addr_compare(&open.next, &before) < 0) {
			step_down(&before);
			tell_up_to(f, &open, &before);
		}
		open_block(&open, e);
	}
	while (open.count > 0)
		close_last(f, &open);
	free(open.items);
	free(open.ordered);
	if (f->count > 0)
		qsort(f->pieces, f->count, sizeof *f->pieces, compare_pieces);
	join_pieces(f);
}

void access_filter_clear(struct access_filter *f)
{
	free(f->pieces);
	free(f->entries);
	*f = (struct access_filter){0};
}
