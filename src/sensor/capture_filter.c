/* SPDX-License-Identifier: ISC */
/*
 * The text is written once for each family from a table of how that family names its fields,
 * because libpcap's tcp[], udp[] and icmp[] speak of IPv4 only. Three things shape it:
 *
 * - A load behind the end of the packet makes the kernel refuse the packet, whatever the other
 * clauses say. So the clause for tiny fragments stands before the first look at the TCP flags.
 * - A later fragment has no ports, and "not dst port 53" is true of it. So port tests are written
 *   as positive comparisons, behind a test that this is the first fragment.
 * - The word "inbound" never stands here: libpcap would re-check packets in user space with it. The
 *   direction is settled by the socket (packet_ring).
 */
#include "sensor/capture_filter.h"

#include "base/text_buffer.h"
#include "net/ip_proto.h"

#include <assert.h>
#include <string.h>

#define TRACEROUTE_FIRST 33434 /* where traceroute begins ... */
#define TRACEROUTE_LAST 33534  /* ... and where its customary 30 hops of 3 probes end */
#define SERVICE_PORT_LAST                                                                          \
	1023                /* a source port up to here is a server's: an answer, not a probe      \
			     */
#define DARK_UDP_LAST 32767 /* of other hosts: where ephemeral ports begin (Linux; IANA: 49151) */

/* How a family names what the clauses ask for. */
struct family_words {
	enum door_family family;
	const char *link, *proto, *first_fragment, *tiny, *flags, *tcp_port, *udp_port, *udp_source,
		*icmp, *sctp;
	const char *dst_group;   /* broadcast or multicast destination */
	const char *extension;   /* passes for the law to settle; null where there is none */
	const char *dst_word[4]; /* the destination address, 32 bits each */
	uint8_t icmp_proto;
};

static const struct family_words families[] = {
	{
		.family = DOOR_FAMILY_V4,
		.link = "ip",
		.proto = "ip[9]",
		.first_fragment = "ip[6:2]&0x1fff=0 and ",
		/* more fragments follow, offset 0, and less than a TCP header in it */
		.tiny = "ip[6:2]&0x3fff=0x2000 and ip[2:2]-4*(ip[0]&0xf)<20",
		.flags = "tcp[13]",
		.tcp_port = "tcp[2:2]",
		.udp_port = "udp[2:2]",
		.udp_source = "udp[0:2]",
		.icmp = "icmp[0]",
		.sctp = "sctp[12]",
		.dst_group = "ip[16]>=224",
		.extension = NULL,
		.dst_word = {NULL, NULL, NULL, "ip[16:4]"},
		.icmp_proto = IP_PROTO_ICMP,
	},
	{
		.family = DOOR_FAMILY_V6,
		.link = "ip6",
		.proto = "ip6[6]",
		.first_fragment = "",
		.tiny = NULL, /* fragments are an extension there */
		.flags = "ip6[53]",
		.tcp_port = "ip6[42:2]",
		.udp_port = "ip6[42:2]",
		.udp_source = "ip6[40:2]",
		.icmp = "ip6[40]",
		.sctp = "ip6[52]",
		.dst_group = "ip6[24]=255",
		/* hop-by-hop, routing, destination options, first fragments */
		.extension =
			"ip6[6]=0 or ip6[6]=43 or ip6[6]=60 or (ip6[6]=44 and ip6[42:2]&0xfff8=0)",
		.dst_word = {"ip6[24:4]", "ip6[28:4]", "ip6[32:4]", "ip6[36:4]"},
		.icmp_proto = IP_PROTO_ICMPV6,
	},
};

/* Questions and errors; every other type is an answer or the link's own house-keeping. */
static const uint8_t icmp4_types[] = {3, 4, 5, 8, 11, 12, 13, 15, 17, 37, 42};
static const uint8_t icmp6_types[] = {1, 2, 3, 4, 128, 137, 139, 160};

/* Protocols judged by clauses of their own, or part of the IP header. */
static const uint8_t own_clause[] = {IP_PROTO_TCP, IP_PROTO_UDP, IP_PROTO_ICMP, IP_PROTO_ICMPV6,
	IP_PROTO_SCTP, IP_PROTO_HOPOPTS, IP_PROTO_ROUTING, IP_PROTO_FRAGMENT, IP_PROTO_DSTOPTS};

