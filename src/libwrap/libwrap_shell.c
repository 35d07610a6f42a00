/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"
#include "libwrap/wrap_trap.h"

void shell_cmd(char *command)
{
	wrap_trap_shell(command);
}
