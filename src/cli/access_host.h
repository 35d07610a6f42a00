/* SPDX-License-Identifier: ISC */
/*
 * access_host - which daemons this host has, and which of them ask hosts.allow at all.
 *
 * A daemon is a program of this name, or a service of inetd.conf, xinetd or a systemd unit that is started through tcpd. It
 * asks if its program uses libwrap, or if tcpd or xinetd stand before it. Only files are read. Of a daemon that is not
 * there, or does not ask, it is said once; where one of a like name asks, for each rule, so that each can be corrected.
 * Letters may be in any case.
 *
 * Tests: tests/unit/cli/test_access_host.c
 */
#ifndef KW_CLI_ACCESS_HOST_H
#define KW_CLI_ACCESS_HOST_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

struct access_host;

/* `root`: the directory below which the host is; "": this one. Borrowed. `inetd_conf`: a file that is read instead of
 * /etc/inetd.conf; null: that. */
struct access_host *access_host_create(const char *root, const char *inetd_conf);
void access_host_destroy(struct access_host *h);

/* As know_daemon of access_lint_host; `self` is the access_host. */
enum access_lint_code access_host_know_daemon(
	void *self, struct text_slice name, struct access_draft *hint);
/* As its lacks. */
bool access_host_lacks(void *self, enum access_lint_fact fact, struct text_slice name);

#endif
