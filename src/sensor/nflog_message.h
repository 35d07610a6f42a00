/* SPDX-License-Identifier: ISC */
/*
 * nflog_message - what the kernel's firewall sends to a log group, as events.
 *
 * One datagram holds many messages, each with the facts of one packet and its first bytes. Pure: bytes
 * in, values out; no clock, no allocation, no state; any bytes may come in.
 *
 * A packet that came over the loopback interface is neither incoming nor outgoing, as in log lines; nor is one
 * that this host forwards. The link layer's header, where the kernel sends it, tells whether the packet was
 * for a group.
 *
 * Bound: one walk over the attributes of a message.   Source of fact: linux/netfilter/nfnetlink_log.h,
 * net/netfilter/nfnetlink_log.c of Linux 6.1.   Tests: tests/unit/sensor/test_nflog_message.c, fuzz/sensor
 */
#ifndef KW_SENSOR_NFLOG_MESSAGE_H
#define KW_SENSOR_NFLOG_MESSAGE_H

#include "base/text_slice.h"
#include "event/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nflog_result {
	NFLOG_NO_PACKET, /* a message of another kind: the end of a batch */
	NFLOG_EVENT,     /* `event` is filled */
	NFLOG_LET_IN,    /* the rule's prefix says that the packet passed: no knock */
	NFLOG_OTHER,     /* a packet that is not IP */
	NFLOG_BROKEN,    /* too short, or lying about its lengths */
};

struct nflog_message {
	struct event event;       /* origin NFLOG, mark FIREWALL; iface and host are 0; time is 0
				     where the kernel did not tell it */
	struct text_slice prefix; /* the rule's words; may be empty. Points into the datagram */
	uint32_t iface;           /* index of the interface it came in on, or else goes out on; 0 =
				     none */
	uint32_t sequence;        /* numbers the packets of the group without a gap */
	bool has_sequence;
};

/* Reads the message at *at (0 for the first) of a datagram of `size` bytes and moves *at behind it; false at
 * the end. `result` says what it was; `out` is written on NFLOG_EVENT, and its sequence always. */
bool nflog_message_next(const uint8_t *datagram, size_t size, size_t *at, struct nflog_message *out,
	enum nflog_result *result);

#endif
