/* SPDX-License-Identifier: ISC */
#include "verdict/story_level.h"

#include "base/text_buffer.h"
#include "detect/scan_shape.h"
#include "detect/tool_mark.h"
#include "event/ip_misuse.h"
#include "event/technique.h"

#include <string.h>

const struct signature *story_level_signature(
	const struct signature_set *signatures, const struct dossier *d)
{
	if (d->signature < 0 || signatures == NULL)
		return NULL;
	return signature_set_find(signatures, (uint32_t)d->signature);
}

static bool is_stealthy(uint32_t techniques)
{
	return techniques &
	       (technique_bit(TECHNIQUE_FIN) | technique_bit(TECHNIQUE_NULL) |
		       technique_bit(TECHNIQUE_XMAS) | technique_bit(TECHNIQUE_SYN_FIN) |
		       technique_bit(TECHNIQUE_ALL_FLAGS) | technique_bit(TECHNIQUE_MAIMON));
}

static struct level_facts facts_of(const struct dossier *d, const struct target_counts *c)
{
	struct level_facts f = {{0}};
	const char *tool = tool_mark_name(d);
	double targets = c->targets;
	f.values[LEVEL_MEASURE_SCORE] = d->score;
	f.values[LEVEL_MEASURE_TARGETS] = targets;
	f.values[LEVEL_MEASURE_HOSTS] = c->hosts;
	f.values[LEVEL_MEASURE_STEALTH_TARGETS] = is_stealthy(d->techniques) ? targets : 0;
	f.values[LEVEL_MEASURE_OS_PROBES] = tool_mark_os_probes(d);
	f.values[LEVEL_MEASURE_ANSWERED_TARGETS] = d->answered_count > 0 ? targets : 0;
	f.values[LEVEL_MEASURE_RETURNED_TARGETS] = d->returned ? targets : 0;
	f.values[LEVEL_MEASURE_SLOW_TARGETS] = scan_shape_is_slow(d, c) ? targets : 0;
	f.values[LEVEL_MEASURE_SOURCES] =
		d->form == DOSSIER_DECOYS || d->form == DOSSIER_DISTRIBUTED ? dossier_sources(d)
									    : 0;
	f.values[LEVEL_MEASURE_VISITS] = d->visits;
	f.values[LEVEL_MEASURE_ROUTED] = d->routed;
	f.values[LEVEL_MEASURE_ODD_PIECES] = d->misuses & IP_MISUSE_FRAGMENTS ? targets : 0;
	f.values[LEVEL_MEASURE_QUESTIONS] = d->questions;
	f.values[LEVEL_MEASURE_BOT_TARGETS] =
		tool != NULL && strcmp(tool, "mirai") == 0 ? targets : 0;
	return f;
}

static struct level_result flood_level(const struct dossier *d)
{
	struct level_result r = {2, "more packets than anybody needs"};
	if (d->rate_peak >= 10000)
		r = (struct level_result){4, "10,000 packets a second and more"};
	else if (d->rate_peak >= 1000)
		r = (struct level_result){3, "1,000 packets a second and more"};
	return r;
}

static struct level_result attack_level(
	const struct level_rules *rules, const struct dossier *d, enum incident_kind kind)
{
	struct level_facts facts = {{0}};
	double packets = (double)d->packets;
	if (kind == INCIDENT_KIND_REDIRECT)
		facts.values[LEVEL_MEASURE_REDIRECTS] = packets;
	else if (kind == INCIDENT_KIND_SOURCE_ROUTE)
		facts.values[LEVEL_MEASURE_ROUTED] = packets;
	else if (kind == INCIDENT_KIND_SPOOF)
		facts.values[LEVEL_MEASURE_FORGED] = packets;
	else if (kind == INCIDENT_KIND_EXPLOIT && d->misuses != 0) {
		facts.values[LEVEL_MEASURE_ODD_OPTIONS] =
			d->misuses & IP_MISUSE_OPTIONS ? packets : 0;
		facts.values[LEVEL_MEASURE_ODD_PIECES] =
			d->misuses & IP_MISUSE_FRAGMENTS ? packets : 0;
		facts.values[LEVEL_MEASURE_ODD_FLAGS] =
			d->misuses & ip_misuse_bit(IP_MISUSE_SYN_FIN) ? packets : 0;
	} else {
		return (struct level_result){3, "an attack, not a question"};
	}
	return level_rules_apply(rules, &facts);
}

struct level_result story_level_judge(const struct level_rules *rules,
	const struct signature_set *signatures, const struct dossier *d, enum incident_kind kind,
	const struct target_counts *counts)
{
	struct level_result r = {0, ""};
	switch (incident_kind_class(kind)) {
	case INCIDENT_CLASS_NOISE:
		return r;
	case INCIDENT_CLASS_FLOOD:
		r = flood_level(d);
		break;
	case INCIDENT_CLASS_ATTACK:
		r = attack_level(rules, d, kind);
		break;
	case INCIDENT_CLASS_SCAN:
	case INCIDENT_CLASSES: {
		struct level_facts facts = facts_of(d, counts);
		r = level_rules_apply(rules, &facts);
		break;
	}
	}
	const struct signature *s = story_level_signature(signatures, d);
	if (s != NULL && (s->level > r.level || kind == INCIDENT_KIND_EXPLOIT)) {
		r.level = s->level;
		struct text_buffer why = text_buffer_over(r.why, sizeof r.why);
		text_buffer_printf(&why, "signature: %s", s->name);
	}
	if (d->forced_level >= 0) {
		r.level = d->forced_level;
		struct text_buffer why = text_buffer_over(r.why, sizeof r.why);
		text_buffer_add(&why, "level set for this address in the configuration");
	}
	return r;
}
