/* SPDX-License-Identifier: ISC */
/*
 * memory_plan - how the one option `memory` is shared among all that can grow.
 *
 * The option bounds the resident memory of the whole program, the sensor and the engine of a watch together
 * (pages that they share count once). A part is set aside for what does not depend on it: the program, its
 * libraries and the texts in work (8 MiB), and then either one packet ring (4) and the store (5) or files
 * that are read (9). Tables of one size whatever the option take
 * theirs; files that are read beyond those and more packet rings take what they need; the rest is
 * shared by weight. No part may be larger than what stands here, and all together are the option to
 * the byte.
 *
 * The weights: what a flood forges lies in the doorkeeper, whose size decides how slow a scanner may
 * be and still be found between ten million forged sources (26 MiB: one knock in ten seconds). What
 * comes to a second door pays with a packet of its own for each record, so that a third of that is
 * enough for the sources; details are dear, and for those only who are told of.
 */
#ifndef KW_DETECT_MEMORY_PLAN_H
#define KW_DETECT_MEMORY_PLAN_H

#include <stdint.h>

#define MEMORY_PLAN_LEAST (UINT64_C(24) << 20)
#define MEMORY_PLAN_DEFAULT (UINT64_C(76) << 20) /* below 80 MB */
#define MEMORY_PLAN_MOST (UINT64_C(64) << 30)
#define MEMORY_PLAN_ASIDE (UINT64_C(17) << 20)
#define MEMORY_PLAN_RING (UINT64_C(4) << 20) /* of what is set aside: for one packet ring */
#define MEMORY_PLAN_FILES                                                                          \
	(UINT64_C(9) << 20) /* ... for files, where there is neither ring nor store */
#define MEMORY_PLAN_FIXED (UINT64_C(5) << 20)  /* services, aims, campaigns, the tally */
#define MEMORY_PLAN_TABLES (UINT64_C(2) << 20) /* what the shared tables get at the very least */
#define MEMORY_PLAN_WORDS "from 24M to 64G, 17M of them for the program itself"

/* What verdict/ keeps beside each dossier, at most; part of the dossiers' share. */
#define MEMORY_PLAN_STORY 104

enum memory_share {
	MEMORY_SHARE_DOORKEEPER,
	MEMORY_SHARE_SOURCES,
	MEMORY_SHARE_DOSSIERS,
	MEMORY_SHARE_SETS, /* targets and members beyond what a dossier's own cell holds */
	MEMORY_SHARE_CONVERSATIONS,
	MEMORY_SHARE_REPLIES,
	MEMORY_SHARE_TELLINGS, /* incidents that wait for the store, or for the end of the input */
	MEMORY_SHARES
};

struct memory_plan {
	uint64_t bytes; /* the option */
	uint64_t inputs;
	uint64_t shares[MEMORY_SHARES];
};

/* Shares `bytes` (0 = the default, raised to the least) after `inputs`, which is cut to
 * memory_plan_inputs_most. The sum of aside, fixed, inputs and shares is the option. */
struct memory_plan memory_plan_make(uint64_t bytes, uint64_t inputs);

/* What inputs may take beyond what is set aside. */
uint64_t memory_plan_inputs_most(uint64_t bytes);

#endif
