/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

_Noreturn static void die_without_memory(size_t bytes)
{
	fprintf(stderr, "knockwatch: out of memory (wanted %zu bytes)\n", bytes);
	exit(7);
}

void *memory_calloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);
	if (p == NULL)
		die_without_memory(count * size);
	return p;
}

void *memory_realloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (p == NULL)
		die_without_memory(size);
	return p;
}

char *memory_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(memory_calloc(1, size), text, size);
}

void *memory_map_table(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		die_without_memory(bytes);
	madvise(p, bytes, MADV_HUGEPAGE);
	return p;
}

void memory_unmap_table(void *table, size_t bytes)
{
	if (table != NULL)
		munmap(table, bytes);
}
