/* SPDX-License-Identifier: ISC */
/*
 * access_pile - memory that grows at its end, and fails instead of ending the program.
 *
 * Once an addition found no memory the pile has `failed`, and every further one gives null: whoever fills it asks once, at
 * the end. What was added may move with each addition.
 */
#ifndef KW_ACCESS_ACCESS_PILE_H
#define KW_ACCESS_ACCESS_PILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct access_pile {
	char *bytes; /* owned; null while empty. Aligned as malloc() does */
	size_t used;
	size_t size;
	bool failed;
};

/* The kernel gives memory page by page as it is touched; of piles of megabytes that is the larger part of the work. */
static inline void access_pile_use_huge_pages(const struct access_pile *p)
{
	enum { WORTH_IT = 8 << 20, PAGE = 4096 };
	if (p->size < WORTH_IT)
		return;
	/* the whole mapping: one with two kinds of pages cannot be moved when it grows */
	const size_t before = (uintptr_t)p->bytes % PAGE;
	(void)madvise(p->bytes - before, p->size + before, MADV_HUGEPAGE);
}

/* Room for `length` more bytes, not cleared; null without memory only, also where the length is 0. */
static inline void *access_pile_add(struct access_pile *p, size_t length)
{
	if (p->failed || length > SIZE_MAX / 4 - p->used) {
		p->failed = true;
		return NULL;
	}
	if (p->bytes == NULL || length > p->size - p->used) {
		size_t size = p->size < 256 ? 512 : p->size * 2;
		while (size < p->used + length)
			size *= 2;
		char *grown = realloc(p->bytes, size);
		if (grown == NULL) {
			p->failed = true;
			return NULL;
		}
		p->bytes = grown;
		p->size = size;
		access_pile_use_huge_pages(p);
	}
	void *at = p->bytes + p->used;
	p->used += length;
	return at;
}

static inline void access_pile_add_bytes(struct access_pile *p, const void *bytes, size_t length)
{
	void *at = access_pile_add(p, length);
	if (at != NULL && length > 0)
		memcpy(at, bytes, length);
}

static inline void access_pile_clear(struct access_pile *p)
{
	free(p->bytes);
	*p = (struct access_pile){0};
}

#endif
