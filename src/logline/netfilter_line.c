/* SPDX-License-Identifier: ISC */
/*
 * One walk forward over KEY=VALUE words and bare words. A key becomes a number and a switch takes
 * it from there (field_scan.h); what is not known is skipped, so that new fields do no harm. Addresses,
 * protocol and ports count where they stand first, and a second IN= ends the walk: two lines that a
 * logger ran together must not become one packet made of both. A packet quoted by an ICMP error stands in brackets and is
 * read by a walk of its own, so that its fields never reach the outer ones.
 */
#include "logline/netfilter_line.h"

#include "logline/field_scan.h"
#include "logline/netfilter_packet.h"
#include "logline/netfilter_usual.h"
#include "logline/option_text.h"
#include "logline/prefix_verdict.h"
#include "net/ip_proto.h"

#define KEY_IN FIELD_KEY3('I', 'N', '=')
#define KEY_OUT FIELD_KEY4('O', 'U', 'T', '=')
#define KEY_MAC FIELD_KEY4('M', 'A', 'C', '=')
#define KEY_MACDST FIELD_KEY7('M', 'A', 'C', 'D', 'S', 'T', '=')
#define KEY_SRC FIELD_KEY4('S', 'R', 'C', '=')
#define KEY_DST FIELD_KEY4('D', 'S', 'T', '=')
#define KEY_LEN FIELD_KEY4('L', 'E', 'N', '=')
#define KEY_TTL FIELD_KEY4('T', 'T', 'L', '=')
#define KEY_HOPLIMIT FIELD_KEY8('O', 'P', 'L', 'I', 'M', 'I', 'T', '=')
#define KEY_ID FIELD_KEY3('I', 'D', '=')
#define KEY_FRAG FIELD_KEY5('F', 'R', 'A', 'G', ':')
#define KEY_PROTO FIELD_KEY6('P', 'R', 'O', 'T', 'O', '=')
#define KEY_SPT FIELD_KEY4('S', 'P', 'T', '=')
#define KEY_DPT FIELD_KEY4('D', 'P', 'T', '=')
#define KEY_SEQ FIELD_KEY4('S', 'E', 'Q', '=')
#define KEY_ACK FIELD_KEY4('A', 'C', 'K', '=')
#define KEY_WINDOW FIELD_KEY7('W', 'I', 'N', 'D', 'O', 'W', '=')
#define KEY_URGP FIELD_KEY5('U', 'R', 'G', 'P', '=')
#define KEY_TYPE FIELD_KEY5('T', 'Y', 'P', 'E', '=')
#define KEY_CODE FIELD_KEY5('C', 'O', 'D', 'E', '=')

#define WORD_DF FIELD_KEY2('D', 'F')
#define WORD_MF FIELD_KEY2('M', 'F')
#define WORD_OPT FIELD_KEY3('O', 'P', 'T')
#define WORD_ESP FIELD_KEY3('E', 'S', 'P')
#define WORD_ARP FIELD_KEY3('A', 'R', 'P')
#define WORD_MAC FIELD_KEY3('M', 'A', 'C')
#define WORD_INCOMPLETE FIELD_KEY8('C', 'O', 'M', 'P', 'L', 'E', 'T', 'E')
#define WORD_CWR FIELD_KEY3('C', 'W', 'R')
#define WORD_ECE FIELD_KEY3('E', 'C', 'E')
#define WORD_URG FIELD_KEY3('U', 'R', 'G')
#define WORD_ACK FIELD_KEY3('A', 'C', 'K')
#define WORD_PSH FIELD_KEY3('P', 'S', 'H')
#define WORD_RST FIELD_KEY3('R', 'S', 'T')
#define WORD_SYN FIELD_KEY3('S', 'Y', 'N')
#define WORD_FIN FIELD_KEY3('F', 'I', 'N')

/* Longest name of an interface is 15 (IFNAMSIZ); longer ones are forgiven, for other loggers. */
#define INTERFACE_MAX 32

struct walk {
	struct field_scan scan;
	struct netfilter_packet packet; /* what has been gathered */
};

