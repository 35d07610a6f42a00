/* SPDX-License-Identifier: ISC */
/*
 * net_lab - a private network for one test program: a namespace, a link, and frames sent over it.
 *
 * Needs root. Everything goes away with the process.
 *
 *     kw0 (192.0.2.1, 2001:db8::1: "this host")  <---- veth ---->  kw1 (no address: the wire)
 */
#ifndef KW_TESTS_NET_LAB_H
#define KW_TESTS_NET_LAB_H

#include "packet_bytes.h"

#include <stdbool.h>
#include <stddef.h>

#define NET_LAB_OWN4 "192.0.2.1"
#define NET_LAB_OWN6 "2001:db8::1"

/* False, with a line saying what is skipped, without root: the program then exits with 77. */
bool net_lab_may_run(const char *what);

/* Enters a new namespace with lo up and the link kw0 - kw1 up. Ends the program on failure. */
void net_lab_enter(void);

/* Runs a command line, formatted; ends the program if it fails. */
void net_lab_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* True if this program is installed. */
bool net_lab_has(const char *program);

/* One end of a pair, to send frames from. */
struct net_lab_wire {
	int fd;
	int ifindex;
	unsigned char peer[8]; /* hardware address at the other end */
};

/* Adds a pair like kw0 - kw1, up and without addresses; `number` is the last byte of the first
 * one's hardware address. */
void net_lab_add_pair(const char *first, const char *second, unsigned number);
/* The kernel takes its time to carry packets after a link was set up. Ends the program after 10 s. */
void net_lab_wait_until_running(const char *iface);
/* Opens an end to send to the one of `number`. */
struct net_lab_wire net_lab_open_wire(const char *iface, unsigned number);
void net_lab_close_wire(struct net_lab_wire *wire);
void net_lab_send(const struct net_lab_wire *wire, const struct packet_plan *plan);

#endif
