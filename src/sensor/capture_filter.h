/* SPDX-License-Identifier: ISC */
/*
 * capture_filter - which packets the kernel shall hand over: knocks, and next to nothing else.
 *
 * Built from a listening set, as one law in two forms: the text of a kernel filter (pcap-filter(7),
 * over bare IP as DLT_RAW), and capture_filter_wants for a decoded event. The kernel form never
 * refuses what the law wants; for packets with IPv6 extension headers it lets more pass, and the
 * law settles it.
 *
 * To the host's own addresses, broadcast and multicast (or anywhere, if asked) these pass:
 * - TCP, SYN alone, to every port: one packet a connection, and it tells who found an open one.
 * - TCP with flags no stack sends (none, FIN without ACK, SYN+FIN, SYN+RST, FIN+PSH+URG, all), to
 *   every port.
 * - Pieces of datagrams, of all protocols but tunnels, unless multicast: only all of them together show whether they
 *   contradict each other. A first piece that is no knock is wanted as a piece alone.
 * - IPv4 with options other than router alert, but ICMP's only as below; ICMPv6 router advertisements that came over
 *   a router.
 * - TCP SYN-ACK and bare RST, unless to a port where our own connections end (ephemeral or busy): a
 *   reset tells who only looked whether a door is open.
 * - TCP with SYN-ACK, RST, ACK, FIN+ACK and the like to doors neither offered, busy nor ephemeral.
 * - UDP to doors neither bound nor busy, as far as it is known which ports our clients use
 *   (client_ports): what passes may still be an answer to one of them, and capture_filter_doubts says
 *   so. Where it is not known, the ephemeral ports are deaf, but for the unbound traceroute ports
 *   33434-33534, unless from a source port below 1024 (a late answer).
 * - ICMP questions, errors and redirects; no replies, no neighbour discovery, no MLD.
 * - SCTP INIT.
 * - Other protocols, unless multicast (routing daemons) or a tunnel (GRE, ESP, 6in4 and others).
 *
 * What this cannot see: who completes a handshake (acknowledgements are too many), TCP to ephemeral ports other than SYN and odd flags (each of our own
 * connections would pay for it), UDP probes of ephemeral ports where our clients are not known. A host
 * that forwards is such a one: answers that it translates for others come to ports without a socket.
 * An open port that is served by forwarding (DNAT) has no socket here: name it in
 * `offered_elsewhere`, or all its traffic passes.
 *
 * Beside a kernel_hook (`beside_hook`) the law is shared between the two, by what a packet is: each packet
 * that the law wants is told by one of them, and no packet by both. The hook tells TCP and UDP to our own
 * addresses that no socket takes, and protocols that nobody speaks. The filter lets pass what the hook does
 * not see or cannot judge: SYN alone, odd flags, SYN-ACK and bare RST to offered doors; ICMP, SCTP, pieces (the hook
 * sees the whole; a first piece is then wanted as a piece alone, unless it is too small to hold the flags);
 * and, by the whole law above, what goes to groups, dark blocks and addresses that are not ours, what has IP
 * options or a routing header, and what comes from an address that cannot send (our own, loopback, multicast).
 *
 * What is offered over one family, or on one address, is quiet there and nowhere else; in a dark block
 * nothing is quiet.
 *
 * Bound: CAPTURE_FILTER_RANGES ranges of ports in each list (a compile takes about 10 ms with that many,
 * and the time grows with the square) and CAPTURE_FILTER_NARROW doors on single addresses. A host
 * with more gets the smallest gaps between the ranges filled, and the other doors are quiet on all
 * addresses of their family: such a port is then deaf to all but SYN and odd flags (TCP) or to
 * everything (UDP); `filled_ports` says how many there are, of both families together.
 */
#ifndef KW_SENSOR_CAPTURE_FILTER_H
#define KW_SENSOR_CAPTURE_FILTER_H

#include "event/event.h"
#include "net/door_set.h"
#include "net/prefix.h"
#include "sensor/listening_set.h"

