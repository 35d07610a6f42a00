/* SPDX-License-Identifier: ISC */
#include "sensor/capture_filter.h"

#include "base/text_buffer.h"
#include "net/ip_proto.h"
#include "sensor/capture_clauses.h"
#include "sensor/capture_text.h"

#include <pcap/pcap.h>
#include <string.h>

/* --- the sets --- */

/* One walk over the gaps between ranges: fills up to `fill_max` of those of at most `width` ports,
 * adds the ports filled to `*filled`, and returns the width of the narrowest gap left alone. */
static unsigned fill_gaps(struct port_set *set, enum port_set_proto proto, unsigned width,
	unsigned fill_max, unsigned *filled)
{
	struct port_range before, range;
	uint32_t cursor = (uint32_t)proto << 16;
	unsigned narrowest = 65536;
	if (!port_set_next_range(set, &cursor, &before))
		return narrowest;
	for (; port_set_next_range(set, &cursor, &range) && range.proto == proto; before = range) {
		unsigned gap = range.first - before.last - 1u;
		if (gap <= width && fill_max > 0) {
			port_set_add_range(set, proto, (uint16_t)(before.last + 1),
				(uint16_t)(range.first - 1));
			*filled += gap;
			fill_max--;
		} else if (gap < narrowest) {
			narrowest = gap;
		}
	}
	return narrowest;
}

/* Makes the list short enough, narrowest gaps first; returns the ports filled. */
static unsigned limit_ranges(struct port_set *set, enum port_set_proto proto)
{
	unsigned filled = 0, width = 0, count;
	while ((count = capture_text_list_ranges(set, proto, NULL, 0)) > CAPTURE_FILTER_RANGES)
		width = fill_gaps(set, proto, width, count - CAPTURE_FILTER_RANGES, &filled);
	return filled;
}

/* Doors on single addresses, as many as the filter may hold; returns how many did not fit. */
static unsigned take_narrow_doors(
	struct capture_filter_ports *p, const struct listening_set *set, enum door_family family)
{
	unsigned widened = 0;
	for (unsigned i = 0; i < set->offered.narrow_count; i++) {
		const struct door *door = &set->offered.narrow[i];
		enum port_set_proto proto = (enum port_set_proto)door->proto;
		if (door_family_of(&door->addr) != family || proto == PORT_SET_SCTP ||
			port_set_holds(&p->quiet, proto, door->port))
			continue;
		if (p->narrow_count < CAPTURE_FILTER_NARROW) {
			p->narrow[p->narrow_count++] = *door;
		} else {
			port_set_add(&p->quiet, proto, door->port);
			port_set_add(&p->offered, proto, door->port);
			widened++;
		}
	}
	return widened;
}

/* Any ephemeral port may be a client's: quiet, but for the traceroute ports. */
static void hush_udp_clients(struct capture_filter_ports *p, const struct listening_set *set)
{
	for (uint16_t port = TRACEROUTE_FIRST; port <= TRACEROUTE_LAST; port++) {
		if (!port_set_holds(&p->quiet, PORT_SET_UDP, port) &&
			listening_set_is_ephemeral(set, port))
			port_set_add(&p->traceroute, PORT_SET_UDP, port);
	}
	port_set_add_range(&p->quiet, PORT_SET_UDP, set->ephemeral_first, set->ephemeral_last);
}

static void build_host_ports(struct capture_filter *f, const struct listening_set *set,
	const struct capture_filter_options *options, enum door_family family)
{
	struct capture_filter_ports *p = &f->ports[family];
	p->offered = set->offered.all[family];
	if (options->offered_elsewhere)
		port_set_add_all(&p->offered, options->offered_elsewhere);
	port_set_add_all(&p->quiet, &p->offered);
	port_set_add_all(&p->quiet, &set->busy[family]);
	p->clients_known = options->clients_known[family];
	if (!p->clients_known)
		hush_udp_clients(p, set);
	p->dialling = set->busy[family];
	uint16_t first = set->ephemeral_first, last = set->ephemeral_last;
	port_set_add_range(&p->quiet, PORT_SET_TCP, first, last);
	port_set_add_range(&p->dialling, PORT_SET_TCP, first, last);
	f->filled_ports += take_narrow_doors(p, set, family);
}

