/* SPDX-License-Identifier: ISC */
/*
 * A question is answered in the order in which the original finds out: first all that the address alone decides. The
 * best of it is a place, and every other answer must stand before it: rules that are tried one by one, and words that
 * need the client's name. Only if such a word comes first is the name asked for.
 *
 *     place     12   40   77   93
 *               |    |    |    best by address
 *               |    |    first word that needs the name
 *               others: tried while they stand before both
 */
#include "access/access_index.h"

#include "access/access_candidates.h"
#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_group_map.h"
#include "access/access_image.h"
#include "access/access_image_file.h"
#include "access/access_index_table.h"
#include "access/access_place_hash.h"
#include "access/access_word.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Questions of one tick for which the kernel is asked: below four thousand a second every one; above, they cost
 * 16 times a few microseconds of 4000. */
enum { ASKED_A_TICK = 16 };

struct access_index {
	struct access_bytes bytes;
	struct access_image image;
	int64_t tick;       /* the coarse clock at the last question */
	unsigned questions; /* since it has this value */
	char path[];        /* of the table */
};

struct question {
	const struct access_image *image;
	struct access_asker *asker;
	const struct access_place *at;
	struct {
		struct access_image_group group;
		uint32_t number;
		uint32_t other, others_end; /* not tried yet */
	} of[2];                            /* ALL, and the daemon's own */
	unsigned groups;
	uint32_t best;       /* place */
	uint32_t needs_name; /* place of the first word that does */
	uint32_t hangs_on_name; /* of the first that can fit nothing else */
	bool is_odd;         /* what needs a name next is not known */
	enum access_address_form form;
	struct addr address;
	struct text_slice address_text;
};

/* Takes the bytes, also when there is no memory. */
static struct access_index *hold(const char *path, struct access_bytes bytes)
{
	const size_t length = strlen(path) + 1;
	struct access_index *x = calloc(1, sizeof *x + length);
	if (x == NULL) {
		access_bytes_clear(&bytes);
		return NULL;
	}
	memcpy(x->path, path, length);
	x->bytes = bytes;
	return x;
}

struct access_index *access_index_over(const char *path, char *image, size_t size, const char **why)
{
	struct access_bytes bytes = access_bytes_over(image, size);
	bytes.owner = ACCESS_BYTES_ALLOCATED;
	struct access_index *x = hold(path, bytes);
	*why = "no memory";
	if (x == NULL || access_image_look(&x->bytes, &x->image, why))
		return x;
	access_index_close(x);
	return NULL;
}

/* Why what was opened cannot be used; null if it can. The table is asked about before all is read. */
static const char *fault_of_opened(struct access_index *x, uint64_t load_max, bool *unusable)
{
	const char *fault;
	*unusable = !access_image_look(&x->bytes, &x->image, &fault);
	if (*unusable)
		return fault;
	if (!access_index_table_is_same(x->path, &x->image.header.table))
		return "the table was changed since";
	if (x->bytes.size > load_max || access_bytes_load(&x->bytes))
		return NULL;
	*unusable = x->bytes.damaged;
	return *unusable ? "damaged" : "no memory";
}

struct access_index *access_index_open(const char *path, uint64_t load_max, bool *unusable, char *why, size_t why_size)
{
	struct access_bytes bytes;
	*unusable = false;
	if (!access_image_file_open(path, &bytes, why, why_size))
		return NULL;
	struct access_index *x = hold(path, bytes);
	const char *fault = x != NULL ? fault_of_opened(x, load_max, unusable) : "no memory";
	if (fault == NULL)
		return x;
	access_index_close(x);
	snprintf(why, why_size, "%s", fault);
	return NULL;
}

bool access_index_is_loaded(const struct access_index *x)
{
	return x->bytes.memory != NULL;
}

void access_index_close_file(struct access_index *x)
{
	access_bytes_close_file(&x->bytes);
}

bool access_index_is_damaged(const struct access_index *x)
{
	return x->bytes.damaged;
}

