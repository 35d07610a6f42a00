/* SPDX-License-Identifier: ISC */
/*
 * ip_misuse - the ways to abuse IP itself, as bits of one word; the names are those of `incident.misuse`.
 */
#ifndef KW_EVENT_IP_MISUSE_H
#define KW_EVENT_IP_MISUSE_H

#include <stdint.h>

enum ip_misuse {
	/* told as `redirect` */
	IP_MISUSE_REDIRECT,      /* somebody who is not our neighbour changes our routes */
	IP_MISUSE_ADVERTISEMENT, /* a router advertisement that came over a router (RFC 4861, 6.1.2) */
	/* told as `source-route` */
	IP_MISUSE_LOOSE_ROUTE,
	IP_MISUSE_STRICT_ROUTE,
	IP_MISUSE_ROUTING_HEADER, /* of IPv6, type 0 (RFC 5095) */
	/* told as `spoof` */
	IP_MISUSE_SELF, /* from an address of ours to one of ours, from outside (LAND: to itself) */
	IP_MISUSE_IMPOSSIBLE, /* a question from an address that no host on a wire has */
	/* told as `exploit`: options that only who maps networks or tries hosts sends today ... */
	IP_MISUSE_RECORD_ROUTE,
	IP_MISUSE_TIMESTAMP,
	IP_MISUSE_SECURITY, /* RFC 1108 */
	IP_MISUSE_OPTION,   /* one of IPv4 that is none of these, nor router alert */
	/* ... and pieces of datagrams */
	IP_MISUSE_TINY,      /* the first one too small for the header (RFC 1858, RFC 7112) */
	IP_MISUSE_SHREDDED,  /* more of them than any link makes */
	IP_MISUSE_OVERLAP,   /* they overlap, or end in two places (RFC 5722) */
	IP_MISUSE_OVERSIZED, /* they make more than 65,535 bytes */
	/* ... and flags */
	IP_MISUSE_SYN_FIN, /* opens and closes a connection at once, to pass where either alone would not */
	IP_MISUSES
};

static inline uint32_t ip_misuse_bit(enum ip_misuse m)
{
	return UINT32_C(1) << m;
}

/* "redirect", "loose-route", "overlapping-fragments", ... */
const char *ip_misuse_name(enum ip_misuse m);

/* Those that are told, excused or graded together. */
#define IP_MISUSE_REDIRECTS                                                                        \
	(UINT32_C(1) << IP_MISUSE_REDIRECT | UINT32_C(1) << IP_MISUSE_ADVERTISEMENT)
#define IP_MISUSE_ROUTES                                                                           \
	(UINT32_C(1) << IP_MISUSE_LOOSE_ROUTE | UINT32_C(1) << IP_MISUSE_STRICT_ROUTE |            \
		UINT32_C(1) << IP_MISUSE_ROUTING_HEADER)
#define IP_MISUSE_FORGERIES (UINT32_C(1) << IP_MISUSE_SELF | UINT32_C(1) << IP_MISUSE_IMPOSSIBLE)
#define IP_MISUSE_OPTIONS                                                                          \
	(UINT32_C(1) << IP_MISUSE_RECORD_ROUTE | UINT32_C(1) << IP_MISUSE_TIMESTAMP |              \
		UINT32_C(1) << IP_MISUSE_SECURITY | UINT32_C(1) << IP_MISUSE_OPTION)
#define IP_MISUSE_FRAGMENTS                                                                        \
	(UINT32_C(1) << IP_MISUSE_TINY | UINT32_C(1) << IP_MISUSE_SHREDDED |                       \
		UINT32_C(1) << IP_MISUSE_OVERLAP | UINT32_C(1) << IP_MISUSE_OVERSIZED)

#endif
