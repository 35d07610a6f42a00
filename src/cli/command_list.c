/* SPDX-License-Identifier: ISC */
#include "cli/command.h"
#include "cli/read_command.h"

#include <stddef.h>
#include <string.h>

static const struct command *const commands[] = {
	&read_command,
	NULL,
};

const struct command *const *command_list(void)
{
	return commands;
}

const struct command *command_list_find(const char *name)
{
	for (const struct command *const *c = commands; *c != NULL; c++) {
		if (strcmp((*c)->name, name) == 0)
			return *c;
	}
	return NULL;
}
