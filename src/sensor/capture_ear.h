/* SPDX-License-Identifier: ISC */
/*
 * capture_ear - a live_capture as an ear.
 */
#ifndef KW_SENSOR_CAPTURE_EAR_H
#define KW_SENSOR_CAPTURE_EAR_H

#include "sensor/ear.h"
#include "sensor/live_capture.h"

/* The ear owns the capture from now on; the caller may still change its filter. */
struct ear capture_ear_of(struct live_capture *capture);

#endif
