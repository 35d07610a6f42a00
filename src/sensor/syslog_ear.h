/* SPDX-License-Identifier: ISC */
/*
 * syslog_ear - a syslog_receiver as an ear.
 */
#ifndef KW_SENSOR_SYSLOG_EAR_H
#define KW_SENSOR_SYSLOG_EAR_H

#include "sensor/ear.h"
#include "sensor/syslog_receiver.h"

/* The ear owns the receiver. */
struct ear syslog_ear_of(struct syslog_receiver *receiver);

#endif
