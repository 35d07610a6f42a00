/* SPDX-License-Identifier: ISC */
#include "logline/ipchains_line.h"

#include "logline/field_scan.h"
#include "net/ip_proto.h"

#define MARK "Packet log: "

/* The fragment word of the IP header (RFC 791, 3.1). */
enum {
	FRAGMENT_DF = 0x4000,
	FRAGMENT_MF = 0x2000,
	FRAGMENT_OFFSET = 0x1fff,
};

const char *ipchains_line_find(struct text_slice line)
{
	return field_scan_find(line, MARK);
}

/* "192.0.2.1:1234", and the space behind it. */
static bool take_endpoint(struct field_scan *s, struct addr *a, uint16_t *port)
{
	struct field_scan word = field_scan_over(field_scan_word(s));
	const char *colon = memchr(word.at, ':', field_scan_left(&word));
	uint64_t number;
	field_scan_skip_spaces(s);
	if (colon == NULL || !addr_parse(word.at, (size_t)(colon - word.at), a))
		return false;
	word.at = colon + 1;
	if (!field_scan_number(&word, UINT16_MAX, &number) || field_scan_left(&word) != 0)
		return false;
	*port = (uint16_t)number;
	return true;
}

/* "L=60 " or "F=0x4000 "; false if the key is another or its number is none or too large. */
static bool take_field(struct field_scan *s, const char *key, uint64_t max, uint64_t *out)
{
	if (!field_scan_take_text(s, key))
		return false;
	if (field_scan_take_text(s, "0x")) {
		int digit;
		uint64_t value = 0;
		while ((digit = field_scan_hex_digit(field_scan_peek(s))) >= 0 && value <= max) {
			value = value << 4 | (uint64_t)digit;
			s->at++;
		}
		*out = value;
	} else if (!field_scan_number(s, max, out)) {
		return false;
	}
	bool whole = *out <= max && field_scan_take_char(s, ' ');
	field_scan_skip_spaces(s);
	return whole;
}

static const char *read_ip_fields(struct field_scan *s, struct event *e, uint64_t *fragment)
{
	uint64_t length, service, id, ttl;
	if (!take_field(s, "L=", UINT16_MAX, &length))
		return "L= holds no length";
	if (!take_field(s, "S=", UINT8_MAX, &service))
		return "S= holds no type of service";
	if (!take_field(s, "I=", UINT16_MAX, &id))
		return "I= holds no identifier";
	if (!take_field(s, "F=", UINT16_MAX, fragment))
		return "F= holds no fragment word";
	if (!take_field(s, "T=", UINT8_MAX, &ttl))
		return "T= holds no time to live";
	e->has |= EVENT_HAS_LENGTH | EVENT_HAS_IP_ID | EVENT_HAS_TTL;
	e->length = (uint16_t)length;
	e->ip_id = (uint16_t)id;
	e->ttl = (uint8_t)ttl;
	return NULL;
}

/* Later fragments have no transport header: the numbers printed for them mean nothing. */
static void settle_transport(struct event *e, uint64_t fragment, uint16_t first, uint16_t second)
{
	if (fragment & FRAGMENT_DF)
		e->marks |= EVENT_MARK_DF;
	if (fragment & (FRAGMENT_MF | FRAGMENT_OFFSET))
		e->marks |= EVENT_MARK_FRAGMENT;
	if (fragment & FRAGMENT_OFFSET)
		return;
	if (e->proto == IP_PROTO_ICMP && first <= UINT8_MAX && second <= UINT8_MAX) {
		e->has |= EVENT_HAS_ICMP;
		e->icmp_type = (uint8_t)first;
		e->icmp_code = (uint8_t)second;
	} else if (e->proto == IP_PROTO_TCP || e->proto == IP_PROTO_UDP) {
		e->has |= EVENT_HAS_PORTS;
		e->src_port = first;
		e->dst_port = second;
	}
}

static const char *read_packet(struct field_scan *s, struct event *e)
{
	uint64_t proto, fragment = 0;
	uint16_t first = 0, second = 0;
	if (!take_field(s, "PROTO=", UINT8_MAX, &proto))
		return "PROTO= holds no protocol number";
	e->proto = (uint8_t)proto;
	if (!take_endpoint(s, &e->src, &first))
		return "the source is no address and port";
	if (!take_endpoint(s, &e->dst, &second))
		return "the destination is no address and port";
	const char *fault = read_ip_fields(s, e, &fragment);
	if (fault != NULL)
		return fault;
	settle_transport(e, fragment, first, second);
	if (e->proto == IP_PROTO_TCP && field_scan_take_text(s, "SYN ")) {
		e->has |= EVENT_HAS_TCP_FLAGS;
		e->tcp_flags = EVENT_TCP_SYN;
	}
	return NULL;
}

enum log_line_result ipchains_line_read(
	const struct log_head *head, struct text_slice fields, struct log_line_facts *facts)
{
	struct field_scan s = field_scan_over(fields);
	struct event *e = &facts->event;
	if (!log_head_may_report(head) || log_head_prefix(head).length != 0)
		return LOG_LINE_OTHER;
	s.at += sizeof MARK - 1;
	struct text_slice chain = field_scan_word(&s);
	field_scan_skip_spaces(&s);
	struct text_slice verdict = field_scan_word(&s);
	field_scan_skip_spaces(&s);
	if (!text_slice_equals(verdict, "DENY") && !text_slice_equals(verdict, "REJECT"))
		return LOG_LINE_OTHER;
	*e = (struct event){.tcp_wscale = 0xff, .marks = EVENT_MARK_FIREWALL};
	facts->iface = field_scan_word(&s);
	facts->prefix = chain;
	field_scan_skip_spaces(&s);
	if (text_slice_equals(chain, "input"))
		e->marks |= EVENT_MARK_INCOMING;
	if (text_slice_equals(chain, "output"))
		e->marks |= EVENT_MARK_OUTGOING;
	facts->fault = read_packet(&s, e);
	return facts->fault == NULL ? LOG_LINE_KNOCK : LOG_LINE_BROKEN;
}
