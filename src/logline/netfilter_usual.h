/* SPDX-License-Identifier: ISC */
/*
 * netfilter_usual - the words of a packet in the order in which Linux prints them.
 *
 * nf_log_syslog.c prints an IPv4 packet always as "IN= OUT= MAC= SRC= DST= LEN= TOS= PREC= TTL= ID= DF
 * PROTO=" and what the protocol has (of TCP "SPT= DPT= SEQ= ACK= WINDOW= RES= SYN URGP="), one space
 * between two words. Whoever knows what comes next need not ask what a word is. This takes such words
 * as far as they come in that order and whole; the first other one, and all behind it, is left for
 * netfilter_line to walk.
 *
 * It only ever saves time: the packet is what the walk alone would have made of the line.
 *
 * Tests: tests/unit/logline/test_short_cuts.c and fuzz/logline/fuzz_log_line.c, which read each line
 * also with its spaces doubled: such a line is walked.
 */
#ifndef KW_LOGLINE_NETFILTER_USUAL_H
#define KW_LOGLINE_NETFILTER_USUAL_H

#include "logline/field_scan.h"
#include "logline/netfilter_packet.h"

/* `s` stands on "IN=", where the fields begin. Stops on a space or at the end. */
void netfilter_usual_read_link(struct field_scan *s, struct netfilter_packet *packet);

/* `s` stands on "SRC=", the first word of the packet, of which nothing was seen yet. Takes nothing if
 * it is no IPv4 address. Stops on a space. */
void netfilter_usual_read(struct field_scan *s, struct netfilter_packet *packet);

#endif