/* Tunnels: where one is in use, every packet of it would pass. */
static const uint8_t tunnels[] = {IP_PROTO_IPIP, IP_PROTO_IPV6, IP_PROTO_GRE, IP_PROTO_ESP,
	IP_PROTO_AH, 97 /* EtherIP */, 108 /* IPComp */, 115 /* L2TP */, 137 /* MPLS */};

/* Flag patterns no stack sends, or that open a connection: (flags & mask) == value. */
static const struct {
	uint8_t mask, value;
} heard_flags[] = {
	{0x17, 0x02}, /* SYN alone */
	{0x17, 0x00}, /* neither SYN, ACK, FIN nor RST */
	{0x11, 0x01}, /* FIN without ACK */
	{0x03, 0x03}, /* SYN+FIN */
	{0x06, 0x06}, /* SYN+RST */
	{0x29, 0x29}, /* FIN+PSH+URG */
};

/* What answers a connection of ours, where we have one; elsewhere it is unasked. */
static const struct {
	uint8_t mask, value;
} answer_flags[] = {
	{0x17, 0x12}, /* SYN-ACK */
	{0x17, 0x04}, /* RST alone */
};
#define SCTP_CHUNK_INIT 1

static bool list_holds(const uint8_t *list, size_t count, uint8_t value)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == value)
			return true;
	}
	return false;
}

#define HOLDS(list, value) list_holds(list, sizeof(list), value)

/* --- the sets --- */

/* Writes the ranges of one protocol; returns how many there are, of which at most `max` are
 * written. */
static unsigned list_ranges(
	const struct port_set *set, enum port_set_proto proto, struct port_range *out, unsigned max)
{
	uint32_t cursor = (uint32_t)proto << 16;
	struct port_range range;
	unsigned count = 0;
	while (port_set_next_range(set, &cursor, &range) && range.proto == proto) {
		if (count < max)
			out[count] = range;
		count++;
	}
	return count;
}

/* One walk over the gaps between ranges: fills up to `fill_max` of those of at most `width` ports,
 * adds the ports filled to `*filled`, and returns the width of the narrowest gap left alone. */
static unsigned fill_gaps(struct port_set *set, enum port_set_proto proto, unsigned width,
	unsigned fill_max, unsigned *filled)
{
	struct port_range before, range;
	uint32_t cursor = (uint32_t)proto << 16;
	unsigned narrowest = 65536;
	if (!port_set_next_range(set, &cursor, &before))
		return narrowest;
	for (; port_set_next_range(set, &cursor, &range) && range.proto == proto; before = range) {
		unsigned gap = range.first - before.last - 1u;
		if (gap <= width && fill_max > 0) {
			port_set_add_range(set, proto, (uint16_t)(before.last + 1),
				(uint16_t)(range.first - 1));
			*filled += gap;
			fill_max--;
		} else if (gap < narrowest) {
			narrowest = gap;
		}
	}
	return narrowest;
}

/* Makes the list short enough, narrowest gaps first; returns the ports filled. */
static unsigned limit_ranges(struct port_set *set, enum port_set_proto proto)
{
	unsigned filled = 0, width = 0, count;
	while ((count = list_ranges(set, proto, NULL, 0)) > CAPTURE_FILTER_RANGES)
		width = fill_gaps(set, proto, width, count - CAPTURE_FILTER_RANGES, &filled);
	return filled;
}

/* Doors on single addresses, as many as the filter may hold; returns how many did not fit. */
static unsigned take_narrow_doors(
	struct capture_filter_ports *p, const struct listening_set *set, enum door_family family)
{
	unsigned widened = 0;
	for (unsigned i = 0; i < set->offered.narrow_count; i++) {
		const struct door *door = &set->offered.narrow[i];
		enum port_set_proto proto = (enum port_set_proto)door->proto;
		if (door_family_of(&door->addr) != family || proto == PORT_SET_SCTP ||
			port_set_holds(&p->quiet, proto, door->port))
			continue;
		if (p->narrow_count < CAPTURE_FILTER_NARROW) {
			p->narrow[p->narrow_count++] = *door;
		} else {
			port_set_add(&p->quiet, proto, door->port);
			widened++;
		}
	}
	return widened;
}

