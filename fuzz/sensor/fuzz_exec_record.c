/* SPDX-License-Identifier: ISC */
/* Any bytes as a record of the hook in exec: what is taken keeps the bounds of an exec_event. */
#include "sensor/exec_record_read.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct exec_event e;
	uint8_t *bytes =
		malloc(size > 0 ? size : 1); /* of its own, so that a read behind it is seen */
	if (size > 0)
		memcpy(bytes, data, size);
	if (exec_record_read(bytes, size, 0, &e)) {
		assert(e.args_size <= EXEC_ARGS_MAX && e.args_size <= e.args_true);
		assert(e.args[e.args_size] == '\0');
		assert(memchr(e.exe, '\0', sizeof e.exe) && memchr(e.cwd, '\0', sizeof e.cwd));
		assert(memchr(e.unit, '\0', sizeof e.unit) && memchr(e.tty, '\0', sizeof e.tty));
		assert(memchr(e.parent, '\0', sizeof e.parent));
	}
	free(bytes);
	return 0;
}
