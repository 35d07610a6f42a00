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

void access_kept_take(struct access_kept *k, const struct access_image *x)
{
	for (uint32_t other = 0; other < x->others_count && !is_full(k); other++) {
		struct access_kept_rule r = {.is_good = false};
		uint32_t place;
		if (!access_image_other_at(x, other, &place) || !access_image_line_at(x, place, &r.line))
			return;
		take_apart(k, x->header.strict, &r);
		access_pile_add_bytes(&k->rules, &r, sizeof r);
	}
}

const struct access_kept_rule *access_kept_at(const struct access_kept *k, uint32_t other)
{
	const struct access_kept_rule *r = (const void *)k->rules.bytes;
	return other < k->rules.used / sizeof *r && r[other].is_good ? &r[other] : NULL;
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
	access_pile_clear(&k->rules);
	access_pile_clear(&k->words);
}
