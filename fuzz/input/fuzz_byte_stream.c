/* SPDX-License-Identifier: ISC */
/*
 * Packed bytes through the stream, once in large and once in small reads: the bytes must be the
 * same, and so must be whether there is a fault. Of a broken member one may give less than the
 * other (liblzma notices some lies between two calls only). Output is looked at up to a limit: a
 * bomb costs all the time.
 */
#include "input/byte_stream.h"

#include "memory_file.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LOOKED_AT 65536

struct outcome {
	uint8_t bytes[LOOKED_AT];
	size_t size;
	const char *fault;
};

static void read_in_steps(struct outcome *o, const uint8_t *data, size_t size, size_t step)
{
	struct byte_stream *s = memory_file_stream(data, size);
	size_t got = 1;
	*o = (struct outcome){.fault = NULL};
	while (got > 0 && o->size < LOOKED_AT) {
		size_t room = LOOKED_AT - o->size;
		got = byte_stream_read(s, o->bytes + o->size, step < room ? step : room);
		assert(got <= step && got <= room);
		o->size += got;
	}
	o->fault =
		got == 0 ? byte_stream_fault(s) : NULL; /* beyond the limit it is not comparable */
	assert(byte_stream_taken(s) <= size);
	if (got == 0 && o->fault == NULL)
		assert(byte_stream_taken(s) == size);
	if (byte_stream_packing(s) == NULL && got == 0)
		assert(o->size == size && (size == 0 || memcmp(o->bytes, data, size) == 0));
	byte_stream_destroy(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct outcome a, b;
	read_in_steps(&a, data, size, LOOKED_AT);
	read_in_steps(&b, data, size, 1 + (size > 0 ? data[size - 1] : 0));
	size_t common = a.size < b.size ? a.size : b.size;
	assert(memcmp(a.bytes, b.bytes, common) == 0);
	assert((a.fault == NULL) == (b.fault == NULL));
	assert(a.fault != NULL || a.size == b.size);
	return 0;
}
