/* SPDX-License-Identifier: ISC */
/*
 * A short row of closed doors, and at its end one that opens: port knocking.
 *
 * A row of three already is no accident, yet it is no scan either while what follows is a real
 * connection: who looks for doors does not stop at the first that opens. So the row is explained, and
 * forgiven, when the source completes a handshake within a minute (or, where handshakes are not seen,
 * asks at a door that is known to be offered). If it then goes on to further doors, they count from
 * nothing; the story rises like any other.
 *
 * Refused: judging by the order of the ports. Simple scanners keep an order, too.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"

/* knockd's manual has rows of three and four, and seconds for a whole row; people type slower. */
#define ROW_DOORS_LEAST 3
#define ROW_DOORS_MOST 8
#define ROW_US (60 * CLOCK_US_PER_S)

static bool is_row(const struct dossier *o, const struct target *door)
{
	struct target_counts c = target_set_count(&o->targets);
	if (c.hosts != 1 || c.ports != c.targets || c.targets < ROW_DOORS_LEAST ||
		c.targets > ROW_DOORS_MOST + 1)
		return false;
	/* One door is open, and it is this one. */
	const struct dossier_answer *a = &o->answered[0];
	return o->answered_count <= 1 &&
	       (o->answered_kept == 0 || (a->space == door->space && a->port == door->port));
}

void knock_row_consider(
	struct detector *d, struct source_record *r, struct dossier *o, const struct event *e)
{
	struct target door = knock_target(e);
	if (o->form != DOSSIER_SOURCE || o->score >= SEQUENTIAL_NOTICE ||
		o->packets > 4 * ROW_DOORS_MOST || knock_is_impossible(o->techniques) ||
		d->now.us - o->first.us > ROW_US || !is_row(o, &door) ||
		o->hint == INCIDENT_KIND_PORT_KNOCK)
		return;
	if (!detector_may_tell_noise(d, INCIDENT_KIND_PORT_KNOCK))
		return;
	o->hint = INCIDENT_KIND_PORT_KNOCK;
	o->score = 0;
	r->score = 0;
	detector_tell(d, FINDING_NOISE, INCIDENT_KIND_PORT_KNOCK, o, e, NULL);
}
