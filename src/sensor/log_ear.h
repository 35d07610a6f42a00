/* SPDX-License-Identifier: ISC */
/*
 * log_ear - a log_tail as an ear.
 */
#ifndef KW_SENSOR_LOG_EAR_H
#define KW_SENSOR_LOG_EAR_H

#include "sensor/ear.h"
#include "sensor/log_tail.h"

/* The ear owns the tail from now on. */
struct ear log_ear_of(struct log_tail *tail);

#endif
