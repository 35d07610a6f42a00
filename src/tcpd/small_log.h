/* SPDX-License-Identifier: ISC */
/*
 * small_log - the syslog(3) of the small tcpd (tcpd_whole.h), which has none from its C library.
 *
 * openlog() and syslog() are as everywhere, but that a line has no time of its own: whoever reads /dev/log knows when it came (so
 * do rsyslog, syslog-ng and the journal), and no file about time zones is read for each connection. musl's would write UTC, cut
 * names and lines, and know datagrams only.
 *
 * While a decision may still be left to the other program, which will say all of it again, lines can be held.
 *
 * Tests: tests/system/81_tcpd.sh
 */
#ifndef KW_TCPD_SMALL_LOG_H
#define KW_TCPD_SMALL_LOG_H

/* From now on lines are kept: 16 KiB of them, then all are sent. */
void small_log_hold(void);
/* Sends what was held, in its order, and holds no more. So does the end of this program, but not another in its place. */
void small_log_release(void);
#endif
