/* SPDX-License-Identifier: ISC */
/*
 * prefix - a block of addresses (CIDR), and small sets of them.
 *
 * Lengths are counted in the 128-bit form: an IPv4 /24 is stored as 120. Texts use the usual form.
 */
#ifndef KW_NET_PREFIX_H
#define KW_NET_PREFIX_H

#include "net/addr.h"

struct prefix {
	struct addr base;    /* bits behind the length are zero */
	uint8_t length_bits; /* 0 to 128; 96 is the whole of IPv4 */
};

struct prefix_text {
	char text[56];
};

/* The block of `bits` (in the family's own count: 0-32 or 0-128) that holds `a`. */
struct prefix prefix_of(const struct addr *a, unsigned bits);

static inline bool prefix_holds(const struct prefix *p, const struct addr *a)
{
	unsigned bits = p->length_bits;
	if (bits >= 64) {
		if (addr_high_word(&p->base) != addr_high_word(a))
			return false;
		unsigned rest = bits - 64;
		uint64_t diff = __builtin_bswap64(addr_low_word(&p->base) ^ addr_low_word(a));
		return rest == 0 || (diff >> (64 - rest)) == 0;
	}
	uint64_t diff = __builtin_bswap64(addr_high_word(&p->base) ^ addr_high_word(a));
	return bits == 0 || (diff >> (64 - bits)) == 0;
}

/* "192.0.2.0/24", "2001:db8::/32", or an address alone (its full length). Host bits must be zero:
 * with them, false, and `*host_bits` (may be null) tells that this was the fault. */
bool prefix_parse(const char *text, size_t length, struct prefix *out, bool *host_bits);

/* The address alone where the prefix is one address, else base/length. */
struct prefix_text prefix_to_text(const struct prefix *p);

#define PREFIX_SET_MAX 64

/* A prefix as two words and which of their bits count: what every packet is compared with. */
struct prefix_words {
	uint64_t high, low;
	uint64_t high_mask, low_mask;
};

/* A handful of prefixes, tried in order: what the configuration calls home. Embedded, no heap. Empty when
 * zeroed; filled by prefix_set_add alone. */
struct prefix_set {
	struct prefix items[PREFIX_SET_MAX];
	struct prefix_words words[PREFIX_SET_MAX]; /* the same ones */
	unsigned count;
};

/* False if the set is full. A prefix that is already covered is not added again. */
bool prefix_set_add(struct prefix_set *set, const struct prefix *p);

static inline bool prefix_set_holds(const struct prefix_set *set, const struct addr *a)
{
	const uint64_t high = addr_high_word(a), low = addr_low_word(a);
	for (unsigned i = 0; i < set->count; i++) {
		const struct prefix_words *w = &set->words[i];
		if ((((w->high ^ high) & w->high_mask) | ((w->low ^ low) & w->low_mask)) == 0)
			return true;
	}
	return false;
}

#endif
