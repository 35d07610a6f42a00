/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a program's file: names stay within their bounds, and nothing is read beyond the file.
 */
#include "cli/elf_needs.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_needs n;
	bool read = elf_needs_read_bytes(data, size, &n);
	assert(read || (n.count == 0 && !n.run_path && !n.old_path));
	assert(n.count <= ELF_NEEDS_NAMES);
	for (unsigned i = 0; i < n.count; i++)
		assert(n.names[i][0] != '\0' && strlen(n.names[i]) < ELF_NEEDS_TEXT_MAX);
	elf_needs_clear(&n);
	return 0;
}