/* Any ephemeral port may be a client's: quiet, but for the traceroute ports. */
static void hush_udp_clients(struct capture_filter_ports *p, const struct listening_set *set)
{
	for (uint16_t port = TRACEROUTE_FIRST; port <= TRACEROUTE_LAST; port++) {
		if (!port_set_holds(&p->quiet, PORT_SET_UDP, port) &&
			listening_set_is_ephemeral(set, port))
			port_set_add(&p->traceroute, PORT_SET_UDP, port);
	}
	port_set_add_range(&p->quiet, PORT_SET_UDP, set->ephemeral_first, set->ephemeral_last);
}

static void build_host_ports(struct capture_filter *f, const struct listening_set *set,
	const struct capture_filter_options *options, enum door_family family)
{
	struct capture_filter_ports *p = &f->ports[family];
	port_set_add_all(&p->quiet, &set->offered.all[family]);
	port_set_add_all(&p->quiet, &set->busy[family]);
	if (options->offered_elsewhere)
		port_set_add_all(&p->quiet, options->offered_elsewhere);
	p->clients_known = options->clients_known[family];
	if (!p->clients_known)
		hush_udp_clients(p, set);
	p->dialling = set->busy[family];
	uint16_t first = set->ephemeral_first, last = set->ephemeral_last;
	port_set_add_range(&p->quiet, PORT_SET_TCP, first, last);
	port_set_add_range(&p->dialling, PORT_SET_TCP, first, last);
	f->filled_ports += take_narrow_doors(p, set, family);
}

static void build_network_ports(struct capture_filter_ports *p)
{
	port_set_add_range(&p->quiet, PORT_SET_TCP, 0, 65535);
	port_set_add_range(&p->quiet, PORT_SET_UDP, DARK_UDP_LAST + 1, 65535);
	port_set_add_range(&p->traceroute, PORT_SET_UDP, TRACEROUTE_FIRST, TRACEROUTE_LAST);
}

static void build_homes(struct capture_filter *f, const struct own_addresses *own,
	const struct capture_filter_options *options)
{
	bool fits = !own->cut;
	f->homes = own->hosts;
	for (unsigned i = 0; i < own->broadcasts.count; i++)
		fits = prefix_set_add(&f->homes, &own->broadcasts.items[i]) && fits;
	for (unsigned i = 0; options->also_home && i < options->also_home->count; i++)
		fits = prefix_set_add(&f->homes, &options->also_home->items[i]) && fits;
	f->any_destination = options->scope == CAPTURE_SCOPE_NETWORK || !fits;
}

/* --- the text --- */

static void write_ports(struct text_buffer *b, const char *field, uint16_t first, uint16_t last)
{
	if (first == last)
		text_buffer_printf(b, "%s=%u", field, first);
	else if (first == 0)
		text_buffer_printf(b, "%s<=%u", field, last);
	else if (last == 65535)
		text_buffer_printf(b, "%s>=%u", field, first);
	else
		text_buffer_printf(b, "(%s>=%u and %s<=%u)", field, first, field, last);
}

/* "(field in one of the gaps)"; nothing but a false comparison if there is no gap. */
static void write_outside(struct text_buffer *b, const char *field, const struct port_set *set,
	enum port_set_proto proto)
{
	struct port_range ranges[CAPTURE_FILTER_RANGES + 1];
	unsigned count = list_ranges(set, proto, ranges, CAPTURE_FILTER_RANGES + 1);
	assert(count <= CAPTURE_FILTER_RANGES + 1);
	const char *join = "(";
	uint32_t next = 0;
	for (unsigned i = 0; i <= count; i++) {
		uint32_t end = i < count ? ranges[i].first : 65536;
		if (end > next) {
			text_buffer_add(b, join);
			write_ports(b, field, (uint16_t)next, (uint16_t)(end - 1));
			join = " or ";
		}
		if (i < count)
			next = ranges[i].last + 1u;
	}
	if (join[0] == '(')
		text_buffer_printf(b, "(%s>65535", field);
	text_buffer_add(b, ")");
}

