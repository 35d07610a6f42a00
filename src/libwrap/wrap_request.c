/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_request.h"

#include "access/access_set.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_command.h"
#include "libwrap/wrap_sin.h"
#include "libwrap/wrap_unanswered.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct host_info *host_of(void *self, enum access_side side)
{
	struct request_info *request = self;
	return side == ACCESS_CLIENT ? request->client : request->server;
}

static const char *address(void *self, enum access_side side)
{
	return eval_hostaddr(host_of(self, side));
}

/* A rule asks. That nobody answers is logged then, not where a name is wanted for the log itself. */
static const char *name(void *self, enum access_side side)
{
	struct host_info *host = host_of(self, side);
	const bool is_new = host->name[0] == '\0';
	const char *text = eval_hostname(host);
	const char *why = is_new ? wrap_unanswered_why(host) : NULL;
	if (why)
		libwrap_diag_warn("%s", why);
	return text;
}

static const char *user(void *self)
{
	return eval_user(self);
}

static const char *pid(void *self)
{
	return ((struct request_info *)self)->pid;
}

static int port(void *self, enum access_side side)
{
	const union wrap_sin sin = wrap_sin_of(host_of(self, side));
	if (sin.any.sa_family != AF_INET && sin.any.sa_family != AF_INET6)
		return -1;
	return ntohs(sin.in.sin_port); /* the same place in both */
}

static const char *name_so_far(void *self, enum access_side side)
{
	const struct host_info *host = host_of(self, side);
	return host->name[0] != '\0' ? host->name : NULL;
}

static bool has_user(void *self)
{
	return ((struct request_info *)self)->user[0] != '\0';
}

static const char *unanswered(void *self, enum access_side side)
{
	return wrap_unanswered_why(host_of(self, side));
}

/* The domain is the one of NIS, as ever; without one any domain will do. */
static bool in_netgroup(void *self, const char *group, const char *host)
{
	char domain[256];
	(void)self;
	if (getdomainname(domain, sizeof domain) < 0 || domain[0] == '\0' || strcmp(domain, "(none)") == 0)
		return innetgr(group, host, NULL, NULL) != 0;
	domain[sizeof domain - 1] = '\0';
	return innetgr(group, host, NULL, domain) != 0;
}

static bool accepts(void *self, const char *command, bool if_not_run)
{
	const struct wrap_command order = {
		.text = command, .wait_seconds = WRAP_COMMAND_SECONDS, .life_seconds = WRAP_COMMAND_SECONDS};
	(void)self;
	if (dry_run != 0)
		return true;
	switch (wrap_command_run(&order)) {
	case WRAP_COMMAND_ZERO:
		return true;
	case WRAP_COMMAND_OTHER:
		return false;
	case WRAP_COMMAND_LATE:
	case WRAP_COMMAND_RUNS_ON:
		libwrap_diag_warn("aclexec killed after %d s: %.200s", WRAP_COMMAND_SECONDS, command);
		return if_not_run;
	case WRAP_COMMAND_REFUSED:
	case WRAP_COMMAND_NOT_RUN:
		libwrap_diag_warn("aclexec: cannot start a command: %m");
		return if_not_run;
	}
	return if_not_run;
}

static const struct access_answers answers = {
	.address = address,
	.name = name,
	.user = user,
	.pid = pid,
	.port = port,
	.name_so_far = name_so_far,
	.has_user = has_user,
	.unanswered = unanswered,
	.in_netgroup = in_netgroup,
	.accepts = accepts,
};

struct access_request wrap_request_of(struct request_info *request)
{
	return (struct access_request){.daemon = request->daemon, .answers = &answers, .self = request, .now_s = time(NULL)};
}

static void log_warning(void *self, const char *file, unsigned line, const char *text)
{
	(void)self;
	const struct libwrap_place before = libwrap_diag_stand_at((struct libwrap_place){file, line});
	libwrap_diag_warn("%s", text);
	libwrap_diag_stand_at(before);
}

struct access_warning_sink wrap_request_log(void)
{
	return (struct access_warning_sink){log_warning, NULL};
}

struct access_tables wrap_request_tables(void)
{
	/* A program may have set either to null. */
	const bool of_the_system = hosts_deny_table && strcmp(hosts_deny_table, "/etc/hosts.deny") == 0;
	return (struct access_tables){
		.set = of_the_system ? ACCESS_SET_PATH : NULL, .allow = hosts_allow_table, .deny = hosts_deny_table};
}
