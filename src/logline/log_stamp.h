/* SPDX-License-Identifier: ISC */
/*
 * log_stamp - the time that stands at the beginning of a log line, in the forms that loggers write.
 *
 * Sources of fact: RFC 3164 4.1.2 (classic), RFC 3339 (ISO), systemd journalctl(1) "-o short-*",
 * util-linux dmesg(1), Cisco "service timestamps" and ASA "logging timestamp", OpenWrt's logread.
 */
#ifndef KW_LOGLINE_LOG_STAMP_H
#define KW_LOGLINE_LOG_STAMP_H

#include "base/clock.h"
#include "logline/field_scan.h"
#include "logline/log_line.h"

enum log_stamp_kind {
	LOG_STAMP_NONE,   /* the line begins with something else */
	LOG_STAMP_SECOND, /* whole seconds */
	LOG_STAMP_FINE,   /* with a fraction */
	LOG_STAMP_BOOT,   /* the kernel's [seconds] since its start: no host follows as a rule */
};

struct log_stamp {
	enum log_stamp_kind kind;
	struct wall_time time; /* sane (1970-9999) unless the kind is NONE */
};

/*
 * Takes a stamp and the colon behind it (Cisco); nothing if there is none or it is out of range.
 * `year` and `last_month` of the clock follow a stamp that has a month's name.
 */
struct log_stamp log_stamp_read(struct log_line_clock *clock, struct field_scan *s);

/* Takes "[ 4999.999203]", which the kernel puts before its messages, and the "[ T123]" (thread or
 * processor) that may follow. Microseconds since boot; -1 if there is none. */
int64_t log_stamp_read_bracket_us(struct field_scan *s);

/* Lets `year` and `last_month` follow a line that is not ours. Cheap unless the month is a new one.
 */
void log_stamp_note_month(struct log_line_clock *clock, struct text_slice line);

#endif
