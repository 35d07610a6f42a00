/* SPDX-License-Identifier: ISC */
#include "event/exec_wire.h"

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

bool exec_wire_read(const void *bytes, size_t size, struct exec_event *out)
{
	const size_t head = offsetof(struct exec_event, args);
	if (size < head || size > head + EXEC_ARGS_MAX)
		return false;
	memcpy(out, bytes, size);
	if (out->args_size != size - head)
		return false;
	out->args[out->args_size] = '\0';
	return out->args_size <= out->args_true && out->euid == 0 && out->via < EXEC_VIAS &&
	       wall_time_is_sane(out->time) && ends(out->exe, sizeof out->exe) &&
	       ends(out->cwd, sizeof out->cwd) && ends(out->tty, sizeof out->tty) &&
	       ends(out->parent, sizeof out->parent) && ends(out->unit, sizeof out->unit);
}
