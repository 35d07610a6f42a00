/* SPDX-License-Identifier: ISC */
#include "packet/link_decode.h"

#include <stddef.h>

/* IEEE 802 numbers; 0x9100 is what switches used for the outer tag before 802.1ad. */
enum ethertype {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_VLAN_SERVICE = 0x88a8,
	ETHERTYPE_VLAN_OLD = 0x9100,
};

/* "PPP DLL Protocol Numbers" (IANA). */
enum ppp_protocol {
	PPP_PROTOCOL_IPV4 = 0x0021,
	PPP_PROTOCOL_IPV6 = 0x0057,
};

/* sll_pkttype of packet(7), as LINKTYPE_LINUX_SLL and _SLL2 carry it. */
enum sll_type {
	SLL_TYPE_BROADCAST = 1,
	SLL_TYPE_MULTICAST = 2,
	SLL_TYPE_OUTGOING = 4,
};

/* Attributes and hooks of an NFLOG record (linux/netfilter/nfnetlink_log.h, linux/netfilter.h). */
enum nflog {
	NFLOG_ATTRIBUTE_PACKET_HEADER = 1, /* hw_protocol (2), hook (1), padding (1) */
	NFLOG_ATTRIBUTE_PAYLOAD = 9,
	NFLOG_ATTRIBUTES_MAX = 32, /* Linux knows 21 */
	NFLOG_HOOK_LOCAL_IN = 1,
	NFLOG_HOOK_LOCAL_OUT = 3,
};

#define VLAN_TAGS_MAX 2

static enum link_network network_of_ppp(uint16_t protocol)
{
	switch (protocol) {
	case PPP_PROTOCOL_IPV4:
		return LINK_NETWORK_IPV4;
	case PPP_PROTOCOL_IPV6:
		return LINK_NETWORK_IPV6;
	default:
		return LINK_NETWORK_OTHER;
	}
}

/* RFC 2516: version and type, code (0 = data), session, length; then a PPP protocol. */
static enum link_network strip_pppoe(struct byte_cursor *c)
{
	byte_cursor_skip(c, 1);
	uint8_t code = byte_cursor_u8(c);
	byte_cursor_skip(c, 4);
	uint16_t protocol = byte_cursor_u16(c);
	if (c->failed)
		return LINK_NETWORK_BROKEN;
	return code == 0 ? network_of_ppp(protocol) : LINK_NETWORK_OTHER;
}

/* From the type field on: over VLAN tags (2 bytes of tag, 2 of the next type) to the network. */
static enum link_network follow_ethertype(struct byte_cursor *c, uint16_t type)
{
	for (unsigned tags = 0; tags <= VLAN_TAGS_MAX; tags++) {
		switch (type) {
		case ETHERTYPE_IPV4:
			return LINK_NETWORK_IPV4;
		case ETHERTYPE_IPV6:
			return LINK_NETWORK_IPV6;
		case ETHERTYPE_PPPOE_SESSION:
			return strip_pppoe(c);
		case ETHERTYPE_VLAN:
		case ETHERTYPE_VLAN_SERVICE:
		case ETHERTYPE_VLAN_OLD:
			byte_cursor_skip(c, 2);
			type = byte_cursor_u16(c);
			break;
		default:
			return LINK_NETWORK_OTHER;
		}
		if (c->failed)
			return LINK_NETWORK_BROKEN;
	}
	return LINK_NETWORK_OTHER;
}

static enum link_network strip_ethernet(struct byte_cursor *c, struct event *e)
{
	const uint8_t *header = byte_cursor_take(c, 14);
	if (!header)
		return LINK_NETWORK_BROKEN;
	struct byte_cursor h = byte_cursor_over(header, 14);
	if (byte_cursor_u8(&h) & 1) /* the group bit; broadcast has it too */
		e->marks |= EVENT_MARK_LINK_GROUP;
	byte_cursor_skip(&h, 11);
	return follow_ethertype(c, byte_cursor_u16(&h));
}

static enum link_network strip_nothing(struct byte_cursor *c, struct event *e)
{
	(void)c;
	(void)e;
	return LINK_NETWORK_EITHER;
}

static enum link_network strip_nothing_v4(struct byte_cursor *c, struct event *e)
{
	(void)c;
	(void)e;
	return LINK_NETWORK_IPV4;
}

static enum link_network strip_nothing_v6(struct byte_cursor *c, struct event *e)
{
	(void)c;
	(void)e;
	return LINK_NETWORK_IPV6;
}

/* Four bytes of address family, in the order of the machine that captured. */
static enum link_network strip_loopback(struct byte_cursor *c, struct event *e)
{
	(void)e;
	uint32_t family = byte_cursor_u32(c);
	if (c->failed)
		return LINK_NETWORK_BROKEN;
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return LINK_NETWORK_IPV4;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return LINK_NETWORK_IPV6;
	default:
		return LINK_NETWORK_OTHER;
	}
}

static void mark_sll_type(unsigned type, struct event *e)
{
	if (type == SLL_TYPE_OUTGOING)
		e->marks |= EVENT_MARK_OUTGOING;
	else if (type == SLL_TYPE_BROADCAST || type == SLL_TYPE_MULTICAST)
		e->marks |= EVENT_MARK_LINK_GROUP;
}

