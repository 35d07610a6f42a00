/* SPDX-License-Identifier: ISC */
/*
 * story_level - how serious a dossier is when it is told as one kind, and why.
 *
 * Scans and the misuse of IP go by the table of level_rules, floods by their pace. A signature raises
 * the level, and what the configuration says of the address has the last word. Harmless kinds are 0.
 */
#ifndef KW_VERDICT_STORY_LEVEL_H
#define KW_VERDICT_STORY_LEVEL_H

#include "detect/signature_set.h"
#include "event/incident_kind.h"
#include "track/dossier.h"
#include "verdict/level_rules.h"

/* `signatures` may be null. */
struct level_result story_level_judge(const struct level_rules *rules,
	const struct signature_set *signatures, const struct dossier *d, enum incident_kind kind,
	const struct target_counts *counts);

/* The signature that speaks loudest in a dossier, or null. */
const struct signature *story_level_signature(
	const struct signature_set *signatures, const struct dossier *d);

#endif
