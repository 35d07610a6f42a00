/* SPDX-License-Identifier: ISC */
/*
 * research_text - who scans from this address, if it is an organisation that measures the Internet.
 *
 * Only organisations that say who they are, and only blocks of their own. An address can be forged: a
 * name is an explanation, never a proof. The texts are printable ASCII and live as long as the program.
 *
 * Source: knowledge/research.yaml, where every block has the source of the fact.
 * Tests: tests/unit/knowledge/test_research_text.c
 */
#ifndef KW_KNOWLEDGE_RESEARCH_TEXT_H
#define KW_KNOWLEDGE_RESEARCH_TEXT_H

#include "net/addr.h"

#include <stdbool.h>

#define RESEARCH_NAME_LENGTH 32

struct research_text {
	const char *who; /* "Shodan"; at most RESEARCH_NAME_LENGTH characters */
	const char *web; /* where to read about it */
};

/* Null for an address that is nobody's. Cheap for most addresses: one look at a bit map. */
const struct research_text *research_text_of(const struct addr *a);

#endif
