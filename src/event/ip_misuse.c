/* SPDX-License-Identifier: ISC */
#include "event/ip_misuse.h"

#include <assert.h>

const char *ip_misuse_name(enum ip_misuse m)
{
	static const char *const names[IP_MISUSES] = {
		[IP_MISUSE_REDIRECT] = "redirect",
		[IP_MISUSE_ADVERTISEMENT] = "router-advertisement",
		[IP_MISUSE_LOOSE_ROUTE] = "loose-route",
		[IP_MISUSE_STRICT_ROUTE] = "strict-route",
		[IP_MISUSE_ROUTING_HEADER] = "routing-header",
		[IP_MISUSE_SELF] = "own-address",
		[IP_MISUSE_IMPOSSIBLE] = "impossible-sender",
		[IP_MISUSE_RECORD_ROUTE] = "record-route",
		[IP_MISUSE_TIMESTAMP] = "timestamp",
		[IP_MISUSE_SECURITY] = "security-option",
		[IP_MISUSE_OPTION] = "unknown-option",
		[IP_MISUSE_TINY] = "tiny-fragments",
		[IP_MISUSE_SHREDDED] = "shredded",
		[IP_MISUSE_OVERLAP] = "overlapping-fragments",
		[IP_MISUSE_OVERSIZED] = "oversized-datagram",
		[IP_MISUSE_SYN_FIN] = "syn-fin",
	};
	assert(m < IP_MISUSES);
	return names[m];
}
