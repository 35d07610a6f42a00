/* SPDX-License-Identifier: ISC */
#include "detect/misdirected.h"

#include "net/ip_proto.h"

#include <stddef.h>

static const uint16_t collectors[] = {
	162, 514, 1646, 1813, 2055, 4739, 4789, 6343, 8125, 9995, 9996, 12201, 25826};
bool misdirected_is_report(const struct event *e)
{
	if (e->proto != IP_PROTO_UDP)
		return false;
	for (size_t i = 0; i < sizeof collectors / sizeof collectors[0]; i++) {
		if (collectors[i] == e->dst_port)
			return true;
	}
	return false;
}
