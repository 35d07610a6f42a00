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
#include "access/access_search.h"

#include "access/access_candidates.h"
#include "access/access_fit.h"
#include "access/access_place_hash.h"
#include "access/access_word.h"

#include <endian.h>

struct question {
	const struct access_search *in;
	struct {
		const struct access_image_group *group;
		uint32_t number;
		uint32_t other, others_end; /* not tried yet */
	} of[2];
	unsigned groups;
	uint32_t best;       /* place */
	uint32_t needs_name; /* place of the first word that does */
	uint32_t hangs_on_name; /* of the first that can fit nothing else */
	bool is_odd;         /* what needs a name next is not known */
	unsigned over;       /* rules that were found to be over */
	const char *name;    /* whose texts are `of_name`; null: nobody's yet */
	struct access_candidates *of_name; /* room for them */
	enum access_address_form form;
	struct addr address;
	struct text_slice address_text;
};

static void take(uint32_t *best, uint32_t place)
{
	if (place < *best)
		*best = place;
}

static void add_groups(struct question *a)
{
	const struct access_groups *all = a->in->groups;
	for (unsigned i = 0; i < all->count; i++) {
		const struct access_image_group *g = &all->of[i].group;
		a->of[i].group = g;
		a->of[i].number = all->of[i].number;
		a->of[i].other = g->others_first;
		a->of[i].others_end =
			g->others_count <= UINT32_MAX - g->others_first ? g->others_first + g->others_count : UINT32_MAX;
	}
	a->groups = all->count;
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
		h.worth_a_look[g] = (a->of[g].group->looked_up & kind) != 0;
		h.of[g] = access_place_hash_of_address(a->in->image->header.seed, &a->address, a->of[g].number);
		if (h.worth_a_look[g])
			access_place_table_prefetch(&a->in->image->places, h.of[g]);
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
	if (a->in->image->header.may_expire == 0 || !access_image_line_at(a->in->image, place, &line) ||
		!access_fit_line_is_over(line.text, a->in->image->header.strict, a->in->asker))
		return false;
	a->is_odd = a->is_odd || place == a->needs_name;
	a->over++;
	return true;
}

/* One rule may name the same client a million times. */
static bool gives_up(const struct question *a)
{
	enum { OVER_MOST = 64 };
	return a->over > OVER_MOST;
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
	const struct access_word w = access_word_of_client_if(a->in->image->header.strict, word);
	return w.kind == ACCESS_WORD_NETWORK && w.network.length_bits == 128 && addr_equal(&w.network.base, &a->address);
}

static void look_up_single_address(struct question *a, uint64_t hash)
{
	struct access_place_walk walk = {.hash = hash};
	uint32_t place;
	while (!gives_up(a) && (place = access_place_table_next(&a->in->image->places, &walk)) != ACCESS_PLACE_TABLE_END) {
		if (is_address(a, access_image_word_at(a->in->image, place)) && !is_over(a, place)) {
			take(&a->best, place);
			return;
		}
	}
}

static void look_up_text(struct question *a, uint64_t hash, struct text_slice text)
{
	struct access_place_walk walk = {.hash = hash};
	uint32_t place;
	while (!gives_up(a) && (place = access_place_table_next(&a->in->image->places, &walk)) != ACCESS_PLACE_TABLE_END) {
		const struct text_slice word = access_image_word_at(a->in->image, place);
		if (word.length == text.length && access_text_same(word.start, text.start, text.length) &&
			!is_over(a, place)) {
			take(&a->best, place);
			return;
		}
	}
}

/* The first place of each candidate in each group; before that, memory is asked for all of them. */
static void look_up_texts(struct question *a, const struct access_candidates *c, bool only_ask_memory)
{
	for (unsigned g = 0; g < a->groups; g++) {
		if ((a->of[g].group->looked_up & ACCESS_IMAGE_TEXT) == 0)
			continue;
		for (unsigned i = 0; i < c->count; i++) {
			const uint64_t hash = access_place_hash_end(c->of[i].running, a->of[g].number);
			if (only_ask_memory)
				access_place_table_prefetch(&a->in->image->places, hash);
			else
				look_up_text(a, hash, (struct text_slice){c->text.start + c->of[i].from, c->of[i].length});
		}
	}
}

