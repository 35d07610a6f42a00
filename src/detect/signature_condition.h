/* SPDX-License-Identifier: ISC */
/*
 * signature_condition - the small languages in which a signature says what it wants.
 *
 * Numbers: "5", "0x10", "1-9", ">5", "<5", each with "!" for the contrary. Flags: "S", "FPU",
 * "none", with a mask "S/SAFR" (of those four only S is set). TCP options in order:
 * "mss,sok,ts,nop,ws". Every parser takes a whole NUL-terminated text, is strict, and leaves the
 * output untouched when it returns false. A number condition that every value or no value can meet
 * is refused.
 */
#ifndef KW_DETECT_SIGNATURE_CONDITION_H
#define KW_DETECT_SIGNATURE_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#define SIGNATURE_CONDITION_RANGES 16 /* port ranges of one signature and side */

struct signature_number {
	uint32_t first, last; /* both inside, first <= last */
	bool negated;         /* meant is everything else */
};

struct signature_flags {
	uint8_t mask;   /* flags that are looked at (enum event_tcp_flag); 0 = none */
	uint8_t wanted; /* those of them that must be set */
};

struct signature_ports {
	struct {
		uint16_t first, last; /* both inside */
	} ranges[SIGNATURE_CONDITION_RANGES];
	uint8_t count; /* 0 = any port */
};

/* A condition on a number from 0 to `most`. */
bool signature_condition_number(const char *text, uint32_t most, struct signature_number *out);

/*
 * Letters F S R P A U E C (W is C too: tcpdump's name for CWR), or "none". Without a mask the six
 * classical flags are looked at, and E or C only if named: ECN is no one's fingerprint.
 */
bool signature_condition_flags(const char *text, struct signature_flags *out);

/* The layout of event.tcp_option_layout: "none", or names mss ws sok sack ts nop eol or numbers. */
bool signature_condition_tcp_options(const char *text, uint64_t *layout);

/* Bits of enum event_ip_option, any of which will do: rr ts lsrr ssrr ra sec other routing, any. */
bool signature_condition_ip_options(const char *text, uint8_t *mask);

/* Adds a port condition ("53", "1-1023", ">49151", "!80"); false also when there is no room. */
bool signature_condition_add_port(const char *text, struct signature_ports *ports);

static inline bool signature_number_holds(const struct signature_number *n, uint32_t value)
{
	return (value - n->first <= n->last - n->first) != n->negated;
}

static inline bool signature_ports_hold(const struct signature_ports *ports, uint16_t port)
{
	for (unsigned i = 0; i < ports->count; i++) {
		if (port >= ports->ranges[i].first && port <= ports->ranges[i].last)
			return true;
	}
	return ports->count == 0;
}

#endif
