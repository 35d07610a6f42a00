/* SPDX-License-Identifier: ISC */
/*
 * summary_text - an incident in one plain sentence, without its source (that stands beside it).
 */
#ifndef KW_VERDICT_SUMMARY_TEXT_H
#define KW_VERDICT_SUMMARY_TEXT_H

#include "base/text_buffer.h"
#include "verdict/incident.h"

/* Whether this host takes ICMP redirects. */
enum summary_redirects {
	SUMMARY_REDIRECTS_UNKNOWN, /* a replay, or another host's */
	SUMMARY_REDIRECTS_IGNORED,
	SUMMARY_REDIRECTS_TAKEN, /* on some interface */
};

/* What only the dossier knows about an incident and a sentence needs. */
struct summary_facts {
	bool decoys;        /* a group of one scanner and its decoys */
	unsigned protocols; /* of a protocol scan */
	unsigned peak_rate; /* packets in the fullest second */
	uint16_t
		answers_from; /* of a reflected flood: the UDP port the answers come from; 0 = several */
	const char
		*researcher; /* who measures the Internet from there; null if not known by name */
	enum summary_redirects redirects; /* of the family of the incident's source */
};

void summary_text_add(
	struct text_buffer *b, const struct incident *in, const struct summary_facts *facts);

#endif
