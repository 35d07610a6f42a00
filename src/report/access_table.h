/* SPDX-License-Identifier: ISC */
/*
 * access_table - decisions of TCP wrappers as people read them: a line each, in order of time.
 *
 * "20 Nov 14:02:02   gate     sshd        root@evil.example   refused hosts.deny:3": when, at which host, on which
 * service, on whom, what, and by which line of which table. 80 columns; on a wider page the client gets more.
 */
#ifndef KW_REPORT_ACCESS_TABLE_H
#define KW_REPORT_ACCESS_TABLE_H

#include "event/access_event.h"
#include "report/page.h"

void access_table_print_head(const struct page *p);
/* `host` stands in for a decision that names none. */
void access_table_print_row(const struct page *p, const struct access_event *a, const char *host);

#endif
