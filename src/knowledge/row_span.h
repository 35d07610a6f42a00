/* SPDX-License-Identifier: ISC */
/*
 * row_span - the span of keys a table row speaks for, and the search for the row of one key.
 *
 * A key is a protocol number and a port or type: see row_span_key. Rows are sorted by `first` and
 * do not overlap; tools/compile_knowledge.py promises it and a test reads every row.
 *
 * Tests: tests/unit/knowledge/test_row_span.c
 */
#ifndef KW_KNOWLEDGE_ROW_SPAN_H
#define KW_KNOWLEDGE_ROW_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct row_span {
	uint32_t first, last; /* keys, both included */
};

static inline uint32_t row_span_key(uint8_t ip_proto, uint16_t number)
{
	return (uint32_t)ip_proto << 16 | number;
}

/* The row that holds `key`, or null. Every row begins with a struct row_span. */
const void *row_span_find(const void *rows, size_t count, size_t row_bytes, uint32_t key);

#endif