static uint32_t word_of(const struct addr *a, unsigned index)
{
	const uint8_t *p = a->bytes + (size_t)index * 4;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The bits of word `index` that a prefix of `bits` fixes. */
static uint32_t mask_of(unsigned bits, unsigned index)
{
	unsigned start = index * 32;
	if (bits <= start)
		return 0;
	return bits >= start + 32 ? UINT32_MAX : UINT32_MAX << (32 - (bits - start));
}

static void write_home(struct text_buffer *b, const struct family_words *w, const struct prefix *p)
{
	const char *join = "(";
	for (unsigned i = 0; i < 4; i++) {
		uint32_t mask = mask_of(p->length_bits, i);
		if (!w->dst_word[i] || mask == 0)
			continue;
		text_buffer_printf(b, "%s%s", join, w->dst_word[i]);
		if (mask != UINT32_MAX)
			text_buffer_printf(b, "&0x%x", mask);
		text_buffer_printf(b, "=0x%x", word_of(&p->base, i));
		join = " and ";
	}
	text_buffer_add(b, join[0] == '(' ? "(ip or ip6)" : ")");
}

/* " and not (a narrow door of this protocol)", or nothing. Positive comparisons inside: it stands
 * where the packet is known to have ports. */
static void write_not_narrow(struct text_buffer *b, const struct family_words *w, const char *field,
	const struct capture_filter_ports *p, enum port_set_proto proto)
{
	const struct door *last = NULL;
	for (unsigned i = 0; i < p->narrow_count; i++) {
		const struct door *door = &p->narrow[i];
		if (door->proto != proto)
			continue;
		if (last && addr_equal(&last->addr, &door->addr)) {
			text_buffer_add(b, " or ");
		} else {
			struct prefix host = {door->addr, 128};
			text_buffer_add(b, last ? ")) or (" : " and not ((");
			write_home(b, w, &host);
			text_buffer_add(b, " and (");
		}
		write_ports(b, field, door->port, door->port);
		last = door;
	}
	if (last)
		text_buffer_add(b, ")))");
}

static bool is_of_family(const struct prefix *p, enum door_family family)
{
	bool v4 = p->length_bits >= 96 && addr_is_v4(&p->base);
	return v4 == (family == DOOR_FAMILY_V4);
}

/* "(field in one of the gaps, and no narrow door; or a dark destination)". */
static void write_unused(struct text_buffer *b, const struct family_words *w, const char *field,
	const struct capture_filter *f, enum port_set_proto proto)
{
	const struct capture_filter_ports *p = &f->ports[w->family];
	text_buffer_add(b, "((");
	write_outside(b, field, &p->quiet, proto);
	write_not_narrow(b, w, field, p, proto);
	text_buffer_add(b, ")");
	for (unsigned i = 0; i < f->dark.count; i++) {
		if (!is_of_family(&f->dark.items[i], w->family))
			continue;
		text_buffer_add(b, " or ");
		write_home(b, w, &f->dark.items[i]);
	}
	text_buffer_add(b, ")");
}

static void write_tcp(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	const struct capture_filter_ports *p = &f->ports[w->family];
	text_buffer_printf(b, "(%s=%d and (", w->proto, IP_PROTO_TCP);
	if (w->tiny)
		text_buffer_printf(b, "(%s) or ", w->tiny);
	text_buffer_printf(b, "(%s(", w->first_fragment);
	for (size_t i = 0; i < sizeof heard_flags / sizeof heard_flags[0]; i++)
		text_buffer_printf(b, "%s&0x%02x=0x%02x or ", w->flags, heard_flags[i].mask,
			heard_flags[i].value);
	for (size_t i = 0; i < sizeof answer_flags / sizeof answer_flags[0]; i++)
		text_buffer_printf(b, "%s%s&0x%02x=0x%02x", i > 0 ? " or " : "((", w->flags,
			answer_flags[i].mask, answer_flags[i].value);
	text_buffer_add(b, ") and ");
	write_outside(b, w->tcp_port, &p->dialling, PORT_SET_TCP);
	text_buffer_add(b, ") or ");
	write_unused(b, w, w->tcp_port, f, PORT_SET_TCP);
	text_buffer_add(b, "))))");
}

static void write_udp(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	const struct capture_filter_ports *p = &f->ports[w->family];
	text_buffer_printf(b, " or (%s=%d and %s(", w->proto, IP_PROTO_UDP, w->first_fragment);
	write_unused(b, w, w->udp_port, f, PORT_SET_UDP);
	struct port_range ranges[TRACEROUTE_LAST - TRACEROUTE_FIRST + 1];
	unsigned count =
		list_ranges(&p->traceroute, PORT_SET_UDP, ranges, sizeof ranges / sizeof ranges[0]);
	if (count > 0)
		text_buffer_printf(b, " or (%s>%d and (", w->udp_source, SERVICE_PORT_LAST);
	for (unsigned i = 0; i < count; i++) {
		text_buffer_add(b, i > 0 ? " or " : "");
		write_ports(b, w->udp_port, ranges[i].first, ranges[i].last);
	}
	text_buffer_add(b, count > 0 ? "))))" : "))");
}

static void write_icmp(struct text_buffer *b, const struct family_words *w)
{
	bool v4 = w->family == DOOR_FAMILY_V4;
	const uint8_t *types = v4 ? icmp4_types : icmp6_types;
	size_t count = v4 ? sizeof icmp4_types : sizeof icmp6_types;
	text_buffer_printf(b, " or (%s=%d and %s(", w->proto, w->icmp_proto, w->first_fragment);
	for (size_t i = 0; i < count; i++)
		text_buffer_printf(b, "%s%s=%u", i > 0 ? " or " : "", w->icmp, types[i]);
	text_buffer_add(b, "))");
}

static void write_others(struct text_buffer *b, const struct family_words *w)
{
	text_buffer_printf(b, " or (%s=%d and %s%s=%d)", w->proto, IP_PROTO_SCTP, w->first_fragment,
		w->sctp, SCTP_CHUNK_INIT);
	if (w->extension)
		text_buffer_printf(b, " or (not %s and (%s))", w->dst_group, w->extension);
	text_buffer_printf(b, " or (not %s", w->dst_group);
	for (size_t i = 0; i < sizeof own_clause; i++)
		text_buffer_printf(b, " and %s!=%u", w->proto, own_clause[i]);
	for (size_t i = 0; i < sizeof tunnels; i++)
		text_buffer_printf(b, " and %s!=%u", w->proto, tunnels[i]);
	text_buffer_add(b, ")");
}

static void write_destinations(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	if (f->any_destination)
		return;
	text_buffer_printf(b, "(%s", w->dst_group);
	for (unsigned i = 0; i < f->homes.count; i++) {
		const struct prefix *p = &f->homes.items[i];
		if (!is_of_family(p, w->family))
			continue;
		text_buffer_add(b, " or ");
		write_home(b, w, p);
	}
	text_buffer_add(b, ") and ");
}

static void write_text(struct capture_filter *f)
{
	struct text_buffer b = text_buffer_over(f->text, sizeof f->text);
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const struct family_words *w = &families[i];
		text_buffer_printf(&b, "%s(%s and ", i > 0 ? " or " : "", w->link);
		write_destinations(&b, w, f);
		text_buffer_add(&b, "(");
		write_tcp(&b, w, f);
		write_udp(&b, w, f);
		write_icmp(&b, w);
		write_others(&b, w);
		text_buffer_add(&b, "))");
	}
	assert(!b.cut); /* every list above is bounded, and the bounds fit */
}

