/* SPDX-License-Identifier: ISC */
/*
 * ruleset_report - the verdict over the loaded ruleset, for people and as JSON.
 */
#ifndef KW_CLI_RULESET_REPORT_H
#define KW_CLI_RULESET_REPORT_H

#include "firewall/ruleset_judge.h"

#include <stdio.h>

struct ruleset_report {
	const struct ruleset_model *model;
	const struct ruleset_verdict *verdict;
	const char *legacy; /* tables of the old iptables; empty = none */
	uint16_t group;     /* for what is to be added */
};

/* True where all that is refused is seen: then the command ends with 0. */
bool ruleset_report_is_good(const struct ruleset_report *r);

void ruleset_report_print(const struct ruleset_report *r, FILE *out);
/* One object: {"sees_all":...,"refusals":...,"seen":...,"findings":[...]} */
void ruleset_report_print_json(const struct ruleset_report *r, FILE *out);

#endif
