/* SPDX-License-Identifier: ISC */
/*
 * home_guess - which side of a capture or log is ours, when nobody said.
 *
 * Looks at the first events only. A firewall's IN= and OUT= tell it outright. Else home is the
 * smallest block of addresses that nearly every packet has one end in and that is rather asked than
 * asking - or whose questions are mostly answered, as those of an honest client are and those of a
 * scanner are not.
 */
#ifndef KW_ENGINE_HOME_GUESS_H
#define KW_ENGINE_HOME_GUESS_H

#include "event/event.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stddef.h>

#define HOME_GUESS_EVENTS 16384 /* enough to judge by, and held in memory (1.8 MB) until then */

struct home_guess {
	struct prefix_set home; /* empty: nothing fits, or the log's own marks suffice */
	bool from_marks;        /* IN= and OUT= tell the direction of nearly every event */
	bool needless;          /* there is no packet: of decisions of wrappers it is always ours */
	unsigned percent;       /* of the events with exactly one end at home */
};

struct home_guess home_guess_make(const struct event *events, size_t count);

#endif
