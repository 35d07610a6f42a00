/* SPDX-License-Identifier: ISC */
#include "track/source_record.h"

void source_record_add_target(struct source_record *r, struct target t, bool ghost)
{
	unsigned i = r->targets_count;
	if (i < SOURCE_TARGETS_INLINE) {
		r->hosts[i] = t.host;
		r->ports[i] = t.port;
		r->spaces[i] = (uint8_t)(t.space | (ghost ? SOURCE_SPACE_GHOST : 0));
	}
	if (r->targets_count < UINT8_MAX)
		r->targets_count++;
}

bool source_record_has_target(struct source_record *r, struct target t)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		if (r->ports[i] != t.port || (r->spaces[i] & SOURCE_SPACE_MASK) != t.space)
			continue;
		if (r->hosts[i] == t.host && !(r->spaces[i] & SOURCE_SPACE_GHOST))
			return true;
		if ((r->spaces[i] & SOURCE_SPACE_GHOST) && r->hosts[i] == target_host8(t.host)) {
			r->hosts[i] = t.host;
			r->spaces[i] = t.space;
			return true;
		}
	}
	return false;
}
