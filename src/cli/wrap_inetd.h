/* SPDX-License-Identifier: ISC */
/*
 * wrap_inetd - inetd.conf with our tcpd in the lines of a service, and back again.
 *
 * The line as it was stays above the new one, as a comment that begins with "#<knockwatch># ". Disabling puts it back,
 * byte for byte; where somebody has changed the new line since, only the program in it is changed back. Lines with our tcpd
 * that have no such comment are somebody else's and stay.
 *
 * Pure: text in, text out.
 *
 * Tests: tests/unit/cli/test_wrap_inetd.c   Fuzzed: fuzz/cli/fuzz_wrap_inetd.c
 */
#ifndef KW_CLI_WRAP_INETD_H
#define KW_CLI_WRAP_INETD_H

#include "access/access_draft.h"
#include "base/text_slice.h"

#define WRAP_INETD_MARK "#<knockwatch># "

enum wrap_inetd_result {
	WRAP_INETD_DONE,
	WRAP_INETD_ALREADY, /* enable: our tcpd stands there; disable: nothing of ours */
	WRAP_INETD_NO_LINE, /* there is no service in that line */
	WRAP_INETD_NAMED, /* the program is called by another name than its own, which tcpd cannot give it */
	WRAP_INETD_FOREIGN, /* disable: our tcpd, but not by us */
};

/* The text with the line of this number, from 1, changed; all of it into `out`. */
enum wrap_inetd_result wrap_inetd_enable(
	struct text_slice text, unsigned line, const char *tcpd, struct access_draft *out);
enum wrap_inetd_result wrap_inetd_disable(
	struct text_slice text, unsigned line, const char *tcpd, struct access_draft *out);

#endif
