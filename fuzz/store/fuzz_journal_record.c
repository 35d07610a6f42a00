/* SPDX-License-Identifier: ISC */
/*
 * Any line as a record of the journal. What has the form of one must say the same place when only its end is
 * read; what it was before it was sealed, sealed again in the same place, must be the same line.
 */
#include "store/journal_chain.h"
#include "store/journal_head.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void seal_again(struct journal_hasher *h, const struct journal_record *r)
{
	static const struct journal_hash zero;
	size_t braces = r->is_chain_event ? 2 : 1;
	char *event = malloc(r->plain_length + braces);
	char *line = malloc(r->plain_length + braces + JOURNAL_TAIL_MAX);
	struct journal_place place = {.seq = r->place.seq - 1};
	struct journal_record again;
	assert(event != NULL && line != NULL);
	memcpy(event, r->line, r->plain_length);
	memcpy(event + r->plain_length, "}}", braces);
	size_t n = journal_record_seal(
		h, &place, event, r->plain_length + braces, r->is_chain_event, line);
	assert(n == r->length + 1 && line[n - 1] == '\n');
	assert(memcmp(line, r->line, r->hashed_length) == 0);
	assert(journal_record_read(line, n - 1, &again));
	assert(again.place.seq == r->place.seq && journal_record_follows(&again, &zero, h));
	free(event);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct journal_hasher *h;
	struct journal_record r;
	struct journal_place place;
	struct journal_head head;
	if (h == NULL)
		h = journal_hasher_create();
	const char *line = (const char *)data;
	if (!journal_record_read(line, size, &r) || memchr(line, '\n', size) != NULL)
		return 0;
	assert(r.plain_length < r.hashed_length && r.hashed_length < size);
	assert(journal_place_read(line, size, &place) && place.seq == r.place.seq);
	assert(journal_hash_equal(&place.hash, &r.place.hash));
	if (journal_head_read(&r, &head))
		assert(memchr(head.file, '\0', sizeof head.file) != NULL);
	if (r.plain_length > 2)
		seal_again(h, &r);
	return 0;
}
