/* SPDX-License-Identifier: ISC */
#include "sensor/nflog_message.h"

#include "base/byte_cursor.h"
#include "logline/prefix_verdict.h"
#include "packet/packet_decode.h"
#include "sensor/netlink_dump.h"

#include <linux/if_arp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <string.h>

#define LINKTYPE_IPV4 228 /* tcpdump.org/linktypes.html */
#define LINKTYPE_IPV6 229
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define LOOPBACK_INDEX 1 /* in every network namespace */
#define PACKET_TYPE (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET)

/* The attributes of one message; a size of 0 = not told. */
struct told {
	struct netlink_attribute payload, link_header;
	struct text_slice prefix;
	uint64_t seconds, microseconds;
	uint32_t indev, outdev, sequence;
	uint16_t protocol, link_kind;
	bool has_sequence;
};

static struct text_slice text_of(const struct netlink_attribute *a)
{
	const char *text = (const char *)a->bytes;
	return (struct text_slice){text, strnlen(text, a->size)};
}

/* False where it is shorter than its kind. */
static bool take_attribute(struct told *t, const struct netlink_attribute *a)
{
	struct byte_cursor c = byte_cursor_over(a->bytes, a->size);
	switch (a->type) {
	case NFULA_PACKET_HDR:
		t->protocol = byte_cursor_u16(&c);
		break;
	case NFULA_TIMESTAMP:
		t->seconds = byte_cursor_u64(&c);
		t->microseconds = byte_cursor_u64(&c);
		break;
	case NFULA_IFINDEX_INDEV:
		t->indev = byte_cursor_u32(&c);
		break;
	case NFULA_IFINDEX_OUTDEV:
		t->outdev = byte_cursor_u32(&c);
		break;
	case NFULA_SEQ:
		t->sequence = byte_cursor_u32(&c);
		t->has_sequence = !c.failed;
		break;
	case NFULA_HWTYPE:
		t->link_kind = byte_cursor_u16(&c);
		break;
	case NFULA_HWHEADER:
		t->link_header = *a;
		break;
	case NFULA_PREFIX:
		t->prefix = text_of(a);
		break;
	case NFULA_PAYLOAD:
		t->payload = *a;
		break;
	default:
		break;
	}
	return !c.failed;
}

static bool take_attributes(const uint8_t *bytes, size_t size, struct told *t)
{
	struct netlink_answer answer = {PACKET_TYPE, bytes, size};
	struct netlink_attribute a;
	size_t at = sizeof(struct nfgenmsg);
	bool whole = size >= at;
	memset(t, 0, sizeof *t);
	while (whole && netlink_answer_next_attribute(&answer, &at, &a))
		whole = take_attribute(t, &a);
	/* Behind the last attribute only padding may be left. */
	return whole && at + sizeof(struct nlattr) > size;
}

/* An Ethernet address with the lowest bit set is a group's. */
static bool is_for_group(const struct told *t)
{
	return t->link_kind == ARPHRD_ETHER && t->link_header.size >= 6 &&
	       (t->link_header.bytes[0] & 1) != 0;
}

static void add_marks(const struct told *t, struct event *e)
{
	unsigned marks = e->marks | EVENT_MARK_FIREWALL;
	if (t->indev != 0 && t->outdev == 0 && t->indev != LOOPBACK_INDEX)
		marks |= EVENT_MARK_INCOMING;
	if (t->outdev != 0 && t->indev == 0)
		marks |= EVENT_MARK_OUTGOING;
	if (is_for_group(t))
		marks |= EVENT_MARK_LINK_GROUP;
	e->marks = (uint8_t)marks;
}

/* A moment that cannot be one (after the year 9999) counts as none. */
static struct wall_time time_of(const struct told *t)
{
	const uint64_t last_second = UINT64_C(253402300799);
	if (t->seconds > last_second || t->microseconds >= CLOCK_US_PER_S)
		return (struct wall_time){0};
	return wall_time_from_parts((int64_t)t->seconds, (long)t->microseconds);
}

static enum nflog_result read_packet(const struct told *t, struct nflog_message *out)
{
	if (t->protocol != ETHERTYPE_IPV4 && t->protocol != ETHERTYPE_IPV6)
		return NFLOG_OTHER;
	int linktype = t->protocol == ETHERTYPE_IPV4 ? LINKTYPE_IPV4 : LINKTYPE_IPV6;
	if (t->payload.size == 0 || packet_decode(linktype, t->payload.bytes, t->payload.size,
					    &out->event) != PACKET_OK)
		return NFLOG_BROKEN;
	if (prefix_verdict_is_let_in(t->prefix))
		return NFLOG_LET_IN;
	out->event.origin = EVENT_ORIGIN_NFLOG;
	out->event.time = time_of(t);
	add_marks(t, &out->event);
	out->prefix = t->prefix;
	out->iface = t->indev != 0 ? t->indev : t->outdev;
	return NFLOG_EVENT;
}

static enum nflog_result read_message(
	uint16_t type, const uint8_t *bytes, size_t size, struct nflog_message *out)
{
	struct told told;
	out->has_sequence = false;
	if (type != PACKET_TYPE)
		return NFLOG_NO_PACKET;
	bool whole = take_attributes(bytes, size, &told);
	out->sequence = told.sequence;
	out->has_sequence = told.has_sequence;
	return whole ? read_packet(&told, out) : NFLOG_BROKEN;
}

bool nflog_message_next(const uint8_t *datagram, size_t size, size_t *at, struct nflog_message *out,
	enum nflog_result *result)
{
	struct nlmsghdr header;
	if (*at >= size)
		return false;
	size_t left = size - *at;
	const uint8_t *message = datagram + *at;
	*result = NFLOG_BROKEN;
	out->has_sequence = false;
	*at = size;
	if (left < sizeof header)
		return true;
	memcpy(&header, message, sizeof header);
	if (header.nlmsg_len < sizeof header || header.nlmsg_len > left)
		return true;
	size_t step = (header.nlmsg_len + (size_t)3) & ~(size_t)3;
	*at = size - left + (step < left ? step : left);
	*result = read_message(
		header.nlmsg_type, message + sizeof header, header.nlmsg_len - sizeof header, out);
	return true;
}
