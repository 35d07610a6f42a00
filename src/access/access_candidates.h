/* SPDX-License-Identifier: ISC */
/*
 * access_candidates - which texts that a table may hold would fit a name, or an address as a text.
 *
 * The name itself, its endings at a dot (".example.com") and its beginnings ("mail."), as far as there are any of that length.
 *
 * Tests: by those of access_index
 */
#ifndef KW_ACCESS_ACCESS_CANDIDATES_H
#define KW_ACCESS_ACCESS_CANDIDATES_H

#include "access/access_image.h"
#include "access/access_request.h"
#include "base/text_slice.h"

/* Parts of one string, with their hashes so far. */
struct access_candidates {
	struct text_slice text;
	struct {
		uint64_t running;
		uint8_t from, length;
	} of[2 * ACCESS_TEXT_SIZE];
	unsigned count;
};

/* `text` is borrowed, and shorter than ACCESS_TEXT_SIZE. Four kilobytes that need no zeros. */
void access_candidates_begin(struct access_candidates *c, struct text_slice text);
/*
 * Every tail at a dot but the whole: those with a length in `set`, of digits and dots alone where they are to fit an address, else the
 * others. Returns the hash of the whole, for access_candidates_add_whole.
 */
uint64_t access_candidates_add_tails(
	struct access_candidates *c, const struct access_image *x, const uint64_t set[2], bool of_address);
/* The text itself; with a dot at an end it would be taken for a suffix or a prefix. */
void access_candidates_add_whole(struct access_candidates *c, const struct access_image *x, uint64_t running);
/* Every head that ends in a dot. */
void access_candidates_add_heads(struct access_candidates *c, const struct access_image *x);

#endif
