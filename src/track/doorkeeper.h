/* SPDX-License-Identifier: ISC */
/*
 * doorkeeper - remembers one door (host, port) of every source, for a while, in 8 bytes.
 *
 * The first stage of source memory. A source that only ever touches one target never gets further,
 * so a flood of forged addresses costs one cell each and pushes out only other cells. A source that
 * touches a *different* target is handed on, together with the door it touched first.
 *
 * Fixed size; nothing allocates. A bucket is two cache lines with 16 cells; two of them are kept for
 * cells that were refreshed long after their birth, so that a flood cannot wipe slow scanners.
 * Errors: another source is taken for this one with probability 16 x 2^-14 a look-up when the
 * bucket is full (it then hands on a stranger's door: a false *second* target, never more); a second
 * host on the same port outside its /24 is taken for the first one with probability 2^-8.
 */
#ifndef KW_TRACK_DOORKEEPER_H
#define KW_TRACK_DOORKEEPER_H

#include "base/clock.h"

#include <stddef.h>
#include <stdint.h>

/* A door as far as a cell can hold it. */
struct doorkeeper_door {
	uint16_t port; /* or ICMP type, or IP protocol number */
	uint8_t host8; /* 8 bits that tell neighbouring hosts apart (target_host8) */
	uint8_t proto; /* 2 bits: 0 TCP, 1 UDP, 2 ICMP, 3 other */
};

enum doorkeeper_answer {
	DOORKEEPER_NEW,    /* never seen, or forgotten */
	DOORKEEPER_REPEAT, /* the same door again */
	DOORKEEPER_SECOND, /* another door: the cell is freed and its content handed out */
};

struct doorkeeper_sight {
	enum doorkeeper_answer answer;
	struct doorkeeper_door door; /* SECOND: the door it touched before */
	unsigned repeats;       /* REPEAT and SECOND: packets to that door, 1 to 4, saturating */
	struct wall_time first; /* REPEAT and SECOND: when, to 1/4 s, right for 12 days */
};

struct doorkeeper;

/* As many whole buckets as fit into `bytes`, at least 64 KiB of them. */
struct doorkeeper *doorkeeper_create(size_t bytes);
void doorkeeper_destroy(struct doorkeeper *k);

/* Asks the processor to fetch the bucket of a key ahead of time. */
void doorkeeper_prefetch(const struct doorkeeper *k, uint64_t key);

/* One packet of source `key` (a keyed hash) at `door`. */
struct doorkeeper_sight doorkeeper_touch(
	struct doorkeeper *k, uint64_t key, struct doorkeeper_door door, struct wall_time now);

/* Forgets a source. */
void doorkeeper_forget(struct doorkeeper *k, uint64_t key);

/* Forgets everybody. */
void doorkeeper_wipe(struct doorkeeper *k);

/* The cells, of 8 bytes each and 0 where free, for saving and loading; their size in bytes. */
void *doorkeeper_bytes(struct doorkeeper *k, size_t *size);

#endif
