/* SPDX-License-Identifier: ISC */
/*
 * loaded_ruleset - asks the kernel for the ruleset in force in this network namespace, in both forms of nft.
 *
 * Reads only. Needs CAP_NET_ADMIN. Rules of the old iptables (ip_tables, not nf_tables) are another machine that
 * nft cannot see; whether there are any is told.
 */
#ifndef KW_FIREWALL_LOADED_RULESET_H
#define KW_FIREWALL_LOADED_RULESET_H

#include <stdbool.h>
#include <stddef.h>

struct loaded_ruleset {
	char *json;       /* as nft -j list ruleset; owned */
	char *listing;    /* as nft -a list ruleset; owned */
	char legacy[128]; /* tables of the old iptables, "filter, nat"; empty = none */
};

/* False with errno (EPERM without the right) and a message in `error`. */
bool loaded_ruleset_read(struct loaded_ruleset *out, char *error, size_t error_size);
void loaded_ruleset_clear(struct loaded_ruleset *r);

#endif
