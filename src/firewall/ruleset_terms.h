/* SPDX-License-Identifier: ISC */
/*
 * ruleset_terms - conditions under which a packet comes to a place in a ruleset, and whether some follow from
 * others.
 *
 * A list of terms that all hold. Plain data; what they point to belongs to the model.
 */
#ifndef KW_FIREWALL_RULESET_TERMS_H
#define KW_FIREWALL_RULESET_TERMS_H

#include "base/text_slice.h"

#include <jansson.h>
#include <stdbool.h>

#define RULESET_TERMS_MAX 48 /* on one way; conditions beyond are too many for people, too */

struct ruleset_term {
	const json_t *expression; /* a match of nft */
	struct text_slice
		words; /* of an extension of iptables, whose expression tells only its name: the
				     words of its rule. Empty = of nft */
	bool opaque;   /* equal to itself only */
};

struct ruleset_terms {
	struct ruleset_term items[RULESET_TERMS_MAX];
	unsigned count;
	bool overflow; /* some were left out: these hold, and others that are not known */
};

void ruleset_terms_add(struct ruleset_terms *t, const struct ruleset_term *term);

/* True if every packet for which `have` holds is one for which `wanted` holds. */
bool ruleset_terms_imply(const struct ruleset_terms *have, const struct ruleset_terms *wanted);

#endif
