/* SPDX-License-Identifier: ISC */
#include "knowledge/row_span.h"

#include <stdlib.h>

static int compare(const void *wanted, const void *row)
{
	uint32_t key = *(const uint32_t *)wanted;
	const struct row_span *span = row;
	if (key < span->first)
		return -1;
	return key > span->last;
}

const void *row_span_find(const void *rows, size_t count, size_t row_bytes, uint32_t key)
{
	return bsearch(&key, rows, count, row_bytes, compare);
}
