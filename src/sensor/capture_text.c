/* SPDX-License-Identifier: ISC */
#include "sensor/capture_text.h"

#include "base/text_buffer.h"
#include "sensor/capture_clauses.h"

#include <assert.h>

/* How a family names what the clauses ask for. */
struct family_words {
	enum door_family family;
	const char *link, *proto, *first_fragment, *piece, *flags, *tcp_port, *udp_port,
		*udp_source, *icmp, *sctp;
	const char *dst_group;   /* broadcast or multicast destination */
	const char *options;     /* questions with IP options; null where they are extensions */
	const char *extension;   /* passes for the law to settle; null where there is none */
	const char *dst_word[4]; /* the destination address, 32 bits each */
	const char *src_word[4]; /* the source */
	const char *strange;     /* a source that cannot send, or IP options */
	const char *usual; /* of a connection, neither its beginning nor a reset: whole, without IP options
				     (asked first: a piece may end before its flags) ... */
	const char *usual_port;  /* ... and where it is going */
	uint8_t icmp_proto;
};

static const struct family_words families[] = {
	{
		.family = DOOR_FAMILY_V4,
		.link = "ip",
		.proto = "ip[9]",
		.first_fragment = "ip[6:2]&0x1fff=0 and ",
		.piece = "ip[6:2]&0x3fff!=0",
		.options =
			"ip[0]&0xf>5 and ip[9]!=1", /* an echo comes back with the options we chose */
		.flags = "tcp[13]",
		.tcp_port = "tcp[2:2]",
		.udp_port = "udp[2:2]",
		.udp_source = "udp[0:2]",
		.icmp = "icmp[0]",
		.sctp = "sctp[12]",
		.dst_group = "ip[16]>=224",
		.extension = NULL,
		.dst_word = {NULL, NULL, NULL, "ip[16:4]"},
		.src_word = {NULL, NULL, NULL, "ip[12:4]"},
		.strange = "ip[12]=0 or ip[12]=127 or ip[12]>=224 or ip[0]&0xf>5",
		.usual = "ip[9]=6 and ip[6:2]&0x3fff=0 and ip[0]=0x45 and ip[33]&0x36=0x10",
		.usual_port = "ip[22:2]",
		.icmp_proto = IP_PROTO_ICMP,
	},
	{
		.family = DOOR_FAMILY_V6,
		.link = "ip6",
		.proto = "ip6[6]",
		.first_fragment = "",
		.piece = NULL, /* fragments are an extension there */
		.options = NULL,
		.flags = "ip6[53]",
		.tcp_port = "ip6[42:2]",
		.udp_port = "ip6[42:2]",
		.udp_source = "ip6[40:2]",
		.icmp = "ip6[40]",
		.sctp = "ip6[52]",
		.dst_group = "ip6[24]=255",
		/* hop-by-hop, routing, destination options, fragments */
		.extension = "ip6[6]=0 or ip6[6]=43 or ip6[6]=60 or ip6[6]=44",
		.dst_word = {"ip6[24:4]", "ip6[28:4]", "ip6[32:4]", "ip6[36:4]"},
		.src_word = {"ip6[8:4]", "ip6[12:4]", "ip6[16:4]", "ip6[20:4]"},
		.strange = "ip6[8:4]=0 or ip6[8]=255",
		.usual = "ip6[6]=6 and ip6[53]&0x36=0x10",
		.usual_port = "ip6[42:2]",
		.icmp_proto = IP_PROTO_ICMPV6,
	},
};

