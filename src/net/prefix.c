/* SPDX-License-Identifier: ISC */
#include "net/prefix.h"

#include "base/text_buffer.h"

/* Clears every bit behind `bits` (counted in the 128-bit form). */
static struct addr mask_addr(struct addr a, unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned first = i * 8;
		if (first >= bits)
			a.bytes[i] = 0;
		else if (bits - first < 8)
			a.bytes[i] &= (uint8_t)(0xff << (8 - (bits - first)));
	}
	return a;
}

struct prefix prefix_of(const struct addr *a, unsigned bits)
{
	unsigned wide = addr_is_v4(a) ? bits + 96 : bits;
	if (wide > 128)
		wide = 128;
	return (struct prefix){mask_addr(*a, wide), (uint8_t)wide};
}

bool prefix_parse(const char *text, size_t length, struct prefix *out, bool *host_bits)
{
	const char *slash = memchr(text, '/', length);
	size_t addr_length = slash ? (size_t)(slash - text) : length;
	struct addr a;
	if (host_bits)
		*host_bits = false;
	if (!addr_parse(text, addr_length, &a))
		return false;
	unsigned max = addr_is_v4(&a) ? 32 : 128, bits = max;
	if (slash) {
		const char *p = slash + 1, *limit = text + length;
		bits = 0;
		if (p == limit || limit - p > 3)
			return false;
		for (; p < limit; p++) {
			if (*p < '0' || *p > '9')
				return false;
			bits = bits * 10 + (unsigned)(*p - '0');
		}
		if (bits > max)
			return false;
	}
	struct prefix parsed = prefix_of(&a, bits);
	if (!addr_equal(&parsed.base, &a)) {
		if (host_bits)
			*host_bits = true;
		return false;
	}
	*out = parsed;
	return true;
}

struct prefix_text prefix_to_text(const struct prefix *p)
{
	struct prefix_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	bool v4 = addr_is_v4(&p->base) && p->length_bits >= 96;
	/* all zero is here the first address, not none */
	text_buffer_add(&b, addr_is_none(&p->base) ? "::" : addr_to_text(&p->base).text);
	if (p->length_bits != 128) {
		text_buffer_add(&b, "/");
		text_buffer_add_number(&b, v4 ? p->length_bits - 96u : p->length_bits);
	}
	return out;
}

static struct prefix_words words_of(const struct prefix *p)
{
	struct addr ones;
	memset(&ones, 0xff, sizeof ones);
	struct addr mask = mask_addr(ones, p->length_bits);
	return (struct prefix_words){addr_high_word(&p->base), addr_low_word(&p->base),
		addr_high_word(&mask), addr_low_word(&mask)};
}

bool prefix_set_add(struct prefix_set *set, const struct prefix *p)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (set->items[i].length_bits <= p->length_bits &&
			prefix_holds(&set->items[i], &p->base))
			return true;
	}
	if (set->count == PREFIX_SET_MAX)
		return false;
	set->words[set->count] = words_of(p);
	set->items[set->count++] = *p;
	return true;
}
