/* SPDX-License-Identifier: ISC */
#include "knowledge/kind_text.h"

#include "knowledge/knowledge_table.h"

#include <assert.h>

const struct kind_text *kind_text_of(enum incident_kind kind)
{
	assert(kind < INCIDENT_KINDS);
	return &knowledge_table_kinds[kind];
}
