/* SPDX-License-Identifier: ISC */
/*
 * access_hearing - the sensor's part of what wrappers tell: opens the socket, hands decisions on.
 *
 * There are two: what root's programs decide must find room whatever others send.
 *
 * Zeroed memory is one that hears nothing; all calls accept it.
 */
#ifndef KW_DAEMON_ACCESS_HEARING_H
#define KW_DAEMON_ACCESS_HEARING_H

#include "sensor/access_socket.h"
#include "sensor/wrapper_settings.h"

struct access_hearing_request {
	enum wrapper_wish wish;
	const char *const *users; /* names; borrowed */
	unsigned users_count;
};

#define ACCESS_HEARING_SOCKETS 2

struct access_hearing {
	struct access_socket
		*sockets[ACCESS_HEARING_SOCKETS]; /* root's first, then everybody's; both or none */
	char passed_over[256]; /* why it is not heard; empty if it is, or nobody could expect it */
};

/* As root, or as the user whose directory it is. False where it was asked for and cannot be; what is wrong is said. Who may
 * not, and was not asked to, hears nothing. */
bool access_hearing_open(struct access_hearing *h, const struct access_hearing_request *request);
void access_hearing_close(struct access_hearing *h);

/* Says where it is heard, or why not. */
void access_hearing_say(const struct access_hearing *h);

/* For poll; -1 = nothing to hear. */
int access_hearing_fd(const struct access_hearing *h, unsigned socket);

/* Hands out what there is, a bounded part of it, larger for the last one (`all`). */
void access_hearing_hear(struct access_hearing *h, bool all,
	void (*take)(void *context, const struct access_event *a), void *context);

/* All zero of one that hears nothing. */
struct access_socket_counts access_hearing_counts(const struct access_hearing *h);

#endif
