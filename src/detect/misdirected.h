/* SPDX-License-Identifier: ISC */
/*
 * misdirected - what is sent on and on to a host that never had to do with it.
 *
 * Some programs only report: they send to an address out of their settings and hear nothing back, so
 * nobody notices that it is the wrong one. The packet shows it by its port; that it comes again and
 * again, the caller knows. A tunnel's other end is no such case: it was told of us (leftover, retry).
 *
 * Facts: syslog RFC 5426, SNMP traps RFC 3411, NetFlow and IPFIX RFC 3954 and RFC 7011, sFlow (sflow.org),
 * RADIUS accounting RFC 2866, VXLAN RFC 7348; statsd, collectd and GELF by their manuals.
 */
#ifndef KW_DETECT_MISDIRECTED_H
#define KW_DETECT_MISDIRECTED_H

#include "event/event.h"

#include <stdbool.h>

/* True for a report to a collector. */
bool misdirected_is_report(const struct event *e);

#endif