unsigned capture_text_list_ranges(
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

/* "(field in one of the ranges)"; nothing but a false comparison if there is none. */
static void write_inside(struct text_buffer *b, const char *field, const struct port_set *set,
	enum port_set_proto proto)
{
	struct port_range ranges[CAPTURE_FILTER_RANGES];
	unsigned count = capture_text_list_ranges(set, proto, ranges, CAPTURE_FILTER_RANGES);
	assert(count <= CAPTURE_FILTER_RANGES);
	text_buffer_add(b, "(");
	for (unsigned i = 0; i < count; i++) {
		text_buffer_add(b, i > 0 ? " or " : "");
		write_ports(b, field, ranges[i].first, ranges[i].last);
	}
	if (count == 0)
		text_buffer_printf(b, "%s>65535", field);
	text_buffer_add(b, ")");
}

/* "(field in one of the gaps)"; nothing but a false comparison if there is no gap. */
static void write_outside(struct text_buffer *b, const char *field, const struct port_set *set,
	enum port_set_proto proto)
{
	struct port_range ranges[CAPTURE_FILTER_RANGES + 1];
	unsigned count = capture_text_list_ranges(set, proto, ranges, CAPTURE_FILTER_RANGES + 1);
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

static void write_prefix(struct text_buffer *b, const char *const word[4], const struct prefix *p)
{
	const char *join = "(";
	for (unsigned i = 0; i < 4; i++) {
		uint32_t mask = mask_of(p->length_bits, i);
		if (!word[i] || mask == 0)
			continue;
		text_buffer_printf(b, "%s%s", join, word[i]);
		if (mask != UINT32_MAX)
			text_buffer_printf(b, "&0x%x", mask);
		text_buffer_printf(b, "=0x%x", word_of(&p->base, i));
		join = " and ";
	}
	text_buffer_add(b, join[0] == '(' ? "(ip or ip6)" : ")");
}

/* " and not (a narrow door of this protocol)" or " or (...)", as `first` begins it, or nothing. Positive
 * comparisons inside: it stands where the packet is known to have ports. */
static void write_narrow(struct text_buffer *b, const struct family_words *w, const char *field,
	const struct capture_filter_ports *p, enum port_set_proto proto, const char *first)
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
			text_buffer_add(b, last ? ")) or (" : first);
			write_prefix(b, w->dst_word, &host);
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

/* Those of this family, each behind `join`. */
static void write_prefixes(struct text_buffer *b, const struct family_words *w,
	const char *const word[4], const struct prefix_set *set, const char *join)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (!is_of_family(&set->items[i], w->family))
			continue;
		text_buffer_add(b, join);
		write_prefix(b, word, &set->items[i]);
	}
}

/* "(field in one of the gaps, and no narrow door; or a dark destination)". */
static void write_unused(struct text_buffer *b, const struct family_words *w, const char *field,
	const struct capture_filter *f, enum port_set_proto proto)
{
	const struct capture_filter_ports *p = &f->ports[w->family];
	text_buffer_add(b, "((");
	write_outside(b, field, &p->quiet, proto);
	write_narrow(b, w, field, p, proto, " and not ((");
	text_buffer_add(b, ")");
	write_prefixes(b, w, w->dst_word, &f->dark, " or ");
	text_buffer_add(b, ")");
}

static void write_flags(
	struct text_buffer *b, const struct family_words *w, const struct capture_flags *list)
{
	for (size_t i = 0; i < list->count; i++)
		text_buffer_printf(b, "%s%s&0x%02x=0x%02x", i > 0 ? " or " : "", w->flags,
			list->items[i].mask, list->items[i].value);
}

/* "(it is TCP and (flags that are heard at every door", to be gone on with; four brackets are open. */
static void begin_tcp(struct text_buffer *b, const struct family_words *w)
{
	text_buffer_printf(b, "(%s=%d and ((%s(", w->proto, IP_PROTO_TCP, w->first_fragment);
	write_flags(b, w, &capture_clauses_heard);
	text_buffer_add(b, " or ");
}

static void write_tcp(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	const struct capture_filter_ports *p = &f->ports[w->family];
	begin_tcp(b, w);
	text_buffer_add(b, "((");
	write_flags(b, w, &capture_clauses_answers);
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
	unsigned count = capture_text_list_ranges(
		&p->traceroute, PORT_SET_UDP, ranges, sizeof ranges / sizeof ranges[0]);
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
	const struct capture_bytes *types = v4 ? &capture_clauses_icmp4 : &capture_clauses_icmp6;
	text_buffer_printf(b, " or (%s=%d and %s(", w->proto, w->icmp_proto, w->first_fragment);
	for (size_t i = 0; i < types->count; i++)
		text_buffer_printf(b, "%s%s=%u", i > 0 ? " or " : "", w->icmp, types->items[i]);
	text_buffer_add(b, "))");
}

static void write_not_tunnel(struct text_buffer *b, const struct family_words *w)
{
	for (size_t i = 0; i < capture_clauses_tunnels.count; i++)
		text_buffer_printf(b, " and %s!=%u", w->proto, capture_clauses_tunnels.items[i]);
}

/* Pieces, options, and advertisements that came over a router. Stands first: behind it every packet is whole, so
 * that no look at the TCP flags goes behind its end. */
