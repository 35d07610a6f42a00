/* SPDX-License-Identifier: ISC */
#include "store/import_match.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { SIZE = 256 << 10 };

/* The imports of exactly `bytes` bytes that are known, the first of which is rows[*next]; one of them has the
 * sum so far? */
static void match_length(struct journal_hasher *h, const struct store_imports *imports,
	size_t *next, uint64_t bytes, const struct store_import **known)
{
	struct journal_hash sum;
	if (*next == imports->count || imports->rows[*next].file.bytes != bytes)
		return;
	journal_hasher_sum_so_far(h, &sum);
	for (; *next < imports->count && imports->rows[*next].file.bytes == bytes; ++*next) {
		if (bytes > 0 && journal_hash_equal(&sum, &imports->rows[*next].file.sum))
			*known = &imports->rows[*next];
	}
}

bool import_match_find(int fd, const struct store_imports *imports, struct import *sum,
	const struct store_import **known)
{
	struct journal_hasher *h = journal_hasher_create();
	char *bytes = memory_realloc(NULL, SIZE);
	uint64_t at = 0;
	size_t next = 0;
	ssize_t n;
	*known = NULL;
	journal_hasher_begin(h);
	match_length(h, imports, &next, 0, known);
	do {
		size_t most = SIZE;
		if (next < imports->count && imports->rows[next].file.bytes - at < most)
			most = (size_t)(imports->rows[next].file.bytes - at);
		n = pread(fd, bytes, most, (off_t)at);
		if (n > 0) {
			journal_hasher_add(h, bytes, (size_t)n);
			at += (uint64_t)n;
			match_length(h, imports, &next, at, known);
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	sum->bytes = at;
	sum->has_sum = true;
	journal_hasher_sum_so_far(h, &sum->sum);
	int kept = errno;
	free(bytes);
	journal_hasher_destroy(h);
	errno = kept;
	return n == 0;
}
