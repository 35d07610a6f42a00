/* SPDX-License-Identifier: ISC */
/*
 * scan_shape - what the set of targets looks like: one host, one port, a block of both.
 */
#ifndef KW_DETECT_SCAN_SHAPE_H
#define KW_DETECT_SCAN_SHAPE_H

#include "event/incident_kind.h"
#include "track/dossier.h"

/* Who connects to one door it has found wants something of it; who connects to two asks what they are. */
#define SCAN_SHAPE_QUESTIONS 2

/*
 * The kind of a source's probing: protocol (4 or more unused IP protocols), fingerprint (system
 * probes and few ports), service-probe (connections to doors it had found open), vertical (up to 2 hosts, 5 or more ports), horizontal (up to 2 ports, 5 or
 * more hosts), else block; what is still too small for these goes by its longer side.
 */
enum incident_kind scan_shape_kind(const struct dossier *d, const struct target_counts *counts);

/* The typical gap between distinct targets is above 300 s. */
bool scan_shape_is_slow(const struct dossier *d, const struct target_counts *counts);

#endif
