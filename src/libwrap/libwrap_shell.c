/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_command.h"

void shell_cmd(char *command)
{
	switch (wrap_command_run(command, WRAP_COMMAND_SECONDS)) {
	case WRAP_COMMAND_ZERO:
	case WRAP_COMMAND_OTHER: /* its own affair, as ever */
		break;
	case WRAP_COMMAND_LATE:
		libwrap_diag_warn("killed after %d s: %.200s", WRAP_COMMAND_SECONDS, command);
		break;
	case WRAP_COMMAND_NOT_RUN:
		libwrap_diag_warn("cannot fork: %m");
		break;
	}
}
