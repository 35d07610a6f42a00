/* SPDX-License-Identifier: ISC */
/*
 * option_text - the options of IP and TCP headers that netfilter prints as "OPT (020405B4)".
 *
 * Both headers hold at most 40 bytes of options (RFC 791, RFC 9293), so a longer list is a lie.
 */
#ifndef KW_LOGLINE_OPTION_TEXT_H
#define KW_LOGLINE_OPTION_TEXT_H

#include "event/event.h"
#include "logline/field_scan.h"

#define OPTION_TEXT_MAX 40

struct option_text {
	uint8_t bytes[OPTION_TEXT_MAX]; /* as in the header */
	size_t count;                   /* bytes that are there */
};

/* Takes "(hex)" behind the word OPT; false if it is not whole hexadecimal bytes between brackets,
 * or more than OPTION_TEXT_MAX of them: nothing is taken then. */
bool option_text_read(struct field_scan *s, struct option_text *out);

/* Sets ip_options (bits of enum event_ip_option). */
void option_text_note_ip(const struct option_text *options, struct event *e);

/* Sets tcp_option_layout, tcp_mss, tcp_wscale and EVENT_HAS_TCP_OPTIONS. A list whose lengths lie
 * is told as far as it can be followed. */
void option_text_note_tcp(const struct option_text *options, struct event *e);

#endif
