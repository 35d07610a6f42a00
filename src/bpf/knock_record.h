/* SPDX-License-Identifier: ISC */
/*
 * knock_record - what the kernel hook hands over: a packet that the kernel threw away, and why.
 *
 * Beside them it says when a TCP door of our namespace opens or closes, without saying which.
 *
 * Shared by knock_hook.bpf.c and sensor/kernel_hook. A record in the ring is a short or a long one: both are a
 * struct knock_record with as many bytes behind it as the packet needs, of which `captured` are real.
 */
#ifndef KW_BPF_KNOCK_RECORD_H
#define KW_BPF_KNOCK_RECORD_H

#include <stdint.h>

#define KNOCK_RECORD_SHORT                                                                         \
	64 /* IPv6 and TCP without options, or IPv4 and TCP with some: most knocks */
#define KNOCK_RECORD_LONG 128 /* the longest IPv4 and TCP headers, or IPv6 with a few extensions */
#define KNOCK_SLOTS 1024 /* processors that count for themselves; where there are more, some counts are missed */

/* Why it was thrown away. */
enum knock_cause {
	KNOCK_CAUSE_NO_SOCKET,   /* nobody listens there */
	KNOCK_CAUSE_NO_PROTOCOL, /* nobody speaks this IP protocol */
	KNOCK_CAUSE_BROKEN,      /* wrong checksum, cut header */
	KNOCK_CAUSE_STRANGE, /* its source cannot be there (rp_filter, our own address), or it was sent to a
				    whole link */
	KNOCK_CAUSE_FIREWALL, /* netfilter dropped or refused it */
	KNOCK_CAUSES,
	KNOCK_DOOR = KNOCK_CAUSES /* no packet: somebody has begun or ceased to listen */
};

struct knock_record {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint32_t netns;   /* inode of the network namespace it came to */
	int32_t ifindex;  /* in that namespace */
	uint16_t captured;
	uint8_t cause;      /* enum knock_cause */
	uint8_t link_group; /* 1 = link-layer broadcast or multicast */
	uint32_t spare;     /* 0 */
			    /* the bytes follow, from the network header on */
};

/* Written by one processor each, summed up by the reader. */
struct knock_slot {
	uint64_t told;        /* packets handed over */
	uint64_t lost;        /* the ring was full */
	uint64_t over_budget; /* of the firewall's drops: more than the budget */
	uint64_t second;      /* of the budget: which one */
	uint64_t used;        /* ... and how many came in it */
	uint64_t spare[3];    /* a cache line each */
};

#endif
