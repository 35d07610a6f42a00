/* SPDX-License-Identifier: ISC */
/*
 * unit_name - the systemd unit that a control group belongs to.
 *
 * systemd gives each service and scope a group of its own and names the group after it; what a service makes
 * below belongs to it. Pure. Source of fact: systemd.resource-control(5), org.freedesktop.systemd1(5).
 */
#ifndef KW_SENSOR_UNIT_NAME_H
#define KW_SENSOR_UNIT_NAME_H

#include "event/exec_event.h"

/* "/system.slice/cron.service/x" -> "cron.service". The innermost service or scope counts; a group without one
 * stands for itself, the end of its path where it is long. Empty for the root group. */
void unit_name_of_group(const char *group, char out[EXEC_UNIT_MAX]);

#endif
