/* SPDX-License-Identifier: ISC */
/*
 * Two blocks are apart, or one is inside the other. In the order of their first addresses, the wider first where these are
 * the same, all that is inside a block follows it before anything else does. So the last one that was inside none
 * is the only one that the next can be inside of.
 */
#include "cli/access_wider.h"

#include "base/memory.h"

#include <stdlib.h>

enum { V4_BITS = 96 }; /* where IPv4 begins in the 128-bit form */

static bool is_v4(const struct access_set_entry *e)
{
	return e->block.length_bits >= V4_BITS && addr_is_v4(&e->block.base);
}

static int compare(const void *left, const void *right)
{
	const struct access_set_entry *a = *(const struct access_set_entry *const *)left;
	const struct access_set_entry *b = *(const struct access_set_entry *const *)right;
	if (a->verdict != b->verdict)
		return a->verdict < b->verdict ? -1 : 1;
	if (is_v4(a) != is_v4(b))
		return is_v4(a) ? -1 : 1;
	const int order = addr_compare(&a->block.base, &b->block.base);
	if (order != 0)
		return order;
	return (a->block.length_bits > b->block.length_bits) - (a->block.length_bits < b->block.length_bits);
}

/* The same block twice is inside none. */
static bool is_inside(const struct access_set_entry *e, const struct access_set_entry *around)
{
	return around && around->verdict == e->verdict && is_v4(around) == is_v4(e) &&
	       around->block.length_bits < e->block.length_bits && prefix_holds(&around->block, &e->block.base);
}

void access_wider_find(const struct access_set_entry *items, size_t count, const struct access_set_entry **wider)
{
	const struct access_set_entry **sorted = memory_realloc(NULL, (count + 1) * sizeof *sorted);
	const struct access_set_entry *around = NULL;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &items[i];
	qsort(sorted, count, sizeof *sorted, compare);
	for (size_t i = 0; i < count; i++) {
		const bool inside = is_inside(sorted[i], around);
		wider[sorted[i] - items] = inside ? around : NULL;
		if (!inside)
			around = sorted[i];
	}
	free(sorted);
}
