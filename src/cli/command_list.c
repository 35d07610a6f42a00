/* SPDX-License-Identifier: ISC */
#include "cli/command.h"
#include "cli/access_command.h"
#include "cli/check_command.h"
#include "cli/completion_command.h"
#include "cli/config_command.h"
#include "cli/doctor_command.h"
#include "cli/execs_command.h"
#include "cli/incidents_command.h"
#include "cli/ports_command.h"
#include "cli/read_command.h"
#include "cli/reindex_command.h"
#include "cli/ruleset_command.h"
#include "cli/send_command.h"
#include "cli/show_command.h"
#include "cli/signatures_command.h"
#include "cli/status_command.h"
#include "cli/verify_command.h"
#include "cli/watch_command.h"
#include "cli/who_command.h"
#include "cli/wrappers_command.h"

#include <stddef.h>
#include <string.h>

static const struct command *const commands[] = {
	&watch_command,
	&read_command,
	&incidents_command,
	&show_command,
	&who_command,
	&ports_command,
	&execs_command,
	&status_command,
	&verify_command,
	&reindex_command,
	&send_command,
	&signatures_command,
	&ruleset_command,
	&access_command,
	&wrappers_command,
	&check_command,
	&config_command,
	&doctor_command,
	&completion_command,
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
