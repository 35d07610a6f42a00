/* SPDX-License-Identifier: ISC */
/*
 * proc_facts - what /proc tells of a process that may be gone already.
 *
 * Each fact is read for itself: what cannot be read (the process ended, its files may only be seen by root) stays
 * empty. A number may have been given to another process meanwhile; nothing here can tell. No allocation.
 */
#ifndef KW_SENSOR_PROC_FACTS_H
#define KW_SENSOR_PROC_FACTS_H

#include "event/exec_event.h"

/* uid, euid and ppid of process `pid`; false if it is gone. */
bool proc_facts_read_ids(uint32_t pid, struct exec_event *out);

/* Arguments, file, directory, terminal and login of process out->pid, as far as they can be read. */
void proc_facts_read_program(struct exec_event *out);

/* The name of process out->ppid, and the unit of out->pid or else of its parent. */
void proc_facts_read_origin(struct exec_event *out);

/* The path of a control group in the text of /proc/PID/cgroup: of version 2, else of systemd's own hierarchy.
 * False if there is none. Pure. */
bool proc_facts_group_of(const char *text, size_t size, char *out, size_t out_size);

/* "pts3", "tty1", "ttyS0" of the number in /proc/PID/stat; empty if it is none of those. Pure. */
void proc_facts_tty_name(uint32_t number, char out[EXEC_TTY_MAX]);

#endif
