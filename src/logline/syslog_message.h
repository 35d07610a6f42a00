/* SPDX-License-Identifier: ISC */
/*
 * syslog_message - one message of syslog as it came over the network: who wrote it, when, and what.
 *
 * Understood are RFC 5424 (structured data is skipped, a byte order mark too), RFC 3164, and what is
 * sent in its name: no host, no stamp, no priority, ISO stamps, a year before or behind the time,
 * Cisco's counter, origin and marks ("<189>123: fw1: *Mar  1 00:00:00.123: %SEC-6-..."), ASA's
 * "host : %ASA-...", the "last message repeated". Cannot fail: what is not recognised is text.
 *
 * Pure: any bytes may come in, no allocation, no clock but the one that is given.
 *
 * Source of fact: RFC 5424 6, RFC 3164 4, rsyslog's and syslog-ng's forwarding templates, Cisco "System
 * Message Logging", Junos "System Log Messages", MikroTik "Log".
 */
#ifndef KW_LOGLINE_SYSLOG_MESSAGE_H
#define KW_LOGLINE_SYSLOG_MESSAGE_H

#include "base/clock.h"
#include "base/text_slice.h"
#include "logline/log_line.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	SYSLOG_PRIORITY_NONE = 0xff, /* RFC 5424 allows 0 to 191 */
	SYSLOG_PRIORITY_LAST = 191,
};

/* The slices point into the message; what was not said is empty. */
struct syslog_message {
	struct wall_time time; /* by the rule of syslog_message_read */
	struct text_slice host;
	struct text_slice program; /* with its "[pid]", without the colon */
	struct text_slice text;
	uint8_t priority;    /* facility * 8 + severity, or SYSLOG_PRIORITY_NONE */
	bool kernel;         /* the kernel is named as the writer */
	bool time_disbelief; /* it has a stamp, and `time` is the arrival all the same */
};

/* How long a message may have waited at its sender (a spool, a network that was down). */
#define SYSLOG_LATE_MOST_US (86400 * CLOCK_US_PER_S)
/* The same where the stamp names no zone: later than this it is another zone rather than a wait. */
#define SYSLOG_LATE_NO_ZONE_US (600 * CLOCK_US_PER_S)

/*
 * Reads a message that arrived at `arrival`. Its own time counts if it is not later than the arrival
 * and at most SYSLOG_LATE_MOST_US before it (without zone: SYSLOG_LATE_NO_ZONE_US); else the arrival
 * does. It does too where a stamp of whole seconds agrees with it: what came within a second keeps its
 * spacing. A stamp without zone is local time, `utc_offset_s` seconds east of UTC; without year it is
 * of the year that brings it nearest to the arrival.
 */
void syslog_message_read(struct text_slice bytes, struct wall_time arrival, int utc_offset_s,
	struct syslog_message *out);

/* The event it tells of, if any; `host` stands in where the message names none. The slices of `facts`
 * point into the message, or into `host`. */
enum log_line_result syslog_message_event(
	const struct syslog_message *m, struct text_slice host, struct log_line_facts *facts);

#endif
