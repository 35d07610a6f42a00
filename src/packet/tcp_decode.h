/* SPDX-License-Identifier: ISC */
/*
 * tcp_decode - reads a TCP header and its options (RFC 9293, 3.1).
 *
 * Facts are set as far as the bytes reach: ports, then seq and ack, then flags, then window, then
 * the options, these only if the whole option area is there. A header size below 5 words is a lie:
 * the options stay unknown. Of an option that stands twice the last one counts, as in the kernels.
 *
 * Bound: 40 bytes of options; the layout tells the first 16.
 */
#ifndef KW_PACKET_TCP_DECODE_H
#define KW_PACKET_TCP_DECODE_H

#include "base/byte_cursor.h"
#include "event/event.h"

#include <stddef.h>

/*
 * `c` holds what was captured of `declared` bytes. Returns how many bytes the header takes: 20
 * where it does not reach its own size field or lies in it; `payload_length` stays 0 then.
 */
size_t tcp_decode(struct byte_cursor *c, size_t declared, struct event *e);

#endif
