/* SPDX-License-Identifier: ISC */
/*
 * clock_check - finds the packet or line that claims a time far ahead of all around it.
 *
 * Everything behind the inputs takes the latest time seen for now. One record with a wrong date (a
 * host before its clock was set, a flipped bit) would put all that follows into a single instant.
 * So a leap of more than an hour counts only if the next eight records do not come back from it; if
 * one does, the record is taken at the time of the one before it (the very first record: if most
 * come back, at the earliest of their times). A true silence, however long, and a clock that was
 * set for good stay as they are.
 */
#ifndef KW_INPUT_CLOCK_CHECK_H
#define KW_INPUT_CLOCK_CHECK_H

#include "event/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_CHECK_LEAP_US (3600 * CLOCK_US_PER_S)
#define CLOCK_CHECK_AHEAD 8 /* records that must agree with a leap */

struct clock_check {
	int64_t last_us;   /* latest time believed */
	bool started;      /* last_us is set */
	uint64_t misdated; /* records whose time was not believed */
};

/*
 * Goes through `count` events in the order of their source and mends those that are misdated.
 * Returns how many are settled; the rest, CLOCK_CHECK_AHEAD at most, must come again, first, with
 * what follows them. With `last` nothing follows, and all are settled.
 */
size_t clock_check_mend(struct clock_check *c, struct event *events, size_t count, bool last);

#endif
