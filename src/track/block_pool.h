/* SPDX-License-Identifier: ISC */
/*
 * block_pool - blocks of 1 to 16 KiB from one stretch of memory that never grows.
 *
 * For what is small in most dossiers and large in a few. A heap bounds what it hands out, not what it
 * keeps between; here both are the same: free neighbours join again (buddies, Knuth 2.5), nothing is
 * ever asked of the system, and a page is taken when a block of it is first used.
 *
 * As long as any byte is free, a block of BLOCK_POOL_LEAST is to be had.
 *
 * Owner: dossier_pool.   Tests: tests/unit/track/test_block_pool.c
 */
#ifndef KW_TRACK_BLOCK_POOL_H
#define KW_TRACK_BLOCK_POOL_H

#include <stddef.h>
#include <stdint.h>

#define BLOCK_POOL_LEAST 1024u
#define BLOCK_POOL_MOST 16384u

struct block_pool;

/* Of `bytes`, rounded down to whole blocks of BLOCK_POOL_MOST, at least one. */
struct block_pool *block_pool_create(size_t bytes);
void block_pool_destroy(struct block_pool *p);

/* The bytes of the block that holds `size` (1 to BLOCK_POOL_MOST) bytes. */
size_t block_pool_round(size_t size);

/* Zeroed memory for `size` bytes (1 to BLOCK_POOL_MOST), aligned to BLOCK_POOL_LEAST; null if there is
 * none left, or if less than `spare` bytes would be left in all. */
void *block_pool_take(struct block_pool *p, size_t size, size_t spare);
/* Takes back what was taken with this size; accepts null. */
void block_pool_give(struct block_pool *p, void *block, size_t size);

size_t block_pool_bytes(const struct block_pool *p); /* all of them */
size_t block_pool_used(const struct block_pool *p);  /* in blocks that are out */

#endif
