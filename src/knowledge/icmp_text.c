/* SPDX-License-Identifier: ISC */
#include "knowledge/icmp_text.h"

#include "knowledge/knowledge_table.h"

const struct icmp_text *icmp_text_of(uint8_t ip_proto, uint8_t type)
{
	const struct icmp_row *row = row_span_find(knowledge_table_icmp, knowledge_table_icmp_count,
		sizeof *row, row_span_key(ip_proto, type));
	return row ? &row->text : NULL;
}
