/* SPDX-License-Identifier: ISC */
#include "knowledge/tool_text.h"

#include "knowledge/knowledge_table.h"

#include <string.h>

const struct tool_text *tool_text_of(const char *name)
{
	for (size_t i = 0; name != NULL && i < knowledge_table_tools_count; i++) {
		if (strcmp(knowledge_table_tools[i].name, name) == 0)
			return &knowledge_table_tools[i];
	}
	return NULL;
}
