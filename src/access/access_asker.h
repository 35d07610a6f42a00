/* SPDX-License-Identifier: ISC */
/*
 * access_asker - what was asked of a request so far, so that a million lines ask, and read an address, once.
 *
 * Lives as long as one decision. Asks for nothing before it is needed.
 *
 * Tests: by those of access_pattern
 */
#ifndef KW_ACCESS_ACCESS_ASKER_H
#define KW_ACCESS_ACCESS_ASKER_H

#include "access/access_network.h"
#include "access/access_request.h"
#include "base/text_slice.h"

#include <stdbool.h>

struct access_asked_host {
	bool asked;
	struct text_slice text;                /* as told */
	struct text_slice plain;               /* "::ffff:192.0.2.1" without its first seven letters */
	struct access_network_address address; /* what `plain` is */
};

struct access_asker {
	const struct access_request *q;
	struct text_slice daemon;
	struct access_asked_host host[2]; /* by side */
	bool no_memory;                   /* something could not be compared for want of memory */
	const char *unanswered;           /* why a name that a word was compared with is an open question; null: none is */
};

/* `q` is borrowed as long as the asker. */
struct access_asker access_asker_of(const struct access_request *q);

void access_asker_ask_address(struct access_asker *a, enum access_side side);
static inline const struct access_asked_host *access_asker_address(struct access_asker *a, enum access_side side)
{
	if (!a->host[side].asked)
		access_asker_ask_address(a, side);
	return &a->host[side];
}

/* The text without "::ffff:", where four fields follow it: the rules see mapped addresses as IPv4. */
struct text_slice access_asker_plain(struct text_slice text);

#endif
