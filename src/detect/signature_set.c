/* SPDX-License-Identifier: ISC */
/*
 * The index.
 *
 * Ten million packets a second leave 100 ns for everything, and nearly all packets match nothing.
 * So the work is moved to the start: each signature stands in exactly one kind of list, and a
 * packet walks only the lists it can have a match in.
 * Measured with the built-in set: a SYN that matches nothing costs about 70 instructions.
 *
 *     condition on IP options         -> list `options`, walked if the packet has any
 *     same_ip                         -> list `same`, walked if the addresses are equal
 *     seq: dst                        -> list `mirai`, walked if the sequence number is the address
 *     up to NAMED_PORTS dst ports     -> per protocol: one bit a port (8 KiB, stays in the cache),
 *                                        then port -> group -> list
 *     everything else                 -> two lists by protocol and TCP flags or ICMP type
 *
 * The set is sorted by strength first, and lists keep that order: the first match of a list is its
 * best, and the smallest number over the lists is the answer.
 *
 * Each list entry repeats the most selective condition of its signature on one or two bytes (an
 * ip_id, a window, a block's first byte), so that most are passed over without touching the
 * signature's own cache lines.
 *
 * Of the two lists of `everything else` one is `gated`: its signatures want an exact window, ip_id or
 * source port, or a payload. Each of these fields has a gate, 64 bits of which every value falls upon one,
 * and the list is walked only if a value of the packet falls on a bit that is set. Without the gates a SYN
 * would walk half a dozen entries to learn that no tool makes such windows.
 *
 * Refused: one decision tree over all fields (unreadable, and slower to build than to use), and a
 * 64 Ki table of lists for each protocol without the bitmap (a cache miss for every random port).
 */
#include "detect/signature_set.h"

#include "base/memory.h"
#include "detect/signature_entry.h"
#include "net/ip_proto.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE_LEVELS 6 /* 0 to 5 */
#define NAMED_PORTS 1024   /* more than these are no name, but a range */
#define KEYS 256           /* TCP flags or ICMP type */
#define FLAGS_UNKNOWN 64   /* key of TCP events that do not tell their flags */
#define TYPE_UNKNOWN 255   /* ... and of ICMP events without a type (255 is reserved, RFC 2780) */

enum class { CLASS_OTHER, CLASS_TCP, CLASS_UDP, CLASS_SCTP, CLASS_ICMP, CLASS_ICMPV6, CLASSES };

/* True of those whose packets have ports. */
static inline bool has_ports(enum class class)
{
	return class >= CLASS_TCP && class <= CLASS_SCTP;
}

struct list {
	uint32_t start; /* in `entries` */
	uint32_t count;
};

struct general {
	struct list plain, gated;
	struct signature_gates gates; /* before `gated` */
};

struct port_index {
	uint64_t named[65536 / 64]; /* one bit for each port a signature names */
	uint16_t group[65536];      /* number of the list in `groups`, where the bit is set */
	struct list *groups;
	uint32_t groups_count;
};

struct signature_set {
	struct signature *items;
	unsigned count, room;
	bool sealed;
	unsigned above[SIGNATURE_LEVELS + 1]; /* [n]: how many have a level of n or more */
	uint8_t class_of[256];                /* enum class by IP protocol */
	struct list options, same, mirai;
	struct general general[CLASSES][KEYS];
	struct port_index *ports[CLASSES]; /* null where no port is named */
	struct signature_entry *entries;
	uint32_t entries_count, entries_room;
};

struct signature_set *signature_set_create(void)
{
	struct signature_set *set = memory_calloc(1, sizeof *set);
	set->entries_room = 256;
	set->entries = memory_calloc(set->entries_room, sizeof set->entries[0]);
	set->class_of[IP_PROTO_TCP] = CLASS_TCP;
	set->class_of[IP_PROTO_UDP] = CLASS_UDP;
	set->class_of[IP_PROTO_SCTP] = CLASS_SCTP;
	set->class_of[IP_PROTO_ICMP] = CLASS_ICMP;
	set->class_of[IP_PROTO_ICMPV6] = CLASS_ICMPV6;
	return set;
}

void signature_set_destroy(struct signature_set *set)
{
	if (!set)
		return;
	for (unsigned i = 0; i < set->count; i++)
		signature_clear(&set->items[i]);
	for (unsigned i = 0; i < CLASSES; i++) {
		if (set->ports[i])
			free(set->ports[i]->groups);
		free(set->ports[i]);
	}
	free(set->items);
	free(set->entries);
	free(set);
}

static struct signature *find_item(const struct signature_set *set, uint32_t id)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (set->items[i].id == id)
			return &set->items[i];
	}
	return NULL;
}

bool signature_set_add(struct signature_set *set, struct signature *s)
{
	assert(!set->sealed);
	struct signature *place = find_item(set, s->id);
	if (place) {
		signature_clear(place);
	} else {
		if (set->count == SIGNATURE_SET_MAX)
			return false;
		if (set->count == set->room) {
			set->room = set->room ? 2 * set->room : 64;
			set->items = memory_realloc(set->items, set->room * sizeof set->items[0]);
		}
		place = &set->items[set->count++];
	}
	*place = *s;
	*s = (struct signature){0};
	return true;
}

