/* SPDX-License-Identifier: ISC */
/* image_sums - puts the header's check and the sums of an image right behind a change, so that the rest of it is looked at. */
#ifndef KW_TESTS_IMAGE_SUMS_H
#define KW_TESTS_IMAGE_SUMS_H

#include "access/access_image.h"
#include "access/access_sum.h"

/* As far as the header says where they are, inside. */
static inline void image_sums_put_right(char *bytes, size_t size)
{
	struct access_image_header h;
	if (size < sizeof h)
		return;
	memcpy(&h, bytes, sizeof h);
	h.check = access_image_header_check(&h);
	memcpy(bytes, &h, sizeof h);
	if (h.summed > size || h.summed % 64 != 0 || access_bytes_sums(h.summed) * sizeof(uint64_t) > size - h.summed)
		return;
	for (uint64_t at = 0; at < h.summed; at += ACCESS_BYTES_PIECE) {
		const uint64_t left = h.summed - at, index = at / ACCESS_BYTES_PIECE;
		const uint64_t sum = access_sum_of(
			bytes + at, left < ACCESS_BYTES_PIECE ? left : ACCESS_BYTES_PIECE, h.seed, index);
		memcpy(bytes + h.summed + index * sizeof sum, &sum, sizeof sum);
	}
}

#endif
