/* SPDX-License-Identifier: ISC */
/*
 * rule_memory - what stands between the head and the packet: a rule's prefix, the interfaces, the MAC.
 *
 * " DROP IN=eth0 OUT= MAC=02:...:08:00 SRC=" is the same, byte for byte, on every line that one rule
 * prints of one neighbour. A few such stretches are kept with what was read of them; a line
 * that goes on with one of them behind its head needs no search for its mark and no look at a prefix.
 *
 * It only ever saves time: a recall says what reading would have said. Kept are lines whose writer is
 * the kernel, which no repetition and no device's name brought here, with the words in their usual
 * order (netfilter_usual).
 *
 * Owner: log_line_clock.   Tests: tests/unit/logline/test_short_cuts.c
 * Fuzz: fuzz/logline/fuzz_log_line.c, which reads each line with and without memory
 */
#ifndef KW_LOGLINE_RULE_MEMORY_H
#define KW_LOGLINE_RULE_MEMORY_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

#define RULE_MEMORY_SETS 8  /* by the beginning of the text: a firewall has few rules that log */
#define RULE_MEMORY_WAYS 2  /* for texts that begin alike: two links, a packet for a group */
#define RULE_MEMORY_MIN 16  /* bytes of the shortest text: the beginning that is told apart */
#define RULE_MEMORY_MAX 160 /* bytes: MAC= is 45, a prefix 29 at most of iptables */

struct rule_memory_rule {
	uint8_t length;  /* of the text; 0 = nothing is kept */
	uint8_t mark_at; /* where "IN=" stands */
	uint8_t prefix_at, prefix_length;
	uint8_t in_at, in_length;   /* value of IN= */
	uint8_t out_at, out_length; /* value of OUT= */
	uint8_t marks;              /* enum event_mark: what MAC= tells */
	bool bracket;               /* the kernel's "[ 4999.999203]" stood before the text */
	bool let_in;                /* prefix_verdict of the prefix */
	char text[RULE_MEMORY_MAX]; /* from behind the head to "SRC=", with it */
};

struct rule_memory {
	struct rule_memory_rule rules[RULE_MEMORY_SETS][RULE_MEMORY_WAYS];
	uint8_t oldest[RULE_MEMORY_SETS]; /* the way that goes next */
};

/* What a line said, as it is to be kept. All slices are inside `text`. */
struct rule_memory_facts {
	struct text_slice text;   /* from behind the head to "SRC=", with it */
	const char *mark;         /* "IN=" */
	struct text_slice prefix; /* may be empty, and then stand anywhere */
	struct text_slice in, out;
	uint8_t marks;
	bool bracket, let_in;
};

/* Keeps them in place of the oldest of their set, unless the text is too short or too long. */
void rule_memory_keep(struct rule_memory *m, const struct rule_memory_facts *facts);

/* The kept rule whose text `behind` begins with; null if there is none. It is good until the next
 * rule_memory_keep. */
const struct rule_memory_rule *rule_memory_recall(
	const struct rule_memory *m, struct text_slice behind, bool bracket);

#endif