void access_index_close(struct access_index *x)
{
	if (x == NULL)
		return;
	access_bytes_clear(&x->bytes);
	free(x);
}

const char *access_index_path(const struct access_index *x)
{
	return x->path;
}

/* Is it the kernel's turn? */
static bool asks_kernel(struct access_index *x)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	const int64_t tick = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	if (tick != x->tick) {
		x->tick = tick;
		x->questions = 0;
	}
	return x->questions++ < ASKED_A_TICK;
}

static void take(uint32_t *best, uint32_t place)
{
	if (place < *best)
		*best = place;
}

static void add_group(struct question *a, const struct access_image_group *g, uint32_t number)
{
	const uint32_t end = g->others_count <= UINT32_MAX - g->others_first ? g->others_first + g->others_count : UINT32_MAX;
	a->of[a->groups].group = *g;
	a->of[a->groups].number = number;
	a->of[a->groups].other = g->others_first;
	a->of[a->groups].others_end = end;
	a->groups++;
}

/* The hashes of an address, one a group, and whether the group has any like it. */
struct address_hashes {
	uint64_t of[2];
	bool worth_a_look[2];
};

static struct address_hashes ask_for_address(const struct question *a)
{
	struct address_hashes h = {0};
	const uint32_t kind = a->form == ACCESS_ADDRESS_V4 ? ACCESS_IMAGE_V4_ADDRESS : ACCESS_IMAGE_V6_ADDRESS;
	for (unsigned g = 0; g < a->groups; g++) {
		h.worth_a_look[g] = a->form != ACCESS_ADDRESS_UNKNOWN && (a->of[g].group.looked_up & kind) != 0;
		h.of[g] = access_place_hash_of_address(a->image->header.seed, &a->address, a->of[g].number);
		if (h.worth_a_look[g])
			access_place_table_prefetch(&a->image->places, h.of[g]);
	}
	return h;
}

/*
 * Has the rule at this place come to its end? The next one with the same word counts then. If this was the first word that
 * would have needed the name, which is the next one is known to nobody.
 */
static bool is_over(struct question *a, uint32_t place)
{
	struct access_line line;
	if (a->image->header.may_expire == 0 || !access_image_line_at(a->image, place, &line) ||
		!access_fit_line_is_over(line.text, a->image->header.strict, a->asker))
		return false;
	a->is_odd = a->is_odd || place == a->needs_name;
	return true;
}

/* Is the word this address? Most are written as the client's is. */
static bool is_address(const struct question *a, struct text_slice word)
{
	const struct text_slice text = a->address_text;
	const bool alike = a->form == ACCESS_ADDRESS_V4 ? word.length == text.length && memcmp(word.start, text.start, text.length) == 0
							: word.length == text.length + 2 && word.start[0] == '[' &&
								  memcmp(word.start + 1, text.start, text.length) == 0;
	if (alike)
		return true;
	const struct access_word w = access_word_of_client_if(a->image->header.strict, word);
	return w.kind == ACCESS_WORD_NETWORK && w.network.length_bits == 128 && addr_equal(&w.network.base, &a->address);
}

static void look_up_single_address(struct question *a, uint64_t hash)
{
	struct access_place_walk walk = {.hash = hash};
	uint32_t place;
	while ((place = access_place_table_next(&a->image->places, &walk)) != ACCESS_PLACE_TABLE_END) {
		if (is_address(a, access_image_word_at(a->image, place)) && !is_over(a, place)) {
			take(&a->best, place);
			return;
		}
	}
}

static void look_up_text(struct question *a, uint64_t hash, struct text_slice text)
{
	struct access_place_walk walk = {.hash = hash};
	uint32_t place;
	while ((place = access_place_table_next(&a->image->places, &walk)) != ACCESS_PLACE_TABLE_END) {
		const struct text_slice word = access_image_word_at(a->image, place);
		if (word.length == text.length && access_text_same(word.start, text.start, text.length) &&
			!is_over(a, place)) {
			take(&a->best, place);
			return;
		}
	}
}

