/* SPDX-License-Identifier: ISC */
/*
 * psad_rule - the parts of one Snort rule, as slices of its line.
 *
 *     alert tcp $EXTERNAL_NET !80 -> $HOME_NET 21554 (msg:"..."; flags:S; sid:145; psad_dl:2;)
 *
 * Seven words split at blanks outside of square brackets, then options between round ones, split at
 * semicolons that are neither quoted nor escaped. Nothing is judged and nothing copied.
 */
#ifndef KW_DETECT_PSAD_RULE_H
#define KW_DETECT_PSAD_RULE_H

#include "base/text_slice.h"

#include <stdbool.h>

enum psad_rule_word {
	PSAD_RULE_ACTION,
	PSAD_RULE_PROTO,
	PSAD_RULE_SRC,
	PSAD_RULE_SRC_PORT,
	PSAD_RULE_ARROW,
	PSAD_RULE_DST,
	PSAD_RULE_DST_PORT,
	PSAD_RULE_WORDS
};

struct psad_rule {
	struct text_slice words[PSAD_RULE_WORDS];
	struct text_slice options; /* what stands between the round brackets */
};

/* Splits a line; false unless it has the form above (semicolons behind it are forgiven). */
bool psad_rule_split(struct text_slice line, struct psad_rule *rule);

/* Takes what stands before the first `mark` outside of quotes and escapes, without blanks around
 * it; `rest` keeps what follows the mark. Always takes at least one byte if there is one. */
struct text_slice psad_rule_cut(struct text_slice *rest, char mark);

/* Without the blanks around it. */
struct text_slice psad_rule_trim(struct text_slice text);

#endif
