/* SPDX-License-Identifier: ISC */
/*
 * Records of the audit system, one a line: the first byte chooses the type, the rest is the text. What comes
 * out must keep the bounds of an exec_event and be of root.
 */
#include "sensor/audit_join.h"

#include <assert.h>
#include <linux/audit.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct exec_event *e)
{
	size_t at = 0, args = 0;
	assert(e->args_size <= EXEC_ARGS_MAX && e->args_size <= e->args_true);
	assert(e->args[e->args_size] == '\0' && e->euid == 0);
	assert(memchr(e->exe, '\0', sizeof e->exe) && memchr(e->cwd, '\0', sizeof e->cwd));
	assert(memchr(e->tty, '\0', sizeof e->tty));
	while (exec_event_next_arg(e, &at) != NULL)
		args++;
	assert(args <= e->args_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = {
		AUDIT_SYSCALL, AUDIT_EXECVE, AUDIT_CWD, AUDIT_EOE, AUDIT_PATH};
	static struct audit_join join;
	static struct exec_event e;
	audit_join_clear(&join);
	for (size_t at = 0; at < size;) {
		const uint8_t *line = data + at, *end = memchr(line, '\n', size - at);
		size_t length = end != NULL ? (size_t)(end - line) : size - at;
		at += length + 1;
		if (length == 0)
			continue;
		/* A copy of its own, so that a read behind it is seen. */
		char *text = malloc(length);
		memcpy(text, line + 1, length - 1);
		if (audit_join_take(&join, types[line[0] % 5], text, length - 1, &e))
			check(&e);
		free(text);
	}
	return 0;
}
