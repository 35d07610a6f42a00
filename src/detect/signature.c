/* SPDX-License-Identifier: ISC */
#include "detect/signature.h"

#include "net/ip_proto.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define IN_EVENT(member) offsetof(struct event, member), sizeof(((struct event *)0)->member)

static const struct signature_field_row rows[SIGNATURE_FIELDS] = {
	[SIGNATURE_FIELD_TTL] = {"ttl", SIGNATURE_SCOPE_IP, IN_EVENT(ttl), EVENT_HAS_TTL, 0xff},
	[SIGNATURE_FIELD_IP_ID] = {"ip_id", SIGNATURE_SCOPE_IP, IN_EVENT(ip_id), EVENT_HAS_IP_ID,
		0xffff},
	[SIGNATURE_FIELD_LENGTH] = {"length", SIGNATURE_SCOPE_IP, IN_EVENT(length),
		EVENT_HAS_LENGTH, 0xffff},
	[SIGNATURE_FIELD_PAYLOAD] = {"payload", SIGNATURE_SCOPE_TRANSPORT, IN_EVENT(payload_length),
		EVENT_HAS_LENGTH, 0xffff},
	[SIGNATURE_FIELD_WINDOW] = {"window", SIGNATURE_SCOPE_TCP, IN_EVENT(window),
		EVENT_HAS_TCP_WINDOW, 0xffff},
	[SIGNATURE_FIELD_SEQ] = {"seq", SIGNATURE_SCOPE_TCP, IN_EVENT(seq), EVENT_HAS_TCP_SEQ,
		0xffffffff},
	[SIGNATURE_FIELD_ACK] = {"ack", SIGNATURE_SCOPE_TCP, IN_EVENT(ack), EVENT_HAS_TCP_SEQ,
		0xffffffff},
	[SIGNATURE_FIELD_MSS] = {"mss", SIGNATURE_SCOPE_TCP, IN_EVENT(tcp_mss),
		EVENT_HAS_TCP_OPTIONS, 0xffff},
	[SIGNATURE_FIELD_ITYPE] = {"itype", SIGNATURE_SCOPE_ICMP, IN_EVENT(icmp_type),
		EVENT_HAS_ICMP, 0xff},
	[SIGNATURE_FIELD_ICODE] = {"icode", SIGNATURE_SCOPE_ICMP, IN_EVENT(icmp_code),
		EVENT_HAS_ICMP, 0xff},
	[SIGNATURE_FIELD_ICMP_ID] = {"icmp_id", SIGNATURE_SCOPE_ICMP, IN_EVENT(icmp_id),
		EVENT_HAS_ICMP, 0xffff},
	[SIGNATURE_FIELD_ICMP_SEQ] = {"icmp_seq", SIGNATURE_SCOPE_ICMP, IN_EVENT(icmp_seq),
		EVENT_HAS_ICMP, 0xffff},
};

const struct signature_field_row *signature_field_row(enum signature_field field)
{
	assert(field < SIGNATURE_FIELDS);
	return &rows[field];
}

static bool is_icmp(uint8_t proto)
{
	return proto == IP_PROTO_ICMP || proto == IP_PROTO_ICMPV6;
}

bool signature_fits_scope(const struct signature *s, enum signature_scope scope)
{
	switch (scope) {
	case SIGNATURE_SCOPE_IP:
		return true;
	case SIGNATURE_SCOPE_TRANSPORT:
		return s->has_proto && (s->proto == IP_PROTO_TCP || s->proto == IP_PROTO_UDP ||
					       s->proto == IP_PROTO_SCTP || is_icmp(s->proto));
	case SIGNATURE_SCOPE_TCP:
		return s->has_proto && s->proto == IP_PROTO_TCP;
	case SIGNATURE_SCOPE_ICMP:
		return s->has_proto && is_icmp(s->proto);
	case SIGNATURE_SCOPE_PORTS:
		return s->has_proto && ip_proto_has_ports(s->proto);
	}
	return false;
}

/* Where the payload begins is known only if the transport header was: of TCP with its options,
 * which a firewall does not log unless asked to. */
