/* SPDX-License-Identifier: ISC */
/*
 * exec_audit - programs started as root, from the records that the kernel's audit system writes.
 *
 * Listens to the multicast group beside whatever daemon owns the audit system, and never owns it, changes no rule
 * and no state: there are records only where the administrator's rules ask for them. Opening looks whether one
 * does. Rules that go later are not noticed.
 *
 * The name of the parent and the unit are read from /proc and are missing where a process is gone.
 *
 * BUGS: only in the first network namespace, where the kernel tells its records.
 *
 * Source of fact: linux/audit.h, audit.rules(7); AUDIT_NLGRP_READLOG needs CAP_AUDIT_READ at bind alone.
 */
#ifndef KW_SENSOR_EXEC_AUDIT_H
#define KW_SENSOR_EXEC_AUDIT_H

#include "sensor/exec_ear.h"

/* ops is null where there are no such records here; `error` then says why. */
struct exec_ear exec_audit_open(char *error, size_t error_size);

/* What a list of rules lets us hear. */
enum exec_audit_cover {
	EXEC_AUDIT_NOTHING, /* no rule asks for execve */
	EXEC_AUDIT_SOME,    /* with conditions of its own */
	EXEC_AUDIT_ALL,     /* every start by root */
};

/* The same of one rule, as the kernel lists it (struct audit_rule_data). Pure. */
enum exec_audit_cover exec_audit_rule_cover(const void *rule, size_t size);

#endif
