/* SPDX-License-Identifier: ISC */
/*
 * wrap_process - this process, and counts that are its own: what was counted in a parent is not its child's.
 *
 * A program that is linked to us may have a getpid() of its own: the kernel is asked.
 *
 * Tests: by those of wrap_command, wrap_report and wrap_shared
 */
#ifndef KW_LIBWRAP_WRAP_PROCESS_H
#define KW_LIBWRAP_WRAP_PROCESS_H

#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static inline pid_t wrap_process_id(void)
{
	return (pid_t)syscall(SYS_getpid);
}

/* A count to be kept in one word: the process in the upper half, the count in the lower. */
static inline uint64_t wrap_process_pack(uint32_t count)
{
	return (uint64_t)(uint32_t)wrap_process_id() << 32 | count;
}
/* 0 where another process has counted. */
static inline uint32_t wrap_process_count(uint64_t packed)
{
	return packed >> 32 == (uint32_t)wrap_process_id() ? (uint32_t)packed : 0;
}

#endif
