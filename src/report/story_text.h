/* SPDX-License-Identifier: ISC */
/*
 * story_text - one incident as a paragraph: a headline, the facts, what it means, what to do.
 *
 * The short form is for the live view and for reading captures (3 to 8 facts), the full form for
 * looking at one incident. No line is wider than the page.
 */
#ifndef KW_REPORT_STORY_TEXT_H
#define KW_REPORT_STORY_TEXT_H

#include "report/page.h"
#include "store/store_query.h"
#include "verdict/incident_json.h"

struct story_text {
	const struct incident *incident;
	struct incident_json_names names; /* where it was seen; may be null */
	int64_t number;                   /* short name in the store; 0 = none */
	const char *meaning;              /* of this kind, from the knowledge base; may be null */
	const char *advice;               /* what to do; may be null */
};

/* The short form. */
void story_text_print(const struct page *p, const struct story_text *story);
/* Every fact we have. */
void story_text_print_full(const struct page *p, const struct story_text *story);

/* How the incident came to be what it is: one line for each telling. */
void story_text_print_changes(const struct page *p, const struct store_changes *changes);

#endif
