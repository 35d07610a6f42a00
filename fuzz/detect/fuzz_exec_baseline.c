/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a saved baseline, with a right sum behind them: what is taken works on, what is refused changes
 * nothing.
 */
#include "detect/exec_baseline.h"

#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file_of(const uint8_t *data, size_t size)
{
	uint32_t sum = __builtin_bswap32((uint32_t)crc32(0, data, (unsigned)size));
	int fd = memfd_create("baseline", 0);
	assert(write(fd, data, size) == (ssize_t)size);
	assert(write(fd, &sum, sizeof sum) == sizeof sum);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct exec_event e = {.exe = "/bin/x", .args = "x", .args_size = 2, .args_true = 2};
	struct exec_baseline *b = exec_baseline_create();
	int fd = file_of(data, size);
	(void)exec_baseline_note(b, &e);
	bool taken = exec_baseline_load(b, fd) == NULL;
	struct exec_baseline_stats s = exec_baseline_stats(b);
	assert(s.entries <= EXEC_BASELINE_ENTRIES && s.fresh <= s.starts);
	assert(taken || s.starts == 1);
	(void)exec_baseline_note(b, &e);
	assert(!exec_baseline_note(b, &e));
	close(fd);
	exec_baseline_destroy(b);
	return 0;
}
