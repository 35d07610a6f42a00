/* SPDX-License-Identifier: ISC */
/*
 * access_kept - the rules of a loaded index that are tried one by one, taken apart once and not at each question.
 *
 * Each once, whatever daemons it is for, and the first of the table: as many as take about a megabyte, some thousands. Who has more
 * of them waits for comparing them, not for taking them apart. A rule of a strict table that is broken is not among them.
 *
 * Tests: tests/unit/access/test_access_kept.c, test_access_index.c
 */
#ifndef KW_ACCESS_ACCESS_KEPT_H
#define KW_ACCESS_ACCESS_KEPT_H

#include "access/access_image.h"
#include "access/access_list.h"
#include "access/access_pile.h"
#include "access/access_rule.h"

enum {
	ACCESS_KEPT_BYTES = 1 << 20,
	ACCESS_KEPT_OTHERS = 16384, /* of the image, looked at */
};

struct access_kept_rule {
	bool is_good; /* else it is not kept */
	struct access_line line;
	struct access_rule rule;
	uint32_t daemons, clients; /* how many words each */
	uint32_t first;            /* of the words: those of the daemons, then those of the clients */
};

/* Zeroed: none. */
struct access_kept {
	struct access_pile numbers; /* uint32_t, by number in `others` of the image: which rule it is; UINT32_MAX: none */
	struct access_pile rules;   /* struct access_kept_rule */
	struct access_pile words;   /* struct access_list_word */
};

/* Of an image in memory, which has to outlive them. Without memory there are fewer, or none. */
void access_kept_take(struct access_kept *k, const struct access_image *image);
/* The rule that stands at `other` in `others`, if it is kept; else null. */
const struct access_kept_rule *access_kept_at(const struct access_kept *k, uint32_t other);
struct access_list access_kept_daemons(const struct access_kept *k, const struct access_kept_rule *rule);
struct access_list access_kept_clients(const struct access_kept *k, const struct access_kept_rule *rule);
void access_kept_clear(struct access_kept *k);

#endif
