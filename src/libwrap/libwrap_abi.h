/* SPDX-License-Identifier: ISC */
/*
 * libwrap_abi - include/tcpd.h as the files of this room see it, and what that header does not declare.
 *
 * The names here are older than this house and stay as they are. Programs bring their own allow_severity and
 * deny_severity, copy others into their data, and put their own shell_cmd, rfc931 and clean_exit in the place
 * of ours: so this room, too, reaches all of them through the dynamic symbol table. No -Bsymbolic, and
 * each function that is replaced stands in a file where none of our calls to it stands.
 *
 * Tests: tests/abi (names, sizes, offsets and verdicts against Debian's library)
 */
#ifndef KW_LIBWRAP_LIBWRAP_ABI_H
#define KW_LIBWRAP_LIBWRAP_ABI_H

#define INET6 1
#include <setjmp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <tcpd.h>

extern jmp_buf tcpd_buf; /* where tcpd_jump and process_options go */

/* "24" -> the mask in network order; 0 for what is not 1 to 32. */
unsigned long cidr_mask_addr(char *text);
/* Puts the error's text (errno) in the place of each "%m"; the caller has the room. */
char *percent_m(char *result, char *text);

/* The layout that programs were built with (amd64; everywhere else it follows from the same types). */
#if defined(__x86_64__) && !defined(__ILP32__)
_Static_assert(sizeof(struct host_info) == 280, "host_info");
_Static_assert(offsetof(struct host_info, addr) == 128, "host_info.addr");
_Static_assert(offsetof(struct host_info, sin) == 256, "host_info.sin");
_Static_assert(offsetof(struct host_info, request) == 272, "host_info.request");
_Static_assert(sizeof(struct request_info) == 872, "request_info");
_Static_assert(offsetof(struct request_info, user) == 4, "request_info.user");
_Static_assert(offsetof(struct request_info, daemon) == 132, "request_info.daemon");
_Static_assert(offsetof(struct request_info, pid) == 260, "request_info.pid");
_Static_assert(offsetof(struct request_info, client) == 272, "request_info.client");
_Static_assert(offsetof(struct request_info, server) == 552, "request_info.server");
_Static_assert(offsetof(struct request_info, sink) == 832, "request_info.sink");
_Static_assert(offsetof(struct request_info, hostname) == 840, "request_info.hostname");
_Static_assert(offsetof(struct request_info, hostaddr) == 848, "request_info.hostaddr");
_Static_assert(offsetof(struct request_info, cleanup) == 856, "request_info.cleanup");
_Static_assert(offsetof(struct request_info, config) == 864, "request_info.config");
_Static_assert(sizeof(struct tcpd_context) == 16, "tcpd_context");
_Static_assert(sizeof(jmp_buf) == 200, "tcpd_buf");
#endif

#endif
