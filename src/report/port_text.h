/* SPDX-License-Identifier: ISC */
/*
 * port_text - a list of ports as a person would say it: "tcp 1-1024, 3389 and 12 more; udp 53".
 */
#ifndef KW_REPORT_PORT_TEXT_H
#define KW_REPORT_PORT_TEXT_H

#include "base/text_buffer.h"
#include "net/port_set.h"

#include <stdint.h>

/*
 * Adds the ranges, grouped by protocol, until about `columns` are used; what is left out is
 * counted. `ports_count` is the true number of ports where the list itself was capped, 0 if the
 * list is whole.
 */
void port_text_add(struct text_buffer *b, const struct port_range *ranges, unsigned count,
	uint64_t ports_count, unsigned columns);

#endif
