/* SPDX-License-Identifier: ISC */
/*
 * handshake_count - how many TCP handshakes at our doors were completed, as the kernel counts them.
 *
 * All interfaces together, loopback included, of the network namespace in which it was opened. Those
 * that were complete but found no place in a server's queue count, too: that a server is slow is no
 * fault of its clients. Opened before privileges are dropped. Source of fact: RFC 4022,
 * tcpPassiveOpens; Linux adds to it when a handshake completes, with a SYN cookie or without
 * (Documentation/networking/snmp_counter).
 */
#ifndef KW_SENSOR_HANDSHAKE_COUNT_H
#define KW_SENSOR_HANDSHAKE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

struct handshake_count;

/* Null with errno where /proc is not there. */
struct handshake_count *handshake_count_open(void);
/* Accepts null. */
void handshake_count_close(struct handshake_count *h);

/* How many since the last call; since opening for the first. False where the kernel did not tell. */
bool handshake_count_read(struct handshake_count *h, uint32_t *out);

/* The number of `name` in the lines of `group` ("TcpExt: A B" and "TcpExt: 1 2"); false if there is
 * none. `text` ends with 0. */
bool handshake_count_find(const char *text, const char *group, const char *name, uint64_t *out);

#endif
