/* SPDX-License-Identifier: ISC */
/*
 * access_report - what was found in tables, for people and as JSON.
 */
#ifndef KW_CLI_ACCESS_REPORT_H
#define KW_CLI_ACCESS_REPORT_H

#include "access/access_lint.h"
#include "event/json_line.h"

#include <stdbool.h>
#include <stdio.h>

/* Line by line. What is told often is told in full once, and after three lines only counted, unless `all`. */
void access_report_print(const struct access_lint *l, bool all, FILE *out);
/* "2 tables, 31 rules: 3 faults, 2 warnings, 1 note", and what to do next. */
void access_report_print_sum(const struct access_lint *l, FILE *out);

/* Members of an object that is open: files, findings, counts. */
void access_report_put_json(const struct access_lint *l, struct json_line *j);

#endif
