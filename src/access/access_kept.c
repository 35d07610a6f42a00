/* SPDX-License-Identifier: ISC */
#include "access/access_kept.h"

#include "access/access_strict.h"

static bool is_full(const struct access_kept *k)
{
	return k->rules.failed || k->words.failed || k->rules.used + k->words.used >= ACCESS_KEPT_BYTES;
}

/* How many there are; no more are taken than there is room for. */
static uint32_t cut_words(struct access_kept *k, struct text_slice list)
{
	struct access_list_word word;
	uint32_t count = 0;
	for (; !is_full(k) && access_list_cut(&list, &word); count++)
		access_pile_add_bytes(&k->words, &word, sizeof word);
	return count;
}

static void take_apart(struct access_kept *k, bool strict, struct access_kept_rule *r)
{
	if (access_strict_split_if(strict, r->line.text, &r->rule) != ACCESS_RULE_RULE ||
		(strict && access_strict_text_is_broken(r->line.text, NULL)))
		return;
	r->first = (uint32_t)(k->words.used / sizeof(struct access_list_word));
	r->daemons = cut_words(k, r->rule.daemons);
	r->clients = cut_words(k, r->rule.clients);
	r->is_good = !is_full(k) && k->words.used > 0;
}

/* One of `others` of the image. */
struct other {
	uint32_t place, number;
};

static int compare_places(const void *a, const void *b)
{
	const struct other *left = a, *right = b;
	return (left->place > right->place) - (left->place < right->place);
}

/* In the order of the table; those of several daemons stand beside each other. */
static size_t sort_others(const struct access_image *x, struct access_pile *others, struct access_pile *numbers)
{
	const uint32_t none = UINT32_MAX;
	struct other o = {0};
	for (; o.number < x->others_count && o.number < ACCESS_KEPT_OTHERS; o.number++) {
		if (!access_image_other_at(x, o.number, &o.place))
			return 0;
		access_pile_add_bytes(others, &o, sizeof o);
		access_pile_add_bytes(numbers, &none, sizeof none);
	}
	if (others->failed || numbers->failed || others->used == 0)
		return 0;
	qsort(others->bytes, others->used / sizeof o, sizeof o, compare_places);
	return others->used / sizeof o;
}

/* False: what stands there is no line. Whoever asks for it will find that out. */
static bool take_rule(struct access_kept *k, const struct access_image *x, uint32_t place)
{
	struct access_kept_rule r = {.is_good = false};
	if (!access_image_line_at(x, place, &r.line)) {
		x->bytes->failed = false;
		return false;
	}
	take_apart(k, x->header.strict, &r);
	access_pile_add_bytes(&k->rules, &r, sizeof r);
	return !k->rules.failed;
}

void access_kept_take(struct access_kept *k, const struct access_image *x)
{
	struct access_pile others = {0};
	const size_t count = sort_others(x, &others, &k->numbers);
	const struct other *o = (const void *)others.bytes;
	uint32_t *numbers = (uint32_t *)(void *)k->numbers.bytes;
	bool is_there = false;
	for (size_t i = 0; i < count && !is_full(k); i++) {
		if (i == 0 || o[i].place != o[i - 1].place)
			is_there = take_rule(k, x, o[i].place);
		if (is_there)
			numbers[o[i].number] = (uint32_t)(k->rules.used / sizeof(struct access_kept_rule)) - 1;
	}
	access_pile_clear(&others);
}

const struct access_kept_rule *access_kept_at(const struct access_kept *k, uint32_t other)
{
	const struct access_kept_rule *r = (const void *)k->rules.bytes;
	const uint32_t *numbers = (const void *)k->numbers.bytes;
	if (other >= k->numbers.used / sizeof *numbers || numbers[other] == UINT32_MAX)
		return NULL;
	return r[numbers[other]].is_good ? &r[numbers[other]] : NULL;
}

struct access_list access_kept_daemons(const struct access_kept *k, const struct access_kept_rule *rule)
{
	return access_list_over((const struct access_list_word *)(const void *)k->words.bytes + rule->first, rule->daemons);
}

struct access_list access_kept_clients(const struct access_kept *k, const struct access_kept_rule *rule)
{
	return access_list_over(
		(const struct access_list_word *)(const void *)k->words.bytes + rule->first + rule->daemons, rule->clients);
}

void access_kept_clear(struct access_kept *k)
{
	access_pile_clear(&k->numbers);
	access_pile_clear(&k->rules);
	access_pile_clear(&k->words);
}
