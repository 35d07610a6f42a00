/* SPDX-License-Identifier: ISC */
/*
 * log_head - what stands before the message of a log line: stamp, host, and the program that wrote
 * it.
 *
 * Reads only up to the place where a format found its mark, and cannot fail: what is not recognised
 * belongs to the message. Understood are the heads that log_line.h lists.
 */
#ifndef KW_LOGLINE_LOG_HEAD_H
#define KW_LOGLINE_LOG_HEAD_H

#include "logline/log_line.h"
#include "logline/log_stamp.h"

struct log_head {
	struct log_stamp stamp; /* as it stands in the line */
	int64_t bracket_us;     /* the kernel's "[ 4999.999203]"; -1 = there is none */
	struct wall_time time;  /* of the line, by the rules of log_line_clock */
	struct text_slice host; /* may be empty */
	struct text_slice
		program; /* with its "[pid]", without the colon; empty if the line names none */
	struct text_slice
		message; /* from behind the program (and the kernel's bracket) to the mark */
	bool kernel;     /* the kernel is named as the writer, or only its bracket stands there */
};

/* Reads the head of a line that goes from `before.start` on; the format's mark stands at its end.
 */
void log_head_read(struct log_line_clock *clock, struct text_slice before, struct log_head *out);

/* The same of a line whose mark nobody has looked for yet, if its head is like that of a line before
 * (head_memory); false if it is not. The message then begins where it should and has no length, the
 * time is not told, and the clock has not moved: that is what log_head_settle does. */
bool log_head_recall(
	const struct log_line_clock *clock, struct text_slice line, struct log_head *out);
void log_head_settle(struct log_line_clock *clock, struct log_head *head);

/* Takes what RFC 5424 has between stamp and message: "HOST APP PROCID MSGID SD " and the message's byte
 * order mark. A "-" is an empty name. */
void log_head_take_rfc5424_names(
	struct field_scan *s, struct text_slice *host, struct text_slice *program);

/*
 * May this line speak of packets that netfilter saw? Yes, if no program is named, or the kernel or
 * a packet logger is; or if the "program" is directly followed by the mark, for then it is the
 * rule's prefix ("host DROP: IN="). No for every other program: what it writes may have come from
 * outside. No for the kernel where it quotes a device ("usb 1-1: Product: ..."), for the same reason.
 */
bool log_head_may_report(const struct log_head *head);

/* What stands between the head and the mark, without spaces at its ends. */
struct text_slice log_head_prefix(const struct log_head *head);

/* True if the program of this name, as syslog or the journal tells it, is the kernel or passes on
 * its packets (ulogd). */
bool log_head_is_packet_logger(struct text_slice program);

#endif
