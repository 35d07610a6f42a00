/* SPDX-License-Identifier: ISC */
/*
 * ruleset_judge - whether a ruleset tells of what it refuses: which chains drop or reject packets that nothing
 * before them has logged.
 *
 * Walks every way a packet can come in (base chains of type filter at ingress, prerouting, input and, on a host
 * that forwards, forward) through jumps and verdict maps, and keeps which logs were passed under which conditions.
 * A refusal is seen if one of them holds for every packet that it meets: each condition of the log is among those
 * of the refusal. What cannot be read (extensions of iptables whose words are not known) is never taken for a log
 * that holds, so the judge errs on the side of telling. A log in one base chain is not looked for when another one
 * refuses.
 *
 * Pure. Bound: RULESET_STEPS_MAX rules looked at, jumps 16 deep (as the kernel), RULESET_FINDINGS_MAX findings; where a
 * bound is met, `cut` is set and the answer is no.
 */
#ifndef KW_FIREWALL_RULESET_JUDGE_H
#define KW_FIREWALL_RULESET_JUDGE_H

#include "firewall/ruleset_model.h"

#include <stdbool.h>
#include <stdint.h>

#define RULESET_STEPS_MAX 100000
#define RULESET_FINDINGS_MAX 200
/* A log that lets less through than both hides scans: others can fill it, and a scan comes in a burst. */
#define RULESET_LIMIT_PER_MINUTE 600
#define RULESET_LIMIT_BURST 500

enum ruleset_fault {
	RULESET_SILENT,     /* dropped or rejected, and nothing logged it */
	RULESET_LOG_BEHIND, /* a log that no packet reaches, for they are dropped before it */
	RULESET_LOG_UNREAD, /* the log's group has no reader */
	RULESET_LOG_TIGHT,  /* the log's limit hides scans */
	RULESET_LOG_SKIPS,  /* some of what is dropped went round the log */
	RULESET_LOG_LET_IN, /* the log's prefix says that the packet was let in */
	RULESET_FAULTS
};

struct ruleset_finding {
	enum ruleset_fault fault;
	const struct ruleset_chain *chain;
	const struct ruleset_rule
		*rule;     /* the refusal, or the log that is at fault; null: the policy */
	unsigned refusals; /* that are not seen for this reason */
	uint16_t group;    /* RULESET_LOG_UNREAD */
};

struct ruleset_judge_options {
	bool forwards; /* look at what is forwarded, too */
	/* Whether somebody reads this log group; null = all are read. */
	bool (*is_read)(const void *context, uint16_t group);
	const void *context;
};

struct ruleset_verdict {
	struct ruleset_finding findings[RULESET_FINDINGS_MAX];
	unsigned count;
	unsigned refusals; /* ways on which packets are refused */
	unsigned seen;     /* of these: a log tells of them */
	bool cut;
};

/* `m` must live as long as the verdict is used. */
void ruleset_judge(const struct ruleset_model *m, const struct ruleset_judge_options *options,
	struct ruleset_verdict *out);

/* True where nothing that is refused goes unseen. */
static inline bool ruleset_verdict_sees_all(const struct ruleset_verdict *v)
{
	return v->count == 0 && !v->cut;
}

#endif