/* The first place of each candidate in each group. All lines are asked of memory before the first is needed. */
static void look_up_texts(struct question *a, const struct access_candidates *c)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned g = 0; g < a->groups; g++) {
			if ((a->of[g].group.looked_up & ACCESS_IMAGE_TEXT) == 0)
				continue;
			for (unsigned i = 0; i < c->count; i++) {
				const uint64_t hash = access_place_hash_end(c->of[i].running, a->of[g].number);
				if (pass == 0)
					access_place_table_prefetch(&a->image->places, hash);
				else
					look_up_text(a, hash,
						(struct text_slice){c->text.start + c->of[i].from, c->of[i].length});
			}
		}
	}
}

static void look_up_address_text(struct question *a)
{
	struct access_candidates c;
	const uint64_t *set = a->image->header.lengths.numeric_suffix;
	const bool unknown = a->form == ACCESS_ADDRESS_UNKNOWN;
	if (!unknown && (set[0] | set[1]) == 0)
		return;
	access_candidates_begin(&c, a->address_text);
	const uint64_t whole = access_candidates_add_tails(&c, a->image, set, true);
	if (unknown)
		access_candidates_add_whole(&c, a->image, whole);
	look_up_texts(a, &c);
}

static void look_up_name(struct question *a, const char *name)
{
	struct access_candidates c;
	access_candidates_begin(&c, text_slice_of(name));
	access_candidates_add_whole(&c, a->image, access_candidates_add_tails(&c, a->image, a->image->header.lengths.suffix, false));
	access_candidates_add_heads(&c, a->image);
	look_up_texts(a, &c);
}

static struct access_range_key range_key(const struct question *a)
{
	uint64_t high, low;
	memcpy(&high, a->address.bytes, sizeof high);
	memcpy(&low, a->address.bytes + 8, sizeof low);
	return (struct access_range_key){
		.is_v4 = a->form == ACCESS_ADDRESS_V4,
		.v4 = a->form == ACCESS_ADDRESS_V4 ? addr_v4(&a->address) : 0,
		.high = be64toh(high),
		.low = be64toh(low),
	};
}

/* All trees at a time, for memory to answer side by side. */
static void look_up_networks(struct question *a)
{
	const struct access_range_key key = range_key(a);
	const struct access_range_trees *trees[2];
	struct access_range_leaves leaves[2];
	for (unsigned i = 0; i < a->groups; i++)
		trees[i] = &a->of[i].group.trees;
	access_range_trees_descend(a->image->lines, trees, a->groups, &key, leaves);
	for (unsigned i = 0; i < a->groups; i++)
		take(&a->best, access_range_place_in(a->image->lines, &leaves[i], &key));
}

static void look_up_address(struct question *a)
{
	const struct address_hashes single = ask_for_address(a);
	for (unsigned i = 0; i < a->groups; i++) {
		take(&a->best, a->of[i].group.all);
		take(&a->needs_name, a->of[i].group.needs_name);
		take(&a->hangs_on_name, a->of[i].group.hangs_on_name);
	}
	if (a->form != ACCESS_ADDRESS_UNKNOWN)
		look_up_networks(a);
	for (unsigned i = 0; i < a->groups; i++) {
		if (single.worth_a_look[i])
			look_up_single_address(a, single.of[i]);
	}
	look_up_address_text(a);
}

/* Does the rule at this place decide? False also where there is none. */
static bool matches(const struct question *a, uint32_t place, struct access_found *found)
{
	struct access_line *line = &found->line;
	if (!access_image_line_at(a->image, place, line))
		return false;
	struct access_place at = *a->at;
	at.line = line->number;
	at.strict = line->strict = a->image->header.strict;
	const enum access_fit fit = access_fit_line(line->text, a->asker, &at, &found->rule);
	line->broken = fit == ACCESS_FIT_BROKEN;
	return fit == ACCESS_FIT_YES || line->broken;
}