static void build_network_ports(struct capture_filter_ports *p)
{
	port_set_add_range(&p->quiet, PORT_SET_TCP, 0, 65535);
	port_set_add_range(&p->quiet, PORT_SET_UDP, DARK_UDP_LAST + 1, 65535);
	port_set_add_range(&p->traceroute, PORT_SET_UDP, TRACEROUTE_FIRST, TRACEROUTE_LAST);
}

static void build_homes(struct capture_filter *f, const struct own_addresses *own,
	const struct capture_filter_options *options)
{
	bool fits = !own->cut;
	f->homes = own->hosts;
	for (unsigned i = 0; i < own->broadcasts.count; i++)
		fits = prefix_set_add(&f->homes, &own->broadcasts.items[i]) && fits;
	for (unsigned i = 0; options->also_home && i < options->also_home->count; i++)
		fits = prefix_set_add(&f->homes, &options->also_home->items[i]) && fits;
	f->any_destination = options->scope == CAPTURE_SCOPE_NETWORK || !fits;
	f->beside_hook = options->beside_hook && options->scope == CAPTURE_SCOPE_HOST;
	f->hook_knows_clients = options->hook_knows_clients;
	f->hook_homes = own->hosts;
}

void capture_filter_build(struct capture_filter *out, const struct listening_set *set,
	const struct capture_filter_options *options)
{
	memset(out->ports, 0, sizeof out->ports);
	out->filled_ports = 0;
	for (unsigned family = 0; family < DOOR_FAMILIES; family++) {
		struct capture_filter_ports *p = &out->ports[family];
		if (options->scope == CAPTURE_SCOPE_NETWORK)
			build_network_ports(p);
		else
			build_host_ports(out, set, options, (enum door_family)family);
		out->filled_ports += limit_ranges(&p->quiet, PORT_SET_TCP) +
				     limit_ranges(&p->quiet, PORT_SET_UDP);
		(void)limit_ranges(&p->dialling, PORT_SET_TCP);
		(void)limit_ranges(&p->offered, PORT_SET_TCP);
	}
	build_homes(out, &set->own, options);
	out->dark = options->dark ? *options->dark : (struct prefix_set){.count = 0};
	capture_text_write(out);
}

/* --- the law --- */

static bool is_narrow_door(
	const struct capture_filter_ports *p, const struct event *e, enum port_set_proto proto)
{
	for (unsigned i = 0; i < p->narrow_count; i++) {
		const struct door *door = &p->narrow[i];
		if (door->port == e->dst_port && door->proto == proto &&
			addr_equal(&door->addr, &e->dst))
			return true;
	}
	return false;
}

/* In use, on this address. */
static bool is_quiet(
	const struct capture_filter *f, const struct event *e, enum port_set_proto proto)
{
	const struct capture_filter_ports *p = &f->ports[door_family_of(&e->dst)];
	return !prefix_set_holds(&f->dark, &e->dst) &&
	       (port_set_holds(&p->quiet, proto, e->dst_port) || is_narrow_door(p, e, proto));
}

static bool has_heard_flags(const struct event *e)
{
	return capture_flags_hold(&capture_clauses_heard, e->tcp_flags);
}

static bool has_answer_flags(const struct event *e)
{
	return capture_flags_hold(&capture_clauses_answers, e->tcp_flags);
}

static bool is_dialling(const struct capture_filter *f, const struct event *e)
{
	return port_set_holds(
		&f->ports[door_family_of(&e->dst)].dialling, PORT_SET_TCP, e->dst_port);
}

