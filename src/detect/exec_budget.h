/* SPDX-License-Identifier: ISC */
/*
 * exec_budget - how many starts are written one by one, so that a fork bomb does not become a journal.
 *
 * Each unit (where there is none, each parent) may burst, and then has a few a second; all together have a bound as
 * well. What is new to the baseline draws from a budget of its own, so that a bomb of known commands does not hide a
 * new one. What is beyond is counted for its unit and given out as one sum after EXEC_BUDGET_SUM_S seconds.
 *
 * Memory is fixed: EXEC_BUDGET_UNITS units at once; where more come, the one that was quiet longest makes room, if
 * it has no sum to give out; else the newcomer is one of "others" that share one budget and one sum. Time is that
 * of the events; where it jumps back, what was drawn before counts as drawn now.
 *
 * Owner: embedded, about 45 KiB.   Tests: tests/unit/detect/test_exec_budget.c
 */
#ifndef KW_DETECT_EXEC_BUDGET_H
#define KW_DETECT_EXEC_BUDGET_H

#include "event/exec_event.h"
#include "event/exec_json.h"

#define EXEC_BUDGET_UNITS 64
#define EXEC_BUDGET_BURST                                                                          \
	12000 /* lines, 6 MB of journal: what an installation or a build starts in all */
#define EXEC_BUDGET_RATE 10 /* a second: 900,000 a day at the very most */
#define EXEC_BUDGET_BURST_ALL 24000
#define EXEC_BUDGET_RATE_ALL 50
#define EXEC_BUDGET_SUM_S 10

struct exec_budget_unit {
	bool in_use;
	char unit[EXEC_UNIT_MAX]; /* both empty: others */
	char parent[EXEC_COMM_MAX];
	char exe[EXEC_PATH_MAX];      /* of the last start that was held back */
	int64_t seen_us;              /* the last start */
	int64_t known_us, fresh_us;   /* until when the allowance is drawn */
	struct wall_time first, last; /* of those held back */
	uint64_t held, held_fresh;
};

struct exec_budget {
	struct exec_budget_unit units[EXEC_BUDGET_UNITS + 1]; /* the last: others */
	int64_t known_us, fresh_us;                           /* of all together */
	uint64_t held;                                        /* ever */
};

/* Everything may burst. */
void exec_budget_clear(struct exec_budget *b);

/* True if this start may be told by itself; else it is counted. */
bool exec_budget_take(struct exec_budget *b, const struct exec_event *e, bool is_new);

/* The next sum that is due at `now`, any with `all`; it begins anew then. False if there is none. Texts are borrowed
 * until the next call. */
bool exec_budget_next_sum(
	struct exec_budget *b, struct wall_time now, bool all, struct exec_json_held *out);

#endif
