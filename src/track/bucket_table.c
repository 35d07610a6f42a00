/* SPDX-License-Identifier: ISC */
#include "track/bucket_table.h"

#include "base/memory.h"

#include <assert.h>

void bucket_table_init(struct bucket_table *t, size_t bytes, size_t bucket_bytes, uint64_t least)
{
	uint64_t count = bytes / bucket_bytes;
	t->count = count < least ? least : count;
	t->bucket_bytes = bucket_bytes;
	assert(t->count > 0 && t->count <= UINT32_MAX);
	t->memory = memory_map_table(bucket_table_bytes(t));
}

void bucket_table_clear(struct bucket_table *t)
{
	if (t->memory != NULL)
		memory_unmap_table(t->memory, bucket_table_bytes(t));
	t->memory = NULL;
}

void bucket_table_wipe(struct bucket_table *t)
{
	memory_unmap_table(t->memory, bucket_table_bytes(t));
	t->memory = memory_map_table(bucket_table_bytes(t));
}
