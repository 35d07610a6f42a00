/* SPDX-License-Identifier: ISC */
/*
 * access_grammar_fault - why a strict table refuses a word, and what should be there.
 *
 * "\"10.0.0.1/8\": bits are set behind the mask; write 10.0.0.0/8". Asked of a word that is good it says that it is none:
 * ask access_grammar before.
 *
 * Tests: tests/unit/access/test_access_grammar.c
 */
#ifndef KW_ACCESS_ACCESS_GRAMMAR_FAULT_H
#define KW_ACCESS_ACCESS_GRAMMAR_FAULT_H

#include "base/text_slice.h"

struct access_grammar_fault {
	char text[160]; /* printable ASCII; cut where it is longer */
};

/* A host: a client without user@, or a word of a /file. */
struct access_grammar_fault access_grammar_fault_of_host(struct text_slice word);
/* A whole word of the two lists. */
struct access_grammar_fault access_grammar_fault_of_client(struct text_slice word);
struct access_grammar_fault access_grammar_fault_of_daemon(struct text_slice word);

#endif
