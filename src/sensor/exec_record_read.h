/* SPDX-License-Identifier: ISC */
/*
 * exec_record_read - a record of the hook at exec as an exec_event.
 *
 * Pure: the kernel vouches for the sizes, and they are checked all the same; the text in it is from outside.
 *
 * Tests: tests/unit/sensor/test_exec_record_read.c   Fuzz: fuzz/sensor/fuzz_exec_record.c
 */
#ifndef KW_SENSOR_EXEC_RECORD_READ_H
#define KW_SENSOR_EXEC_RECORD_READ_H

#include "event/exec_event.h"

/* `wall_minus_monotonic_us` makes a time of the record's clock. A path of which the beginning is missing begins
 * with "..."; a file without a name ends in " (deleted)", as in /proc. False if the sizes do not fit. */
bool exec_record_read(
	const void *bytes, size_t size, int64_t wall_minus_monotonic_us, struct exec_event *out);

#endif
