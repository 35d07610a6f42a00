/* SPDX-License-Identifier: ISC */
#include "knowledge/service_name.h"

#include "knowledge/knowledge_table.h"

const char *service_name_of(uint8_t ip_proto, uint16_t port)
{
	const struct service_row *row = row_span_find(knowledge_table_services,
		knowledge_table_services_count, sizeof *row, row_span_key(ip_proto, port));
	return row ? row->name : NULL;
}
