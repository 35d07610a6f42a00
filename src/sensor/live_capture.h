/* SPDX-License-Identifier: ISC */
/*
 * live_capture - knocks from one network interface, or from all of them, as events.
 *
 * The kernel hands over only what the capture_filter names; what comes is decoded by packet/,
 * judged once more by the filter's law, and numbered with the interface it came in on. Watching all
 * interfaces includes those to come, leaves out loopback (unless asked), and tells each packet
 * once: ports of bridges and bonds and tagged frames of a VLAN are skipped where the packet comes
 * again on the device above.
 *
 * Open it before privileges are dropped; everything else works without. An interface that goes down
 * or disappears is no error: it is said once, looked for at every live_capture_check, and said
 * again when it is back. The times of events are the kernel's wall clock. Latency is bounded by
 * PACKET_RING_LATENCY_MS; of UDP that may be an answer it is CLIENT_PORTS_PATIENCE_MS more, and such
 * events are older than those that came out before them. Nothing here allocates after opening but the swap of a filter.
 *
 * The set of open ports is a little older than the packets. So the caller reads the listening set
 * and calls live_capture_set_filter, *then* reads events: the law that judges them is then newer
 * than they are.
 *
 * BUGS: of doubly tagged frames (QinQ) nothing is seen, unless the interface named is that of the
 * inner tag.
 */
#ifndef KW_SENSOR_LIVE_CAPTURE_H
#define KW_SENSOR_LIVE_CAPTURE_H

#include "event/event.h"
#include "event/name_table.h"
#include "sensor/capture_filter.h"
#include "sensor/client_ports.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live_capture_options {
	const char *iface;            /* null or "any" = all of them */
	bool loopback;                /* with all of them: loopback too. Naming "lo" implies it */
	bool promiscuous;             /* one interface: packets to other hosts too */
	size_t ring_bytes;            /* 0 = 4 MiB */
	struct name_table *names;     /* numbers the interfaces; borrowed for the capture's life */
	struct client_ports *clients; /* borrowed likewise; null = the filter never doubts */
};

/* Since opening. received = dropped + events + the four below + what still lies in the ring or is
 * held in doubt. */
struct live_capture_counts {
	uint64_t received; /* handed over by the kernel's filter, dropped ones included */
	uint64_t dropped;  /* lost: the ring was full, or too many were held in doubt */
	uint64_t events;   /* handed to the caller */
	uint64_t unwanted; /* the law refused what the kernel's filter let pass */
	uint64_t answers;  /* to a UDP client of ours */
	uint64_t doubled;  /* seen again on a device above */
	uint64_t broken;   /* not decodable */
};

struct live_capture;

/* Null with a message in `error`: "eth9: no such interface; did you mean eth0? There are: lo, eth0".
 * errno is then ENODEV; otherwise it is that of the system. */
struct live_capture *live_capture_open(const struct live_capture_options *options,
	const struct capture_filter *filter, char *error, size_t error_size);
/* Accepts null. */
void live_capture_close(struct live_capture *c);

/* Changes what is captured, without a gap: `filter` is copied. False with a message, and the old
 * filter stays. */
bool live_capture_set_filter(struct live_capture *c, const struct capture_filter *filter,
	char *error, size_t error_size);

/* For poll. POLLERR: call live_capture_check. */
int live_capture_fd(const struct live_capture *c);

/* Writes up to `max` events; fewer than `max` means that the ring is empty. Never waits. To be called
 * at least every few hundred milliseconds: what is held in doubt comes out by it alone. */
size_t live_capture_read(struct live_capture *c, struct event *out, size_t max);

/* Looks after the interface: once a second, and on POLLERR. False while it is down or gone. */
bool live_capture_check(struct live_capture *c);

struct live_capture_counts live_capture_read_counts(struct live_capture *c);

/* "eth0", or "any". */
const char *live_capture_name(const struct live_capture *c);

#endif
