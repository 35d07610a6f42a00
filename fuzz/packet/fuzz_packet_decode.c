/* SPDX-License-Identifier: ISC */
/*
 * fuzz_packet_decode - any bytes as a packet; the first one chooses the link type.
 *
 * Asserted: the same bytes give the same event, whatever memory it is written to and whether by the
 * short way or by the layers; what `has` does not tell is zero; half a capture tells no fact that
 * the whole one contradicts.
 */
#include "packet/packet_layers.h"

#include <stdlib.h>
#include <string.h>

#include "net/ip_proto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

/* The last one is unknown. */
static const int linktypes[] = {1, 0, 9, 12, 14, 101, 108, 113, 228, 229, 239, 276, 147};

static enum packet_result decode_over(
	int linktype, int filler, const uint8_t *bytes, size_t size, struct event *e)
{
	memset(e, filler, sizeof *e);
	return packet_decode(linktype, bytes, size, e);
}

static void check_untold_tcp(const struct event *e)
{
	if (!(e->has & EVENT_HAS_TCP_SEQ))
		require((e->seq | e->ack) == 0);
	if (!(e->has & EVENT_HAS_TCP_FLAGS))
		require(e->tcp_flags == 0);
	if (!(e->has & EVENT_HAS_TCP_WINDOW))
		require(e->window == 0);
	if (!(e->has & EVENT_HAS_TCP_OPTIONS))
		require(e->tcp_option_layout == 0 && e->tcp_mss == 0 && e->tcp_wscale == 0xff);
}

static void check_untold(const struct event *e)
{
	if (!(e->has & EVENT_HAS_PORTS))
		require((e->src_port | e->dst_port) == 0);
	if (!(e->has & EVENT_HAS_ICMP))
		require((e->icmp_type | e->icmp_code | e->icmp_id | e->icmp_seq) == 0);
	if (!(e->has & EVENT_HAS_QUOTED))
		require(addr_is_none(&e->quoted_dst) && e->quoted_proto == 0);
	if (!(e->has & EVENT_HAS_QUOTED_PORTS))
		require((e->quoted_src_port | e->quoted_dst_port) == 0);
	if (!(e->has & EVENT_HAS_SCTP_CHUNK))
		require(e->sctp_chunk == 0);
	if (!(e->has & EVENT_HAS_IP_ID))
		require(e->ip_id == 0);
	if (!(e->has & EVENT_HAS_FRAGMENT))
		require((e->fragment_id | e->fragment_digest | e->fragment_offset |
				e->fragment_length | e->fragment_more) == 0);
	check_untold_tcp(e);
}

static void check_event(const struct event *e)
{
	const uint16_t of_tcp = EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW |
				EVENT_HAS_TCP_OPTIONS;
	require((e->has & EVENT_HAS_LENGTH) && (e->has & EVENT_HAS_TTL));
	const bool is_v4 = (e->has & EVENT_HAS_IP_ID) != 0;
	require(addr_is_v4(&e->src) == is_v4 && addr_is_v4(&e->dst) == is_v4);
	require(e->time.us == 0 && e->iface == 0 && e->host == 0);
	require(e->origin == EVENT_ORIGIN_PACKET && e->probe < EVENT_PROBES);
	require(!(e->has & of_tcp) || e->proto == IP_PROTO_TCP);
	require(!(e->has & EVENT_HAS_PORTS) || ip_proto_has_ports(e->proto));
	require(!(e->has & EVENT_HAS_QUOTED_PORTS) || (e->has & EVENT_HAS_QUOTED));
	require(!(e->marks & EVENT_MARK_TINY_FRAGMENT) || (e->marks & EVENT_MARK_FRAGMENT));
	require(!(e->has & EVENT_HAS_FRAGMENT) == !(e->marks & EVENT_MARK_FRAGMENT));
	require(e->fragment_more <= 1 && e->fragment_offset % 8 == 0);
	require(e->payload_length <= e->length);
	check_untold(e);
}

static void check_part(const struct event *part, const struct event *whole)
{
	require((part->has & ~whole->has) == 0);
	require(addr_equal(&part->src, &whole->src) && addr_equal(&part->dst, &whole->dst));
	if (part->has & EVENT_HAS_PORTS)
		require(part->src_port == whole->src_port && part->dst_port == whole->dst_port);
	if (part->has & EVENT_HAS_TCP_FLAGS)
		require(part->tcp_flags == whole->tcp_flags && part->seq == whole->seq);
	if (part->has & EVENT_HAS_TCP_OPTIONS)
		require(part->tcp_option_layout == whole->tcp_option_layout);
	if (part->has & EVENT_HAS_FRAGMENT)
		require(part->fragment_id == whole->fragment_id &&
			part->fragment_offset == whole->fragment_offset &&
			/* a length of 0 stands for what was captured */
			(part->fragment_digest == 0 ||
				part->fragment_length != whole->fragment_length ||
				part->fragment_digest == whole->fragment_digest));
	if (part->has & EVENT_HAS_ICMP)
		require(part->icmp_type == whole->icmp_type && part->icmp_code == whole->icmp_code);
	if (part->has & EVENT_HAS_QUOTED)
		require(addr_equal(&part->quoted_dst, &whole->quoted_dst));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	int linktype = linktypes[data[0] % (sizeof linktypes / sizeof linktypes[0])];
	struct event e, again, part;
	enum packet_result result = decode_over(linktype, 0x00, data + 1, size - 1, &e);
	memset(&again, 0xff, sizeof again);
	require(packet_layers_decode(linktype, data + 1, size - 1, &again) == result);
	require(packet_linktype_is_known(linktype) || result == PACKET_NOT_IP);
	if (result != PACKET_OK)
		return 0;
	require(memcmp(&e, &again, sizeof e) == 0);
	check_event(&e);
	if (decode_over(linktype, 0xff, data + 1, (size - 1) / 2, &part) == PACKET_OK)
		check_part(&part, &e);
	return 0;
}