#include <stdbool.h>
#include <stddef.h>

#define CAPTURE_FILTER_RANGES 64
#define CAPTURE_FILTER_NARROW 32 /* of each family */
#define CAPTURE_FILTER_TEXT_MAX 131072
#define CAPTURE_FILTER_SNAPLEN                                                                     \
	160 /* the longest headers we read: IPv6 + extensions + quoted packet */

struct bpf_program; /* of libpcap; its header and that of libbpf cannot stand together */

enum capture_scope {
	CAPTURE_SCOPE_HOST,    /* packets to this host */
	CAPTURE_SCOPE_NETWORK, /* a mirror port or a router: packets to anybody. Nothing is known of
				  others' ports: SYN, odd flags, SYN-ACK and bare RST to all, UDP below 32768
				*/
};

struct capture_filter_options {
	enum capture_scope scope;
	const struct prefix_set *also_home; /* beside our own addresses; may be null */
	const struct prefix_set *dark;      /* of these: nothing has ever been there; may be null */
	const struct port_set *offered_elsewhere; /* ports served by forwarding; may be null */
	bool clients_known[DOOR_FAMILIES];        /* client_ports can tell */
	bool beside_hook;        /* share the law with a kernel_hook; not with a network's scope */
	bool hook_knows_clients; /* ... for which client_ports can tell: who forwards gets no answers for
				     others there, for those are not thrown away */
};

/* What is in use over one family. */
struct capture_filter_ports {
	struct port_set quiet;      /* TCP, UDP: deaf to all but the exceptions above */
	struct port_set dialling;   /* TCP: where SYN-ACK and RST are expected */
	struct port_set traceroute; /* UDP: heard although ephemeral */
	struct port_set offered;    /* TCP: doors; beside a hook the filter's own part */
	struct door narrow[CAPTURE_FILTER_NARROW]; /* quiet on one address, by that address */
	unsigned narrow_count;
	bool clients_known; /* UDP: what passes may answer a client of ours */
};

/* About 330 KiB: belongs on the heap. A plain value otherwise. */
struct capture_filter {
	struct capture_filter_ports ports[DOOR_FAMILIES];
	struct prefix_set homes; /* destinations that count, groups aside */
	bool any_destination;    /* ... or all of them */
	struct prefix_set dark;  /* of them: no port is quiet there */
	bool beside_hook, hook_knows_clients;
	struct prefix_set hook_homes; /* beside a hook: destinations it tells of, unless dark */
	unsigned filled_ports;        /* made deaf only to keep the filter small */
	char text[CAPTURE_FILTER_TEXT_MAX]; /* the kernel's form */
};

void capture_filter_build(struct capture_filter *out, const struct listening_set *set,
	const struct capture_filter_options *options);

/* The law, of a packet that was captured; beside a hook its part of it. `e` as packet_decode made it; an event
 * that is refused is not a knock, or told by the hook. */
bool capture_filter_wants(const struct capture_filter *filter, const struct event *e);

/* The whole law, whoever tells of it: of a packet that was judged as captured before the doors changed. */
bool capture_filter_law(const struct capture_filter *filter, const struct event *e);

/* True of a first piece that the law wants only to compare it with the others: what it asks is no knock, or told by
 * the hook. */
bool capture_filter_wants_piece_only(const struct capture_filter *filter, const struct event *e);

/* The other part, of a packet that a kernel_hook tells. `nobody_listens`: the kernel says so, whatever the
 * listening set says; else the packet did not get so far. */
bool capture_filter_wants_thrown(
	const struct capture_filter *filter, const struct event *e, bool nobody_listens);

/* True if only client_ports can say whether this one, which the law wants, is a knock. */
bool capture_filter_doubts(const struct capture_filter *filter, const struct event *e);

/* Compiles the text for packets that begin with the IP header. The caller frees `out` with
 * pcap_freecode. False with libpcap's words in `error`. */
bool capture_filter_compile(const struct capture_filter *filter, struct bpf_program *out,
	char *error, size_t error_size);

#endif
