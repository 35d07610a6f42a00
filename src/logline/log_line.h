/* SPDX-License-Identifier: ISC */
/*
 * log_line - one line of text to an event, if it tells of a packet that a firewall refused, or of what a TCP
 * wrapper decided.
 *
 * Pure but for the small clock state the caller owns: no allocation, no system call, any bytes may
 * come in. One look decides whether a line is ours at all; most lines of a real log are not.
 *
 * Understood: netfilter's LOG and nft `log` (so ufw and firewalld too) and ulogd's imitation of it,
 * ipchains of Linux 2.2, Cisco IOS access lists, Cisco ASA/PIX/FWSM, and TCP wrappers (wrapper_line). Before
 * them: syslog in its
 * classic, ISO 8601 and RFC 5424 forms, dmesg, and the outputs of journalctl (json: one object a
 * line). A line that says a packet was let through is OTHER, where the format itself says so.
 *
 * Forged lines: a user name or a web request can hold the text of a firewall's line. Where the head
 * names the program that wrote the line, only the kernel and the packet loggers are believed.
 *
 * What the event cannot know from a line: TCP's payload_length (the line does not tell the header's
 * length) stays 0; of UDP it is LEN - 8, of ICMP what the IP length leaves. TCP flags are told only
 * if the list is whole: netfilter's ends with URGP=, and a line cut before it has no flags, rather
 * than those of a NULL scan. One Cisco line may stand for several packets; it becomes one event.
 */
#ifndef KW_LOGLINE_LOG_LINE_H
#define KW_LOGLINE_LOG_LINE_H

#include "base/text_slice.h"
#include "event/event.h"
#include "logline/head_memory.h"
#include "logline/rule_memory.h"

#include <stdbool.h>
#include <stddef.h>

enum log_line_result {
	LOG_LINE_KNOCK,  /* the event is filled */
	LOG_LINE_ACCESS, /* a wrapper's decision: the event is filled, and `access` beside it */
	LOG_LINE_OTHER,  /* not a firewall's line: skip silently */
	LOG_LINE_BROKEN, /* a firewall's line, but cut or lying: count it; `fault` says what was
			    expected */
};

/*
 * What a stamp without year or zone needs. Classic syslog ("Feb 25 12:11:24") is local time of the
 * writer and has no year: it counts in `year`, and when the month falls back by six or more (Dec to
 * Jan) the year turns; when it leaps forward by six or more (a late line of December in January)
 * that line belongs to the year before. Every classic stamp moves `year` and `last_month`, also
 * that of a line which is not ours, so that a firewall silent for half a year is not dated wrongly.
 *
 * A stamp of whole seconds followed by the kernel's "[ 4999.999203]" takes its spacing from the
 * bracket: time = kernel_zero + bracket, where kernel_zero is set by the first such line (stamp
 * minus bracket) and set again when the sum leaves the stamp by two seconds or more (a reboot,
 * another host's line). So gaps between lines are true to the microsecond and the time is less than
 * two seconds off the stamp; a time never falls behind the line before because of this.
 */
struct log_line_clock {
	int year;         /* of the last line; set by the caller before the first one */
	int last_month;   /* 1-12; 0 before the first line */
	int utc_offset_s; /* of stamps without a zone, seconds east of UTC */
	struct wall_time
		boot; /* when the kernel's [seconds] began, for dmesg lines with no other stamp */
	struct wall_time last;        /* of our last line: what a line without any stamp gets */
	struct wall_time kernel_zero; /* see above; 0 before the first line */
	struct head_memory head;      /* these two save time and change nothing */
	struct rule_memory rules;
};

/* Longest text that a coded line (JSON) can hand over: interface 64, host 64, prefix or client 256, service 64. */
#define LOG_LINE_COPIED_MAX 448

/* Of a wrapper's decision, what its event does not hold. */
struct log_line_access {
	struct text_slice service; /* "sshd": who decided, or on which service; never empty */
	struct text_slice client;  /* as the line has it: "user@host"; user and name are parts of it */
	struct text_slice user;    /* may be empty */
	struct text_slice name;    /* of the client's host; may be empty */
	uint32_t pid;              /* 0 = not told */
};

/* The slices point into the line, or into `copied` where the line holds the text only in coded
 * form: a copy of this struct must not outlive the original. */
struct log_line_facts {
	struct event event;       /* iface and host are 0: the caller numbers the names below */
	struct text_slice iface;  /* IN= (or OUT= of an outgoing packet); may be empty */
	struct text_slice host;   /* who logged it; may be empty */
	struct text_slice prefix; /* what the rule was told to print before its fields, or the
				     access list's name; may be empty */
	struct log_line_access access; /* LOG_LINE_ACCESS */
	const char *fault;        /* LOG_LINE_BROKEN: constant text, "SRC= holds no address" */
	char copied[LOG_LINE_COPIED_MAX]; /* memory of the slices of a JSON line */
};

/* A message whose head somebody else has read: the journal's fields, or a syslog receiver. */
struct log_line_message {
	struct wall_time time;
	struct text_slice host;    /* who logged it; may be empty */
	struct text_slice program; /* as log_head has it; empty if none is named */
	struct text_slice writer;  /* whose decisions these are, as `program`; may be empty */
	struct text_slice text;    /* without any head but the kernel's "[ 4999.999203]" */
	bool kernel;               /* the kernel itself wrote it */
	enum event_origin origin;
};

/* Reads such a message by the same formats and the same rule about forged lines. `facts` as below;
 * its slices point into the message. */
enum log_line_result log_line_read_message(
	const struct log_line_message *message, struct log_line_facts *facts);

/*
 * Reads one line without its newline (a carriage return at its end is dropped). `facts` is written
 * on KNOCK, and `fault` on BROKEN; its other fields are then not to be used.
 */
enum log_line_result log_line_read(struct log_line_clock *clock, const char *line, size_t length,
	struct log_line_facts *facts);

#endif
