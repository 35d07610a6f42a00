/* SPDX-License-Identifier: ISC */
#include "packet_bytes.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint32_t sum_words(const uint8_t *bytes, size_t size)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < size; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t build_transport(const struct packet_plan *plan, uint8_t *at)
{
	switch (plan->proto) {
	case IPPROTO_TCP:
		put16(at, plan->src_port);
		put16(at + 2, plan->dst_port);
		put16(at + 6, 4711);
		at[12] = 5 << 4;
		at[13] = plan->flags;
		put16(at + 14, 1024);
		return 20;
	case IPPROTO_UDP:
		put16(at, plan->src_port);
		put16(at + 2, plan->dst_port);
		put16(at + 4, 12);
		return 12;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		at[0] = plan->type;
		at[1] = plan->code;
		return 16;
	case IPPROTO_SCTP:
		put16(at, plan->src_port);
		put16(at + 2, plan->dst_port);
		at[12] = plan->type;
		put16(at + 14, 20);
		return 32;
	default:
		return 8;
	}
}

/* Where the checksum stands, counted from the transport header; 0 = none that matters here. */
static size_t checksum_offset(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	default:
		return 0;
	}
}

size_t packet_bytes_build(const struct packet_plan *plan, uint8_t out[PACKET_BYTES_MAX])
{
	int v6 = strchr(plan->dst, ':') != NULL;
	size_t head = v6 ? 40 : 20, address = v6 ? 16 : 4, first = v6 ? 8 : 12;
	memset(out, 0, PACKET_BYTES_MAX);
	size_t body = build_transport(plan, out + head);
	int read = inet_pton(v6 ? AF_INET6 : AF_INET, plan->src, out + first) +
		   inet_pton(v6 ? AF_INET6 : AF_INET, plan->dst, out + first + address);
	assert(read == 2);
	size_t sum_at = checksum_offset(plan->proto);
	if (sum_at) {
		uint32_t pseudo = plan->proto == IPPROTO_ICMP
					  ? 0
					  : sum_words(out + first, 2 * address) + plan->proto +
						    (uint32_t)body;
		put16(out + head + sum_at, fold(pseudo + sum_words(out + head, body)));
	}
	if (plan->cut_at && plan->cut_at < body)
		body = plan->cut_at;
	if (v6) {
		out[0] = 6 << 4;
		put16(out + 4, (unsigned)body);
		out[6] = plan->proto;
		out[7] = plan->hops ? plan->hops : 64;
	} else {
		out[0] = 4 << 4 | 5;
		put16(out + 2, (unsigned)(head + body));
		put16(out + 6, plan->fragment);
		out[8] = plan->hops ? plan->hops : 64;
		out[9] = plan->proto;
		put16(out + 10, fold(sum_words(out, 20)));
	}
	return head + body;
}
