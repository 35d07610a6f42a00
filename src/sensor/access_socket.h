/* SPDX-License-Identifier: ISC */
/*
 * access_socket - where wrappers tell what they decide (access/access_wire.h): the bound socket, and what comes to it.
 *
 * Bound with rights, read without. Unless it is root's own, every program of this host may send, for wrapped programs run as any user; so of
 * a datagram that is believed which the kernel says of it: when, which process, which user. What is neither root's
 * nor of a user who was named is `unvouched`: such a user may have made it up. Each of them may tell
 * ACCESS_SOCKET_BURST at once and ACCESS_SOCKET_RATE a second, all of them together ACCESS_SOCKET_CROWD times that;
 * what is beyond is held back, and counted.
 *
 * How many may wait is the system's (net.unix.max_dgram_qlen when it was bound). A program that finds no room goes on,
 * and tells with its next datagram how often it did (`missed`); one that ends cannot.
 *
 * Tests: tests/unit/sensor/test_access_socket.c; tests/system/88_access_events.sh
 */
#ifndef KW_SENSOR_ACCESS_SOCKET_H
#define KW_SENSOR_ACCESS_SOCKET_H

#include "event/access_event.h"

#include <sys/types.h>

#define ACCESS_SOCKET_BURST 100 /* a busy day of one service, in the blink of an eye */
#define ACCESS_SOCKET_RATE 20
#define ACCESS_SOCKET_CROWD 4
#define ACCESS_SOCKET_USERS_MAX 32 /* who are vouched for, beside root */

struct access_socket_options {
	const char *path; /* its directory is made where it is not there */
	bool root_alone;  /* may send; else everybody. Root, and who opened it */
	uid_t users[ACCESS_SOCKET_USERS_MAX];
	unsigned users_count;
};

/* Since opening. */
struct access_socket_counts {
	uint64_t told;     /* decisions that were read */
	uint64_t missed;   /* that found no room, as those say who are believed */
	uint64_t held;     /* beyond the rate */
	uint64_t broken;   /* datagrams that are no decision */
	uint32_t held_uid; /* whose the last one was that was held back */
};

struct access_socket;

/* Null with a message in `error`, and errno: EADDRINUSE where somebody listens there. What a process that is gone has
 * left there is replaced. */
struct access_socket *access_socket_open(
	const struct access_socket_options *options, char *error, size_t error_size);
/* Accepts null. The name stays: without rights it cannot be removed. */
void access_socket_close(struct access_socket *s);

/* For poll. */
int access_socket_fd(const struct access_socket *s);

/* Takes one datagram; false if there is none. `is_decision` says whether it was one that is to be told: then it stands
 * in `out`, in good order. `now_us` is of a clock that goes forward. */
bool access_socket_read(
	struct access_socket *s, int64_t now_us, struct access_event *out, bool *is_decision);

struct access_socket_counts access_socket_counts(const struct access_socket *s);

/* True if somebody listens there now; else errno says why not. */
bool access_socket_is_heard(const char *path);

#endif
