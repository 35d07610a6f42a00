/* SPDX-License-Identifier: ISC */
#include "input/byte_window.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void byte_window_init(struct byte_window *w, struct byte_stream *stream)
{
	uint8_t *memory = memory_realloc(NULL, BYTE_WINDOW_MAX + BYTE_WINDOW_STEP);
	*w = (struct byte_window){.stream = stream, .memory = memory, .at = memory, .to = memory};
}

void byte_window_clear(struct byte_window *w)
{
	byte_stream_destroy(w->stream);
	free(w->memory);
	*w = (struct byte_window){0};
}

bool byte_window_refill(struct byte_window *w, size_t size)
{
	assert(size <= BYTE_WINDOW_MAX);
	size_t left = byte_window_left(w);
	if (left >= size)
		return true;
	w->passed += (uint64_t)(w->at - w->memory);
	memmove(w->memory, w->at, left);
	while (left < size) {
		size_t got = byte_stream_read(w->stream, w->memory + left, BYTE_WINDOW_STEP);
		if (got == 0)
			break;
		left += got;
	}
	w->at = w->memory;
	w->to = w->memory + left;
	return left >= size;
}