static void look_up_address_text(struct question *a)
{
	struct access_candidates c;
	const uint64_t *set = a->in->image->header.lengths.numeric_suffix;
	const bool unknown = a->form == ACCESS_ADDRESS_UNKNOWN;
	if (!unknown && (set[0] | set[1]) == 0)
		return;
	access_candidates_begin(&c, a->address_text);
	const uint64_t whole = access_candidates_add_tails(&c, a->in->image, set, true);
	if (unknown)
		access_candidates_add_whole(&c, a->in->image, whole);
	look_up_texts(a, &c, true);
	look_up_texts(a, &c, false);
}

/* Twice the same name: the second time nothing is left to do. */
static void prepare_name(struct question *a, const char *name)
{
	struct access_candidates *c = a->of_name;
	if (a->name == name)
		return;
	a->name = name;
	access_candidates_begin(c, text_slice_of(name));
	access_candidates_add_whole(c, a->in->image, access_candidates_add_tails(c, a->in->image, a->in->image->header.lengths.suffix, false));
	access_candidates_add_heads(c, a->in->image);
	look_up_texts(a, c, true);
}

/* A name that is there already may be needed: memory is asked for it before the address is looked up. */
static void prepare_name_so_far(struct question *a)
{
	const char *name = a->needs_name != ACCESS_NOWHERE ? a->in->asker->q->answers->name_so_far(a->in->asker->q->self, ACCESS_CLIENT) : NULL;
	if (name != NULL && !access_word_is_odd_name(name))
		prepare_name(a, name);
}

