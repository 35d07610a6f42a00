/* SPDX-License-Identifier: ISC */
#include "verdict/level_rules.h"

#include "base/number_text.h"
#include "base/text_buffer.h"

#include <string.h>

/*
 * 1 notice: worth a line in the report. 2 suspicious: a scan beyond doubt (error bound 1e-4).
 * 3 serious: broad, hidden, patient, or it found something. 4 severe: very broad, or it came back to
 * what it had found. 5 critical: the whole range of ports.
 */
static const struct level_rule table[] = {
	/* name, measure, at, level, words */
	{"notice", LEVEL_MEASURE_SCORE, 4.6, 1, "more targets than a mistake explains"},
	{"alert", LEVEL_MEASURE_SCORE, 9.2, 2, "a scan beyond reasonable doubt"},
	{"bot", LEVEL_MEASURE_BOT_TARGETS, 3, 2, "in the handwriting of a known bot"},
	{"visits", LEVEL_MEASURE_VISITS, 2, 2, "it was here before, %s times"},
	{"many-targets", LEVEL_MEASURE_TARGETS, 50, 3, "%s distinct targets"},
	{"many-hosts", LEVEL_MEASURE_HOSTS, 100, 3, "%s hosts"},
	{"stealth", LEVEL_MEASURE_STEALTH_TARGETS, 3, 3, "packets that no honest program sends"},
	{"fingerprint", LEVEL_MEASURE_OS_PROBES, 3, 3, "it tried to learn the operating system"},
	{"answered", LEVEL_MEASURE_ANSWERED_TARGETS, 10, 3, "it found open ports"},
	{"patient", LEVEL_MEASURE_SLOW_TARGETS, 20, 3, "slow enough to hide from a window"},
	{"group", LEVEL_MEASURE_SOURCES, 2, 3, "%s sources act together"},
	{"large-group", LEVEL_MEASURE_SOURCES, 100, 4, "%s sources act together"},
	{"most-targets", LEVEL_MEASURE_TARGETS, 500, 4, "%s distinct targets"},
	{"returned", LEVEL_MEASURE_RETURNED_TARGETS, 10, 4,
		"it came back to a port it had found open"},
	{"questions", LEVEL_MEASURE_QUESTIONS, 2, 3, "it asked what stands behind open ports"},
	{"redirect", LEVEL_MEASURE_REDIRECTS, 1, 3, "it would lead our traffic elsewhere"},
	{"source-route", LEVEL_MEASURE_ROUTED, 1, 2, "it dictates the route of its packets"},
	{"source-routes", LEVEL_MEASURE_ROUTED, 3, 3, "it dictates the route of %s packets"},
	{"forged", LEVEL_MEASURE_FORGED, 1, 2, "a sender that cannot be"},
	{"forged-more", LEVEL_MEASURE_FORGED, 3, 3, "%s packets from a sender that cannot be"},
	{"odd-options", LEVEL_MEASURE_ODD_OPTIONS, 1, 1, "IP options that no client sends"},
	{"more-options", LEVEL_MEASURE_ODD_OPTIONS, 10, 2,
		"%s packets with IP options that no client sends"},
	{"odd-pieces", LEVEL_MEASURE_ODD_PIECES, 1, 3, "pieces of datagrams that no host makes"},
	{"odd-flags", LEVEL_MEASURE_ODD_FLAGS, 1, 2, "flags that no stack sends"},
	{"whole-range", LEVEL_MEASURE_TARGETS, 10000, 5, "%s distinct targets"},
};

_Static_assert(sizeof table / sizeof table[0] <= LEVEL_RULES_MAX, "the table fits");

void level_rules_init(struct level_rules *rules)
{
	rules->count = sizeof table / sizeof table[0];
	memcpy(rules->rows, table, sizeof table);
}

bool level_rules_adjust(struct level_rules *rules, const char *name, double at, int level)
{
	for (unsigned i = 0; i < rules->count; i++) {
		if (strcmp(rules->rows[i].name, name) == 0) {
			rules->rows[i].at = at;
			rules->rows[i].level = level;
			return true;
		}
	}
	return false;
}

const char *level_rules_name(const struct level_rules *rules, unsigned index)
{
	return index < rules->count ? rules->rows[index].name : NULL;
}

static void add_words(struct text_buffer *b, const char *words, double value)
{
	const char *hole = strstr(words, "%s");
	if (b->used > 0)
		text_buffer_add(b, "; ");
	if (hole == NULL) {
		text_buffer_add(b, words);
		return;
	}
	text_buffer_add_bytes(b, words, (size_t)(hole - words));
	text_buffer_add(b, number_text_of((uint64_t)value).text);
	text_buffer_add(b, hole + 2);
}

struct level_result level_rules_apply(
	const struct level_rules *rules, const struct level_facts *facts)
{
	struct level_result result;
	const struct level_rule *heard[LEVEL_RULES_MAX];
	unsigned count = 0;
	result.level = 0;
	for (unsigned i = 0; i < rules->count; i++) {
		const struct level_rule *r = &rules->rows[i];
		if (r->level < result.level || !(facts->values[r->measure] >= r->at))
			continue;
		if (r->level > result.level)
			count = 0;
		result.level = r->level;
		heard[count++] = r;
	}
	struct text_buffer b = text_buffer_over(result.why, sizeof result.why);
	for (unsigned i = 0; i < count && result.level > 0; i++)
		add_words(&b, heard[i]->words, facts->values[heard[i]->measure]);
	return result;
}
