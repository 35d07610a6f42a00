/* SPDX-License-Identifier: ISC */
/*
 * store_rebuild - makes the index anew from the journal, in a file that then takes the place of the old one.
 *
 * What stems from days whose journal is gone (incidents, ports and sources by day and month, knocks) is
 * taken over from the old index, with the numbers that people know incidents by; so is nothing else,
 * and nothing is counted twice. Where the old index cannot be read what only it knew is lost, which is
 * told. The caller holds the lock of the directory. Until the end the old index answers; readers that have it
 * open keep it.
 *
 * Tests: tests/unit/store/test_store_rebuild.c
 */
#ifndef KW_STORE_STORE_REBUILD_H
#define KW_STORE_STORE_REBUILD_H

#include "store/store.h"

struct store_rebuild_report {
	uint64_t records;      /* of the journal */
	uint64_t skipped;      /* of them, and of other lines: not understood */
	bool old_lost;         /* the old index could not be read */
	uint32_t journal_from; /* day of the oldest file, days since 1970 */
	char aside[64]; /* the damaged old index is kept under this name; "" = there was none */
};

struct store_rebuild_options {
	struct wall_time prune_before; /* knocks and hours before are left out; 0 = none */
	/* Called now and then; null = not at all. */
	void (*progress)(void *context, uint64_t records);
	void *context;
};

/* False with the reason, and the old index as it was. NEWER and FOREIGN indexes are refused. */
bool store_rebuild_run(const char *state, const struct store_rebuild_options *options,
	struct store_rebuild_report *out, struct store_error *error);

#endif
