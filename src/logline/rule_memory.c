/* SPDX-License-Identifier: ISC */
#include "logline/rule_memory.h"

#include <string.h>

/* The set of a text of RULE_MEMORY_MIN bytes or more. Who can choose prefixes can also read the log:
 * a secret key would be of no use. */
static unsigned set_of(const char *text)
{
	const uint64_t odd =
		UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio: spreads all bits */
	uint64_t low, high;
	memcpy(&low, text, sizeof low);
	memcpy(&high, text + sizeof low, sizeof high);
	return (unsigned)(((low ^ high * odd) * odd) >> 61);
}

_Static_assert(RULE_MEMORY_SETS == 1 << (64 - 61), "set_of gives as many bits as there are sets");

static uint8_t place_in(struct text_slice text, const char *p)
{
	return (uint8_t)(p - text.start);
}

void rule_memory_keep(struct rule_memory *m, const struct rule_memory_facts *facts)
{
	struct text_slice text = facts->text;
	if (text.length < RULE_MEMORY_MIN || text.length > RULE_MEMORY_MAX)
		return;
	unsigned set = set_of(text.start), way = m->oldest[set];
	m->oldest[set] = (uint8_t)((way + 1) % RULE_MEMORY_WAYS);
	struct rule_memory_rule *rule = &m->rules[set][way];
	memcpy(rule->text, text.start, text.length);
	rule->length = (uint8_t)text.length;
	rule->mark_at = place_in(text, facts->mark);
	rule->prefix_at = facts->prefix.length ? place_in(text, facts->prefix.start) : 0;
	rule->prefix_length = (uint8_t)facts->prefix.length;
	rule->in_at = place_in(text, facts->in.start);
	rule->in_length = (uint8_t)facts->in.length;
	rule->out_at = place_in(text, facts->out.start);
	rule->out_length = (uint8_t)facts->out.length;
	rule->marks = facts->marks;
	rule->bracket = facts->bracket;
	rule->let_in = facts->let_in;
}

const struct rule_memory_rule *rule_memory_recall(
	const struct rule_memory *m, struct text_slice behind, bool bracket)
{
	if (behind.length < RULE_MEMORY_MIN)
		return NULL;
	const struct rule_memory_rule *rule = m->rules[set_of(behind.start)];
	for (unsigned way = 0; way < RULE_MEMORY_WAYS; way++, rule++) {
		if (rule->length != 0 && rule->bracket == bracket &&
			behind.length >= rule->length &&
			memcmp(behind.start, rule->text, rule->length) == 0)
			return rule;
	}
	return NULL;
}
