/* SPDX-License-Identifier: ISC */
/*
 * tcp_options - reads the options behind a TCP header (RFC 9293, 3.1; RFC 7323; RFC 2018).
 *
 * Told are the kinds in their order (`tcp_option_layout`, the first 16), the maximum segment size
 * and the window scale. The list ends at the first option that lies about its size; what stood
 * before it counts. Of an option that stands twice the last one counts, as in the kernels.
 *
 * Bound: 40 bytes of options; one comparison for the lists that nearly all stacks and scanners
 * send.
 *
 * Tests: tests/unit/packet/test_tcp_options.c, test_tcp_decode.c
 */
#ifndef KW_PACKET_TCP_OPTIONS_H
#define KW_PACKET_TCP_OPTIONS_H

#include "event/event.h"

#include <stddef.h>
#include <stdint.h>

/*
 * `header` is a whole TCP header of so many words of 4 bytes, 5 to 15. Writes tcp_option_layout, tcp_mss
 * and tcp_wscale where the options tell them; the event comes with the values of an empty list (0, 0,
 * 0xff) in these.
 */
void tcp_options_read(const uint8_t *header, size_t words, struct event *e);

/* The same, always option by option; apart, so that a test can hold both to each other. */
void tcp_options_walk(const uint8_t *header, size_t words, struct event *e);

#endif
