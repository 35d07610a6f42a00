/* SPDX-License-Identifier: ISC */
/*
 * Any arguments. Nothing may be written beyond the room, the number of arguments stays, and a secret that
 * stands in a place that every rule knows is gone whatever stands around it.
 */
#include "event/secret_mask.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_args(const char *args, size_t size)
{
	size_t count = 0;
	for (size_t at = 0; at < size; count++)
		at += strnlen(args + at, size - at) + 1;
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char known[] = "--password=qZ7#kX9";
	/* A fuzzer soon learns the secret and shows it where it is none. */
	if (size < 1 || size > EXEC_ARGS_MAX || memmem(data, size, "qZ7", 3) != NULL)
		return 0;
	size_t room = 4 * size + 64, whole = size - 1 + sizeof known;
	char *args = malloc(whole + 1), *out = malloc(room + 1);
	memcpy(args, data + 1, size - 1);
	if (size > 1)
		args[size - 2] = '\0';
	memcpy(args + size - 1, known, sizeof known);
	size_t used = secret_mask_args(args, whole, data[0] & 1, NULL, out, room);
	assert(used <= room && out[used] == '\0');
	assert(count_args(out, used) == count_args(args, whole));
	assert(memmem(out, used, "qZ7#kX9", 7) == NULL);
	/* And where room is short. */
	size_t little = data[0];
	used = secret_mask_args(args, whole, false, NULL, out, little < room ? little : room);
	assert(used <= little && out[used] == '\0');
	free(args);
	free(out);
	return 0;
}
