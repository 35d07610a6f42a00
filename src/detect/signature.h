/* SPDX-License-Identifier: ISC */
/*
 * signature - a known kind of packet: its name, its weight, and what an event must be to be it.
 *
 * All conditions must hold. What an event does not tell (event.has) never meets a condition on it,
 * so a poor log line matches less, never wrongly. A signature judges one packet and remembers
 * nothing.
 *
 * `level` is what a match is worth in a story that exists; only where `alone` is set may the one
 * packet open a story by itself.
 */
#ifndef KW_DETECT_SIGNATURE_H
#define KW_DETECT_SIGNATURE_H

#include "detect/signature_condition.h"
#include "event/event.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stdint.h>

#define SIGNATURE_LEVEL_MAX 5
#define SIGNATURE_PREFIXES 8 /* blocks of one signature and side */

/* Header numbers that a signature can compare. */
enum signature_field {
	SIGNATURE_FIELD_TTL,
	SIGNATURE_FIELD_IP_ID,
	SIGNATURE_FIELD_LENGTH,
	SIGNATURE_FIELD_PAYLOAD,
	SIGNATURE_FIELD_WINDOW,
	SIGNATURE_FIELD_SEQ,
	SIGNATURE_FIELD_ACK,
	SIGNATURE_FIELD_MSS,
	SIGNATURE_FIELD_ITYPE,
	SIGNATURE_FIELD_ICODE,
	SIGNATURE_FIELD_ICMP_ID,
	SIGNATURE_FIELD_ICMP_SEQ,
	SIGNATURE_FIELDS
};

/* Which protocols have a field. */
enum signature_scope {
	SIGNATURE_SCOPE_IP,        /* every packet */
	SIGNATURE_SCOPE_TRANSPORT, /* TCP, UDP, SCTP, ICMP, ICMPv6: where the payload begins is
				      known */
	SIGNATURE_SCOPE_TCP,
	SIGNATURE_SCOPE_ICMP, /* ICMP and ICMPv6 */
	SIGNATURE_SCOPE_PORTS,
};

struct signature_field_row {
	const char *key;            /* as the file names it */
	enum signature_scope scope; /* protocols that have it */
	uint8_t offset, size;       /* where it lies in struct event: 1, 2 or 4 bytes */
	uint16_t has;               /* enum event_has: facts it needs */
	uint32_t most;              /* largest value */
};

enum signature_direction {
	SIGNATURE_DIRECTION_ANY,
	SIGNATURE_DIRECTION_IN,  /* not marked as sent by us */
	SIGNATURE_DIRECTION_OUT, /* marked as sent by us */
};

enum signature_df {
	SIGNATURE_DF_ANY,
	SIGNATURE_DF_SET,
	SIGNATURE_DF_CLEAR,
};

struct signature_test {
	enum signature_field field;
	struct signature_number number;
};

struct signature {
	/* what it is called; texts owned, reference and summary may be null */
	char *name;      /* short, for lists: "SQL Slammer worm" */
	char *reference; /* URL */
	char *summary;   /* a plain sentence */
	uint32_t id;     /* unique in a set */
	uint8_t level;   /* 0 a name only ... 5 critical */
	bool alone;      /* one packet is enough for a story */
	/* what the packet must be */
	bool has_proto;               /* `proto` is a condition */
	uint8_t proto;                /* IP protocol number */
	bool same_ip;                 /* source and destination address are equal */
	bool seq_is_dst;              /* sequence number = IPv4 destination (Mirai's habit) */
	bool has_layout;              /* `layout` is a condition */
	uint8_t ip_options;           /* any of these seen; 0 = no condition */
	uint8_t tests_count;          /* length of `tests` */
	uint8_t src_count, dst_count; /* length of the prefix lists; 0 = any */
	uint16_t needs;               /* enum event_has: facts without which it cannot match */
	enum signature_direction direction; /* whose packet */
	enum signature_df df;               /* the "don't fragment" bit */
	struct signature_flags flags;       /* mask 0 = no condition */
	uint64_t layout;                    /* as event.tcp_option_layout */
	struct signature_ports src_ports, dst_ports;
	struct signature_test tests[SIGNATURE_FIELDS];
	struct prefix src[SIGNATURE_PREFIXES], dst[SIGNATURE_PREFIXES];
};

/* What is known of a field. */
const struct signature_field_row *signature_field_row(enum signature_field field);

/* True where packets of the signature's protocol have what `scope` asks for. */
bool signature_fits_scope(const struct signature *s, enum signature_scope scope);

/* Computes `needs` from the other conditions; call it when they are complete. */
void signature_settle(struct signature *s);

/* The number of its conditions, protocol and direction not counted. */
unsigned signature_count_conditions(const struct signature *s);

/* True if the event meets every condition. */
bool signature_matches(const struct signature *s, const struct event *e);

/* Frees the texts and empties it. */
void signature_clear(struct signature *s);

#endif
