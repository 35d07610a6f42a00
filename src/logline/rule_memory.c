/* SPDX-License-Identifier: ISC */
#include "logline/rule_memory.h"

#include <string.h>

static uint8_t place_in(struct text_slice text, const char *p)
{
	return (uint8_t)(p - text.start);
}

void rule_memory_keep(struct rule_memory *m, const struct rule_memory_facts *facts)
{
	struct text_slice text = facts->text;
	if (text.length > RULE_MEMORY_MAX)
		return;
	m->last = (uint8_t)((m->last + 1) % RULE_MEMORY_RULES);
	struct rule_memory_rule *rule = &m->rules[m->last];
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
	struct rule_memory *m, struct text_slice behind, bool bracket)
{
	for (unsigned i = 0; i < RULE_MEMORY_RULES; i++) {
		unsigned at = (m->last + i) % RULE_MEMORY_RULES;
		const struct rule_memory_rule *rule = &m->rules[at];
		if (rule->length == 0 || rule->bracket != bracket || behind.length < rule->length ||
			memcmp(behind.start, rule->text, rule->length) != 0)
			continue;
		m->last = (uint8_t)at;
		return rule;
	}
	return NULL;
}
