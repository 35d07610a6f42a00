/* SPDX-License-Identifier: ISC */
/*
 * A stream in two deliveries: whole, and in pieces whose size its first byte tells. Both must give the
 * same messages, every one inside its memory, and the buffer of the promised size must never be stuck.
 */
#include "logline/syslog_frame.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	size_t messages, cut, bytes, hash;
};

static void note(struct outcome *o, struct text_slice message, enum syslog_frame_result result)
{
	assert(message.length <= SYSLOG_MESSAGE_MAX);
	o->messages++;
	o->cut += result == SYSLOG_FRAME_CUT;
	o->bytes += message.length;
	for (size_t i = 0; i < message.length; i++)
		o->hash = (o->hash ^ (uint8_t)message.start[i]) * 16777619u;
}

static struct outcome read_pieces(const uint8_t *data, size_t size, size_t step)
{
	struct syslog_frame frame = {0};
	struct outcome o = {0};
	struct text_slice message;
	char *buffer = malloc(SYSLOG_STREAM_MAX);
	size_t have = 0;
	assert(buffer != NULL);
	for (size_t at = 0; at < size;) {
		size_t piece = size - at < step ? size - at : step, used;
		if (piece > SYSLOG_STREAM_MAX - have)
			piece = SYSLOG_STREAM_MAX - have;
		assert(piece > 0);
		memcpy(buffer + have, data + at, piece);
		have += piece;
		at += piece;
		for (;;) {
			enum syslog_frame_result result = syslog_frame_next(
				&frame, (struct text_slice){buffer, have}, &message, &used);
			assert(used <= have);
			if (result != SYSLOG_FRAME_MORE) {
				assert(message.start >= buffer &&
					message.start + message.length <= buffer + used);
				note(&o, message, result);
			}
			memmove(buffer, buffer + used, have - used);
			have -= used;
			if (result == SYSLOG_FRAME_MORE)
				break;
		}
	}
	if (syslog_frame_last(&frame, (struct text_slice){buffer, have}, &message))
		note(&o, message, SYSLOG_FRAME_MESSAGE);
	free(buffer);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct outcome whole = read_pieces(data + 1, size - 1, SYSLOG_STREAM_MAX);
	struct outcome pieces = read_pieces(data + 1, size - 1, (size_t)data[0] % 64 + 1);
	assert(whole.messages == pieces.messages && whole.cut == pieces.cut &&
		whole.bytes == pieces.bytes && whole.hash == pieces.hash);
	return 0;
}
