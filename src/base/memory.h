/* SPDX-License-Identifier: ISC */
/*
 * memory - allocation that either works or ends the program with one line.
 *
 * For start-up and for bounded pools only: nothing on the packet path allocates. access/ and
 * libwrap/ must not use it, for they live in other people's programs.
 */
#ifndef KW_BASE_MEMORY_H
#define KW_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory for `count` objects of `size` bytes; the caller frees it with free(). Never null. */
void *memory_calloc(size_t count, size_t size) __attribute__((returns_nonnull));

/* As realloc, never null for a size above 0. The new part is not cleared. */
void *memory_realloc(void *old, size_t size) __attribute__((returns_nonnull));

/* A copy of the text; the caller frees it with free(). */
char *memory_strdup(const char *text) __attribute__((returns_nonnull));

/*
 * Zeroed memory for a large table, taken straight from the kernel, page by page as it is touched,
 * and on huge pages where the kernel offers them (fewer TLB misses on random look-ups).
 */
void *memory_map_table(size_t bytes);
/* Gives back what memory_map_table gave; accepts null. */
void memory_unmap_table(void *table, size_t bytes);

#endif
