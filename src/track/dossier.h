/* SPDX-License-Identifier: ISC */
/*
 * dossier - everything we know of one source (or one group) that matters enough to have a story.
 *
 * A dossier is opened when a source becomes noteworthy, lives in a pool of fixed number and bounded
 * memory, and is told as an incident by verdict/ (which keeps the told part in a table of its own,
 * by the same number). When the pool is full the least valuable one goes: harmless before guilty,
 * small before large, old before new.
 *
 * Facts only: counters, sets, evidence bits. What they mean is detect/'s and verdict/'s business.
 */
#ifndef KW_TRACK_DOSSIER_H
#define KW_TRACK_DOSSIER_H

#include "base/clock.h"
#include "event/event.h"
#include "net/addr.h"
#include "track/target_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOSSIER_ANSWERED_MAX 12 /* open ports a source found: more are counted, not listed */
#define DOSSIER_REFUSED_MAX 4   /* services that refused a source: more are counted, not listed */
#define DOSSIER_MEMBERS_MAX 240 /* sources of a group that are listed: 8 KiB with the estimate */
#define DOSSIER_SOURCES_BITS 8  /* error 6.5 % beyond the list */
#define DOSSIER_CALLERS_MAX 32  /* ... of a flood or of callers, who are many and matter little */

/* What the dossier is about. */
enum dossier_form {
	DOSSIER_FREE,
	DOSSIER_SOURCE,      /* one source and its probes */
	DOSSIER_REPLIES,     /* one source and the answers it sent unasked */
	DOSSIER_DECOYS,      /* sources whose packets carry the same numbers */
	DOSSIER_DISTRIBUTED, /* sources that share the work on one host */
	DOSSIER_FLOOD,       /* one target under too much */
	DOSSIER_CALLERS,     /* one port of ours that many old friends still call */
	DOSSIER_LAN,         /* local noise of one kind */
};

/* Evidence for tools: how many packets carried the mark. */
enum dossier_mark {
	DOSSIER_MARK_SYNS,    /* SYN packets whose header was fully known: the base of the others */
	DOSSIER_MARK_MASSCAN, /* ip_id == low16(dst ^ dport ^ seq) */
	DOSSIER_MARK_ZMAP_OLD, /* id 54321, window 65535, no options */
	DOSSIER_MARK_ZMAP_NEW, /* Windows-like options, random id, one packet a target */
	DOSSIER_MARK_NMAP,     /* window 1024, MSS 1460 alone */
	DOSSIER_MARK_MIRAI,    /* seq == destination address */
	DOSSIER_MARK_HPING,    /* window 512, no options, source port climbing */
	DOSSIER_MARK_UNICORN,  /* window 4128, MSS alone, no DF, hop count from 255 */
	DOSSIER_MARK_6000,     /* source port 6000, id 256, window 16384 */
	DOSSIER_MARK_NMAP_OTHER, /* nmap's raw FIN/NULL/XMAS/ACK/UDP/SCTP probes: ttl 37-59, window 1024 */
	DOSSIER_MARK_FLAGLESS, /* TCP whose flags nobody told: ipchains and Cisco lines */
	DOSSIER_MARKS
};

/* nmap -O sends these; each bit is one probe seen. */
enum dossier_os_probe {
	DOSSIER_OS_T2 = 0x001,     /* no flags, window 128, DF */
	DOSSIER_OS_T3 = 0x002,     /* SYN FIN URG PSH, window 256 */
	DOSSIER_OS_T4 = 0x004,     /* ACK, window 1024, with options */
	DOSSIER_OS_T5 = 0x008,     /* SYN, window 31337 */
	DOSSIER_OS_T6 = 0x010,     /* ACK, window 32768, DF */
	DOSSIER_OS_T7 = 0x020,     /* FIN PSH URG, window 65535 */
	DOSSIER_OS_ECN = 0x040,    /* SYN ECE CWR, window 3 */
	DOSSIER_OS_U1 = 0x080,     /* UDP, 300 bytes, id 0x1042 */
	DOSSIER_OS_IE = 0x100,     /* ICMP echo with code 9 */
	DOSSIER_OS_SEQ = 0x200,    /* SYN with the odd windows of the sequence test */
	DOSSIER_OS_XPROBE = 0x400, /* ICMP timestamp, mask or information request beside echo */
};

