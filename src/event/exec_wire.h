/* SPDX-License-Identifier: ISC */
/*
 * exec_wire - an exec_event between two processes of ours: as it lies in memory, without the arguments' empty end.
 *
 * Both ends are the same file. The reading end believes nothing: what is no exec_event in good order is refused.
 */
#ifndef KW_EVENT_EXEC_WIRE_H
#define KW_EVENT_EXEC_WIRE_H

#include "event/exec_event.h"

#define EXEC_WIRE_MAX sizeof(struct exec_event)

/* The bytes to send, from `e` on: how many. */
static inline size_t exec_wire_size(const struct exec_event *e)
{
	return offsetof(struct exec_event, args) + e->args_size;
}

/* False, with `out` undefined, for what is none: a wrong size, a text without an end, a time that cannot be
 * written, a path that does not exist, a start by somebody else than root. */
bool exec_wire_read(const void *bytes, size_t size, struct exec_event *out);

#endif
