/* SPDX-License-Identifier: ISC */
/*
 * exec_proc - programs started as root, from the process connector and /proc.
 *
 * The last resort. The connector tells only that a process started a program; what and whose is read from /proc
 * afterwards. Short-lived programs are gone by then (of a million starts of "true" hardly one is seen): they are
 * counted as lost, and whose they were is not known. What a program has written over its arguments is believed.
 * Once root is given up, the file and the directory of root's programs cannot be read either.
 *
 * Source of fact: linux/connector.h, cn_proc.h; the event mask (struct proc_input) is of Linux 6.6.
 */
#ifndef KW_SENSOR_EXEC_PROC_H
#define KW_SENSOR_EXEC_PROC_H

#include "sensor/exec_ear.h"

/* ops is null where the kernel has no process connector; `error` then says why. */
struct exec_ear exec_proc_open(char *error, size_t error_size);

/* The process that started a program, in the body of a message of the connector; 0 if it tells something else.
 * Pure. */
uint32_t exec_proc_message_pid(const void *message, size_t size);

#endif
