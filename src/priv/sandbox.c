/* SPDX-License-Identifier: ISC */
#include "priv/sandbox.h"

#include "priv/file_sandbox.h"

#include <assert.h>

/* What libraries read on the way: SQLite its seed, the C library the time zone. */
static const char *const always_readable[] = {
	"/dev/urandom",
	"/etc/localtime",
	"/usr/share/zoneinfo",
};
#define ALWAYS_READABLE (sizeof always_readable / sizeof always_readable[0])

bool sandbox_enter(const struct sandbox_options *options, struct text_buffer *report, char *error,
	size_t error_size)
{
	struct file_sandbox_path paths[1 + SANDBOX_READ_PATHS_MAX + ALWAYS_READABLE];
	size_t count = 0;
	assert(options->read_path_count <= SANDBOX_READ_PATHS_MAX);
	if (options->state_directory)
		paths[count++] =
			(struct file_sandbox_path){options->state_directory, FILE_SANDBOX_WRITE};
	for (size_t i = 0; i < options->read_path_count; i++)
		paths[count++] =
			(struct file_sandbox_path){options->read_paths[i], FILE_SANDBOX_READ};
	bool opens_files = options->role != SYSCALL_ROLE_SENSOR || options->read_path_count > 0;
	for (size_t i = 0; opens_files && i < ALWAYS_READABLE; i++)
		paths[count++] = (struct file_sandbox_path){always_readable[i], FILE_SANDBOX_READ};
	const uint16_t ports[] = {options->connects_to, 53};
	size_t port_count = options->connects_to != 0 ? 2 : 0;
	if (file_sandbox_enter(paths, count, ports, port_count, report, error, error_size) ==
		FILE_SANDBOX_FAILED)
		return false;
	text_buffer_add(report, opens_files ? "; " : " and opens none; ");
	return syscall_filter_enter(options->role, opens_files, report, error, error_size);
}
