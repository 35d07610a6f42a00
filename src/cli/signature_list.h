/* SPDX-License-Identifier: ISC */
/*
 * signature_list - the signatures in force as a table, in full, or as JSON lines.
 *
 * In order of their numbers. The table stays inside the page's width where it is a terminal; where
 * `whole_lines` is set (a pipe, a file) a signature is one line, so that it can be searched.
 */
#ifndef KW_CLI_SIGNATURE_LIST_H
#define KW_CLI_SIGNATURE_LIST_H

#include "detect/signature_set.h"
#include "report/page.h"

void signature_list_print(const struct page *p, const struct signature_set *set, bool whole_lines);

/* Everything that is said about one. */
void signature_list_print_one(const struct page *p, const struct signature *s);

/* One object a line: v, id, name, level, alone, proto, reference, summary; absent where not set. */
void signature_list_print_json(FILE *out, const struct signature_set *set);
void signature_list_print_one_json(FILE *out, const struct signature *s);

#endif
