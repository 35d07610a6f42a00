/* SPDX-License-Identifier: ISC */
/*
 * signature_set - all signatures, and the index that makes asking them cheap.
 *
 * Filled at start, sealed once, then asked for every packet: a packet that no signature can be
 * about costs a few nanoseconds (how: signature_set.c). Of several matches the strongest
 * counts: higher level, then `alone`, then more conditions, then the lower id.
 *
 * A signature with an id that is already there replaces the older one: so the admin's files change
 * what is built in. At most SIGNATURE_SET_MAX are held.
 */
#ifndef KW_DETECT_SIGNATURE_SET_H
#define KW_DETECT_SIGNATURE_SET_H

#include "detect/signature.h"

#include <stdbool.h>

#define SIGNATURE_SET_MAX 1024 /* five times what psad ships; bounds the index to about 12 MB */

struct signature_set;

struct signature_set *signature_set_create(void);
/* Accepts null. */
void signature_set_destroy(struct signature_set *set);

/* Takes a settled signature with its texts; `s` is left empty. False if the set is full (then `s`
 * is untouched). Not allowed after sealing. */
bool signature_set_add(struct signature_set *set, struct signature *s);

/* Sorts the set by strength and builds the index. Adding ends here. */
void signature_set_seal(struct signature_set *set);

unsigned signature_set_count(const struct signature_set *set);
/* By number, below the count; after sealing in order of strength. */
const struct signature *signature_set_item(const struct signature_set *set, unsigned number);
/* By id; null if there is none. */
const struct signature *signature_set_find(const struct signature_set *set, uint32_t id);

/* The strongest signature the event matches, of those with a level above `level` (-1: of all); null if
 * there is none. The set must be sealed. */
const struct signature *signature_set_match(
	const struct signature_set *set, const struct event *e, int level);

#endif
