/* SPDX-License-Identifier: ISC */
#include "access/access_lint_except.h"

#include "access/access_lint_net.h"
#include "access/access_text.h"

void access_lint_excepts_add_base(
	struct access_lint_excepts *e, struct text_slice word, struct text_slice written, bool is_client)
{
	if (e->count == ACCESS_LINT_BASES_MAX) {
		e->too_many = true;
		return;
	}
	struct access_lint_base *b = &e->bases[e->count++];
	*b = (struct access_lint_base){.written = written};
	b->is_net = is_client && access_lint_net_read(word, &b->net);
}

static bool holds(const struct prefix *around, const struct prefix *p)
{
	return around->length_bits <= p->length_bits && prefix_holds(around, &p->base);
}

bool access_lint_excepts_take(struct access_lint_excepts *e, struct text_slice word, struct text_slice written, bool is_client)
{
	struct prefix p;
	const bool is_net = is_client && access_lint_net_read(word, &p);
	const bool is_all = access_text_equals(word, "ALL");
	bool apart = is_net && e->count > 0 && !e->too_many;
	for (unsigned i = 0; i < e->count; i++) {
		struct access_lint_base *b = &e->bases[i];
		bool same = b->written.length == written.length &&
			    access_text_same(b->written.start, written.start, written.length);
		b->gone = b->gone || is_all || same || (is_net && b->is_net && holds(&p, &b->net));
		apart = apart && b->is_net && !holds(&p, &b->net) && !holds(&b->net, &p);
	}
	return apart;
}

bool access_lint_excepts_find(const struct access_lint_excepts *e, struct text_slice *word)
{
	for (unsigned i = 0; i < e->count && !e->too_many; i++) {
		if (e->bases[i].gone) {
			*word = e->bases[i].written;
			return true;
		}
	}
	return false;
}
