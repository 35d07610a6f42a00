/* SPDX-License-Identifier: ISC */
#include "daemon/access_hearing.h"

#include "access/access_wire.h"
#include "base/clock_now.h"
#include "base/diag.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

enum {
	DATAGRAMS = 1024, /* in one turn: packets and the clock wait no longer, whatever comes */
	DATAGRAMS_LAST = 8192,
};

static void find_users(
	const struct access_hearing_request *request, struct access_socket_options *o)
{
	for (unsigned i = 0; i < request->users_count && i < ACCESS_SOCKET_USERS_MAX; i++) {
		const struct passwd *user = getpwnam(request->users[i]);
		if (user != NULL)
			o->users[o->users_count++] = user->pw_uid;
		else
			diag_warn("wrapper_users: there is no user %s here", request->users[i]);
	}
}

static bool may_hear(void)
{
	return geteuid() == 0 || access(ACCESS_WIRE_DIRECTORY, W_OK) == 0;
}

static bool open_both(struct access_hearing *h, struct access_socket_options *o)
{
	static const char *const paths[ACCESS_HEARING_SOCKETS] = {
		ACCESS_WIRE_ROOT_PATH, ACCESS_WIRE_PATH};
	for (unsigned i = 0; i < ACCESS_HEARING_SOCKETS; i++) {
		o->path = paths[i];
		o->root_alone = i == 0;
		h->sockets[i] = access_socket_open(o, h->passed_over, sizeof h->passed_over);
		if (h->sockets[i] == NULL) {
			access_hearing_close(h);
			return false;
		}
	}
	return true;
}

bool access_hearing_open(struct access_hearing *h, const struct access_hearing_request *request)
{
	struct access_socket_options o = {0};
	const bool asked = request->wish == WRAPPER_WISH_ON;
	if (request->wish == WRAPPER_WISH_OFF || (!asked && !may_hear()))
		return true;
	find_users(request, &o);
	if (open_both(h, &o) || !asked)
		return true;
	diag_error("watch: wrappers cannot tell what they decide: %s", h->passed_over);
	return false;
}

void access_hearing_close(struct access_hearing *h)
{
	for (unsigned i = 0; i < ACCESS_HEARING_SOCKETS; i++) {
		access_socket_close(h->sockets[i]);
		h->sockets[i] = NULL;
	}
}

void access_hearing_say(const struct access_hearing *h)
{
	if (h->sockets[0] != NULL)
		diag_note("our wrappers tell what they decide at " ACCESS_WIRE_DIRECTORY);
	else if (h->passed_over[0])
		diag_note("our wrappers do not tell what they decide: %s", h->passed_over);
}

int access_hearing_fd(const struct access_hearing *h, unsigned socket)
{
	return h->sockets[socket] != NULL ? access_socket_fd(h->sockets[socket]) : -1;
}

void access_hearing_hear(struct access_hearing *h, bool all,
	void (*take)(void *context, const struct access_event *a), void *context)
{
	const int64_t now_us = clock_now_us(CLOCK_MONOTONIC);
	struct access_event a;
	bool is_decision;
	for (unsigned s = 0; s < ACCESS_HEARING_SOCKETS && h->sockets[s] != NULL; s++) {
		for (unsigned i = 0; i < (all ? DATAGRAMS_LAST : DATAGRAMS) &&
				     access_socket_read(h->sockets[s], now_us, &a, &is_decision);
			i++) {
			if (is_decision)
				take(context, &a);
		}
	}
}

struct access_socket_counts access_hearing_counts(const struct access_hearing *h)
{
	struct access_socket_counts sum = {0};
	for (unsigned s = 0; s < ACCESS_HEARING_SOCKETS && h->sockets[s] != NULL; s++) {
		const struct access_socket_counts c = access_socket_counts(h->sockets[s]);
		sum.told += c.told;
		sum.missed += c.missed;
		sum.held += c.held;
		sum.broken += c.broken;
		if (c.held > 0)
			sum.held_uid = c.held_uid;
	}
	return sum;
}
