/* SPDX-License-Identifier: ISC */
#include "logline/netfilter_usual.h"

#include "net/ip_proto.h"

/* Takes a constant text, if it stands here with a whole look of field_scan behind it. */
static inline bool take_key(struct field_scan *s, const char *key)
{
	size_t length = strlen(key);
	if (field_scan_left(s) < length + FIELD_SCAN_STEP || memcmp(s->at, key, length) != 0)
		return false;
	s->at += length;
	return true;
}

/* A key and a number that ends on a space; nothing is taken otherwise. */
static inline bool take_field(struct field_scan *s, const char *key, uint64_t max, uint64_t *out)
{
	struct field_scan look = *s;
	unsigned digits;
	if (!take_key(&look, key) || !field_scan_digits(look.at, &digits, out) || digits == 0 ||
		*out > max || look.at[digits] != ' ')
		return false;
	s->at = look.at + digits;
	return true;
}

/* A key and a byte that tells us nothing, "0x00". */
static inline bool take_unused(struct field_scan *s, const char *key)
{
	struct field_scan look = *s;
	if (!take_key(&look, key) || look.at[0] == ' ' || look.at[1] == ' ' || look.at[2] != ' ')
		return false;
	s->at = look.at + 2;
	return true;
}

static inline bool take_addr(struct field_scan *s, const char *key, struct addr *out)
{
	struct field_scan look = *s;
	struct addr a;
	if (!take_key(&look, key))
		return false;
	const char *behind = addr_read_v4(look.at, look.end, &a);
	if (behind == NULL || behind == look.end || *behind != ' ')
		return false;
	s->at = behind;
	*out = a;
	return true;
}

static bool take_ports(struct field_scan *s, struct netfilter_packet *p)
{
	uint64_t number;
	if (!take_field(s, " SPT=", UINT16_MAX, &number))
		return false;
	p->event->src_port = (uint16_t)number;
	p->seen |= NETFILTER_SEEN_SPT;
	if (!take_field(s, " DPT=", UINT16_MAX, &number))
		return false;
	p->event->dst_port = (uint16_t)number;
	p->seen |= NETFILTER_SEEN_DPT;
	return true;
}

static void take_tcp(struct field_scan *s, struct netfilter_packet *p)
{
	uint64_t number;
	if (!take_ports(s, p) || !take_field(s, " WINDOW=", UINT16_MAX, &number))
		return;
	p->event->window = (uint16_t)number;
	p->event->has |= EVENT_HAS_TCP_WINDOW;
	take_unused(s, " RES=0x");
}

static void take_transport(struct field_scan *s, struct netfilter_packet *p)
{
	if (take_key(s, " PROTO=TCP ")) {
		p->event->proto = IP_PROTO_TCP;
	} else if (take_key(s, " PROTO=UDP ")) {
		p->event->proto = IP_PROTO_UDP;
	} else {
		return;
	}
	s->at--; /* the space is the next word's */
	p->seen |= NETFILTER_SEEN_PROTO;
	if (p->event->proto == IP_PROTO_TCP)
		take_tcp(s, p);
	else
		take_ports(s, p);
}

/* "LEN=60 TOS=0x00 PREC=0x00 TTL=40 ID=6272": false where another word comes. */
static bool take_header(struct field_scan *s, struct netfilter_packet *p)
{
	struct event *e = p->event;
	uint64_t number;
	if (!take_field(s, " LEN=", UINT16_MAX, &number))
		return false;
	e->length = (uint16_t)number;
	e->has |= EVENT_HAS_LENGTH;
	p->seen |= NETFILTER_SEEN_LENGTH;
	if (!take_unused(s, " TOS=0x") || !take_unused(s, " PREC=0x") ||
		!take_field(s, " TTL=", UINT8_MAX, &number))
		return false;
	e->ttl = (uint8_t)number;
	p->seen |= NETFILTER_SEEN_TTL;
	if (!take_field(s, " ID=", UINT16_MAX, &number))
		return false;
	e->ip_id = (uint16_t)number;
	e->has |= EVENT_HAS_IP_ID;
	if (take_key(s, " DF ")) {
		s->at--;
		e->marks |= EVENT_MARK_DF;
	}
	return true;
}

void netfilter_usual_read_link(struct field_scan *s, struct netfilter_packet *packet)
{
	if (!take_key(s, "IN="))
		return;
	packet->in = field_scan_word(s);
	if (!take_key(s, " OUT="))
		return;
	packet->out = field_scan_word(s);
	if (take_key(s, " MAC="))
		netfilter_packet_note_mac(packet, field_scan_word(s));
}

void netfilter_usual_read(struct field_scan *s, struct netfilter_packet *packet)
{
	if (!take_addr(s, "SRC=", &packet->event->src))
		return;
	packet->seen |= NETFILTER_SEEN_SRC;
	if (!take_addr(s, " DST=", &packet->event->dst))
		return;
	packet->seen |= NETFILTER_SEEN_DST;
	if (take_header(s, packet))
		take_transport(s, packet);
}