struct dossier_answer {
	uint8_t space; /* enum target_space */
	bool visited;  /* the source completed a handshake there */
	bool asked;    /* after it had found the door, it connected */
	uint16_t port;
	uint16_t src_port; /* from which it found the port open; 0 = not known */
	uint32_t host;     /* of ours, where it did (target_host_of) */
	uint32_t found_s;  /* when, in seconds since 1970 */
};

struct dossier_member {
	struct addr addr; /* under which it is scored: of IPv6 the base of its /64 */
	struct addr seen; /* in full, as it came last; as far as known */
	bool real;        /* completed a handshake: it is not forged */
};

/*
 * In the order of use: a packet that brings nothing new touches three cache lines; one with a new target a
 * fourth, and its place in the set.
 */
struct dossier {
	_Alignas(64) struct addr
		addr;    /* the source (first address), or the target for floods and groups */
	struct addr dst; /* first destination */
	uint32_t number; /* its place in the pool (16 bits, 1 and up) and a generation above */
	uint8_t form;    /* enum dossier_form */
	uint8_t hint;    /* enum incident_kind: why it was opened, or what it has become */
	uint8_t origin;  /* of the last event */
	uint8_t proto;   /* IP protocol of all events, or 0 with mixed */
	bool proto_mixed;
	bool spoofable;        /* no handshake completed */
	bool dst_many;         /* more than one destination address */
	bool addr_many;        /* several addresses of one IPv6 block */
	uint16_t iface, host;  /* of the last event */
	uint32_t techniques;   /* bits of enum technique */
	uint32_t os_probes;    /* bits of enum dossier_os_probe */
	uint32_t new_targets;  /* distinct targets added, never falls */
	uint32_t next_targets; /* detect/: look again when new_targets reaches this */
	struct wall_time last;
	uint64_t packets;
	uint64_t bytes;
	double score;                   /* log-likelihood, decayed up to `last` */
	uint32_t rate_second;           /* second of the running rate count */
	uint32_t rate_count, rate_peak; /* packets in that second; the most in any second */
	int16_t signature_level;        /* of the strongest signature hit; -1 = none */
	uint16_t last_src_port;         /* of the last SYN: for climbing source ports */
	uint8_t questions; /* open doors, of those listed, that it found first and then connected to */
	bool questions_told; /* detect/: they were news once */
	uint8_t block_bits;  /* of addr, in the family's own count; 128 = the address alone */
	uint8_t visits;      /* stories of this source told and closed before */
	uint32_t marks[DOSSIER_MARKS];
	struct target_set targets;        /* what is read for every target lies in front */
	struct wall_time last_new;        /* when the last distinct target came */
	uint32_t slow_gaps;               /* of the gaps between new targets: those above 300 s */
	uint32_t gap_mean_ms, gap_dev_ms; /* running mean of gaps and of their deviation */
	uint32_t gaps;                    /* how many gaps went into them */
	/* from here on rarely touched */
	struct wall_time first;
	uint64_t next_packets; /* detect/: look again when packets reaches this */
	int64_t signature;     /* detect/: id of the strongest signature hit, -1 = none */
	int16_t forced_level;  /* by an override; -1 = none */
	uint16_t routed;       /* packets of a scan that dictate their own route; saturates */
	uint32_t misuses;      /* bits of enum ip_misuse: what its packets did */
	uint8_t answered_kept;
	bool returned; /* came back to a port it had found open */
	uint32_t answered_count;
	struct dossier_answer answered[DOSSIER_ANSWERED_MAX];
	struct dossier_member *members; /* groups only: behind sources_seen */
	uint32_t members_kept, members_room;
	bool members_cut;        /* some source found no place in the list */
	uint16_t group;          /* groups only: its place in the pool's list of them, 1 and up */
	uint8_t *sources_seen;   /* groups only: estimate of all sources, DOSSIER_SOURCES_BITS */
	uint32_t forged_sources; /* of a flood: sources counted elsewhere, one by one */
	uint32_t refused, granted;                  /* connections, by TCP wrappers; saturate */
	uint16_t refused_at[DOSSIER_REFUSED_MAX];   /* services (name_table); 0 = none more */
	bool refused_at_more;                       /* there were more of them */
	uint8_t refused_rules;  /* that refused it, one after the other; saturates */
	uint16_t refused_table; /* of the last one: the file (name_table), 0 = not told, ... */
	uint32_t refused_line;  /* ... and the line */
};

