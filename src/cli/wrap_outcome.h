/* SPDX-License-Identifier: ISC */
/*
 * wrap_outcome - what 'wrap enable' and 'wrap disable' did or would do, what is to be typed now, and how it is undone: for people and
 * as JSON.
 */
#ifndef KW_CLI_WRAP_OUTCOME_H
#define KW_CLI_WRAP_OUTCOME_H

#include "cli/wrap_change.h"

#include <stdio.h>

struct wrap_outcome {
	const struct wrap_ways *ways; /* of the whole host: who reads inetd.conf */
	const struct wrap_change *items;
	unsigned count;
	const char *word; /* as it was typed; null: all */
	bool enable, dry_run;
};

void wrap_outcome_print(const struct wrap_outcome *r, FILE *out);
void wrap_outcome_print_json(const struct wrap_outcome *r, FILE *out);

#endif
