/* SPDX-License-Identifier: ISC */
/*
 * link_type - the number in a capture file that says what its packets begin with.
 *
 * Files carry LINKTYPE_ numbers; libpcap hands out DLT_ numbers, which differ for a few
 * (pcap-linktype(7), www.tcpdump.org/linktypes.html). packet/ decides which are read.
 *
 * Owner: pcap_file, pcap_stream.   Tests: tests/unit/input/test_event_source.c
 */
#ifndef KW_INPUT_LINK_TYPE_H
#define KW_INPUT_LINK_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/* The LINKTYPE_ number of a DLT_ number. */
int link_type_from_dlt(int dlt);

/* True if packets of this link type can be decoded; else `error` names it and those that can. */
bool link_type_check(int linktype, char *error, size_t error_size);

#endif
