/* SPDX-License-Identifier: ISC */
#include "track/source_record.h"

void source_record_add_target(struct source_record *r, struct target t, bool ghost)
{
	unsigned i = r->targets_count;
	if (i < SOURCE_TARGETS_INLINE) {
		r->hosts[i] = t.host;
		r->ports[i] = t.port;
		r->spaces[i] = (uint8_t)(t.space | t.state << SOURCE_SPACE_STATE_SHIFT |
					 (ghost ? SOURCE_SPACE_GHOST : 0));
	}
	if (r->targets_count < UINT8_MAX)
		r->targets_count++;
}

int source_record_find_target(struct source_record *r, struct target t)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		if (r->ports[i] != t.port || (r->spaces[i] & SOURCE_SPACE_MASK) != t.space)
			continue;
		if (r->hosts[i] == t.host && !(r->spaces[i] & SOURCE_SPACE_GHOST))
			return (int)i;
		if ((r->spaces[i] & SOURCE_SPACE_GHOST) && r->hosts[i] == target_host8(t.host)) {
			r->hosts[i] = t.host;
			r->spaces[i] &= (uint8_t)~SOURCE_SPACE_GHOST;
			return (int)i;
		}
	}
	return -1;
}

bool source_record_mark(struct source_record *r, struct target t, enum target_state state)
{
	int i = source_record_find_target(r, t);
	uint8_t bit = (uint8_t)(state << SOURCE_SPACE_STATE_SHIFT);
	if (i < 0 || (r->spaces[i] & bit))
		return false;
	r->spaces[i] |= bit;
	return true;
}

bool source_record_unmark(struct source_record *r, struct target t, enum target_state state)
{
	int i = source_record_find_target(r, t);
	uint8_t bit = (uint8_t)(state << SOURCE_SPACE_STATE_SHIFT);
	if (i < 0 || !(r->spaces[i] & bit))
		return false;
	r->spaces[i] &= (uint8_t)~bit;
	return true;
}
