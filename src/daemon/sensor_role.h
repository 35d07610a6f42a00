/* SPDX-License-Identifier: ISC */
/*
 * sensor_role - the process that faces hostile bytes: opens the ears of a watch as root, gives up
 * every right, and from then on only reads them, decodes, and hands events to the engine.
 *
 * It holds no store, no output but standard error, and no file unless it follows logs. What the engine
 * may ask of it stands in sensor_frame.h. It ends when it is told to (by the engine, or by SIGTERM), after the seconds it
 * was given, or when the engine is gone.
 */
#ifndef KW_DAEMON_SENSOR_ROLE_H
#define KW_DAEMON_SENSOR_ROLE_H

#include "daemon/access_hearing.h"
#include "daemon/exec_hearing.h"
#include "daemon/watch_ears.h"
#include "priv/drop_privileges.h"

struct sensor_role_request {
	struct watch_ears_request ears; /* its names are the role's own */
	struct drop_identity identity;
	struct exec_hearing_request execs;
	struct access_hearing_request wrappers;
	long seconds; /* stop after so many; 0 = never */
	int channel;  /* to the engine */
};

enum stop_code sensor_role_run(const struct sensor_role_request *request);

#endif
