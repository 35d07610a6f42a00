/* SPDX-License-Identifier: ISC */
/*
 * ruleset_iptables - the conditions of a rule, as nft lists them, in the words of iptables.
 *
 * Knows the common ones: protocol, addresses, ports, interfaces, connection state, kind of address. Pure.
 */
#ifndef KW_FIREWALL_RULESET_IPTABLES_H
#define KW_FIREWALL_RULESET_IPTABLES_H

#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <stdbool.h>

/* "-m conntrack --ctstate INVALID " for "ct state invalid"; nothing for nothing. False where a word is not known:
 * `out` is then of no use. */
bool ruleset_iptables_write(struct text_slice matches, struct text_buffer *out);

#endif
