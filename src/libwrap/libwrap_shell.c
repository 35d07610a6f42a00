/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_command.h"

enum { LIFE_SECONDS = 60 };

void shell_cmd(char *command)
{
	const struct wrap_command order = {
		.text = command, .wait_seconds = WRAP_COMMAND_SECONDS, .life_seconds = LIFE_SECONDS};
	switch (wrap_command_run(&order)) {
	case WRAP_COMMAND_ZERO:
	case WRAP_COMMAND_OTHER: /* its own affair, as ever */
	case WRAP_COMMAND_REFUSED:
		break;
	case WRAP_COMMAND_LATE:
		libwrap_diag_warn("killed after %d s: %.200s", LIFE_SECONDS, command);
		break;
	case WRAP_COMMAND_RUNS_ON:
		libwrap_diag_warn("not waited for any longer after %d s: %.200s", WRAP_COMMAND_SECONDS, command);
		break;
	case WRAP_COMMAND_NOT_RUN:
		libwrap_diag_warn("cannot fork: %m");
		break;
	}
}
