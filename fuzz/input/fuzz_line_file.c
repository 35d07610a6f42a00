/* SPDX-License-Identifier: ISC */
/*
 * A text through the line reader, against a plain split of the same bytes. The first two bytes of
 * the input stretch it: they say how often the rest is repeated, so that long lines are reached.
 */
#include "input/line_file.h"

#include "input/event_source.h"
#include "memory_file.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX (1 << 20)

/* What the next line of `text` is by the promise; moves `at` behind it. */
static struct text_slice split_next(const char *text, size_t size, size_t *at)
{
	const char *start = text + *at, *newline = memchr(start, '\n', size - *at);
	size_t length = newline != NULL ? (size_t)(newline - start) : size - *at;
	*at += length + (newline != NULL);
	if (length > EVENT_SOURCE_LINE_MAX)
		length = EVENT_SOURCE_LINE_MAX;
	else if (length > 0 && start[length - 1] == '\r')
		length--;
	return (struct text_slice){start, length};
}

static void compare(const char *text, size_t size)
{
	struct byte_stream *stream = memory_file_stream(text, size);
	struct byte_window window;
	struct line_file file;
	struct text_slice line;
	size_t at = 0;
	byte_window_init(&window, stream);
	line_file_init(&file, &window);
	(void)byte_window_want(&window, 1);
	if (byte_stream_packing(stream) !=
		NULL) { /* other bytes come out: nothing to compare with */
		byte_window_clear(&window);
		return;
	}
	while (line_file_next(&file, &line)) {
		assert(at < size);
		struct text_slice wanted = split_next(text, size, &at);
		assert(line.length == wanted.length);
		assert(memcmp(line.start, wanted.start, line.length) == 0);
	}
	assert(at == size);
	byte_window_clear(&window);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	size_t times = 1 + ((size_t)data[0] << 8 | data[1]);
	data += 2;
	size -= 2;
	if (times > TEXT_MAX / size)
		times = TEXT_MAX / size > 0 ? TEXT_MAX / size : 1;
	char *text = malloc(times * size);
	assert(text != NULL);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * size, data, size);
	compare(text, times * size);
	free(text);
	return 0;
}
