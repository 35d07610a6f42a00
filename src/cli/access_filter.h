/* SPDX-License-Identifier: ISC */
/*
 * access_filter - the entries of access_set as a packet filter can hold them: stretches of addresses that do not overlap,
 * each with one verdict and one time to end.
 *
 * For each address and each time the filter decides what the entries for every service decide: the first one in the order
 * of the file that has not expired. An entry that lets a client in to one service is no verdict for a packet, but where
 * it stands before a block that is kept out its addresses pass the filter, and the tables decide. An entry that keeps
 * a client out of one service is left to them.
 *
 * What an address meets after its first verdict has expired is another one, where it differs: it stands in the next
 * layer, which is asked where the one before has nothing. Nearly always there is one layer.
 *
 * Time: n log n for n entries; of blocks inside each other, the depth times more. Memory: three pieces an entry or less
 * where no verdict is followed by another.
 *
 * Owner: access_export.   Tests: tests/unit/cli/test_access_filter.c
 */
#ifndef KW_CLI_ACCESS_FILTER_H
#define KW_CLI_ACCESS_FILTER_H

#include "access/access_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum access_filter_verdict {
	ACCESS_FILTER_ALLOW,
	ACCESS_FILTER_DENY,
	ACCESS_FILTER_PASS, /* as if it stood in no entry */
	ACCESS_FILTER_VERDICTS
};

struct access_filter_piece {
	struct addr first, last; /* of one family */
	int64_t expires_s;       /* 0: never */
	unsigned layer;          /* from 0 */
	bool is_v4;
	enum access_filter_verdict verdict;
};

struct access_filter_entry;

/* Zeroed it is empty. */
struct access_filter {
	struct access_filter_piece *pieces; /* owned; after access_filter_finish by layer, family, verdict, address */
	size_t count;
	unsigned layers;
	/* Private. */
	struct access_filter_entry *entries;
	size_t entry_count, entry_size, piece_size;
};

/* In the order of the file: of those that fit, the first one decides. */
void access_filter_add(struct access_filter *f, const struct access_set_entry *e);
/* After the last one. */
void access_filter_finish(struct access_filter *f);
void access_filter_clear(struct access_filter *f);

#endif
