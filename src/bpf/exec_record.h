/* SPDX-License-Identifier: ISC */
/*
 * exec_record - what the hook at exec hands over: a program that was started with the rights of root.
 *
 * Shared by exec_hook.bpf.c and sensor/exec_record_read. Behind the record lie `exe_size`, `cwd_size` and
 * `group_size` bytes of paths, then `args_size` bytes of arguments as the kernel laid them out for the program.
 * A path is its components, the last one first, each with a NUL behind it: so the kernel's chain of parents is
 * written as it is walked.
 */
#ifndef KW_BPF_EXEC_RECORD_H
#define KW_BPF_EXEC_RECORD_H

#include <stdint.h>

#define EXEC_RECORD_ARGS 8192 /* as EXEC_ARGS_MAX of event/exec_event.h */
#define EXEC_RECORD_NAME 256  /* NAME_MAX and a NUL */
#define EXEC_RECORD_PATH 640 /* bytes of components of one path: what is begun below that is kept */
#define EXEC_RECORD_PATHS 4096 /* room for all three; a power of two */
#define EXEC_RECORD_DEPTH 32   /* components and mount points of a path */
#define EXEC_RECORD_SLOTS 64   /* processors that count for themselves; more of them share */
#define EXEC_RECORD_TTY 32
#define EXEC_RECORD_COMM 16

enum exec_record_flag {
	EXEC_RECORD_EXE_CUT = 1, /* the path is longer: its beginning is missing */
	EXEC_RECORD_CWD_CUT = 2,
	EXEC_RECORD_GROUP_CUT = 4,
	EXEC_RECORD_EXE_DELETED = 8, /* the file has no name any more, or never had one (memfd) */
	EXEC_RECORD_ARGS_UNREAD = 16 /* the arguments could not be read */
};

struct exec_record {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint32_t uid, euid;
	uint32_t auid; /* UINT32_MAX = nobody logged in */
	uint32_t pid, ppid;
	uint32_t args_true; /* bytes that the vector has */
	uint32_t args_size; /* bytes of it that follow */
	uint16_t exe_size, cwd_size, group_size;
	uint16_t flags;                /* enum exec_record_flag */
	char tty[EXEC_RECORD_TTY];     /* empty = none */
	char parent[EXEC_RECORD_COMM]; /* name of the process that started it */
	uint32_t spare;                /* 0 */
};

/* Written by one processor (or a few) each, summed up by the reader. */
struct exec_slot {
	uint64_t told;     /* records written */
	uint64_t lost;     /* the ring was full */
	uint64_t unread;   /* of those told: the arguments could not be read */
	uint64_t spare[5]; /* a cache line each */
};

#endif