static bool is_group(const struct addr *a)
{
	/* the kernel form takes 240.0.0.0/4 along with 224.0.0.0/4: nothing is ever sent there */
	return addr_is_v4(a) ? a->bytes[12] >= 224 : a->bytes[0] == 0xff;
}

/* A first piece without the flags is an attack by itself. Later ones are pieces and nothing else (is_odd), whatever
 * the second one tells of the flags. */
static bool wants_tcp(const struct capture_filter *f, const struct event *e)
{
	bool is_later_piece = (e->has & EVENT_HAS_FRAGMENT) && e->fragment_offset != 0;
	if (e->marks & EVENT_MARK_TINY_FRAGMENT)
		return !is_group(&e->dst);
	if (!(e->has & EVENT_HAS_TCP_FLAGS) || is_later_piece)
		return false;
	if (has_heard_flags(e) || (has_answer_flags(e) && !is_dialling(f, e)))
		return true;
	return !is_quiet(f, e, PORT_SET_TCP);
}

static bool wants_udp(const struct capture_filter *f, const struct event *e)
{
	const struct capture_filter_ports *p = &f->ports[door_family_of(&e->dst)];
	if (!(e->has & EVENT_HAS_PORTS))
		return false;
	return !is_quiet(f, e, PORT_SET_UDP) ||
	       (e->src_port > SERVICE_PORT_LAST &&
		       port_set_holds(&p->traceroute, PORT_SET_UDP, e->dst_port));
}

static bool is_for_us(const struct capture_filter *filter, const struct event *e)
{
	return filter->any_destination || is_group(&e->dst) ||
	       prefix_set_holds(&filter->homes, &e->dst);
}

static bool has_odd_options(const struct event *e)
{
	return addr_is_v4(&e->dst) && (e->ip_options & (uint8_t)~EVENT_IP_OPTION_ROUTER_ALERT) &&
	       e->proto != IP_PROTO_ICMP;
}

/* What the hook never tells, for the kernel has put it together, dropped it or answered it by then. */
static bool is_odd(const struct capture_filter *filter, const struct event *e)
{
	if (!is_for_us(filter, e))
		return false;
	if (e->proto == IP_PROTO_ICMPV6 && !addr_is_v4(&e->dst) && (e->has & EVENT_HAS_ICMP) &&
		e->icmp_type == ICMP6_ROUTER_ADVERTISEMENT)
		return e->ttl != 255;
	return ((e->has & EVENT_HAS_FRAGMENT) || has_odd_options(e)) && !is_group(&e->dst) &&
	       !capture_bytes_hold(&capture_clauses_tunnels, e->proto);
}

/* Wanted by somebody. */
static bool is_lawful(const struct capture_filter *filter, const struct event *e)
{
	if (!is_for_us(filter, e))
		return false;
	switch (e->proto) {
	case IP_PROTO_TCP:
		return wants_tcp(filter, e);
	case IP_PROTO_UDP:
		return wants_udp(filter, e);
	case IP_PROTO_ICMP:
		return e->has & EVENT_HAS_ICMP && addr_is_v4(&e->dst) &&
		       capture_bytes_hold(&capture_clauses_icmp4, e->icmp_type);
	case IP_PROTO_ICMPV6:
		return e->has & EVENT_HAS_ICMP && !addr_is_v4(&e->dst) &&
		       capture_bytes_hold(&capture_clauses_icmp6, e->icmp_type);
	case IP_PROTO_SCTP:
		return e->has & EVENT_HAS_SCTP_CHUNK && e->sctp_chunk == SCTP_CHUNK_INIT;
	default:
		return !is_group(&e->dst) && !capture_bytes_hold(&capture_clauses_own, e->proto) &&
		       !capture_bytes_hold(&capture_clauses_tunnels, e->proto);
	}
}