static void look_up_name(struct question *a, const char *name)
{
	prepare_name(a, name);
	look_up_texts(a, a->of_name, false);
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

/* All trees at a time, for memory to answer side by side; while it brings the leaves, single addresses are looked up. */
static void look_up_addresses(struct question *a, const struct address_hashes *single)
{
	const struct access_range_key key = range_key(a);
	const struct access_range_trees *trees[2];
	struct access_range_leaves leaves[2];
	for (unsigned i = 0; i < a->groups; i++)
		trees[i] = &a->of[i].group->trees;
	access_range_trees_descend(a->in->image->lines, trees, a->groups, &key, leaves);
	for (unsigned i = 0; i < a->groups; i++) {
		if (single->worth_a_look[i])
			look_up_single_address(a, single->of[i]);
	}
	for (unsigned i = 0; i < a->groups; i++)
		take(&a->best, access_range_place_in(a->in->image->lines, &leaves[i], &key));
	access_image_prefetch_line(a->in->image, a->best);
}

static void look_up_address(struct question *a)
{
	for (unsigned i = 0; i < a->groups; i++) {
		take(&a->best, a->of[i].group->all);
		take(&a->needs_name, a->of[i].group->needs_name);
		take(&a->hangs_on_name, a->of[i].group->hangs_on_name);
	}
	if (a->form != ACCESS_ADDRESS_UNKNOWN) {
		const struct address_hashes single = ask_for_address(a);
		prepare_name_so_far(a);
		look_up_addresses(a, &single);
	}
	look_up_address_text(a);
}

static struct access_place place_in_table(const struct question *a, unsigned line)
{
	struct access_place at = *a->in->at;
	at.line = line;
	at.strict = a->in->image->header.strict;
	return at;
}

/* Does a line that was read decide? */
static bool line_matches(const struct question *a, struct access_found *found)
{
	struct access_line *line = &found->line;
	const struct access_place at = place_in_table(a, line->number);
	const enum access_fit fit = access_fit_line(line->text, a->in->asker, &at, &found->rule);
	line->strict = at.strict;
	line->broken = fit == ACCESS_FIT_BROKEN;
	return fit == ACCESS_FIT_YES || line->broken;
}

/* Is it one with many clients, any of which is enough, and does the one at this place fit? */
static bool one_of_many_matches(const struct question *a, uint32_t place, struct access_found *found)
{
	struct access_rule *rule = &found->rule;
	if (access_rule_split(found->line.text, rule) != ACCESS_RULE_RULE || access_list_may_except(rule->clients))
		return false;
	const struct text_slice word = access_image_word_at(a->in->image, place);
	if (word.start < rule->clients.start || word.start + word.length > rule->clients.start + rule->clients.length)
		return false;
	struct access_place at = place_in_table(a, found->line.number);
	at.rule = rule;
	found->line.strict = at.strict;
	return access_fit_lists(access_list_of(rule->daemons), access_list_of(word), a->in->asker, &at);
}

/* Does the rule decide that was looked up by the word at this place? False also where there is none. */
static bool matches(const struct question *a, uint32_t place, struct access_found *found)
{
	enum { LONG = 128 };
	if (!access_image_line_at(a->in->image, place, &found->line))
		return false;
	/* In a strict table all of a rule has to be good. */
	const bool by_one = found->line.text.length >= LONG && !a->in->image->header.strict;
	return (by_one && one_of_many_matches(a, place, found)) || line_matches(a, found);
}

/* The same of a rule of the lists that are tried. */
static bool other_matches(const struct question *a, uint32_t other, uint32_t place, struct access_found *found)
{
	const struct access_kept_rule *kept = access_kept_at(a->in->kept, other);
	if (kept == NULL)
		return access_image_line_at(a->in->image, place, &found->line) && line_matches(a, found);
	struct access_place at = place_in_table(a, kept->line.number);
	at.rule = &kept->rule;
	if (!access_fit_lists(access_kept_daemons(a->in->kept, kept), access_kept_clients(a->in->kept, kept), a->in->asker, &at))
		return false;
	*found = (struct access_found){.line = kept->line, .rule = kept->rule};
	found->line.strict = at.strict;
	return true;
}

/* The next rule of both lists that stands before `limit`: its place, and its number in them. */
static bool next_other(struct question *a, uint32_t limit, uint32_t *place, uint32_t *other)
{
	uint32_t *next = NULL;
	*place = limit;
	for (unsigned i = 0; i < a->groups; i++) {
		uint32_t here;
		if (a->of[i].other < a->of[i].others_end && access_image_other_at(a->in->image, a->of[i].other, &here) &&
			here < *place) {
			*place = here;
			next = &a->of[i].other;
		}
	}
	if (next != NULL)
		*other = (*next)++;
	return next != NULL;
}

/* Tries rules of both lists in the order of the table, as far as they stand before `limit`. */
static bool try_others(struct question *a, uint32_t limit, struct access_found *found)
{
	uint32_t place, other;
	while (next_other(a, limit, &place, &other)) {
		if (other_matches(a, other, place, found))
			return true;
		if (a->in->image->bytes->failed)
			return false;
	}
	return false;
}

static bool is_unanswered(const struct question *a)
{
	const struct access_answers *answers = a->in->asker->q->answers;
	return answers->unanswered && answers->unanswered(a->in->asker->q->self, ACCESS_CLIENT);
}

/* What the address decides: the best of it, if there is one. */
static enum access_found_answer answer_best(struct question *a, struct access_found *found)
{
	if (try_others(a, a->best, found))
		return ACCESS_FOUND_MATCH;
	if (a->best == ACCESS_NOWHERE)
		return ACCESS_FOUND_NONE;
	return matches(a, a->best, found) ? ACCESS_FOUND_MATCH : ACCESS_FOUND_STALE;
}

/* Nobody could say the name: the first rule that hangs on it matches, if it denies. Else only the plain table can tell. */
static enum access_found_answer answer_without_name(struct question *a, struct access_found *found)
{
	if (a->hangs_on_name >= a->best)
		return answer_best(a, found);
	return try_others(a, a->hangs_on_name, found) || matches(a, a->hangs_on_name, found) ? ACCESS_FOUND_MATCH : ACCESS_FOUND_ODD;
}

static enum access_found_answer answer(struct question *a, struct access_found *found)
{
	look_up_address(a);
	if (a->is_odd || gives_up(a))
		return ACCESS_FOUND_ODD;
	if (a->needs_name >= a->best)
		return answer_best(a, found);
	if (try_others(a, a->needs_name, found))
		return ACCESS_FOUND_MATCH;
	const char *name = a->in->asker->q->answers->name(a->in->asker->q->self, ACCESS_CLIENT);
	if (is_unanswered(a))
		return answer_without_name(a, found);
	if (access_word_is_odd_name(name))
		return ACCESS_FOUND_ODD;
	look_up_name(a, name);
	return gives_up(a) ? ACCESS_FOUND_ODD : answer_best(a, found);
}

enum access_found_answer access_search_image(const struct access_search *in, struct access_found *out)
{
	struct access_candidates of_name;
	struct question a = {
		.in = in, .best = ACCESS_NOWHERE, .needs_name = ACCESS_NOWHERE, .hangs_on_name = ACCESS_NOWHERE, .of_name = &of_name};
	if (in->image->header.counts.rules == 0)
		return ACCESS_FOUND_NONE;
	const struct access_asked_host *client = access_asker_address(in->asker, ACCESS_CLIENT);
	a.address_text = client->plain;
	a.form = access_word_of_address(client, &a.address);
	if (a.form == ACCESS_ADDRESS_ODD)
		return ACCESS_FOUND_ODD;
	add_groups(&a);
	return answer(&a, out);
}
