/* SPDX-License-Identifier: ISC */
/*
 * access_log - 'knockwatch access log': what the wrappers decided, of one host or of many, in order of time.
 *
 * Each operand is a source of its own: a log, a file of JSON lines, or a state directory, whose journal is read day
 * by day; none = this host's journal. They are merged by time while they are read, so that memory does not grow with
 * them. A line that comes late in its source is put in order, as far as some thousands of lines (access_stream); one that
 * comes later still is told where it stands, counted, and named.
 */
#ifndef KW_CLI_ACCESS_LOG_H
#define KW_CLI_ACCESS_LOG_H

#include "cli/access_call.h"

enum stop_code access_log_run(const struct access_call *c);

#endif
