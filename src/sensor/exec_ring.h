/* SPDX-License-Identifier: ISC */
/*
 * exec_ring - the hook in exec (bpf/exec_hook) and the ring it writes to.
 *
 * Opened with the rights to load programs into the kernel; used with none: the ring and its counters are memory
 * that is shared with the kernel. The hook goes when it is closed, or with the process.
 */
#ifndef KW_SENSOR_EXEC_RING_H
#define KW_SENSOR_EXEC_RING_H

#include "sensor/exec_ear.h"

#define EXEC_RING_BYTES (2u << 20) /* a second of 5,000 starts of the usual size */

/* ops is null where the kernel does not take it; `error` then says why. */
struct exec_ear exec_ring_open(char *error, size_t error_size);

#endif