unsigned signature_set_count(const struct signature_set *set)
{
	return set->count;
}

const struct signature *signature_set_item(const struct signature_set *set, unsigned number)
{
	assert(number < set->count);
	return &set->items[number];
}

const struct signature *signature_set_find(const struct signature_set *set, uint32_t id)
{
	return find_item(set, id);
}

static int compare_strength(const void *left, const void *right)
{
	const struct signature *a = left, *b = right;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->alone != b->alone)
		return a->alone ? -1 : 1;
	unsigned a_count = signature_count_conditions(a), b_count = signature_count_conditions(b);
	if (a_count != b_count)
		return a_count > b_count ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void begin_list(struct signature_set *set, struct list *list)
{
	*list = (struct list){set->entries_count, 0};
}

static void add_entry(
	struct signature_set *set, struct list *list, const struct signature_entry *entry)
{
	if (set->entries_count == set->entries_room) {
		set->entries_room = 2 * set->entries_room;
		set->entries =
			memory_realloc(set->entries, set->entries_room * sizeof set->entries[0]);
	}
	set->entries[set->entries_count++] = *entry;
	list->count++;
}

static void add_to_list(struct signature_set *set, struct list *list, unsigned number)
{
	struct signature_entry entry = signature_entry_of(&set->items[number], number);
	add_entry(set, list, &entry);
}

/* True if it has a condition that so few packets meet that it stands in a list of its own. */
static bool is_special(const struct signature *s)
{
	return s->ip_options || s->same_ip || s->seq_is_dst;
}

/* True if the signature names its destination ports, few enough to stand in the port index. */
static bool names_ports(const struct signature_set *set, const struct signature *s)
{
	unsigned ports = 0;
	for (unsigned i = 0; i < s->dst_ports.count; i++)
		ports += 1U + s->dst_ports.ranges[i].last - s->dst_ports.ranges[i].first;
	return ports > 0 && ports <= NAMED_PORTS && !is_special(s) &&
	       has_ports((enum class)set->class_of[s->proto]);
}

static bool could_have_key(const struct signature *s, enum class class, unsigned key)
{
	if (class == CLASS_TCP) {
		uint8_t mask = s->flags.mask & EVENT_TCP_SIX;
		if (key >= FLAGS_UNKNOWN)
			return key == FLAGS_UNKNOWN && s->flags.mask == 0;
		return (key & mask) == (s->flags.wanted & EVENT_TCP_SIX);
	}
	if (class != CLASS_ICMP && class != CLASS_ICMPV6)
		return key == 0;
	for (unsigned i = 0; i < s->tests_count; i++) {
		if (s->tests[i].field == SIGNATURE_FIELD_ITYPE &&
			!signature_number_holds(&s->tests[i].number, key))
			return false;
	}
	return true;
}

static bool is_general(
	const struct signature_set *set, const struct signature *s, enum class class, unsigned key)
{
	return !(s->has_proto && set->class_of[s->proto] != class) &&
	       could_have_key(s, class, key) && !is_special(s) && !names_ports(set, s);
}

/* Those of one class and key that stand behind gates, or those that do not. */
static void build_general(
	struct signature_set *set, enum class class, unsigned key, bool behind_gates)
{
	struct general *general = &set->general[class][key];
	struct list *list = behind_gates ? &general->gated : &general->plain;
	begin_list(set, list);
	for (unsigned i = 0; i < set->count; i++) {
		if (!is_general(set, &set->items[i], class, key))
			continue;
		struct signature_entry entry = signature_entry_of(&set->items[i], i);
		if (signature_gates_open(&general->gates, &entry) == behind_gates)
			add_entry(set, list, &entry);
	}
}

static void build_special(struct signature_set *set)
{
	begin_list(set, &set->options);
	for (unsigned i = 0; i < set->count; i++) {
		if (set->items[i].ip_options)
			add_to_list(set, &set->options, i);
	}
	begin_list(set, &set->same);
	for (unsigned i = 0; i < set->count; i++) {
		if (set->items[i].same_ip && !set->items[i].ip_options)
			add_to_list(set, &set->same, i);
	}
	begin_list(set, &set->mirai);
	for (unsigned i = 0; i < set->count; i++) {
		const struct signature *s = &set->items[i];
		if (s->seq_is_dst && !s->same_ip && !s->ip_options)
			add_to_list(set, &set->mirai, i);
	}
}

static bool names_ports_of(
	const struct signature_set *set, const struct signature *s, enum class class)
{
	return set->class_of[s->proto] == class && names_ports(set, s);
}

