/* SPDX-License-Identifier: ISC */
/*
 * finding - what detect/ has to say about a dossier at this moment.
 *
 * A finding is given the moment it is true, for the event that made it true. The receiver (verdict/)
 * decides whether anybody is told. The dossier is borrowed until the receiver returns.
 */
#ifndef KW_DETECT_FINDING_H
#define KW_DETECT_FINDING_H

#include "event/event.h"
#include "event/incident_kind.h"
#include "track/dossier.h"

enum finding_what {
	FINDING_SCAN,   /* its probing reached a mark worth a look; `kind` says the shape */
	FINDING_NOISE,  /* explained and harmless: `kind` says how */
	FINDING_FLOOD,  /* too much at one target */
	FINDING_ATTACK, /* one of the attack kinds */
	FINDING_FOLDED, /* from now on told as part of `into` */
};

struct finding {
	enum finding_what what;
	enum incident_kind kind;
	struct dossier *dossier;
	const struct event *event;          /* that decided it; null where time alone did */
	const struct dossier *into;         /* FOLDED: the group */
	const struct target_counts *counts; /* of its targets, where they are at hand; else null */
};

typedef void finding_fn(void *context, const struct finding *f);

#endif