void capture_filter_build(struct capture_filter *out, const struct listening_set *set,
	const struct capture_filter_options *options)
{
	memset(out->ports, 0, sizeof out->ports);
	out->filled_ports = 0;
	for (unsigned family = 0; family < DOOR_FAMILIES; family++) {
		struct capture_filter_ports *p = &out->ports[family];
		if (options->scope == CAPTURE_SCOPE_NETWORK)
			build_network_ports(p);
		else
			build_host_ports(out, set, options, (enum door_family)family);
		out->filled_ports += limit_ranges(&p->quiet, PORT_SET_TCP) +
				     limit_ranges(&p->quiet, PORT_SET_UDP);
		(void)limit_ranges(&p->dialling, PORT_SET_TCP);
	}
	build_homes(out, &set->own, options);
	out->dark = options->dark ? *options->dark : (struct prefix_set){.count = 0};
	write_text(out);
}

/* --- the law --- */

/* In use, on this address. */
static bool is_quiet(
	const struct capture_filter *f, const struct event *e, enum port_set_proto proto)
{
	const struct capture_filter_ports *p = &f->ports[door_family_of(&e->dst)];
	if (prefix_set_holds(&f->dark, &e->dst))
		return false;
	if (port_set_holds(&p->quiet, proto, e->dst_port))
		return true;
	for (unsigned i = 0; i < p->narrow_count; i++) {
		const struct door *door = &p->narrow[i];
		if (door->port == e->dst_port && door->proto == proto &&
			addr_equal(&door->addr, &e->dst))
			return true;
	}
	return false;
}

