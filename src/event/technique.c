/* SPDX-License-Identifier: ISC */
#include "event/technique.h"

#include <assert.h>

const char *technique_name(enum technique t)
{
	static const char *const names[TECHNIQUES] = {
		[TECHNIQUE_SYN] = "syn",
		[TECHNIQUE_CONNECT] = "connect",
		[TECHNIQUE_FIN] = "fin",
		[TECHNIQUE_NULL] = "null",
		[TECHNIQUE_XMAS] = "xmas",
		[TECHNIQUE_ACK] = "ack",
		[TECHNIQUE_WINDOW] = "window",
		[TECHNIQUE_MAIMON] = "maimon",
		[TECHNIQUE_SYN_FIN] = "syn-fin",
		[TECHNIQUE_ALL_FLAGS] = "all-flags",
		[TECHNIQUE_UDP] = "udp",
		[TECHNIQUE_ICMP_ECHO] = "icmp-echo",
		[TECHNIQUE_ICMP_TIMESTAMP] = "icmp-timestamp",
		[TECHNIQUE_ICMP_MASK] = "icmp-mask",
		[TECHNIQUE_ICMP] = "icmp",
		[TECHNIQUE_SCTP_INIT] = "sctp-init",
		[TECHNIQUE_IP_PROTOCOL] = "ip-protocol",
	};
	assert(t < TECHNIQUES);
	return names[t];
}
