/* SPDX-License-Identifier: ISC */
#include "packet/packet_layers.h"

#include "packet/ip_decode.h"
#include "packet/link_decode.h"

static bool decode_either(struct byte_cursor *c, struct event *e)
{
	struct byte_cursor ahead = *c;
	bool is_v6 = byte_cursor_u8(&ahead) >> 4 == 6;
	return is_v6 ? ip_decode_v6(c, e) : ip_decode_v4(c, e);
}

static enum packet_result decode_network(
	enum link_network network, struct byte_cursor *c, struct event *e)
{
	bool whole = false;
	switch (network) {
	case LINK_NETWORK_IPV4:
		whole = ip_decode_v4(c, e);
		break;
	case LINK_NETWORK_IPV6:
		whole = ip_decode_v6(c, e);
		break;
	case LINK_NETWORK_EITHER:
		whole = decode_either(c, e);
		break;
	case LINK_NETWORK_OTHER:
		return PACKET_NOT_IP;
	case LINK_NETWORK_BROKEN:
		return PACKET_BROKEN;
	}
	return whole ? PACKET_OK : PACKET_BROKEN;
}

/* Never inlined: the short way needs no frame, and would get one. */
__attribute__((noinline)) enum packet_result packet_layers_decode(
	int linktype, const uint8_t *bytes, size_t captured, struct event *out)
{
	struct byte_cursor c = byte_cursor_over(bytes, captured);
	event_clear(out);
	out->origin = EVENT_ORIGIN_PACKET;
	out->tcp_wscale = 0xff;
	enum packet_result result = decode_network(link_decode(linktype, &c, out), &c, out);
	if (result == PACKET_OK)
		event_name_probe(out);
	return result;
}
