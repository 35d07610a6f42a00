/* SPDX-License-Identifier: ISC */
/*
 * access_question - one question to the image of a table: which of its rules fits first?
 *
 * Tests: by those of access_index
 */
#ifndef KW_ACCESS_ACCESS_QUESTION_H
#define KW_ACCESS_ACCESS_QUESTION_H

#include "access/access_asker.h"
#include "access/access_found.h"
#include "access/access_group_map.h"
#include "access/access_image.h"
#include "access/access_kept.h"
#include "access/access_pattern.h"

/* All borrowed. */
struct access_question {
	const struct access_image *image;
	const struct access_kept *kept;
	const struct access_groups *groups; /* of the daemon that is asked for */
	struct access_asker *asker;
	const struct access_place *at; /* the table */
};

/* What is found is valid until the next question. That the bytes of the image have failed is to be asked of them. */
enum access_found_answer access_question_answer(const struct access_question *q, struct access_found *out);

#endif
