/* SPDX-License-Identifier: ISC */
/*
 * incident - the story of one source, or of one group, at one moment of its life.
 *
 * A value for telling, made when something is to be said (opened, risen, renamed, closed) and valid
 * until the receiver returns: the lists and texts behind the pointers are borrowed. Receivers (the
 * terminal, JSON, the store) keep what they need as text. The fields are those of EVENTS.md.
 */
#ifndef KW_VERDICT_INCIDENT_H
#define KW_VERDICT_INCIDENT_H

#include "base/clock.h"
#include "event/event_id.h"
#include "event/incident_kind.h"
#include "net/addr.h"
#include "net/port_set.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stdint.h>

enum incident_state { INCIDENT_OPEN, INCIDENT_UPDATE, INCIDENT_CLOSE, INCIDENT_STATES };

enum incident_member_role {
	INCIDENT_MEMBER_UNKNOWN,
	INCIDENT_MEMBER_REAL,
	INCIDENT_MEMBER_DECOY,
	INCIDENT_MEMBER_ROLES
};

struct incident_member {
	struct addr address;
	enum incident_member_role role;
	const char *evidence; /* why that role; null for unknown */
};

struct incident {
	struct event_id id;        /* the same for the whole life */
	enum incident_state state; /* what this telling is about */
	struct wall_time now;      /* when this telling was decided (packet time) */
	int level;                 /* 0 explained and harmless ... 5 critical */
	enum incident_class class;
	enum incident_kind kind;
	uint32_t techniques; /* bits of enum technique */
	uint32_t misuses;    /* bits of enum ip_misuse */
	bool slow;           /* typical gap between distinct targets above 300 s */
	bool spoofable;      /* nothing proved the address */
	struct addr src;     /* the source; none for a group */
	struct prefix
		src_prefix;   /* IPv6: the block that was scored (/64 or /48); else the address */
	struct addr dst;      /* the target if there was only one, else none */
	uint8_t proto;        /* IP protocol if there was only one, else 0 with proto_mixed */
	bool proto_mixed;     /* several protocols */
	uint8_t origin;       /* enum event_origin of the deciding event */
	uint16_t iface, host; /* name_table numbers of the deciding event */
	const struct port_range *ports; /* sorted ranges, borrowed */
	unsigned port_ranges;           /* length of `ports`; may be capped: ports_count is not */
	uint32_t ports_count, hosts_count, targets_count;
	uint64_t packets;
	struct wall_time first, last;          /* of the story's packets */
	const struct incident_member *members; /* sources of a group, borrowed; capped */
	unsigned members_shown;                /* length of `members` */
	uint32_t sources_count;                /* sources of a group; 1 for a single source */
	const char *tool;                      /* "nmap", ...; null if none was recognised */
	const char *nmap;                  /* options that send such packets, "-sS"; null if none */
	double confidence;                 /* 0 to 1 */
	const struct port_range *answered; /* open ports it found, borrowed */
	unsigned answered_ranges;
	bool returned;         /* it came back to an open port it had found */
	uint32_t refused, granted; /* connections, by TCP wrappers */
	const char *refused_at; /* services: "sshd, in.telnetd and more"; null if none is known */
	const char *refused_by; /* the rule: "line 3 of /etc/hosts.deny"; null if it was not told */
	const char *signature; /* name of the strongest signature that matched; null if none */
	const char *reference; /* of that signature; may be null */
	const char *why; /* the rules that made the level, in words: "100 or more targets; ..." */
	const char *explain; /* key into the knowledge base */
	const char *summary; /* one plain sentence */
	const char *into;    /* id of the incident this one was folded into; null if none */
};

/* True of a sweep that asked for hosts alone, by ICMP, and for no port. */
bool incident_is_ping(const struct incident *in);

const char *incident_state_name(enum incident_state state);
const char *incident_member_role_name(enum incident_member_role role);
/* "explained", "notice", "suspicious", "serious", "severe", "critical" for 0 to 5. */
const char *incident_level_word(int level);

#endif
