/* SPDX-License-Identifier: ISC */
#include "cli/daemon_main.h"

#include "base/diag.h"
#include "base/memory.h"
#include "cli/run_settings.h"
#include "daemon/sensor_role.h"
#include "cli/watch_command.h"
#include "cli/watch_request.h"
#include "priv/channel.h"
#include "priv/role_process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DAEMON_NAME "knockwatchd"

#define FIRST_DESCRIPTOR 3 /* of those that systemd hands over, and our channel */
_Static_assert(ROLE_PROCESS_CHANNEL == FIRST_DESCRIPTOR, "one number for both");

/* What the first descriptor behind the usual three is. */
static bool is_our_socket(int option, int wanted)
{
	int type = 0, value = 0;
	socklen_t size = sizeof type;
	return getsockopt(FIRST_DESCRIPTOR, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET &&
	       getsockopt(FIRST_DESCRIPTOR, SOL_SOCKET, option, &value, &size) == 0 &&
	       value == wanted;
}

static enum stop_code sense(const struct watch_request *w, int channel)
{
	char error[512];
	struct sensor_role_request r = {.ears = w->ears,
		.execs = {w->exec, w->named_exec, w->mask},
		.wrappers = {w->wrappers, w->wrapper_users, w->wrapper_users_count},
		.seconds = w->seconds,
		.channel = channel};
	if (w->ears.interfaces_count > 0 && !watch_request_may_listen()) {
		diag_error(
			"watch: listening on an interface needs root; try 'sudo knockwatch watch', "
			"or follow %s",
			access("/var/log/kern.log", F_OK) != 0 && journal_reader_is_here()
				? "the systemd journal with --journal"
				: "a log with --log FILE");
		return STOP_NOT_PERMITTED;
	}
	if (!drop_privileges_choose(w->user, &r.identity, error, sizeof error)) {
		diag_error("%s", error);
		return w->user != NULL ? STOP_USAGE : STOP_INTERNAL;
	}
	enum stop_code code = sensor_role_run(&r);
	return code == STOP_USAGE && !w->named_ears ? STOP_CONFIGURATION : code;
}

static enum stop_code run_sensor(int argc, char **argv, int channel)
{
	struct watch_request *request = memory_calloc(1, sizeof *request);
	struct run_settings settings;
	enum stop_code code = STOP_USAGE;
	if (watch_request_parse(request, argc, argv)) {
		code = run_settings_load(&settings, request->config);
		if (code == STOP_DONE)
			code = watch_request_complete(request, &settings) ? sense(request, channel)
									  : STOP_USAGE;
		run_settings_clear(&settings);
	}
	free(request);
	return code;
}

static enum stop_code run_sensor_for(const char *path, int argc, char **argv)
{
	int channel = channel_connect(path);
	if (channel < 0) {
		diag_error("%s: %m; is the engine there (knockwatch.service)?", path);
		return STOP_UNREACHABLE;
	}
	enum stop_code code = run_sensor(argc, argv, channel);
	close(channel);
	return code;
}

/* A listening socket must not make the engine wait. */
static enum stop_code run_engine(int argc, char **argv)
{
	if (fcntl(FIRST_DESCRIPTOR, F_SETFL, O_NONBLOCK) < 0 ||
		fcntl(FIRST_DESCRIPTOR, F_SETFD, FD_CLOEXEC) < 0)
		return STOP_INTERNAL;
	return watch_command_run_engine(argc, argv, FIRST_DESCRIPTOR);
}

int daemon_main(int argc, char **argv)
{
	const char *role = argc >= 2 ? argv[1] : "";
	bool sensor = strcmp(role, "sensor") == 0;
	/* The words of watch begin behind what is the role's; its first one is a name. */
	if (sensor && argc >= 4 && strcmp(argv[2], "--engine") == 0)
		return (int)run_sensor_for(argv[3], argc - 3, argv + 3);
	if (sensor && is_our_socket(SO_ACCEPTCONN, 0))
		return (int)run_sensor(argc - 1, argv + 1, ROLE_PROCESS_CHANNEL);
	if (strcmp(role, "engine") == 0 && is_our_socket(SO_ACCEPTCONN, 1))
		return (int)run_engine(argc - 1, argv + 1);
	diag_error(DAEMON_NAME
		": expected to be started by a service manager or by 'knockwatch watch'; "
		"see " DAEMON_NAME "(8), or try 'knockwatch watch'");
	return STOP_USAGE;
}
