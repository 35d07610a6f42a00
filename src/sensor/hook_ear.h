/* SPDX-License-Identifier: ISC */
/*
 * hook_ear - a kernel_hook as an ear.
 */
#ifndef KW_SENSOR_HOOK_EAR_H
#define KW_SENSOR_HOOK_EAR_H

#include "sensor/ear.h"
#include "sensor/kernel_hook.h"

/* The ear owns the hook from now on; the caller may still change its filter. */
struct ear hook_ear_of(struct kernel_hook *hook);

#endif