const char *netfilter_line_find(struct text_slice line)
{
	struct field_scan s = field_scan_over(line);
	const char *equals;
	while ((equals = memchr(s.at, '=', field_scan_left(&s))) != NULL) {
		s.at = equals + 1;
		if (equals - line.start < 2 || equals[-1] != 'N' || equals[-2] != 'I')
			continue;
		/* bounded, or a line full of "IN=" would be walked once for each of them */
		const char *limit = s.at;
		while (limit < s.end && *limit != ' ' && limit - s.at <= INTERFACE_MAX)
			limit++;
		struct field_scan behind = field_scan_between(limit, s.end);
		field_scan_skip_spaces(&behind);
		if (limit - s.at <= INTERFACE_MAX &&
			(field_scan_take_text(&behind, "OUT=") ||
				field_scan_take_text(&behind, "PHYSIN=")))
			return equals - 2;
	}
	return NULL;
}

static void note_fault(struct walk *w, const char *fault)
{
	if (w->packet.fault == NULL)
		w->packet.fault = fault;
}

/* A number that ends where its word ends (or the bracket of a quoted packet). */
static bool take_number(struct walk *w, uint64_t max, uint64_t *out)
{
	struct field_scan look = w->scan;
	if (!field_scan_number(&look, max, out))
		return false;
	if (field_scan_left(&look) && *look.at != ' ' && *look.at != ']')
		return false;
	w->scan = look;
	return true;
}

static uint16_t take_u16(struct walk *w, unsigned has)
{
	uint64_t value;
	if (!take_number(w, UINT16_MAX, &value))
		return 0;
	w->packet.event->has |= (uint16_t)has;
	return (uint16_t)value;
}

static uint32_t take_u32(struct walk *w, unsigned seen)
{
	uint64_t value;
	if (!take_number(w, UINT32_MAX, &value))
		return 0;
	w->packet.seen |= seen;
	return (uint32_t)value;
}

static uint16_t take_port(struct walk *w, unsigned seen, const char *fault)
{
	uint64_t value = 0;
	if (take_number(w, UINT16_MAX, &value))
		w->packet.seen |= seen;
	else
		note_fault(w, fault);
	return (uint16_t)value;
}

/* Another packet's line begins here if this one has told of an address already. */
static void take_interface(struct walk *w)
{
	if (w->packet.seen & NETFILTER_SEEN_SRC)
		w->scan.at = w->scan.end;
	else
		w->packet.in = field_scan_word(&w->scan);
}

static uint8_t take_u8(struct walk *w, unsigned seen)
{
	uint64_t value = 0;
	if (take_number(w, UINT8_MAX, &value))
		w->packet.seen |= seen;
	return (uint8_t)value;
}

static void take_addr(struct walk *w, struct addr *out, unsigned seen, const char *fault)
{
	struct field_scan *s = &w->scan;
	struct addr first;
	const char *behind = addr_read_v4(s->at, s->end, &first);
	bool good = behind != NULL && (behind == s->end || *behind == ' ');
	if (good) {
		s->at = behind;
	} else {
		struct text_slice text = field_scan_word(s);
		good = addr_parse(text.start, text.length, &first);
	}
	if (w->packet.seen & seen)
		return;
	if (good)
		*out = first;
	else
		note_fault(w, fault);
	w->packet.seen |= seen;
}

static void take_proto(struct walk *w)
{
	struct text_slice text = field_scan_word(&w->scan);
	if (w->packet.seen & NETFILTER_SEEN_PROTO)
		return;
	w->packet.seen |= NETFILTER_SEEN_PROTO;
	if (text_slice_equals(text, "TCP"))
		w->packet.event->proto = IP_PROTO_TCP;
	else if (text_slice_equals(text, "UDP"))
		w->packet.event->proto = IP_PROTO_UDP;
	else if (!ip_proto_parse(text.start, text.length, &w->packet.event->proto))
		note_fault(w, "PROTO= holds no protocol");
}

/* The decoded form of the same ("MACSRC=... MACDST=... MACPROTO=0800"). */
static void take_mac_destination(struct walk *w)
{
	struct text_slice mac = field_scan_word(&w->scan);
	int low = mac.length > 1 ? field_scan_hex_digit(mac.start[1]) : -1;
	if (low > 0 && (low & 1))
		w->packet.event->marks |= EVENT_MARK_LINK_GROUP;
}

