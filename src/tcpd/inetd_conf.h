/* SPDX-License-Identifier: ISC */
/*
 * inetd_conf - a line of inetd.conf: which program serves, and does tcpd stand before it?
 *
 * service type protocol wait user program name [argument ...], apart by blanks and tabs: inetd.conf(5) of BSD and Debian.
 * tcpd stands before a program where "program" is a file named tcpd; "name" is then the program, by its path or
 * as a name in /usr/sbin. The name that rules of hosts.allow know is the base name of the one that serves.
 *
 * Tests: tests/unit/tcpd/test_inetd_conf.c   Fuzzed: fuzz/tcpd/fuzz_inetd_conf.c
 */
#ifndef KW_TCPD_INETD_CONF_H
#define KW_TCPD_INETD_CONF_H

#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <stdbool.h>

#define INETD_CONF_PATH "/etc/inetd.conf"
#define INETD_CONF_DAEMONS "/usr/sbin" /* where tcpd looks for a program without a path: Debian's REAL_DAEMON_DIR */

struct inetd_conf_service {
	struct text_slice service;   /* as written: "finger", "127.0.0.1:pop3" */
	struct text_slice protocol;  /* "tcp", "udp6", "rpc/udp" */
	struct text_slice wait;      /* "nowait.400" */
	struct text_slice user;
	struct text_slice program;   /* the path that is executed */
	struct text_slice name;      /* its argv[0]; empty where the line has none */
	struct text_slice arguments; /* what follows, to the end of the line */
};

/* The slices point into the line, which has no newline. False for comments, empty lines, fewer than six fields and "internal". */
bool inetd_conf_read(struct text_slice line, struct inetd_conf_service *out);

/* tcpd stands before it. */
bool inetd_conf_is_wrapped(const struct inetd_conf_service *s);
/* The base name of the program that serves: what rules name, "in.fingerd". */
struct text_slice inetd_conf_daemon(const struct inetd_conf_service *s);
/* Its path, added to `out`; below INETD_CONF_DAEMONS where tcpd would look there. */
void inetd_conf_served_path(const struct inetd_conf_service *s, struct text_buffer *out);

/* What stands behind the last '/'. */
struct text_slice inetd_conf_base_name(struct text_slice path);

/*
 * The same line with tcpd (its path) before the program, or without it; everything else as it was. False where it is so
 * already, where the program's name is not its base name (tcpd would give it another), or where it does not fit.
 */
bool inetd_conf_wrap(struct text_slice line, const char *tcpd, struct text_buffer *out);
bool inetd_conf_unwrap(struct text_slice line, struct text_buffer *out);
/* The same line with this tcpd in the place of the one that stands there; false where none does, or where it does not fit. */
bool inetd_conf_set_tcpd(struct text_slice line, const char *tcpd, struct text_buffer *out);

#endif
