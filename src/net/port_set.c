/* SPDX-License-Identifier: ISC */
#include "net/port_set.h"

#include "base/decimal.h"
#include "net/ip_proto.h"

#include <string.h>
#include <strings.h>

static const char *const proto_names[PORT_SET_PROTOS] = {"tcp", "udp", "sctp"};

void port_set_clear(struct port_set *set)
{
	memset(set, 0, sizeof *set);
}

void port_set_add_range(
	struct port_set *set, enum port_set_proto proto, uint16_t first, uint16_t last)
{
	for (uint32_t port = first; port <= last; port++)
		port_set_add(set, proto, (uint16_t)port);
}

void port_set_add_all(struct port_set *set, const struct port_set *what)
{
	for (unsigned proto = 0; proto < PORT_SET_PROTOS; proto++) {
		for (size_t i = 0; i < 65536 / 64; i++)
			set->bits[proto][i] |= what->bits[proto][i];
	}
}

unsigned port_set_count(const struct port_set *set, enum port_set_proto proto)
{
	unsigned count = 0;
	for (size_t i = 0; i < 65536 / 64; i++)
		count += (unsigned)__builtin_popcountll(set->bits[proto][i]);
	return count;
}

const char *port_set_proto_name(enum port_set_proto proto)
{
	return proto_names[proto];
}

bool port_set_proto_of(uint8_t ip_proto, enum port_set_proto *out)
{
	switch (ip_proto) {
	case IP_PROTO_TCP:
		*out = PORT_SET_TCP;
		return true;
	case IP_PROTO_UDP:
		*out = PORT_SET_UDP;
		return true;
	case IP_PROTO_SCTP:
		*out = PORT_SET_SCTP;
		return true;
	default:
		return false;
	}
}

struct port_range_text port_range_to_text(const struct port_range *r)
{
	static const struct {
		char text[8];
		unsigned length;
	} heads[PORT_SET_PROTOS] = {{"tcp/", 4}, {"udp/", 4}, {"sctp/", 5}};
	struct port_range_text out;
	memcpy(out.text, heads[r->proto].text, sizeof heads[0].text);
	char *at = decimal_write(out.text + heads[r->proto].length, r->first);
	if (r->last != r->first) {
		*at++ = '-';
		at = decimal_write(at, r->last);
	}
	*at = '\0';
	out.length = (unsigned)(at - out.text);
	return out;
}

static bool parse_port(const char **p, const char *limit, uint16_t *out)
{
	uint32_t value = 0;
	const char *start = *p;
	while (*p < limit && **p >= '0' && **p <= '9' && *p - start < 6)
		value = value * 10 + (uint32_t)(*(*p)++ - '0');
	*out = (uint16_t)value;
	return *p > start && value <= 65535;
}

bool port_range_parse(const char *text, size_t length, struct port_range *out)
{
	const char *limit = text + length;
	for (unsigned i = 0; i < PORT_SET_PROTOS; i++) {
		size_t n = strlen(proto_names[i]);
		if (length < n || strncasecmp(text, proto_names[i], n) != 0)
			continue;
		struct port_range r = {(enum port_set_proto)i, 0, 65535};
		const char *p = text + n;
		if (p < limit) {
			if (*p++ != '/' || !parse_port(&p, limit, &r.first))
				return false;
			r.last = r.first;
			if (p < limit && (*p++ != '-' || !parse_port(&p, limit, &r.last)))
				return false;
		}
		if (p != limit || r.first > r.last)
			return false;
		*out = r;
		return true;
	}
	return false;
}

bool port_set_next_range(const struct port_set *set, uint32_t *cursor, struct port_range *out)
{
	uint32_t at = *cursor;
	const uint32_t end = PORT_SET_PROTOS * 65536u;
	while (at < end && !(set->bits[at >> 16][(at & 0xffff) / 64] >> at % 64 & 1)) {
		bool word_empty = at % 64 == 0 && set->bits[at >> 16][(at & 0xffff) / 64] == 0;
		at += word_empty ? 64 : 1;
	}
	if (at >= end)
		return false;
	uint32_t first = at, section = at >> 16;
	while (at < end && at >> 16 == section &&
		(set->bits[section][(at & 0xffff) / 64] >> at % 64 & 1))
		at++;
	*out = (struct port_range){
		(enum port_set_proto)section, (uint16_t)first, (uint16_t)((at - 1) & 0xffff)};
	*cursor = at;
	return true;
}
