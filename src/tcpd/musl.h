/* SPDX-License-Identifier: ISC */
/* What musl does not declare, for each file of the small tcpd (meson.build includes this first). tcpd_musl.c and tcpd_small.c have them. */
#ifndef KW_TCPD_MUSL_H
#define KW_TCPD_MUSL_H

int close_range(unsigned first_fd, unsigned last_fd, int flags);
int innetgr(const char *group, const char *host, const char *user, const char *domain);

#endif
