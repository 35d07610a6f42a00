/* SPDX-License-Identifier: ISC */
#include "detect/scan_shape.h"

#include "detect/tool_mark.h"

enum incident_kind scan_shape_kind(const struct dossier *d, const struct target_counts *c)
{
	if (c->protocols >= 4)
		return INCIDENT_KIND_PROTOCOL;
	if (tool_mark_os_probes(d) >= 3 && c->ports < 100)
		return INCIDENT_KIND_FINGERPRINT;
	if (d->questions >= SCAN_SHAPE_QUESTIONS)
		return INCIDENT_KIND_SERVICE_PROBE;
	if (c->hosts <= 2 && c->ports >= 5)
		return INCIDENT_KIND_VERTICAL;
	if (c->ports <= 2 && c->hosts >= 5)
		return INCIDENT_KIND_HORIZONTAL;
	if (c->hosts <= 2)
		return INCIDENT_KIND_VERTICAL;
	return c->ports <= 2 ? INCIDENT_KIND_HORIZONTAL : INCIDENT_KIND_BLOCK;
}

bool scan_shape_is_slow(const struct dossier *d, const struct target_counts *c)
{
	return c->targets >= 2 && d->slow_gaps > 0 && d->slow_gaps * 2 >= c->targets - 1;
}
