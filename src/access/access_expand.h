/* SPDX-License-Identifier: ISC */
/*
 * access_expand - %-letters of spawn, twist, aclexec, setenv and banners: hosts_access(5), "% EXPANSIONS".
 *
 * Only letters, digits and "!@%-_=+:,./" of what a client can choose get through; the rest becomes '_'. %h and %c do not
 * ask the DNS, %n does; a letter that is not known is empty and told.
 *
 * Tests: tests/unit/access/test_access_expand.c
 */
#ifndef KW_ACCESS_ACCESS_EXPAND_H
#define KW_ACCESS_ACCESS_EXPAND_H

#include "access/access_pattern.h"
#include "access/access_request.h"
#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <stdbool.h>

/* Size of a buffer in which just as much fits as in the original. */
enum { ACCESS_EXPAND_SIZE = 8191 };

/* Adds the expanded text. False if it did not fit: half a command must not be run. */
bool access_expand(
	struct text_buffer *out, struct text_slice text, const struct access_request *q, const struct access_place *at);

/* "user@host" or host or address, as %c and the log lines name a client; never asks for a name. */
void access_expand_client(struct text_buffer *out, const struct access_request *q);

#endif
