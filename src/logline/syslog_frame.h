/* SPDX-License-Identifier: ISC */
/*
 * syslog_frame - where one syslog message ends and the next begins in a stream of bytes.
 *
 * Both ways of RFC 6587 are understood, and TLS of RFC 5425 is the first of them: octet counting
 * ("37 <13>...": digits, a space, so many bytes) and a line that ends with LF or NUL. The first byte of
 * each message tells them apart, so a sender may even change its mind. A count that is a lie puts what
 * follows out of step; it gets back into step at the next line or at the next count that holds.
 *
 * Pure: no memory of its own but the few bytes of `struct syslog_frame`, one for each connection.
 *
 * Source of fact: RFC 6587 3.4, RFC 5425 4.3.
 */
#ifndef KW_LOGLINE_SYSLOG_FRAME_H
#define KW_LOGLINE_SYSLOG_FRAME_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stddef.h>

/* RFC 5425 4.3.1: receivers should take 8192 bytes. Of a longer message the head is read. */
#define SYSLOG_MESSAGE_MAX 8192
/* Room that a stream needs: the longest message, a count of seven digits, a space. */
#define SYSLOG_STREAM_MAX (SYSLOG_MESSAGE_MAX + 8)

enum syslog_frame_result {
	SYSLOG_FRAME_MESSAGE, /* `message` is whole */
	SYSLOG_FRAME_CUT,  /* `message` is the head of one that is longer than SYSLOG_MESSAGE_MAX */
	SYSLOG_FRAME_MORE, /* the bytes end before the message does */
};

/* What one connection must remember. All zero at its beginning. */
struct syslog_frame {
	size_t skip;    /* bytes of a counted message that are still to be thrown away */
	bool skip_line; /* everything up to the end of the line is */
};

/*
 * Looks for the next message in `bytes`. `used` tells how many of them are done with, also with MORE,
 * and then the rest must come again with more behind it; SYSLOG_STREAM_MAX bytes always yield a message
 * or are used in part. Empty lines are passed over.
 */
enum syslog_frame_result syslog_frame_next(
	struct syslog_frame *f, struct text_slice bytes, struct text_slice *message, size_t *used);

/* The stream has ended: what was not used yet is a message if this returns true. A counted message
 * that is not whole is none, nor is the rest of a long one. */
bool syslog_frame_last(
	const struct syslog_frame *f, struct text_slice bytes, struct text_slice *message);

#endif
