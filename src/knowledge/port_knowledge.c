/* SPDX-License-Identifier: ISC */
#include "knowledge/port_knowledge.h"

#include "knowledge/knowledge_table.h"

const struct port_knowledge *port_knowledge_of(uint8_t ip_proto, uint16_t port)
{
	const struct port_row *row = row_span_find(knowledge_table_ports,
		knowledge_table_ports_count, sizeof *row, row_span_key(ip_proto, port));
	return row ? &row->text : NULL;
}
