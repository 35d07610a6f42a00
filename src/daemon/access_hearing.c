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

bool access_hearing_open(struct access_hearing *h, const struct access_hearing_request *request)
{
	struct access_socket_options o = {.path = ACCESS_WIRE_PATH};
	const bool asked = request->wish == WRAPPER_WISH_ON;
	if (request->wish == WRAPPER_WISH_OFF || (!asked && !may_hear()))
		return true;
	find_users(request, &o);
	h->socket = access_socket_open(&o, h->passed_over, sizeof h->passed_over);
	if (h->socket != NULL || !asked)
		return true;
	diag_error("watch: wrappers cannot tell what they decide: %s", h->passed_over);
	return false;
}

void access_hearing_close(struct access_hearing *h)
{
	access_socket_close(h->socket);
	h->socket = NULL;
}

void access_hearing_say(const struct access_hearing *h)
{
	if (h->socket != NULL)
		diag_note("our wrappers tell what they decide at " ACCESS_WIRE_PATH);
	else if (h->passed_over[0])
		diag_note("our wrappers do not tell what they decide: %s", h->passed_over);
}

int access_hearing_fd(const struct access_hearing *h)
{
	return h->socket != NULL ? access_socket_fd(h->socket) : -1;
}

void access_hearing_hear(struct access_hearing *h, bool all,
	void (*take)(void *context, const struct access_event *a), void *context)
{
	const int64_t now_us = clock_now_us(CLOCK_MONOTONIC);
	struct access_event a;
	bool is_decision;
	for (unsigned i = 0; h->socket != NULL && i < (all ? DATAGRAMS_LAST : DATAGRAMS) &&
			     access_socket_read(h->socket, now_us, &a, &is_decision);
		i++) {
		if (is_decision)
			take(context, &a);
	}
}

struct access_socket_counts access_hearing_counts(const struct access_hearing *h)
{
	return h->socket != NULL ? access_socket_counts(h->socket)
				 : (struct access_socket_counts){0};
}
