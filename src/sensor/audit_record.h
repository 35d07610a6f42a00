/* SPDX-License-Identifier: ISC */
/*
 * audit_record - one record of the kernel's audit system, taken apart.
 *
 * A record is a text: "audit(SECONDS.MS:SERIAL): name=value name=value ...". A value in quotes stands for
 * itself; text that holds a quote, a blank or a control character comes as hexadecimal digits instead, without
 * quotes. All records of one system call carry the same serial.
 *
 * Pure: bytes in, values out; borrowed from the text, nothing is allocated.
 * Source of fact: kernel/audit.c and auditsc.c (audit_log_n_untrustedstring, audit_log_execve_info).
 */
#ifndef KW_SENSOR_AUDIT_RECORD_H
#define KW_SENSOR_AUDIT_RECORD_H

#include "base/clock.h"
#include "base/text_slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct audit_record {
	struct wall_time time;
	uint64_t serial;
	struct text_slice rest; /* the fields that are still to be read */
};

struct audit_field {
	struct text_slice name;
	struct text_slice value; /* without its quotes */
	bool quoted; /* stands for itself; else a number, a word, or hexadecimal digits */
};

/* False if the text does not begin as a record does. */
bool audit_record_read(const char *text, size_t size, struct audit_record *out);

/* The next field; false at the end. What has no "=" is passed over. */
bool audit_record_next(struct audit_record *r, struct audit_field *out);

/* A number in decimal digits; false if it is none, or above UINT32_MAX. */
bool audit_field_number(const struct audit_field *f, uint32_t *out);

/*
 * Writes the text that the field stands for to `out`, at most `room` bytes and no NUL behind them; returns its
 * whole length, which may be more. A value that is no even number of hexadecimal digits stands for itself.
 */
size_t audit_field_text(const struct audit_field *f, char *out, size_t room);

#endif
