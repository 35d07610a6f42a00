/* SPDX-License-Identifier: ISC */
#include "detect/memory_plan.h"

/* In thousandths of what is shared. */
static const unsigned weights[MEMORY_SHARES] = {
	[MEMORY_SHARE_DOORKEEPER] = 480,
	[MEMORY_SHARE_SOURCES] = 150,
	[MEMORY_SHARE_DOSSIERS] = 165,
	[MEMORY_SHARE_SETS] = 85,
	[MEMORY_SHARE_CONVERSATIONS] = 30,
	[MEMORY_SHARE_REPLIES] = 30,
	[MEMORY_SHARE_TELLINGS] = 60,
};

static uint64_t whole_of(uint64_t bytes)
{
	if (bytes == 0)
		return MEMORY_PLAN_DEFAULT;
	return bytes < MEMORY_PLAN_LEAST ? MEMORY_PLAN_LEAST : bytes;
}

uint64_t memory_plan_inputs_most(uint64_t bytes)
{
	return whole_of(bytes) - MEMORY_PLAN_ASIDE - MEMORY_PLAN_FIXED - MEMORY_PLAN_TABLES;
}

struct memory_plan memory_plan_make(uint64_t bytes, uint64_t inputs)
{
	uint64_t most = memory_plan_inputs_most(bytes);
	struct memory_plan p = {.bytes = whole_of(bytes), .inputs = inputs < most ? inputs : most};
	uint64_t shared = p.bytes - MEMORY_PLAN_ASIDE - MEMORY_PLAN_FIXED - p.inputs, given = 0;
	for (int i = 0; i < MEMORY_SHARES; i++) {
		p.shares[i] = shared / 1000 * weights[i];
		given += p.shares[i];
	}
	p.shares[MEMORY_SHARE_DOORKEEPER] += shared - given;
	return p;
}
