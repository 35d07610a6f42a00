/* SPDX-License-Identifier: ISC */
#include "access/access_request.h"

static const char *or_unknown(const char *text)
{
	return text[0] ? text : ACCESS_UNKNOWN;
}

static const char *known_address(void *self, enum access_side side)
{
	const struct access_known *k = self;
	return or_unknown(k->address[side]);
}

static const char *known_name(void *self, enum access_side side)
{
	struct access_known *k = self;
	k->asked_name[side] = true;
	return or_unknown(k->name[side]);
}

static const char *known_user(void *self)
{
	struct access_known *k = self;
	k->asked_user = true;
	return or_unknown(k->user);
}

static const char *known_pid(void *self)
{
	(void)self;
	return "0";
}

static int known_port(void *self, enum access_side side)
{
	const struct access_known *k = self;
	return k->port[side];
}

static const char *known_name_so_far(void *self, enum access_side side)
{
	const struct access_known *k = self;
	return k->name[side][0] || k->asked_name[side] ? or_unknown(k->name[side]) : NULL;
}

static bool known_has_user(void *self)
{
	const struct access_known *k = self;
	return k->user[0] || k->asked_user;
}

static const char *known_unanswered(void *self, enum access_side side)
{
	const struct access_known *k = self;
	return k->asked_name[side] ? k->unanswered[side] : NULL;
}

static bool known_in_netgroup(void *self, const char *group, const char *name)
{
	(void)self;
	(void)group;
	(void)name;
	return false;
}

static bool known_accepts(void *self, const char *command, bool if_not_run)
{
	const struct access_known *k = self;
	(void)command;
	(void)if_not_run;
	return k->accepts;
}

struct access_request access_request_known(const char *daemon, struct access_known *known)
{
	static const struct access_answers answers = {
		.address = known_address,
		.name = known_name,
		.user = known_user,
		.pid = known_pid,
		.port = known_port,
		.name_so_far = known_name_so_far,
		.has_user = known_has_user,
		.unanswered = known_unanswered,
		.in_netgroup = known_in_netgroup,
		.accepts = known_accepts,
	};
	return (struct access_request){.daemon = daemon, .answers = &answers, .self = known, .now_s = known->now_s};
}