/* A source that cannot send to us. */
static bool is_strange(const struct capture_filter *f, const struct addr *src)
{
	static const uint8_t zeros[4];
	if (prefix_set_holds(&f->hook_homes, src))
		return true;
	if (addr_is_v4(src))
		return src->bytes[12] == 0 || src->bytes[12] == 127 || src->bytes[12] >= 224;
	return src->bytes[0] == 0xff || memcmp(src->bytes, zeros, sizeof zeros) == 0;
}

static bool is_offered(const struct capture_filter *f, const struct event *e)
{
	const struct capture_filter_ports *p = &f->ports[door_family_of(&e->dst)];
	return port_set_holds(&p->offered, PORT_SET_TCP, e->dst_port) ||
	       is_narrow_door(p, e, PORT_SET_TCP);
}

/* By what the packet is alone, so that hook and filter never differ. Of a piece: what the hook makes of the whole. */
static bool is_hooks_once_whole(const struct capture_filter *f, const struct event *e)
{
	if (!f->beside_hook || is_group(&e->dst) || !prefix_set_holds(&f->hook_homes, &e->dst) ||
		prefix_set_holds(&f->dark, &e->dst) || e->ip_options != 0 || is_strange(f, &e->src))
		return false;
	switch (e->proto) {
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
	case IP_PROTO_SCTP:
		return false;
	case IP_PROTO_TCP:
		return (e->has & EVENT_HAS_TCP_FLAGS) &&
		       !((has_heard_flags(e) || has_answer_flags(e)) && is_offered(f, e));
	default:
		return true;
	}
}

/* The kernel puts pieces together before it asks who listens. */
static bool is_hooks(const struct capture_filter *f, const struct event *e)
{
	return !(e->has & EVENT_HAS_FRAGMENT) && is_hooks_once_whole(f, e);
}

bool capture_filter_wants(const struct capture_filter *filter, const struct event *e)
{
	return is_odd(filter, e) || (is_lawful(filter, e) && !is_hooks(filter, e));
}

bool capture_filter_law(const struct capture_filter *filter, const struct event *e)
{
	return is_odd(filter, e) || is_lawful(filter, e);
}

bool capture_filter_wants_piece_only(const struct capture_filter *filter, const struct event *e)
{
	return (e->has & EVENT_HAS_FRAGMENT) && e->fragment_offset == 0 && !has_odd_options(e) &&
	       (!is_lawful(filter, e) || is_hooks_once_whole(filter, e));
}

/* Of packets that no socket takes the listening set need not be asked; only what may answer something of ours,
 * that ended a moment ago, is left out. */
static bool is_unasked(const struct capture_filter *f, const struct event *e)
{
	switch (e->proto) {
	case IP_PROTO_TCP:
		return has_heard_flags(e) || !is_dialling(f, e);
	case IP_PROTO_UDP:
		return f->hook_knows_clients || wants_udp(f, e);
	default:
		return true;
	}
}

bool capture_filter_wants_thrown(
	const struct capture_filter *filter, const struct event *e, bool nobody_listens)
{
	if (!is_hooks(filter, e))
		return false;
	return nobody_listens ? is_unasked(filter, e) : is_lawful(filter, e);
}

bool capture_filter_doubts(const struct capture_filter *filter, const struct event *e)
{
	return e->proto == IP_PROTO_UDP && e->has & EVENT_HAS_PORTS && !is_group(&e->dst) &&
	       !has_odd_options(e) && filter->ports[door_family_of(&e->dst)].clients_known &&
	       !prefix_set_holds(&filter->dark, &e->dst);
}

bool capture_filter_compile(const struct capture_filter *filter, struct bpf_program *out,
	char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	pcap_t *dead = pcap_open_dead(DLT_RAW, CAPTURE_FILTER_SNAPLEN);
	if (!dead) {
		text_buffer_add(&message, "libpcap: out of memory");
		return false;
	}
	bool done = pcap_compile(dead, out, filter->text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!done)
		text_buffer_printf(&message, "kernel filter: %s", pcap_geterr(dead));
	pcap_close(dead);
	return done;
}
