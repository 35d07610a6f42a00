/* SPDX-License-Identifier: ISC */
/*
 * access_lint_net - patterns of IPv4 addresses: what a person means by them, and whether they fit anybody.
 *
 * Pure. The original reads a net and its mask with inet_addr(), a length with atoi(), and compares single addresses and their
 * beginnings as text.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_NET_H
#define KW_ACCESS_ACCESS_LINT_NET_H

#include "access/access_draft.h"
#include "access/access_lint_code.h"

#include "net/prefix.h"

#include <stdbool.h>

/* Made of what addresses, masks and ranges are made of; it begins with a digit. */
bool access_lint_net_is_numeric(struct text_slice word);

/* Of a numeric word; as access_lint_word_host. */
enum access_lint_code access_lint_net_judge(struct text_slice word, struct access_draft *fix);

/* The addresses that a correct word fits, of either family: one, a net, the beginning of one. False for all else. */
bool access_lint_net_read(struct text_slice word, struct prefix *out);

#endif