/* The length of the packet, or behind PROTO=UDP that of the datagram. */
static void take_length(struct walk *w)
{
	uint64_t value;
	if (!take_number(w, UINT32_MAX, &value))
		return;
	uint16_t length = value > UINT16_MAX ? UINT16_MAX : (uint16_t)value;
	if (w->packet.seen & NETFILTER_SEEN_PROTO) {
		w->packet.seen |= NETFILTER_SEEN_UDP_LENGTH;
		w->packet.udp_length = length;
	} else {
		w->packet.seen |= NETFILTER_SEEN_LENGTH;
		w->packet.event->has |= EVENT_HAS_LENGTH;
		w->packet.event->length = length;
	}
}

static void take_id(struct walk *w)
{
	if (w->packet.seen & NETFILTER_SEEN_PROTO)
		w->packet.event->icmp_id = take_u16(w, 0);
	else
		w->packet.event->ip_id = take_u16(w, EVENT_HAS_IP_ID);
}

static void take_sequence(struct walk *w)
{
	if (w->packet.event->proto == IP_PROTO_TCP)
		w->packet.event->seq = take_u32(w, NETFILTER_SEEN_SEQ);
	else
		w->packet.event->icmp_seq = take_u16(w, 0);
}

static void take_fragment_offset(struct walk *w)
{
	uint64_t offset;
	w->packet.event->marks |= EVENT_MARK_FRAGMENT;
	if (!take_number(w, UINT16_MAX, &offset) || offset != 0)
		w->packet.seen |= NETFILTER_SEEN_LATER_FRAGMENT;
}

/* The key has been taken; takes its value, or leaves it to be skipped. */
static void read_field(struct walk *w, uint64_t key)
{
	struct event *e = w->packet.event;
	switch (key) {
	case KEY_IN:
		take_interface(w);
		break;
	case KEY_OUT:
		w->packet.out = field_scan_word(&w->scan);
		break;
	case KEY_MAC:
		netfilter_packet_note_mac(&w->packet, field_scan_word(&w->scan));
		break;
	case KEY_MACDST:
		take_mac_destination(w);
		break;
	case KEY_SRC:
		take_addr(w, &e->src, NETFILTER_SEEN_SRC, "SRC= holds no address");
		break;
	case KEY_DST:
		take_addr(w, &e->dst, NETFILTER_SEEN_DST, "DST= holds no address");
		break;
	case KEY_LEN:
		take_length(w);
		break;
	case KEY_TTL:
	case KEY_HOPLIMIT:
		e->ttl = take_u8(w, NETFILTER_SEEN_TTL);
		break;
	case KEY_ID:
		take_id(w);
		break;
	case KEY_FRAG:
		take_fragment_offset(w);
		break;
	case KEY_PROTO:
		take_proto(w);
		break;
	case KEY_SPT:
		if (!(w->packet.seen & NETFILTER_SEEN_SPT))
			e->src_port = take_port(w, NETFILTER_SEEN_SPT, "SPT= holds no port");
		break;
	case KEY_DPT:
		if (w->packet.seen & NETFILTER_SEEN_DPT)
			break;
		e->dst_port = take_port(w, NETFILTER_SEEN_DPT, "DPT= holds no port");
		if (w->scan.at == w->scan.end && e->proto != IP_PROTO_SCTP &&
			e->proto != IP_PROTO_DCCP)
			note_fault(w, "the line ends inside DPT=");
		break;
	case KEY_SEQ:
		take_sequence(w);
		break;
	case KEY_ACK:
		e->ack = take_u32(w, NETFILTER_SEEN_ACK);
		break;
	case KEY_WINDOW:
		e->window = take_u16(w, EVENT_HAS_TCP_WINDOW);
		break;
	case KEY_URGP:
		w->packet.seen |= NETFILTER_SEEN_URGP;
		break;
	case KEY_TYPE:
		e->icmp_type = take_u8(w, NETFILTER_SEEN_TYPE);
		break;
	case KEY_CODE:
		e->icmp_code = take_u8(w, NETFILTER_SEEN_CODE);
		break;
	default:
		break;
	}
}

/* IP options stand before PROTO=, TCP's behind. IPv6 prints its extension headers as "OPT ( ... )",
 * which are no bytes and are read as words. */
static void take_options(struct walk *w)
{
	struct option_text options;
	if (!option_text_read(&w->scan, &options))
		return;
	if (!(w->packet.seen & NETFILTER_SEEN_PROTO)) {
		w->packet.ip_option_bytes = (uint8_t)options.count;
		option_text_note_ip(&options, w->packet.event);
	} else if (w->packet.event->proto == IP_PROTO_TCP) {
		option_text_note_tcp(&options, w->packet.event);
	}
}