static bool wants_tcp(const struct capture_filter *f, const struct event *e)
{
	const struct capture_filter_ports *p = &f->ports[door_family_of(&e->dst)];
	if (!(e->has & EVENT_HAS_TCP_FLAGS))
		return e->marks & EVENT_MARK_TINY_FRAGMENT;
	for (size_t i = 0; i < sizeof heard_flags / sizeof heard_flags[0]; i++) {
		if ((e->tcp_flags & heard_flags[i].mask) == heard_flags[i].value)
			return true;
	}
	for (size_t i = 0; i < sizeof answer_flags / sizeof answer_flags[0]; i++) {
		if ((e->tcp_flags & answer_flags[i].mask) == answer_flags[i].value &&
			!port_set_holds(&p->dialling, PORT_SET_TCP, e->dst_port))
			return true;
	}
	return !is_quiet(f, e, PORT_SET_TCP);
}

static bool wants_udp(const struct capture_filter *f, const struct event *e)
{
	const struct capture_filter_ports *p = &f->ports[door_family_of(&e->dst)];
	if (!(e->has & EVENT_HAS_PORTS))
		return false;
	return !is_quiet(f, e, PORT_SET_UDP) ||
	       (e->src_port > SERVICE_PORT_LAST &&
		       port_set_holds(&p->traceroute, PORT_SET_UDP, e->dst_port));
}

static bool is_group(const struct addr *a)
{
	/* the kernel form takes 240.0.0.0/4 along with 224.0.0.0/4: nothing is ever sent there */
	return addr_is_v4(a) ? a->bytes[12] >= 224 : a->bytes[0] == 0xff;
}

bool capture_filter_wants(const struct capture_filter *filter, const struct event *e)
{
	if (!filter->any_destination && !is_group(&e->dst) &&
		!prefix_set_holds(&filter->homes, &e->dst))
		return false;
	switch (e->proto) {
	case IP_PROTO_TCP:
		return wants_tcp(filter, e);
	case IP_PROTO_UDP:
		return wants_udp(filter, e);
	case IP_PROTO_ICMP:
		return e->has & EVENT_HAS_ICMP && addr_is_v4(&e->dst) &&
		       HOLDS(icmp4_types, e->icmp_type);
	case IP_PROTO_ICMPV6:
		return e->has & EVENT_HAS_ICMP && !addr_is_v4(&e->dst) &&
		       HOLDS(icmp6_types, e->icmp_type);
	case IP_PROTO_SCTP:
		return e->has & EVENT_HAS_SCTP_CHUNK && e->sctp_chunk == SCTP_CHUNK_INIT;
	default:
		return !is_group(&e->dst) && !HOLDS(own_clause, e->proto) &&
		       !HOLDS(tunnels, e->proto);
	}
}

bool capture_filter_doubts(const struct capture_filter *filter, const struct event *e)
{
	return e->proto == IP_PROTO_UDP && e->has & EVENT_HAS_PORTS && !is_group(&e->dst) &&
	       filter->ports[door_family_of(&e->dst)].clients_known &&
	       !prefix_set_holds(&filter->dark, &e->dst);
}

bool capture_filter_compile(const struct capture_filter *filter, struct bpf_program *out,
	char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	pcap_t *dead = pcap_open_dead(DLT_RAW, CAPTURE_FILTER_SNAPLEN);
	if (!dead) {
		text_buffer_add(&message, "libpcap: out of memory");
		return false;
	}
	bool done = pcap_compile(dead, out, filter->text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!done)
		text_buffer_printf(&message, "kernel filter: %s", pcap_geterr(dead));
	pcap_close(dead);
	return done;
}