/* Packet type, hardware type, address length (2 each), address (8), protocol (2). */
static enum link_network strip_sll(struct byte_cursor *c, struct event *e)
{
	uint16_t type = byte_cursor_u16(c);
	byte_cursor_skip(c, 12);
	uint16_t protocol = byte_cursor_u16(c);
	if (c->failed)
		return LINK_NETWORK_BROKEN;
	mark_sll_type(type, e);
	return follow_ethertype(c, protocol);
}

/* Protocol, reserved (2 each), interface (4), hardware type (2), packet type, address length (1
 * each), address (8). */
static enum link_network strip_sll2(struct byte_cursor *c, struct event *e)
{
	uint16_t protocol = byte_cursor_u16(c);
	byte_cursor_skip(c, 8);
	uint8_t type = byte_cursor_u8(c);
	byte_cursor_skip(c, 9);
	if (c->failed)
		return LINK_NETWORK_BROKEN;
	mark_sll_type(type, e);
	return follow_ethertype(c, protocol);
}

/* RFC 1661, 1662: address and control (0xff 0x03) may be left out, and so may the upper byte of
 * the protocol, whose last byte is the only odd one. */
static enum link_network strip_ppp(struct byte_cursor *c, struct event *e)
{
	(void)e;
	uint16_t protocol = byte_cursor_u8(c);
	if (protocol == 0xff) {
		byte_cursor_skip(c, 1);
		protocol = byte_cursor_u8(c);
	}
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | byte_cursor_u8(c));
	return c->failed ? LINK_NETWORK_BROKEN : network_of_ppp(protocol);
}

static void mark_nflog_hook(struct byte_cursor packet_header, struct event *e)
{
	byte_cursor_skip(&packet_header, 2);
	uint8_t hook = byte_cursor_u8(&packet_header);
	if (packet_header.failed)
		return;
	if (hook == NFLOG_HOOK_LOCAL_OUT)
		e->marks |= EVENT_MARK_OUTGOING;
	else if (hook == NFLOG_HOOK_LOCAL_IN)
		e->marks |= EVENT_MARK_INCOMING;
}

/* Leaves the cursor over the payload attribute. Attributes are length (of all, 2), type (2), value,
 * padded to 4, in the byte order of the machine that captured; the small type tells which. */
static bool find_nflog_payload(struct byte_cursor *c, struct event *e)
{
	bool swapped = false;
	for (unsigned i = 0; i < NFLOG_ATTRIBUTES_MAX; i++) {
		uint16_t length = byte_cursor_u16(c), type = byte_cursor_u16(c);
		if (i == 0)
			swapped = type > 0xff;
		if (swapped) {
			length = __builtin_bswap16(length);
			type = __builtin_bswap16(type);
		}
		if (c->failed || length < 4)
			return false;
		size_t size = length - 4u;
		struct byte_cursor value = byte_cursor_peek_part(c, size);
		if (type == NFLOG_ATTRIBUTE_PAYLOAD) {
			*c = value;
			return true;
		}
		if (type == NFLOG_ATTRIBUTE_PACKET_HEADER)
			mark_nflog_hook(value, e);
		byte_cursor_skip(c, (size + 3) & ~(size_t)3);
	}
	return false;
}

/* Address family (Linux's), version (1 each), group (2), attributes. */
static enum link_network strip_nflog(struct byte_cursor *c, struct event *e)
{
	uint8_t family = byte_cursor_u8(c);
	byte_cursor_skip(c, 3);
	if (c->failed)
		return LINK_NETWORK_BROKEN;
	if (family != 2 && family != 10)
		return LINK_NETWORK_OTHER;
	if (!find_nflog_payload(c, e))
		return LINK_NETWORK_BROKEN;
	return family == 2 ? LINK_NETWORK_IPV4 : LINK_NETWORK_IPV6;
}

struct link_kind {
	int linktype; /* LINKTYPE_ number */
	enum link_network (*strip)(
		struct byte_cursor *c, struct event *e); /* takes the header off */
};

/* Searched in order: the frequent ones stand first. */
static const struct link_kind link_kinds[] = {
	{1, strip_ethernet},
	{113, strip_sll},
	{276, strip_sll2},
	{101, strip_nothing}, /* raw IP: in files */
	{12, strip_nothing},  /* on most systems */
	{14, strip_nothing},  /* on OpenBSD */
	{228, strip_nothing_v4},
	{229, strip_nothing_v6},
	{0, strip_loopback},   /* BSD loopback */
	{108, strip_loopback}, /* OpenBSD loopback */
	{239, strip_nflog},
	{9, strip_ppp},
};

static const struct link_kind *find_kind(int linktype)
{
	for (size_t i = 0; i < sizeof link_kinds / sizeof link_kinds[0]; i++) {
		if (link_kinds[i].linktype == linktype)
			return &link_kinds[i];
	}
	return NULL;
}

bool link_decode_knows(int linktype)
{
	return find_kind(linktype) != NULL;
}

enum link_network link_decode(int linktype, struct byte_cursor *c, struct event *e)
{
	const struct link_kind *kind = find_kind(linktype);
	return kind ? kind->strip(c, e) : LINK_NETWORK_OTHER;
}
