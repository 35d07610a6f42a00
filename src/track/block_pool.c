/* SPDX-License-Identifier: ISC */
/*
 * Memory is cut into superblocks of 16 KiB, these into halves down to 1 KiB:
 *
 *     order 4 |                               |
 *     order 3 |               |               |
 *     order 2 |       |       |   ...
 *
 * `free_order` tells for each KiB whether a free block starts there, and of which order. Free blocks of an
 * order hang in a list that lies in the blocks themselves. Superblocks beyond `fresh` were never used.
 */
#include "track/block_pool.h"

#include "base/memory.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	ORDERS = 5, /* 1, 2, 4, 8, 16 KiB */
	TOP = ORDERS - 1,
	NOT_FREE = 0xff,
};

struct free_block {
	struct free_block *next, *previous;
};

struct block_pool {
	uint8_t *memory;
	size_t bytes, used;
	size_t fresh;        /* bytes of superblocks that were ever used */
	uint8_t *free_order; /* of each KiB */
	struct free_block *free[ORDERS];
};

struct block_pool *block_pool_create(size_t bytes)
{
	struct block_pool *p = memory_calloc(1, sizeof *p);
	p->bytes = bytes / BLOCK_POOL_MOST * BLOCK_POOL_MOST;
	if (p->bytes == 0)
		p->bytes = BLOCK_POOL_MOST;
	p->memory = memory_map_table(p->bytes);
	p->free_order = memory_calloc(p->bytes / BLOCK_POOL_LEAST, 1);
	memset(p->free_order, NOT_FREE, p->bytes / BLOCK_POOL_LEAST);
	return p;
}

void block_pool_destroy(struct block_pool *p)
{
	if (p == NULL)
		return;
	memory_unmap_table(p->memory, p->bytes);
	free(p->free_order);
	free(p);
}

static unsigned order_of(size_t size)
{
	assert(size > 0 && size <= BLOCK_POOL_MOST);
	unsigned order = 0;
	while ((size_t)BLOCK_POOL_LEAST << order < size)
		order++;
	return order;
}

size_t block_pool_round(size_t size)
{
	return (size_t)BLOCK_POOL_LEAST << order_of(size);
}

static struct free_block *block_at(const struct block_pool *p, size_t offset)
{
	return (struct free_block *)(void *)(p->memory + offset);
}

static size_t offset_of(const struct block_pool *p, const void *block)
{
	return (size_t)((const uint8_t *)block - p->memory);
}

static void hang(struct block_pool *p, size_t offset, unsigned order)
{
	struct free_block *b = block_at(p, offset);
	*b = (struct free_block){.next = p->free[order]};
	if (b->next != NULL)
		b->next->previous = b;
	p->free[order] = b;
	p->free_order[offset / BLOCK_POOL_LEAST] = (uint8_t)order;
}

static void unhang(struct block_pool *p, size_t offset, unsigned order)
{
	struct free_block *b = block_at(p, offset);
	if (b->previous != NULL)
		b->previous->next = b->next;
	else
		p->free[order] = b->next;
	if (b->next != NULL)
		b->next->previous = b->previous;
	p->free_order[offset / BLOCK_POOL_LEAST] = NOT_FREE;
}

/* A block of this order, cut from a larger one if need be; null if there is none. */
static void *cut(struct block_pool *p, unsigned order)
{
	unsigned from = order;
	size_t offset;
	while (from < ORDERS && p->free[from] == NULL)
		from++;
	if (from < ORDERS) {
		offset = offset_of(p, p->free[from]);
		unhang(p, offset, from);
	} else if (p->fresh < p->bytes) {
		offset = p->fresh;
		p->fresh += BLOCK_POOL_MOST;
		from = TOP;
	} else {
		return NULL;
	}
	while (from > order) {
		from--;
		hang(p, offset + ((size_t)BLOCK_POOL_LEAST << from), from);
	}
	return p->memory + offset;
}

void *block_pool_take(struct block_pool *p, size_t size, size_t spare)
{
	size_t whole = block_pool_round(size);
	if (p->bytes - p->used < whole + spare)
		return NULL;
	void *block = cut(p, order_of(size));
	if (block == NULL)
		return NULL;
	p->used += whole;
	return memset(block, 0, size);
}

void block_pool_give(struct block_pool *p, void *block, size_t size)
{
	if (block == NULL)
		return;
	unsigned order = order_of(size);
	size_t offset = offset_of(p, block);
	p->used -= (size_t)BLOCK_POOL_LEAST << order;
	for (; order < TOP; order++) {
		size_t buddy = offset ^ (size_t)BLOCK_POOL_LEAST << order;
		if (p->free_order[buddy / BLOCK_POOL_LEAST] != order)
			break;
		unhang(p, buddy, order);
		offset &= ~((size_t)BLOCK_POOL_LEAST << order);
	}
	hang(p, offset, order);
}

size_t block_pool_bytes(const struct block_pool *p)
{
	return p->bytes;
}

size_t block_pool_used(const struct block_pool *p)
{
	return p->used;
}
