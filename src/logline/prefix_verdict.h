/* SPDX-License-Identifier: ISC */
/*
 * prefix_verdict - whether the prefix of a firewall's line says that the packet was let in.
 *
 * The kernel's LOG target tells no fate: only the words that the rule's author put before the line do.
 * "[UFW ALLOW]", "ACCEPT" and their kin stand before honest traffic, in a busy log before most of it. "[UFW
 * AUDIT]" tells of every new connection, whatever became of it: what was refused has a line of its own.
 */
#ifndef KW_LOGLINE_PREFIX_VERDICT_H
#define KW_LOGLINE_PREFIX_VERDICT_H

#include "base/text_slice.h"

#include <stdbool.h>

/* True for a prefix with such a word and without one that refuses ("ACCEPT-limit-DROP", "not allowed"). */
bool prefix_verdict_is_let_in(struct text_slice prefix);

#endif
