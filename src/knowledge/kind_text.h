/* SPDX-License-Identifier: ISC */
/*
 * kind_text - what a kind of incident means and what to do about it.
 *
 * Printable ASCII, bounded, and there for every kind: title at most KIND_TEXT_TITLE characters,
 * meaning KIND_TEXT_MEANING, advice KIND_TEXT_ADVICE. The texts live as long as the program.
 *
 * Source: knowledge/kinds.yaml   Tests: tests/unit/knowledge/test_kind_text.c
 */
#ifndef KW_KNOWLEDGE_KIND_TEXT_H
#define KW_KNOWLEDGE_KIND_TEXT_H

#include "event/incident_kind.h"

/* Longest texts, in characters: a mail and a terminal must hold them. */
#define KIND_TEXT_TITLE 48
#define KIND_TEXT_MEANING 320
#define KIND_TEXT_ADVICE 240

struct kind_text {
	const char *title;      /* "Port scan of one host" */
	const char *meaning;    /* 1 to 3 sentences: what it is, harmless or not, why */
	const char *advice;     /* what to do; begins with "Nothing" where nothing is the rule */
	const char *unanswered; /* the advice where no port was seen to answer */
	const char *pings;      /* the meaning where pings alone were sent */
	const char *pings_advice;
	const char *options; /* the meaning where IP options are what is odd */
	const char *options_advice;
	const char *pieces; /* ... and where the pieces of datagrams are */
	const char *pieces_advice;
};

/* Never null, nor is any text in it: what has no words of its own has the usual ones. */
const struct kind_text *kind_text_of(enum incident_kind kind);

#endif
