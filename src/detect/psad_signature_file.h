/* SPDX-License-Identifier: ISC */
/*
 * psad_signature_file - a whole file of psad's signatures, converted rule by rule.
 *
 * Everything is accounted for: each rule is either handed out as an item of ours or refused with
 * line and reason, and the counts add up. What is handed out, in order, is a file that
 * signature_file loads (up to its own limit of signatures).
 */
#ifndef KW_DETECT_PSAD_SIGNATURE_FILE_H
#define KW_DETECT_PSAD_SIGNATURE_FILE_H

#include "detect/psad_signature.h"

/* Where a whole file goes. */
struct psad_signature_file_sink {
	void (*item)(void *context, const char *yaml);
	void (*note)(void *context, unsigned line, enum psad_signature_result result,
		const char *note); /* also for converted rules with a loss */
	void *context;
};

struct psad_signature_file_counts {
	unsigned rules;     /* lines that are no comment */
	unsigned converted; /* of them */
	unsigned noted;     /* of the converted, those with a loss */
	unsigned refused;   /* the rest */
};

/* Converts a text of many lines; an id that came before is refused. */
struct psad_signature_file_counts psad_signature_file_convert(
	struct text_slice text, const struct psad_signature_file_sink *sink);

#endif
