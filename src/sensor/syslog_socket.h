/* SPDX-License-Identifier: ISC */
/*
 * syslog_socket - the bound sockets of a syslog receiver, and the datagrams that come to one.
 *
 * Bound while there are rights (ports below 1024, a receive buffer beyond the system's limit), read
 * without. Nothing waits.
 */
#ifndef KW_SENSOR_SYSLOG_SOCKET_H
#define KW_SENSOR_SYSLOG_SOCKET_H

#include "base/clock.h"
#include "base/text_slice.h"
#include "logline/syslog_frame.h"
#include "net/syslog_address.h"

#include <stdbool.h>
#include <stdint.h>

#define SYSLOG_SOCKET_BUFFER (8 << 20) /* bytes: a second of a firewall under a flood */
#define SYSLOG_DATAGRAMS 32            /* of one system call */

/* A bound socket that does not block: of UDP to be read, of TCP and TLS listening. -1 with a message in
 * `error`, and errno. */
int syslog_socket_open(const struct syslog_address *address, char *error, size_t error_size);

struct syslog_datagram {
	struct text_slice bytes; /* without an end of line */
	struct addr from;
	struct wall_time arrival; /* as the kernel has it */
	bool cut;                 /* it was longer */
};

struct syslog_datagrams;

/* Never null; destroy accepts null. */
struct syslog_datagrams *syslog_datagrams_create(void);
void syslog_datagrams_destroy(struct syslog_datagrams *d);

/* Reads up to `max` datagrams of what has come to `fd`; returns how many. `lost` is set to what the
 * kernel threw away of this socket since it was opened, where it says so. */
unsigned syslog_datagrams_receive(struct syslog_datagrams *d, int fd, unsigned max, uint32_t *lost);
/* One of those read last; lives until the next call. */
struct syslog_datagram syslog_datagrams_at(const struct syslog_datagrams *d, unsigned index);

/* Takes one connection that waits at `fd`; -1 if there is none. It does not block. */
int syslog_socket_accept(int fd, struct addr *from);

#endif
