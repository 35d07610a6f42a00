/* SPDX-License-Identifier: ISC */
/*
 * syslog_record - one record of the journal as a syslog message (RFC 5424), framed by its length (RFC 5425).
 *
 *     312 <110>1 2026-11-28T23:24:41.712049Z minnie knockwatch - incident - {"v":1,...,"chain":{...}}
 *
 * The text is the record's line as it stands in the journal, with its place and hash, so that what the other machine
 * keeps can be compared byte by byte. Stamp, host and kind are taken from it; what is not there, or cannot stand in the
 * head, becomes "-". Facility 13 (log audit); the severity follows an incident's level.
 *
 * Pure.   Tests: tests/unit/courier/test_syslog_record.c   Fuzz: fuzz/courier/fuzz_syslog_record.c
 */
#ifndef KW_COURIER_SYSLOG_RECORD_H
#define KW_COURIER_SYSLOG_RECORD_H

#include <stddef.h>

#define SYSLOG_RECORD_HEAD_MAX 512 /* what stands before the line, at most */

/* Writes the message of a line of `length` bytes without its newline; `out` has room for length +
 * SYSLOG_RECORD_HEAD_MAX. Returns the bytes written. */
size_t syslog_record_write(const char *line, size_t length, char *out);

#endif
