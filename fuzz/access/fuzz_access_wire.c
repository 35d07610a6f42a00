/* SPDX-License-Identifier: ISC */
/*
 * Any datagram into the reader of what wrappers tell. What is accepted lies within the datagram, is in good order, and
 * written again is the same bytes.
 */
#include "access/access_wire.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct access_wire w;
	uint8_t again[ACCESS_WIRE_MAX];
	if (!access_wire_read(data, size, &w))
		return 0;
	assert(size <= ACCESS_WIRE_MAX && w.why < ACCESS_WIRE_WHYS);
	for (unsigned i = 0; i < ACCESS_WIRE_TEXTS; i++) {
		const uint8_t *start = (const uint8_t *)w.texts[i].start;
		assert(start >= data && start + w.texts[i].length <= data + size);
		assert(memchr(start, 0, w.texts[i].length) == NULL);
	}
	assert(w.texts[ACCESS_WIRE_SERVICE].length > 0);
	assert(access_wire_write(&w, again) == size && memcmp(again, data, size) == 0);
	return 0;
}