static void write_odd(struct text_buffer *b, const struct family_words *w)
{
	const char *const odd[] = {w->piece, w->options};
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		if (odd[i] == NULL)
			continue;
		text_buffer_printf(b, "(%s and not %s", odd[i], w->dst_group);
		write_not_tunnel(b, w);
		text_buffer_add(b, ") or ");
	}
	if (w->family == DOOR_FAMILY_V6)
		text_buffer_printf(b, "(%s=%d and %s=%d and ip6[7]!=255) or ", w->proto,
			IP_PROTO_ICMPV6, w->icmp, ICMP6_ROUTER_ADVERTISEMENT);
}

static void write_sctp(struct text_buffer *b, const struct family_words *w)
{
	text_buffer_printf(b, " or (%s=%d and %s%s=%d)", w->proto, IP_PROTO_SCTP, w->first_fragment,
		w->sctp, SCTP_CHUNK_INIT);
}

static void write_others(struct text_buffer *b, const struct family_words *w)
{
	write_sctp(b, w);
	if (w->extension)
		text_buffer_printf(b, " or (not %s and (%s))", w->dst_group, w->extension);
	text_buffer_printf(b, " or (not %s", w->dst_group);
	for (size_t i = 0; i < capture_clauses_own.count; i++)
		text_buffer_printf(b, " and %s!=%u", w->proto, capture_clauses_own.items[i]);
	write_not_tunnel(b, w);
	text_buffer_add(b, ")");
}

static void write_destinations(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	if (f->any_destination)
		return;
	text_buffer_printf(b, "(%s", w->dst_group);
	write_prefixes(b, w, w->dst_word, &f->homes, " or ");
	text_buffer_add(b, ") and ");
}

static void write_law(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	write_tcp(b, w, f);
	write_udp(b, w, f);
	write_icmp(b, w);
	write_others(b, w);
}

/* "(not the hook's to tell, whatever its ports)". */
static void write_not_hooks(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	text_buffer_printf(b, "(%s or %s", w->dst_group, w->strange);
	write_prefixes(b, w, w->dst_word, &f->dark, " or ");
	write_prefixes(b, w, w->src_word, &f->hook_homes, " or ");
	text_buffer_add(b, " or (");
	text_buffer_printf(b, "not %s", w->dst_group);
	write_prefixes(b, w, w->dst_word, &f->hook_homes, " and not ");
	text_buffer_add(b, "))");
}

/* What the hook does not see at all. */
static void write_beside(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	const struct capture_filter_ports *p = &f->ports[w->family];
	begin_tcp(b, w);
	write_flags(b, w, &capture_clauses_answers);
	text_buffer_add(b, ") and (");
	write_inside(b, w->tcp_port, &p->offered, PORT_SET_TCP);
	write_narrow(b, w, w->tcp_port, p, PORT_SET_TCP, " or ((");
	text_buffer_add(b, "))))");
	write_icmp(b, w);
	write_sctp(b, w);
	if (w->extension)
		text_buffer_printf(b, " or (%s)", w->extension);
}

/* "not (of a connection to a port in use) and ". The law below refuses it, too, after four times as many steps; it
 * stands here because it is nearly all that a busy host hears. */
static void write_not_usual(
	struct text_buffer *b, const struct family_words *w, const struct capture_filter *f)
{
	text_buffer_printf(b, "not (%s and ", w->usual);
	write_inside(b, w->usual_port, &f->ports[w->family].quiet, PORT_SET_TCP);
	write_prefixes(b, w, w->dst_word, &f->dark, " and not ");
	text_buffer_add(b, ") and ");
}

void capture_text_write(struct capture_filter *f)
{
	struct text_buffer b = text_buffer_over(f->text, sizeof f->text);
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const struct family_words *w = &families[i];
		text_buffer_printf(&b, "%s(%s and ", i > 0 ? " or " : "", w->link);
		write_not_usual(&b, w, f);
		write_destinations(&b, w, f);
		text_buffer_add(&b, "(");
		write_odd(&b, w);
		if (f->beside_hook) {
			text_buffer_add(&b, "("); /* "and" binds no closer than "or" */
			write_not_hooks(&b, w, f);
			text_buffer_add(&b, " and (");
			write_law(&b, w, f);
			text_buffer_add(&b, ")) or ");
			write_beside(&b, w, f);
		} else {
			write_law(&b, w, f);
		}
		text_buffer_add(&b, "))");
	}
	assert(!b.cut); /* every list above is bounded, and the bounds fit */
}
