/* SPDX-License-Identifier: ISC */
#include "net/ip_proto.h"

#include "base/text_buffer.h"

#include <string.h>
#include <strings.h>

/* The event contract writes only the first five by name; the others are understood when read. */
static const struct {
	uint8_t number;
	bool written; /* events say the name, not the number */
	const char *name;
} names[] = {
	{IP_PROTO_TCP, true, "TCP"},
	{IP_PROTO_UDP, true, "UDP"},
	{IP_PROTO_ICMP, true, "ICMP"},
	{IP_PROTO_ICMPV6, true, "ICMPv6"},
	{IP_PROTO_SCTP, true, "SCTP"},
	{IP_PROTO_IGMP, false, "IGMP"},
	{IP_PROTO_IPIP, false, "IPIP"},
	{IP_PROTO_DCCP, false, "DCCP"},
	{IP_PROTO_IPV6, false, "IPv6"},
	{IP_PROTO_GRE, false, "GRE"},
	{IP_PROTO_ESP, false, "ESP"},
	{IP_PROTO_AH, false, "AH"},
	{IP_PROTO_VRRP, false, "VRRP"},
	{IP_PROTO_UDPLITE, false, "UDPLITE"},
};

struct ip_proto_text ip_proto_to_text(uint8_t proto)
{
	struct ip_proto_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (names[i].number == proto && names[i].written) {
			text_buffer_add(&b, names[i].name);
			return out;
		}
	}
	text_buffer_add_number(&b, proto);
	return out;
}

bool ip_proto_parse(const char *text, size_t length, uint8_t *out)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strlen(names[i].name) == length &&
			strncasecmp(names[i].name, text, length) == 0) {
			*out = names[i].number;
			return true;
		}
	}
	if (length == 0 || length > 3)
		return false;
	unsigned value = 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	if (value > 255)
		return false;
	*out = (uint8_t)value;
	return true;
}