/* Marks in `edge` every port at which the lists of signatures may change. */
static bool mark_edges(const struct signature_set *set, enum class class, bool *edge)
{
	bool any = false;
	for (unsigned i = 0; i < set->count; i++) {
		const struct signature_ports *ports = &set->items[i].dst_ports;
		if (!names_ports_of(set, &set->items[i], class))
			continue;
		any = true;
		for (unsigned r = 0; r < ports->count; r++) {
			edge[ports->ranges[r].first] = true;
			edge[ports->ranges[r].last + 1] = true;
		}
	}
	return any;
}

/* One list for the ports from one edge to the next. */
static void build_group(struct signature_set *set, struct port_index *index, enum class class,
	unsigned first, unsigned behind)
{
	struct list list;
	begin_list(set, &list);
	for (unsigned i = 0; i < set->count; i++) {
		if (names_ports_of(set, &set->items[i], class) &&
			signature_ports_hold(&set->items[i].dst_ports, (uint16_t)first))
			add_to_list(set, &list, i);
	}
	if (list.count == 0)
		return;
	for (unsigned port = first; port < behind; port++) {
		index->named[port / 64] |= UINT64_C(1) << port % 64;
		index->group[port] = (uint16_t)index->groups_count;
	}
	index->groups[index->groups_count++] = list;
}

static void build_ports(struct signature_set *set, enum class class)
{
	bool *edge = memory_calloc(65537, sizeof *edge);
	if (mark_edges(set, class, edge)) {
		struct port_index *index = memory_calloc(1, sizeof *index);
		unsigned edges = 1, first = 0;
		for (unsigned port = 1; port <= 65536; port++)
			edges += edge[port];
		index->groups = memory_calloc(edges + 1, sizeof index->groups[0]);
		edge[65536] = true;
		for (unsigned port = 1; port <= 65536; port++) {
			if (!edge[port])
				continue;
			build_group(set, index, class, first, port);
			first = port;
		}
		set->ports[class] = index;
	}
	free(edge);
}

void signature_set_seal(struct signature_set *set)
{
	assert(!set->sealed);
	if (set->count)
		qsort(set->items, set->count, sizeof set->items[0], compare_strength);
	for (unsigned i = 0; i < set->count; i++) {
		for (unsigned level = 0; level <= set->items[i].level; level++)
			set->above[level]++;
	}
	build_special(set);
	for (unsigned class = 0; class < CLASSES; class ++) {
		for (unsigned key = 0; key < KEYS; key++) {
			build_general(set, (enum class) class, key, true);
			build_general(set, (enum class) class, key, false);
		}
	}
	for (unsigned class = CLASS_TCP; class <= CLASS_SCTP; class ++)
		build_ports(set, (enum class) class);
	set->sealed = true;
}

/* The number of the first match of a list, if it is below `best`; else `best`. */
static unsigned first_match(
	const struct signature_set *set, struct list list, const struct event *e, unsigned best)
{
	const struct signature_entry *entry = set->entries + list.start;
	const struct signature_entry *end = entry + list.count;
	for (; entry < end && entry->number < best; entry++) {
		if (signature_entry_passes(entry, e) &&
			signature_matches(&set->items[entry->number], e))
			return entry->number;
	}
	return best;
}

static unsigned key_of(enum class class, const struct event *e)
{
	switch (class) {
	case CLASS_TCP:
		return e->has & EVENT_HAS_TCP_FLAGS ? e->tcp_flags & EVENT_TCP_SIX : FLAGS_UNKNOWN;
	case CLASS_ICMP:
	case CLASS_ICMPV6:
		return e->has & EVENT_HAS_ICMP ? e->icmp_type : TYPE_UNKNOWN;
	case CLASS_OTHER:
	case CLASS_UDP:
	case CLASS_SCTP:
	case CLASSES:
		break;
	}
	return 0;
}

static unsigned port_match(
	const struct signature_set *set, enum class class, const struct event *e, unsigned best)
{
	const struct port_index *index = set->ports[class];
	if (!index || !(index->named[e->dst_port / 64] >> e->dst_port % 64 & 1))
		return best;
	return first_match(set, index->groups[index->group[e->dst_port]], e, best);
}

const struct signature *signature_set_match(
	const struct signature_set *set, const struct event *e, int level)
{
	enum class class = (enum class)set->class_of[e->proto];
	assert(set->sealed && level >= -1 && level < SIGNATURE_LEVELS);
	unsigned wanted = set->above[level + 1], best = wanted;
	if (e->ip_options)
		best = first_match(set, set->options, e, best);
	if (addr_equal(&e->src, &e->dst))
		best = first_match(set, set->same, e, best);
	if (addr_v4(&e->dst) == e->seq)
		best = first_match(set, set->mirai, e, best);
	if (has_ports(class))
		best = port_match(set, class, e, best);
	const struct general *general = &set->general[class][key_of(class, e)];
	if (signature_gates_pass(&general->gates, e))
		best = first_match(set, general->gated, e, best);
	if (general->plain.count > 0)
		best = first_match(set, general->plain, e, best);
	return best < wanted ? &set->items[best] : NULL;
}