_Static_assert(offsetof(struct dossier, targets) + TARGET_SET_FRONT <= 3 * 64, "three cache lines");
_Static_assert(offsetof(struct dossier, first) <= 4 * 64, "and a fourth for what is new");

struct dossier_pool;

#define DOSSIER_POOL_MAX 65535
/* What one more dossier takes: itself, the cell of its set, its place in the list of free ones. */
#define DOSSIER_POOL_EACH (sizeof(struct dossier) + TARGET_SET_CELL + sizeof(uint32_t))

/*
 * Room for `count` dossiers (at most DOSSIER_POOL_MAX, DOSSIER_POOL_EACH bytes each), and `more_bytes` for
 * what does not fit into their cells: large sets and the members of groups. Once that is spent, sets become
 * sketches and lists of members stay as short as they are. An eighth of it is kept for groups, of which
 * each has a KiB (23 members) for certain; when as many are open, the least valuable makes room.
 */
struct dossier_pool *dossier_pool_create(uint32_t count, size_t more_bytes);
/* All that the pool has taken, used or not. */
size_t dossier_pool_bytes(const struct dossier_pool *p);
void dossier_pool_destroy(struct dossier_pool *p);

/* Called before a dossier is given away to another source, or freed. */
typedef void dossier_leave_fn(void *context, struct dossier *leaving);
void dossier_pool_on_leave(struct dossier_pool *p, dossier_leave_fn *fn, void *context);

/*
 * A fresh dossier; takes the place of a harmless or long silent one if none is free. Null if every
 * other is worth more: attention is bounded, and a pool that gave way to every newcomer would tell
 * the same stories over and over. Refusals are counted. Floods, decoys and distributed scans are never
 * refused.
 */
struct dossier *dossier_pool_open(
	struct dossier_pool *p, enum dossier_form form, struct wall_time now);
void dossier_pool_free(struct dossier_pool *p, struct dossier *d);

/* A number's place in the pool, for tables that run beside it: 1 to dossier_pool_size(). */
static inline uint32_t dossier_place(uint32_t number)
{
	return number & 0xffff;
}

/* By number; null for 0 and for one that has been given away since (up to 65,535 times). */
struct dossier *dossier_pool_get(struct dossier_pool *p, uint32_t number);
uint32_t dossier_pool_size(const struct dossier_pool *p);
void dossier_pool_prefetch(const struct dossier_pool *p, uint32_t number);
/* The part of its set where the target belongs; the dossier itself must have been fetched. */
void dossier_pool_prefetch_target(const struct dossier_pool *p, uint32_t number, struct target t);

/* Walks all open dossiers: start with *cursor = 0; null at the end. */
struct dossier *dossier_pool_next(struct dossier_pool *p, uint32_t *cursor);

uint64_t dossier_pool_evictions(const struct dossier_pool *p);
uint64_t dossier_pool_refusals(const struct dossier_pool *p);

/* Adds or updates a member of a group; beyond the list sources are only counted. `seen` may be null. */
void dossier_add_member(
	struct dossier *d, const struct addr *addr, const struct addr *seen, bool real);

/* Notes a source in registers of 2^DOSSIER_SOURCES_BITS bytes; and hands such registers to a group whose
 * sources were counted before it was known. */
void dossier_note_source(uint8_t *registers, const struct addr *source);
void dossier_take_sources(struct dossier *d, const uint8_t *registers);

/* True if the group lists this source as a member. */
bool dossier_has_member(const struct dossier *d, const struct addr *addr);

/* How many sources a group has: exact while all are listed, then estimated; 1 for a source. */
uint32_t dossier_sources(const struct dossier *d);

/* Records an open port the source found; true if it is new to the dossier. Beyond the list it is only
 * counted, perhaps twice. */
bool dossier_add_answer(
	struct dossier *d, struct target open_door, uint16_t src_port, struct wall_time now);
/* The port did not answer `src_port` after all, nor anybody of the source before; true if it was listed. */
bool dossier_drop_answer(struct dossier *d, struct target door, uint16_t src_port);
/* The answer of a port, or null. */
struct dossier_answer *dossier_find_answer(struct dossier *d, uint8_t space, uint16_t port);

#endif
