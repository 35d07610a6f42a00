/* SPDX-License-Identifier: ISC */
/*
 * access_rule_list - the rules of a table one by one, each with what it decides: what 'tcpdchk -v' lists.
 *
 * A rule decides by its options: granted, denied, or delegated (to a command of twist); without any as its table does. Options that
 * are wrong deny, and the fault is told. In a table that grants, a rule that says neither "allow" nor anything else that decides
 * is implicit: it grants by standing there.
 *
 * A file that cannot be read has no rules here; access_lint tells why.
 */
#ifndef KW_CLI_ACCESS_RULE_LIST_H
#define KW_CLI_ACCESS_RULE_LIST_H

#include "event/json_line.h"

#include <stdbool.h>
#include <stdio.h>

/* Every rule as a paragraph. */
void access_rule_list_print(const char *path, bool denies, FILE *out);
/* A line for each implicit one; true if there is any. */
bool access_rule_list_print_implicit(const char *path, bool denies, FILE *out);
/* An object for each, into a list that is open. */
void access_rule_list_put_json(const char *path, bool denies, struct json_line *j);

#endif