/* A bracket that quotes no packet, whole. */
static void skip_bracket(struct field_scan *s)
{
	const char *close = memchr(s->at, ']', field_scan_left(s));
	s->at = close ? close + 1 : s->end;
}

/* "INCOMPLETE [8 bytes]": the packet ends inside a header. Without the bracket it stands in an IPv6
 * fragment header and says that more fragments follow. */
static void note_incomplete(struct walk *w)
{
	field_scan_skip_spaces(&w->scan);
	bool bracket = field_scan_peek(&w->scan) == '[';
	if (bracket)
		skip_bracket(&w->scan);
	if (bracket || w->packet.seen & NETFILTER_SEEN_PROTO) {
		w->packet.seen |= NETFILTER_SEEN_INCOMPLETE;
		w->packet.event->marks |= EVENT_MARK_CUT;
	} else {
		w->packet.seen |= NETFILTER_SEEN_MORE_FRAGMENTS;
	}
}

static void read_word(struct walk *w, uint64_t word)
{
	struct event *e = w->packet.event;
	switch (word) {
	case WORD_SYN:
		e->tcp_flags |= EVENT_TCP_SYN;
		break;
	case WORD_ACK:
		e->tcp_flags |= EVENT_TCP_ACK;
		break;
	case WORD_FIN:
		e->tcp_flags |= EVENT_TCP_FIN;
		break;
	case WORD_RST:
		e->tcp_flags |= EVENT_TCP_RST;
		break;
	case WORD_PSH:
		e->tcp_flags |= EVENT_TCP_PSH;
		break;
	case WORD_URG:
		e->tcp_flags |= EVENT_TCP_URG;
		break;
	case WORD_ECE:
		e->tcp_flags |= EVENT_TCP_ECE;
		break;
	case WORD_CWR:
		e->tcp_flags |= EVENT_TCP_CWR;
		break;
	case WORD_DF:
		e->marks |= EVENT_MARK_DF;
		break;
	case WORD_MF:
		e->marks |= EVENT_MARK_FRAGMENT;
		w->packet.seen |= NETFILTER_SEEN_MORE_FRAGMENTS;
		break;
	case WORD_OPT:
		take_options(w);
		break;
	case WORD_INCOMPLETE:
		note_incomplete(w);
		break;
	case WORD_ESP: /* of IPv6: a header of the chain, after which the kernel prints no PROTO= */
		if (!(w->packet.seen & NETFILTER_SEEN_PROTO))
			e->proto = IP_PROTO_ESP;
		w->packet.seen |= NETFILTER_SEEN_PROTO;
		break;
	case WORD_ARP:
	case WORD_MAC:
		w->packet.seen |= NETFILTER_SEEN_NOT_IP;
		break;
	default:
		break;
	}
}

static void walk_fields(struct walk *w, bool inside_quote);

/* The packet that an ICMP error brings back: "[SRC=... DST=... PROTO=UDP SPT=53 DPT=1234 ... ]". */
static void read_quoted(struct walk *w)
{
	struct event inside = {0}, *e = w->packet.event;
	struct walk quoted = {.scan = w->scan, .packet.event = &inside};
	const unsigned whole = NETFILTER_SEEN_DST | NETFILTER_SEEN_PROTO,
		       ports = NETFILTER_SEEN_SPT | NETFILTER_SEEN_DPT;
	quoted.scan.at++;
	walk_fields(&quoted, true);
	w->scan = quoted.scan;
	field_scan_take_char(&w->scan, ']');
	if ((quoted.packet.seen & whole) != whole || quoted.packet.fault != NULL)
		return;
	e->has |= EVENT_HAS_QUOTED;
	e->quoted_dst = inside.dst;
	e->quoted_proto = inside.proto;
	if ((quoted.packet.seen & ports) == ports && ip_proto_has_ports(inside.proto)) {
		e->has |= EVENT_HAS_QUOTED_PORTS;
		e->quoted_src_port = inside.src_port;
		e->quoted_dst_port = inside.dst_port;
	}
}

static void read_bracket(struct walk *w, bool inside_quote)
{
	struct field_scan look = w->scan;
	if (!inside_quote && netfilter_packet_is_icmp(w->packet.event) &&
		field_scan_take_text(&look, "[SRC="))
		read_quoted(w);
	else
		skip_bracket(&w->scan);
}

