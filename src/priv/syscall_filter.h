/* SPDX-License-Identifier: ISC */
/*
 * syscall_filter - which system calls the watching process may still make (seccomp).
 *
 * The table stands in syscall_filter.c, one row a call. What is neither allowed nor listed as
 * hostile fails with EPERM, so that a library that tries something new goes on without it; what
 * only an intruder would do (run a program, open an Internet socket, load a module, trace, mount)
 * ends the process at once with SIGSYS. Cannot be undone.
 */
#ifndef KW_PRIV_SYSCALL_FILTER_H
#define KW_PRIV_SYSCALL_FILTER_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds one sentence on what was done to `report`. False with a message in `error`, and then nothing
 * is enforced. */
bool syscall_filter_enter(struct text_buffer *report, char *error, size_t error_size);

#endif
