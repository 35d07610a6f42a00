/* SPDX-License-Identifier: ISC */
/*
 * syslog_stream - one connection that brings syslog, plain or by TLS, as messages.
 *
 * Never waits: the handshake too goes on when there is something to go on with. Its buffer holds one
 * longest message, and lives as long as the receiver; only TLS takes memory for a new connection.
 *
 * Owner: struct syslog_receiver, in a fixed table.
 */
#ifndef KW_SENSOR_SYSLOG_STREAM_H
#define KW_SENSOR_SYSLOG_STREAM_H

#include "logline/syslog_frame.h"
#include "sensor/syslog_peers.h"

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum syslog_stream_state {
	SYSLOG_STREAM_FREE,
	SYSLOG_STREAM_SHAKING, /* the handshake of TLS is not done */
	SYSLOG_STREAM_OPEN,
	SYSLOG_STREAM_ENDED, /* nothing more will come; what has come may still be taken */
};

struct syslog_stream {
	enum syslog_stream_state state;
	int fd;
	SSL *tls;                 /* null = plain */
	struct syslog_peer *peer; /* borrowed */
	struct syslog_frame frame;
	size_t at, have;  /* what of the buffer is not taken yet: from, up to */
	int64_t begun_ms; /* when it was accepted */
	int64_t moved_ms; /* when it last brought a whole message, or began the one that is under way */
	bool readable; /* there may be something: poll said so, and no read has denied it since */
	bool spoke;    /* has brought a whole message */
	bool failed_handshake; /* ended before the handshake was done */
	char buffer[SYSLOG_STREAM_MAX];
};

/* Takes the descriptor, and with `context` begins a handshake on it; false (the descriptor is closed)
 * without memory for that. */
bool syslog_stream_open(struct syslog_stream *s, int fd, SSL_CTX *context, struct syslog_peer *peer,
	int64_t now_ms);
/* Closes it without a word and makes it FREE. A free one may be closed. */
void syslog_stream_close(struct syslog_stream *s);

/*
 * The next message, whose bytes live until the next call; `cut` tells that it was longer. False if none
 * is whole: then the stream is ENDED, or `readable` is false. Reads at most the buffer full a call, so
 * a call may also return false with `readable` still set: more may be there.
 */
bool syslog_stream_next(
	struct syslog_stream *s, int64_t now_ms, struct text_slice *message, bool *cut);

/* True if something has come that is no whole message: also at the end, and then it is lost. */
bool syslog_stream_is_amid(const struct syslog_stream *s);

#endif
