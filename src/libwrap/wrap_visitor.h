/* SPDX-License-Identifier: ISC */
/*
 * wrap_visitor - who is inside a crowd (access_limit): a process, by its number and when it was started.
 *
 * A process that has ended and was not collected yet is gone. Where /proc cannot be read (a chroot) only the number
 * counts, and a process that got it anew passes for the former one.
 *
 * May be called in a child of clone() of a process with threads: nothing here takes a lock or memory.
 *
 * Tests: tests/unit/libwrap/test_wrap_visitor.c
 */
#ifndef KW_LIBWRAP_WRAP_VISITOR_H
#define KW_LIBWRAP_WRAP_VISITOR_H

#include "access/access_limit.h"

/* The calling process. */
struct access_limit_visitor wrap_visitor_self(void);
/* An access_limit_is_there; `self` is not used. */
bool wrap_visitor_is_there(void *self, struct access_limit_visitor v);

#endif
