/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_stream.h"

#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

bool syslog_stream_open(
	struct syslog_stream *s, int fd, SSL_CTX *context, struct syslog_peer *peer, int64_t now_ms)
{
	assert(s->state == SYSLOG_STREAM_FREE);
	s->tls = context != NULL ? SSL_new(context) : NULL;
	if (context != NULL && (s->tls == NULL || SSL_set_fd(s->tls, fd) != 1)) {
		ERR_clear_error();
		SSL_free(s->tls);
		s->tls = NULL;
		close(fd);
		return false;
	}
	if (s->tls != NULL)
		SSL_set_accept_state(s->tls);
	s->state = s->tls != NULL ? SYSLOG_STREAM_SHAKING : SYSLOG_STREAM_OPEN;
	s->fd = fd;
	s->peer = peer;
	s->frame = (struct syslog_frame){0};
	s->at = s->have = 0;
	s->begun_ms = s->moved_ms = now_ms;
	s->readable = true;
	s->spoke = s->failed_handshake = false;
	peer->connections++;
	return true;
}

void syslog_stream_close(struct syslog_stream *s)
{
	if (s->state == SYSLOG_STREAM_FREE)
		return;
	if (s->tls != NULL) {
		if (s->state ==
			SYSLOG_STREAM_OPEN) /* tells a sender that nothing is read any more */
			(void)SSL_shutdown(s->tls);
		ERR_clear_error();
		SSL_free(s->tls);
		s->tls = NULL;
	}
	close(s->fd);
	s->peer->connections--;
	s->state = SYSLOG_STREAM_FREE;
}

static void end(struct syslog_stream *s)
{
	s->failed_handshake = s->state == SYSLOG_STREAM_SHAKING;
	s->state = SYSLOG_STREAM_ENDED;
	s->readable = false;
}

/* What TLS says of a call that did not succeed: come again, or the end. */
static void note_tls_result(struct syslog_stream *s, int result)
{
	switch (SSL_get_error(s->tls, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		s->readable = false;
		break;
	default:
		end(s);
		break;
	}
	ERR_clear_error();
}

static void shake_hands(struct syslog_stream *s, int64_t now_ms)
{
	int result = SSL_do_handshake(s->tls);
	if (result == 1) {
		s->state = SYSLOG_STREAM_OPEN;
		s->moved_ms = now_ms;
	} else {
		note_tls_result(s, result);
	}
}

static size_t read_tls(struct syslog_stream *s, char *out, size_t room)
{
	size_t n = 0;
	int result = SSL_read_ex(s->tls, out, room, &n);
	if (result == 1)
		return n;
	note_tls_result(s, result);
	return 0;
}

static size_t read_plain(struct syslog_stream *s, char *out, size_t room)
{
	ssize_t n = recv(s->fd, out, room, MSG_DONTWAIT);
	if (n > 0)
		return (size_t)n;
	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		s->readable = false;
	else
		end(s);
	return 0;
}

static void move_to_front(struct syslog_stream *s)
{
	if (s->at == 0)
		return;
	memmove(s->buffer, s->buffer + s->at, s->have - s->at);
	s->have -= s->at;
	s->at = 0;
}

/* Reads what fits. */
static void fill(struct syslog_stream *s, int64_t now_ms)
{
	if (s->state == SYSLOG_STREAM_SHAKING)
		shake_hands(s, now_ms);
	if (s->state != SYSLOG_STREAM_OPEN || !s->readable)
		return;
	move_to_front(s);
	bool was_idle = !syslog_stream_is_amid(s);
	char *out = s->buffer + s->have;
	size_t room = sizeof s->buffer - s->have;
	size_t n = s->tls != NULL ? read_tls(s, out, room) : read_plain(s, out, room);
	s->have += n;
	if (was_idle && n > 0)
		s->moved_ms = now_ms;
}

/* The next message of what has come. */
static bool take(struct syslog_stream *s, struct text_slice *message, bool *cut)
{
	size_t used;
	struct text_slice bytes = {s->buffer + s->at, s->have - s->at};
	enum syslog_frame_result result = syslog_frame_next(&s->frame, bytes, message, &used);
	s->at += used;
	*cut = result == SYSLOG_FRAME_CUT;
	if (result != SYSLOG_FRAME_MORE)
		return true;
	if (s->state != SYSLOG_STREAM_ENDED)
		return false;
	bytes = (struct text_slice){s->buffer + s->at, s->have - s->at};
	if (!syslog_frame_last(&s->frame, bytes, message))
		return false;
	s->at = s->have;
	return true;
}

bool syslog_stream_next(
	struct syslog_stream *s, int64_t now_ms, struct text_slice *message, bool *cut)
{
	bool taken = take(s, message, cut);
	if (!taken && s->state != SYSLOG_STREAM_ENDED) {
		fill(s, now_ms);
		taken = take(s, message, cut);
	}
	s->spoke |= taken;
	if (taken)
		s->moved_ms = now_ms;
	return taken;
}

bool syslog_stream_is_amid(const struct syslog_stream *s)
{
	return s->have > s->at || s->frame.skip > 0 || s->frame.skip_line;
}
