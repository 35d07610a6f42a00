/* SPDX-License-Identifier: ISC */
#include "verdict/incident.h"

#include "event/technique.h"

#include <assert.h>

const char *incident_state_name(enum incident_state state)
{
	static const char *const names[INCIDENT_STATES] = {"open", "update", "close"};
	assert(state < INCIDENT_STATES);
	return names[state];
}

const char *incident_member_role_name(enum incident_member_role role)
{
	static const char *const names[INCIDENT_MEMBER_ROLES] = {"unknown", "real", "decoy"};
	assert(role < INCIDENT_MEMBER_ROLES);
	return names[role];
}

const char *incident_level_word(int level)
{
	static const char *const words[] = {
		"explained", "notice", "suspicious", "serious", "severe", "critical"};
	assert(level >= 0 && level <= 5);
	return words[level];
}

bool incident_is_ping(const struct incident *in)
{
	uint32_t pings = technique_bit(TECHNIQUE_ICMP_ECHO) |
			 technique_bit(TECHNIQUE_ICMP_TIMESTAMP) |
			 technique_bit(TECHNIQUE_ICMP_MASK) | technique_bit(TECHNIQUE_ICMP);
	bool sweep = in->kind == INCIDENT_KIND_HORIZONTAL || in->kind == INCIDENT_KIND_BLOCK;
	return sweep && in->ports_count == 0 && in->techniques & pings;
}
