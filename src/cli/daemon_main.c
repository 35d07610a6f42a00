/* SPDX-License-Identifier: ISC */
#include "cli/daemon_main.h"

#include "base/diag.h"
#include "base/memory.h"
#include "cli/run_settings.h"
#include "cli/sensor_role.h"
#include "cli/watch_request.h"
#include "priv/role_process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DAEMON_NAME "knockwatchd"

bool daemon_main_is_meant(const char *name)
{
	const char *slash = strrchr(name, '/');
	return strcmp(slash ? slash + 1 : name, DAEMON_NAME) == 0;
}

static bool has_channel(void)
{
	int type;
	socklen_t size = sizeof type;
	return getsockopt(ROLE_PROCESS_CHANNEL, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET;
}

static enum stop_code sense(const struct watch_request *w)
{
	char error[512];
	struct sensor_role_request r = {
		.ears = w->ears, .seconds = w->seconds, .channel = ROLE_PROCESS_CHANNEL};
	if (w->ears.interfaces_count > 0 && geteuid() != 0) {
		diag_error(
			"watch: listening on an interface needs root; try 'sudo knockwatch watch', "
			"or follow a log with --log FILE");
		return STOP_NOT_PERMITTED;
	}
	if (!drop_privileges_choose(w->user, &r.identity, error, sizeof error)) {
		diag_error("%s", error);
		return w->user != NULL ? STOP_USAGE : STOP_INTERNAL;
	}
	enum stop_code code = sensor_role_run(&r);
	return code == STOP_USAGE && !w->named_ears ? STOP_CONFIGURATION : code;
}

static enum stop_code run_sensor(int argc, char **argv)
{
	struct watch_request *request = memory_calloc(1, sizeof *request);
	struct run_settings settings;
	enum stop_code code = STOP_USAGE;
	if (watch_request_parse(request, argc, argv)) {
		code = run_settings_load(&settings, request->config);
		if (code == STOP_DONE)
			code = watch_request_complete(request, &settings) ? sense(request)
									  : STOP_USAGE;
		run_settings_clear(&settings);
	}
	free(request);
	return code;
}

int daemon_main(int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "sensor") == 0 && has_channel())
		return (int)run_sensor(argc - 1, argv + 1);
	diag_error(DAEMON_NAME " is the part of a watch that 'knockwatch watch' starts itself; "
			       "try 'knockwatch watch'");
	return STOP_USAGE;
}
