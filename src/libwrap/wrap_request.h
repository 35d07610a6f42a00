/* SPDX-License-Identifier: ISC */
/*
 * wrap_request - a request_info as access/ sees it: its questions are answered from the sockets, the DNS and ident, at
 * the first time a rule asks, and kept in the request_info.
 *
 * Names and users come through eval_hostname() and eval_user(), so that a program's own methods and its own rfc931()
 * stand where they always did. aclexec runs through wrap_command, never in a dry run (where it is true).
 *
 * Tests: tests/unit/libwrap/test_wrap_request.c
 */
#ifndef KW_LIBWRAP_WRAP_REQUEST_H
#define KW_LIBWRAP_WRAP_REQUEST_H

#include "access/access_decision.h"
#include "access/access_request.h"
#include "libwrap/libwrap_abi.h"

/* Borrows the request_info for as long as it is used. */
struct access_request wrap_request_of(struct request_info *request);

/* The tables the program has chosen. Only where they are the system's the set of addresses is asked, too: who brings tables of
 * its own wants those alone. */
struct access_tables wrap_request_tables(void);

/* Warnings of access/ go to the log, each with the place it tells. */
struct access_warning_sink wrap_request_log(void);

#endif
