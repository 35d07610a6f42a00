/* SPDX-License-Identifier: ISC */
/*
 * capture_text - the kernel's form of a capture filter, in the words of pcap-filter(7), over bare IP.
 *
 * Written from the sets of the filter, which are short enough by then (capture_filter.h).
 */
#ifndef KW_SENSOR_CAPTURE_TEXT_H
#define KW_SENSOR_CAPTURE_TEXT_H

#include "sensor/capture_filter.h"

/* Writes `text` of a filter whose other fields are filled. */
void capture_text_write(struct capture_filter *f);

/* Writes the ranges of one protocol; returns how many there are, of which at most `max` are
 * written. */
unsigned capture_text_list_ranges(const struct port_set *set, enum port_set_proto proto,
	struct port_range *out, unsigned max);

#endif
