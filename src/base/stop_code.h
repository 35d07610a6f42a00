/* SPDX-License-Identifier: ISC */
/*
 * stop_code - how a command ends, the same for all of them (EVENTS.md, exit codes).
 */
#ifndef KW_BASE_STOP_CODE_H
#define KW_BASE_STOP_CODE_H

#include <errno.h>

enum stop_code {
	STOP_DONE = 0,
	STOP_NO = 1,            /* the answer is no, or nothing matched */
	STOP_USAGE = 2,         /* the call's words are off */
	STOP_CONFIGURATION = 3, /* configuration invalid */
	STOP_UNREACHABLE = 4,   /* daemon or store not there */
	STOP_NOT_PERMITTED = 5,
	STOP_SKIPPED = 6, /* done, but some input was skipped */
	STOP_INTERNAL = 7,
};

/* How a command ends that a call of the system failed for: for want of rights, or else an internal error. */
static inline enum stop_code stop_code_of_errno(int fault)
{
	return fault == EACCES || fault == EPERM || fault == EROFS ? STOP_NOT_PERMITTED : STOP_INTERNAL;
}

#endif
