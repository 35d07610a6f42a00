/* SPDX-License-Identifier: ISC */
/*
 * access_denial - does a rule deny whom it fits?
 *
 * Its options say so, as the decision reads them ("allow=" is allow), and else its table. A twist denies as well: the client
 * does not get what it asked for. So does a rule whose options have a fault.
 *
 * Tests: tests/unit/access/test_access_denial.c
 */
#ifndef KW_ACCESS_ACCESS_DENIAL_H
#define KW_ACCESS_ACCESS_DENIAL_H

#include "access/access_rule.h"

#include <stdbool.h>

/* `rule` null: what the table does. Without memory `*no_memory`, and true. */
bool access_denial_of(const struct access_rule *rule, bool table_denies, bool *no_memory);

#endif
