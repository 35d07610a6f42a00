/* SPDX-License-Identifier: ISC */
#include "knowledge/research_text.h"

#include "knowledge/knowledge_table.h"

#include <stdlib.h>

/* One bit for each first byte of an address; of IPv4 the first one that is not of the mapping. */
static bool may_be_listed(const struct addr *a)
{
	uint8_t first = a->bytes[addr_is_v4(a) ? 12 : 0];
	return knowledge_table_research_first[first / 32] >> (first % 32) & 1;
}

static int compare(const void *wanted, const void *row)
{
	const struct prefix *block = &((const struct research_row *)row)->block;
	return prefix_holds(block, wanted) ? 0 : addr_compare(wanted, &block->base);
}

const struct research_text *research_text_of(const struct addr *a)
{
	if (!may_be_listed(a))
		return NULL;
	const struct research_row *row = bsearch(
		a, knowledge_table_research, knowledge_table_research_count, sizeof *row, compare);
	return row ? &row->text : NULL;
}
