/* SPDX-License-Identifier: ISC */
/*
 * wrap_banner - sends a file to the client before the service speaks: "banners DIRECTORY".
 *
 * The file is named like the daemon (a name with a '/' has none). Each line is %-expanded and ends in CR LF; NUL bytes
 * at its beginning go out as they are (for protocols that want them). Never more than 64 kB, and never
 * longer than 2 s, whatever the client takes; no SIGPIPE. What is no plain file (a pipe, a directory) is not sent but logged.
 *
 * Tests: tests/unit/libwrap/test_wrap_banner.c
 */
#ifndef KW_LIBWRAP_WRAP_BANNER_H
#define KW_LIBWRAP_WRAP_BANNER_H

#include "access/access_pattern.h"
#include "access/access_request.h"

#include <stdbool.h>

/* No file is no fault; false, with errno, where the directory itself is not there. */
bool wrap_banner_send(int fd, const char *directory, const struct access_request *q, const struct access_place *at);

#endif
