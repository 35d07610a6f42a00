/* SPDX-License-Identifier: ISC */
/*
 * packet_ring - packets from the kernel through a shared ring (AF_PACKET, TPACKET_V3).
 *
 * Frames begin with the network header (SOCK_DGRAM), whatever the link is, so that a filter
 * compiled for bare IP fits every interface. The socket is exact by construction: nothing is
 * received before the first filter stands, a filter is replaced in one step, packets sent by this
 * host never enter, and packets to other hosts only in promiscuous mode. (libpcap lets packets slip
 * while it swaps a filter, and re-checks old blocks in user space.) Opening needs CAP_NET_RAW;
 * nothing else here does.
 *
 * A frame is told at most PACKET_RING_LATENCY_MS after it came, however little comes.
 * Source of fact: packet(7), Documentation/networking/packet_mmap.
 */
#ifndef KW_SENSOR_PACKET_RING_H
#define KW_SENSOR_PACKET_RING_H

#include "base/clock.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_RING_LATENCY_MS 40
#define PACKET_RING_BYTES_DEFAULT (4u << 20)
#define PACKET_RING_BYTES_MIN (512u << 10)
#define PACKET_RING_BYTES_MAX (1u << 30)

struct packet_ring_options {
	size_t bytes;     /* of the ring, rounded up to whole blocks; 0 = default */
	bool promiscuous; /* also packets to other hosts; needs an interface */
	bool loopback;    /* also packets that never leave this host */
};

struct packet_ring_frame {
	const uint8_t
		*bytes; /* from the network header on; valid until the next call on the ring */
	size_t captured;
	struct wall_time time; /* the kernel's, wall clock */
	int ifindex;
	bool link_group; /* link-layer broadcast or multicast */
	uint16_t vlan;   /* of the tag the kernel took off; 0 = none */
};

/* Since the ring was opened. */
struct packet_ring_counts {
	uint64_t received; /* passed the kernel filter, dropped ones included */
	uint64_t dropped;  /* of these: the ring was full */
};

struct packet_ring;

/* Opens the ring with its first filter, bound to nothing: no frame comes before packet_ring_bind.
 * Null with a message in `error`. */
struct packet_ring *packet_ring_open(const struct packet_ring_options *options,
	const struct bpf_program *filter, char *error, size_t error_size);
/* Accepts null. */
void packet_ring_close(struct packet_ring *r);

/* Receives from interface `ifindex`, 0 = from all of them, now and to come. -1 with errno. */
int packet_ring_bind(struct packet_ring *r, int ifindex);
/* Replaces the filter between two packets. -1 with errno, and the old one stays. */
int packet_ring_set_filter(struct packet_ring *r, const struct bpf_program *filter);

/* The next frame, false if there is none now. */
bool packet_ring_next(struct packet_ring *r, struct packet_ring_frame *out);

/* For poll: readable when frames wait, POLLERR when the interface went down or away. */
int packet_ring_fd(const struct packet_ring *r);
/* The error the socket holds (ENETDOWN), taken from it; 0 = none. */
int packet_ring_take_error(struct packet_ring *r);

/* Number of the interface with this name, 0 = none; works without privilege. */
int packet_ring_ifindex(const struct packet_ring *r, const char *name);
/* True if the interface with this name is administratively up. */
bool packet_ring_is_up(const struct packet_ring *r, const char *name);

struct packet_ring_counts packet_ring_read_counts(struct packet_ring *r);

#endif
