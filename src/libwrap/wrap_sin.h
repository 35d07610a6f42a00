/* SPDX-License-Identifier: ISC */
/*
 * wrap_sin - a host's socket address, kept in the host_info itself.
 *
 * The ABI has a pointer for it (`sin`), and nobody says when a request is over. So what sock_host() lets it point at is given
 * to another request after a while, and then is the address of somebody else. That memory is for programs that read
 * `sin` themselves. This library reads a copy, which stands behind the NUL of the text `addr`, where no text of an address
 * comes to, and names the pointer that it stands for: a copy of the request has it, too, and it is of no account where
 * somebody has set another `sin`.
 *
 *     1 9 2 . 0 . 2 . 7 \0 ...   | the pointer | mark | the socket address
 *     0                            WRAP_SIN_TEXT_SIZE
 *
 * Tests: tests/unit/libwrap/test_libwrap_sock.c
 */
#ifndef KW_LIBWRAP_WRAP_SIN_H
#define KW_LIBWRAP_WRAP_SIN_H

#include "libwrap/libwrap_abi.h"

#include <netinet/in.h>

enum { WRAP_SIN_TEXT_SIZE = 64 }; /* of the longest address, with a zone and its NUL: 63 bytes */

/* What fits of a socket address, and the family of what does not. */
union wrap_sin {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};
union wrap_sin wrap_sin_read(const struct sockaddr *from);

/* The host's `sin` is `place`, which may become another's; its address is kept. Not so beside a text that has no room for it. */
void wrap_sin_set(struct host_info *host, union wrap_sin *place);
/* The host's `sin` is somebody's own memory (or null), and read where it is. */
void wrap_sin_set_foreign(struct host_info *host, struct sockaddr *sin);
/* The host's socket address; one of the family AF_UNSPEC where it has none. */
union wrap_sin wrap_sin_of(const struct host_info *host);

#endif
