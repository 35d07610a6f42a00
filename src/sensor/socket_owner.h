/* SPDX-License-Identifier: ISC */
/*
 * socket_owner - the names of the programs behind this host's bound ports, for people to read.
 *
 * Read once, by a command that ends soon: it walks the open files of every process. Without root only one's own
 * processes are known. A program may call itself what it likes: a name is a hint, cut to
 * SOCKET_OWNER_NAME_MAX - 1 harmless characters.
 *
 * Bound: SOCKET_OWNER_MAX sockets; the rest has no name. Source of fact: sock_diag(7), proc(5).
 */
#ifndef KW_SENSOR_SOCKET_OWNER_H
#define KW_SENSOR_SOCKET_OWNER_H

#include "net/port_set.h"

#include <stdbool.h>
#include <stdint.h>

#define SOCKET_OWNER_MAX 8192
#define SOCKET_OWNER_NAME_MAX 16 /* what the kernel keeps (TASK_COMM_LEN), with its NUL */

struct socket_owner {
	uint32_t inode; /* 0 = of the kernel itself (WireGuard, NFS, ...) */
	uint16_t port;
	uint8_t proto; /* enum port_set_proto */
	char name[SOCKET_OWNER_NAME_MAX];
};

struct socket_owners;

/* Null with errno where the kernel does not tell its sockets. */
struct socket_owners *socket_owners_read(void);
/* Accepts null. */
void socket_owners_destroy(struct socket_owners *owners);

/* The first one bound to the port, on any address; null if there is none. Its name is "" where the process is
 * not known. */
const struct socket_owner *socket_owners_find(
	const struct socket_owners *owners, enum port_set_proto proto, uint16_t port);

#endif
