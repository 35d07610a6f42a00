/* SPDX-License-Identifier: ISC */
/*
 * An answer of any bytes, in pieces whose size is the first byte: what is told is printable, has its margin and no long
 * line, fits into the promised room, and does not depend on the pieces.
 */
#include "tcpd/finger_text.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *tell(const uint8_t *data, size_t size, size_t piece, size_t room)
{
	struct finger_text t = {0};
	char *text = malloc(room);
	assert(text != NULL);
	struct text_buffer out = text_buffer_over(text, room);
	bool more = true;
	for (size_t at = 0; at < size && more; at += piece) {
		const size_t n = size - at < piece ? size - at : piece, before = out.used;
		more = finger_text_add(&t, data + at, n, &out);
		assert(out.used - before <= (n + 1) * FINGER_TEXT_GROWTH);
	}
	const size_t before = out.used;
	finger_text_end(&t, !more, &out);
	assert(out.used - before <= FINGER_TEXT_END);
	assert(!out.cut);
	return text;
}

static void check_lines(const char *text)
{
	unsigned column = 0;
	for (; *text != '\0'; text++) {
		assert(*text == '\n' || *text == '\t' || (*text >= ' ' && *text < 0x7f));
		assert(column > 0 || *text == ' ' || *text == '\n');
		column = *text == '\n' ? 0 : *text == '\t' ? column / 8 * 8 + 8 : column + 1;
		assert(column <= FINGER_TEXT_COLUMNS + 1); /* and the backslash of a line that goes on */
	}
	assert(column == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const size_t room = (size + 1) * FINGER_TEXT_GROWTH + FINGER_TEXT_END + 1;
	char *in_pieces = tell(data + 1, size - 1, (size_t)data[0] + 1, room);
	char *at_once = tell(data + 1, size - 1, size, room);
	assert(strcmp(in_pieces, at_once) == 0);
	check_lines(at_once);
	free(in_pieces);
	free(at_once);
	return 0;
}
