/* SPDX-License-Identifier: ISC */
#include "access/access_candidates.h"

#include "access/access_place_hash.h"

void access_candidates_begin(struct access_candidates *c, struct text_slice text)
{
	c->text = text;
	c->count = 0;
}

static void add_candidate(struct access_candidates *c, uint64_t running, size_t from, size_t length)
{
	c->of[c->count].running = running;
	c->of[c->count].from = (uint8_t)from;
	c->of[c->count].length = (uint8_t)length;
	c->count++;
}

uint64_t access_candidates_add_tails(struct access_candidates *c, const struct access_image *x, const uint64_t set[2], bool of_address)
{
	const size_t length = c->text.length;
	uint64_t running = x->header.seed;
	bool numeric = true;
	for (size_t i = length; i-- > 0;) {
		const char letter = c->text.start[i];
		running = access_place_hash_letter(running, letter);
		numeric = numeric && (letter == '.' || (letter >= '0' && letter <= '9'));
		if (letter == '.' && i > 0 && numeric == of_address && access_image_lengths_have(set, length - i))
			add_candidate(c, running, i, length - i);
	}
	return running;
}

void access_candidates_add_whole(struct access_candidates *c, const struct access_image *x, uint64_t running)
{
	const struct text_slice s = c->text;
	if (access_image_lengths_have(x->header.lengths.exact, s.length) && s.start[0] != '.' && s.start[s.length - 1] != '.')
		add_candidate(c, running, 0, s.length);
}

void access_candidates_add_heads(struct access_candidates *c, const struct access_image *x)
{
	const uint64_t *set = x->header.lengths.prefix;
	uint64_t running = x->header.seed;
	if ((set[0] | set[1]) == 0 || c->text.start[0] == '.')
		return;
	for (size_t i = 0; i < c->text.length; i++) {
		running = access_place_hash_letter(running, c->text.start[i]);
		if (c->text.start[i] == '.' && access_image_lengths_have(set, i + 1))
			add_candidate(c, running, 0, i + 1);
	}
}
