/* SPDX-License-Identifier: ISC */
/*
 * access_search - looks in the image of a table for the first of its rules that fits a request.
 *
 * Tests: by those of access_index
 */
#ifndef KW_ACCESS_ACCESS_SEARCH_H
#define KW_ACCESS_ACCESS_SEARCH_H

#include "access/access_asker.h"
#include "access/access_found.h"
#include "access/access_group_map.h"
#include "access/access_image.h"
#include "access/access_kept.h"
#include "access/access_pattern.h"

/* All borrowed. */
struct access_search {
	const struct access_image *image;
	const struct access_kept *kept;
	const struct access_groups *groups; /* of the daemon that is asked for */
	struct access_asker *asker;
	const struct access_place *at; /* the table */
};

/* What is found is valid until the next question. That the bytes of the image have failed is to be asked of them. */
enum access_found_answer access_search_image(const struct access_search *in, struct access_found *out);

#endif