static uint16_t payload_needs(uint8_t proto)
{
	if (proto == IP_PROTO_TCP)
		return EVENT_HAS_PORTS | EVENT_HAS_TCP_OPTIONS;
	return is_icmp(proto) ? EVENT_HAS_ICMP : EVENT_HAS_PORTS;
}

void signature_settle(struct signature *s)
{
	unsigned needs = 0;
	for (unsigned i = 0; i < s->tests_count; i++) {
		needs |= rows[s->tests[i].field].has;
		if (s->tests[i].field == SIGNATURE_FIELD_PAYLOAD)
			needs |= payload_needs(s->proto);
	}
	if (s->flags.mask)
		needs |= EVENT_HAS_TCP_FLAGS;
	if (s->src_ports.count || s->dst_ports.count)
		needs |= EVENT_HAS_PORTS;
	if (s->has_layout)
		needs |= EVENT_HAS_TCP_OPTIONS;
	if (s->seq_is_dst)
		needs |= EVENT_HAS_TCP_SEQ;
	if (s->df != SIGNATURE_DF_ANY)
		needs |= EVENT_HAS_IP_ID; /* no bit of its own: told wherever the id is told */
	s->needs = (uint16_t)needs;
}

unsigned signature_count_conditions(const struct signature *s)
{
	const bool given[] = {s->flags.mask != 0, s->src_ports.count != 0, s->dst_ports.count != 0,
		s->has_layout, s->ip_options != 0, s->same_ip, s->seq_is_dst, s->src_count != 0,
		s->dst_count != 0, s->df != SIGNATURE_DF_ANY};
	unsigned count = s->tests_count;
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
		count += given[i];
	return count;
}

static uint32_t field_value(const struct event *e, const struct signature_field_row *row)
{
	const unsigned char *at = (const unsigned char *)e + row->offset;
	uint32_t four;
	uint16_t two;
	if (row->size == 1)
		return *at;
	if (row->size == 2) {
		memcpy(&two, at, sizeof two);
		return two;
	}
	memcpy(&four, at, sizeof four);
	return four;
}

static bool prefixes_hold(const struct prefix *list, unsigned count, const struct addr *a)
{
	for (unsigned i = 0; i < count; i++) {
		if (prefix_holds(&list[i], a))
			return true;
	}
	return count == 0;
}

/* The conditions that few signatures have. */
static bool matches_rare(const struct signature *s, const struct event *e)
{
	if (s->ip_options && !(e->ip_options & s->ip_options))
		return false;
	if (s->same_ip && !addr_equal(&e->src, &e->dst))
		return false;
	if (s->seq_is_dst && (!addr_is_v4(&e->dst) || addr_v4(&e->dst) != e->seq))
		return false;
	if (s->df != SIGNATURE_DF_ANY &&
		(s->df == SIGNATURE_DF_SET) != ((e->marks & EVENT_MARK_DF) != 0))
		return false;
	if (s->direction != SIGNATURE_DIRECTION_ANY &&
		(s->direction == SIGNATURE_DIRECTION_OUT) !=
			((e->marks & EVENT_MARK_OUTGOING) != 0))
		return false;
	return prefixes_hold(s->src, s->src_count, &e->src) &&
	       prefixes_hold(s->dst, s->dst_count, &e->dst);
}

bool signature_matches(const struct signature *s, const struct event *e)
{
	if ((s->has_proto && s->proto != e->proto) || (e->has & s->needs) != s->needs)
		return false;
	if ((e->tcp_flags & s->flags.mask) != s->flags.wanted)
		return false;
	if (!signature_ports_hold(&s->dst_ports, e->dst_port) ||
		!signature_ports_hold(&s->src_ports, e->src_port))
		return false;
	for (unsigned i = 0; i < s->tests_count; i++) {
		const struct signature_test *t = &s->tests[i];
		if (!signature_number_holds(&t->number, field_value(e, &rows[t->field])))
			return false;
	}
	if (s->has_layout && s->layout != e->tcp_option_layout)
		return false;
	return matches_rare(s, e);
}

void signature_clear(struct signature *s)
{
	free(s->name);
	free(s->reference);
	free(s->summary);
	*s = (struct signature){0};
}