static void walk_fields(struct walk *w, bool inside_quote)
{
	for (;;) {
		field_scan_skip_spaces(&w->scan);
		if (w->scan.at == w->scan.end || (inside_quote && *w->scan.at == ']'))
			return;
		if (*w->scan.at == '[') {
			read_bracket(w, inside_quote);
			continue;
		}
		if (w->packet.seen == 0 && *w->scan.at == 'S') {
			const char *before = w->scan.at;
			netfilter_usual_read(&w->scan, &w->packet);
			if (w->scan.at != before)
				continue;
		}
		uint64_t key = field_scan_key(&w->scan);
		uint8_t last = (uint8_t)key;
		if (last == '=' || last == ':') {
			read_field(w, key);
			field_scan_skip_word(&w->scan);
		} else {
			read_word(w, key);
		}
	}
}

static struct text_slice part_of(struct text_slice text, unsigned at, unsigned length)
{
	return (struct text_slice){text.start + at, length};
}

/* All words have been read. */
static enum log_line_result settle(
	struct netfilter_packet *packet, struct log_line_facts *facts, bool let_in)
{
	if (packet->seen & NETFILTER_SEEN_NOT_IP && !(packet->seen & NETFILTER_SEEN_PROTO))
		return LOG_LINE_OTHER;
	facts->fault = netfilter_packet_find_fault(packet);
	if (facts->fault != NULL)
		return LOG_LINE_BROKEN;
	netfilter_packet_settle(packet);
	facts->iface = packet->in.length ? packet->in : packet->out;
	return let_in ? LOG_LINE_OTHER : LOG_LINE_KNOCK;
}

enum log_line_result netfilter_line_read(
	const struct log_head *head, struct text_slice fields, struct log_line_facts *facts)
{
	struct walk w = {.scan = field_scan_over(fields), .packet.event = &facts->event};
	struct netfilter_packet *packet = &w.packet;
	if (!log_head_may_report(head))
		return LOG_LINE_OTHER;
	facts->event = (struct event){.tcp_wscale = 0xff};
	netfilter_usual_read_link(&w.scan, packet);
	walk_fields(&w, false);
	/* without an address only the writer tells our lines from "LOGIN=alice OUT=x" */
	if (!(packet->seen & NETFILTER_SEEN_SRC) && !head->kernel)
		return LOG_LINE_OTHER;
	facts->prefix = log_head_prefix(head);
	return settle(packet, facts, prefix_verdict_is_let_in(facts->prefix));
}

void netfilter_line_keep(
	struct rule_memory *m, const struct log_head *head, struct text_slice fields)
{
	struct event link = {0};
	struct netfilter_packet packet = {.event = &link};
	struct field_scan s = field_scan_over(fields);
	if (!head->kernel || !log_head_may_report(head))
		return;
	netfilter_usual_read_link(&s, &packet);
	if (packet.out.start == NULL || !field_scan_take_text(&s, " SRC="))
		return;
	const char *start = head->message.start;
	struct text_slice prefix = log_head_prefix(head);
	const struct rule_memory_facts facts = {.text = {start, (size_t)(s.at - start)},
		.mark = fields.start,
		.prefix = prefix,
		.in = packet.in,
		.out = packet.out,
		.marks = link.marks,
		.bracket = head->bracket_us >= 0,
		.let_in = prefix_verdict_is_let_in(prefix)};
	rule_memory_keep(m, &facts);
}

enum log_line_result netfilter_line_read_kept(
	const struct rule_memory_rule *rule, struct text_slice behind, struct log_line_facts *facts)
{
	struct walk w = {.scan = field_scan_over(behind),
		.packet = {.event = &facts->event,
			.in = part_of(behind, rule->in_at, rule->in_length),
			.out = part_of(behind, rule->out_at, rule->out_length)}};
	event_clear(&facts->event);
	facts->event.tcp_wscale = 0xff;
	facts->event.marks = rule->marks;
	facts->prefix = part_of(behind, rule->prefix_at, rule->prefix_length);
	w.scan.at += rule->length - strlen("SRC=");
	netfilter_usual_read(&w.scan, &w.packet);
	/* of most lines nothing is left but the space at the end */
	if (field_scan_left(&w.scan) > 1 || field_scan_peek(&w.scan) != ' ')
		walk_fields(&w, false);
	return settle(&w.packet, facts, rule->let_in);
}
