/* SPDX-License-Identifier: ISC */
/*
 * Any record into the index: it takes it or counts it, and what it has taken it can answer from.
 */
#include "store/journal_index.h"
#include "store/store_imports.h"
#include "store/store_query.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct store *open_store(void)
{
	static char directory[] = "/tmp/knockwatch-fuzz-XXXXXX";
	struct store_error error;
	assert(mkdtemp(directory) != NULL);
	struct store *s = store_open(directory, false, &error);
	assert(s != NULL);
	sqlite3_exec(store_database(s), "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct store *s;
	static uint64_t seq;
	struct store_error error;
	struct journal_record r = {.line = (const char *)data,
		.length = size,
		.plain_length = size > 0 ? size - 1 : 0};
	if (s == NULL)
		s = open_store();
	r.place.seq = ++seq;
	(void)journal_index_add(s, &r, 20000);
	if (seq % 64 == 0) {
		struct store_imports imports;
		struct store_totals totals;
		assert(store_flush_now(s, &error) == STORE_FLUSH_DONE);
		assert(store_query_totals(s, (struct wall_time){0}, &totals, &error));
		assert(store_imports_ask(s, &imports, &error));
		store_imports_clear(&imports);
	}
	return 0;
}
