/* SPDX-License-Identifier: ISC */
#include "access/access_asker.h"

#include "access/access_text.h"

struct access_asker access_asker_of(const struct access_request *q)
{
	const char *daemon = q->daemon[0] ? q->daemon : ACCESS_UNKNOWN;
	return (struct access_asker){.q = q, .daemon = text_slice_of(daemon)};
}

struct text_slice access_asker_plain(struct text_slice text)
{
	static const char mapped[] = "::ffff:";
	enum { LENGTH = sizeof mapped - 1 };
	uint32_t v4;
	struct text_slice rest = {text.start + LENGTH, text.length - LENGTH};
	if (text.length > LENGTH && access_text_same(text.start, mapped, LENGTH) &&
		access_network_read_v4(rest, &v4))
		return rest;
	return text;
}

void access_asker_ask_address(struct access_asker *a, enum access_side side)
{
	struct access_asked_host *h = &a->host[side];
	h->text = text_slice_of(a->q->answers->address(a->q->self, side));
	h->plain = access_asker_plain(h->text);
	h->address = access_network_read(h->plain);
	h->asked = true;
}
