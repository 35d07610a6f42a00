/* SPDX-License-Identifier: ISC */
/*
 * channel - frames between two processes of ours, over a Unix socket that keeps their borders.
 *
 * A frame is a type and up to CHANNEL_BODY_MAX bytes, sent whole or not at all, in order. Neither end
 * trusts the other: a frame that is cut or of no known length is told as broken, never read past. What
 * the bytes mean, and whether they make sense, is for the caller to judge.
 *
 * Source of fact: unix(7), SOCK_SEQPACKET.
 */
#ifndef KW_PRIV_CHANNEL_H
#define KW_PRIV_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANNEL_BODY_MAX 65536u

struct channel_frame {
	uint16_t type;
	uint32_t length; /* of the body, in bytes */
	_Alignas(16) uint8_t body[CHANNEL_BODY_MAX];
};

enum channel_result {
	CHANNEL_DONE,
	CHANNEL_WAIT,   /* nothing there, or no room: poll */
	CHANNEL_CLOSED, /* the other end is gone */
	CHANNEL_BROKEN, /* what came is no frame */
};

/* Two connected ends, both non-blocking and closed on exec. False with errno. */
bool channel_open_pair(int ends[2]);

/* The other way to an end: a socket of this kind in the file system, at which one process listens. Who may
 * connect is for its owner and mode to say. -1 with errno. */
int channel_accept(int listener);
int channel_connect(const char *path);

/* `body` may be null where the length is 0; at most CHANNEL_BODY_MAX. */
enum channel_result channel_send(int end, uint16_t type, const void *body, size_t length);

/* The same, but waits for room as long as the other end lives. */
enum channel_result channel_send_all(int end, uint16_t type, const void *body, size_t length);

/* Never waits. */
enum channel_result channel_receive(int end, struct channel_frame *out);

/* Waits for a frame, at most `timeout_ms`; CHANNEL_WAIT if none came. */
enum channel_result channel_await(int end, struct channel_frame *out, int timeout_ms);

#endif