/* The next rule of both lists that stands before `limit`. */
static bool next_other(struct question *a, uint32_t limit, uint32_t *place)
{
	uint32_t *next = NULL;
	*place = limit;
	for (unsigned i = 0; i < a->groups; i++) {
		uint32_t here;
		if (a->of[i].other < a->of[i].others_end && access_image_other_at(a->image, a->of[i].other, &here) &&
			here < *place) {
			*place = here;
			next = &a->of[i].other;
		}
	}
	if (next != NULL)
		++*next;
	return next != NULL;
}

/* Tries rules of both lists in the order of the table, as far as they stand before `limit`. */
static bool try_others(struct question *a, uint32_t limit, struct access_found *found)
{
	uint32_t place;
	while (next_other(a, limit, &place)) {
		if (matches(a, place, found))
			return true;
		if (a->image->bytes->failed)
			return false;
	}
	return false;
}

static bool is_unanswered(const struct question *a)
{
	const struct access_answers *answers = a->asker->q->answers;
	return answers->unanswered && answers->unanswered(a->asker->q->self, ACCESS_CLIENT);
}

/* What the address decides: the best of it, if there is one. */
static enum access_index_answer answer_best(struct question *a, struct access_found *found)
{
	if (try_others(a, a->best, found))
		return ACCESS_INDEX_MATCH;
	if (a->best == ACCESS_NOWHERE)
		return ACCESS_INDEX_NONE;
	return matches(a, a->best, found) ? ACCESS_INDEX_MATCH : ACCESS_INDEX_STALE;
}

/* Nobody could say the name: the first rule that hangs on it matches, if it denies. Else only the plain table can tell. */
static enum access_index_answer answer_without_name(struct question *a, struct access_found *found)
{
	if (a->hangs_on_name >= a->best)
		return answer_best(a, found);
	return try_others(a, a->hangs_on_name, found) || matches(a, a->hangs_on_name, found) ? ACCESS_INDEX_MATCH : ACCESS_INDEX_ODD;
}

static enum access_index_answer answer(struct question *a, struct access_found *found)
{
	look_up_address(a);
	if (a->is_odd)
		return ACCESS_INDEX_ODD;
	if (a->needs_name >= a->best)
		return answer_best(a, found);
	if (try_others(a, a->needs_name, found))
		return ACCESS_INDEX_MATCH;
	const char *name = a->asker->q->answers->name(a->asker->q->self, ACCESS_CLIENT);
	if (is_unanswered(a))
		return answer_without_name(a, found);
	if (access_word_is_odd_name(name))
		return ACCESS_INDEX_ODD;
	look_up_name(a, name);
	return answer_best(a, found);
}

enum access_index_answer access_index_find(
	struct access_index *x, struct access_asker *asker, const struct access_place *at, struct access_found *out)
{
	struct question a = {
		.image = &x->image, .asker = asker, .at = at, .best = ACCESS_NOWHERE, .needs_name = ACCESS_NOWHERE,
		.hangs_on_name = ACCESS_NOWHERE};
	struct access_image_group group;
	uint32_t number;
	const bool asks = asks_kernel(x);
	if (asks && !access_index_table_is_same(x->path, &x->image.header.table))
		return ACCESS_INDEX_STALE;
	const struct access_asked_host *client = access_asker_address(asker, ACCESS_CLIENT);
	a.address_text = client->plain;
	a.form = access_word_of_address(client, &a.address);
	if (a.form == ACCESS_ADDRESS_ODD)
		return ACCESS_INDEX_ODD;
	if (access_image_group_at(&x->image, 0, &group))
		add_group(&a, &group, 0);
	if (access_group_map_find(&x->image, asker->daemon, &group, &number))
		add_group(&a, &group, number);
	enum access_index_answer got = answer(&a, out);
	if (x->bytes.failed || (got == ACCESS_INDEX_MATCH && asks && !access_index_table_has(x->path, &x->image.header.table, &out->line)))
		return ACCESS_INDEX_STALE;
	return got;
}
