/* SPDX-License-Identifier: ISC */
/*
 * ruleset_text - writes a restrictive nftables ruleset for what a host offers, which logs all that it drops.
 *
 * It accepts loopback, connections that exist, what IP needs to work (ICMP, ICMPv6 after RFC 4890, neighbour
 * discovery, DHCP answers) and the doors of the plan; everything else is logged, then dropped. It stands in a
 * table of its own and touches no other, so that taking it away is one command. Each line says in plain words
 * what it is for, and the head how to try it without locking oneself out.
 *
 * Bare ACKs pass at open TCP ports: they may belong to a connection that is older than the ruleset, and the
 * kernel answers whoever has none with a reset.
 *
 * Pure: the same plan gives the same text. Needs nft 0.9.3 or later.
 */
#ifndef KW_FIREWALL_RULESET_TEXT_H
#define KW_FIREWALL_RULESET_TEXT_H

#include "net/door_set.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define RULESET_TABLE "knockwatch"
#define RULESET_GROUP 5 /* the default; 0 to 2 are ulogd's in most examples */

/* What a rule says that logs to a group: a whole scan of any speed; of a flood enough to know it. */
#define RULESET_LOG_LIMIT "limit rate 5000/second burst 10000 packets"
#define RULESET_LOG_PREFIX "knockwatch drop: "

enum ruleset_log { RULESET_LOG_NFLOG, RULESET_LOG_KERNEL };

struct ruleset_plan {
	enum ruleset_log log;
	uint16_t group; /* with RULESET_LOG_NFLOG */
	const struct door_set *offered;
	const struct port_set *allowed;  /* asked for beside them, over both families */
	const struct port_set *doubtful; /* UDP ports in use, by a server or a client */
	bool forwards;                   /* this host passes packets on for others */
	/* The name of the program at a port, "" if it is not known; letters, digits, "._-" only. */
	const char *(*owner)(const void *context, enum port_set_proto proto, uint16_t port);
	const void *context;
};

void ruleset_text_write(const struct ruleset_plan *plan, FILE *out);

#endif
