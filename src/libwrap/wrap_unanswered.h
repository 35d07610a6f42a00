/* SPDX-License-Identifier: ISC */
/*
 * wrap_unanswered - that nobody could say a host's name, kept in the host_info itself.
 *
 * The ABI has no field for it, and memory of ours would outlive the request that it speaks of. So it stands behind the NUL of
 * the name, where "unknown" and "paranoid" leave room: programs see the name alone, who sets another name takes it
 * away (request_set clears what is behind), and a copy of the request has it, too.
 *
 *     u n k n o w n \0 mark no name server answered about 192.0.2.7 \0
 *
 * Tests: tests/unit/libwrap/test_wrap_request.c
 */
#ifndef KW_LIBWRAP_WRAP_UNANSWERED_H
#define KW_LIBWRAP_WRAP_UNANSWERED_H

#include "libwrap/libwrap_abi.h"

/* Notes it beside the name that stands there; what is too long of `why` is cut. Null: it is answered, and nothing is noted. */
void wrap_unanswered_note(struct host_info *host, const char *why);
/* Why nobody could say it; null where nothing is noted. Borrowed from the host. */
const char *wrap_unanswered_why(const struct host_info *host);

#endif
