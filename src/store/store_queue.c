/* SPDX-License-Identifier: ISC */
#include "store/store_queue.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void free_telling(struct store_telling *t)
{
	free(t->sources);
	free(t->summary);
	free(t->json);
	free(t);
}

/* What malloc takes beside the four pieces of a telling. */
#define PIECES_OVERHEAD 96

static size_t rows_most(const struct store_queue *q)
{
	return q->rows_most ? q->rows_most : STORE_QUEUE_ROWS_MAX;
}

static size_t bytes_most(const struct store_queue *q)
{
	return q->bytes_most ? q->bytes_most : STORE_QUEUE_BYTES_MAX;
}

void store_queue_limit(struct store_queue *q, size_t bytes)
{
	assert(q->rows == NULL && bytes >= STORE_QUEUE_BYTES_LEAST);
	size_t rows = bytes / 2 / sizeof *q->rows, texts = bytes / 2;
	q->rows_most = rows < STORE_QUEUE_ROWS_MAX ? rows : STORE_QUEUE_ROWS_MAX;
	q->bytes_most = texts < STORE_QUEUE_BYTES_MAX ? texts : STORE_QUEUE_BYTES_MAX;
}

bool store_queue_is_due(const struct store_queue *q, size_t rows)
{
	return q->count >= rows || q->count >= rows_most(q) / 2 || q->bytes >= bytes_most(q) / 2;
}

/* All rows at once: pages are only taken as they fill, and growing would hold two copies. */
static void append_row(struct store_queue *q, const struct store_row *row)
{
	if (q->rows == NULL)
		q->rows = memory_calloc(rows_most(q), sizeof *q->rows);
	q->rows[q->count] = *row;
	q->rows[q->count++].recorded = q->recorded;
}

static size_t size_of(const struct incident *in, const char *json)
{
	return sizeof(struct store_telling) + PIECES_OVERHEAD + strlen(json) +
	       (in->summary != NULL ? strlen(in->summary) : 0) +
	       in->members_shown * sizeof(struct addr);
}

static struct store_telling *copy_telling(const struct incident *in, const char *json)
{
	struct store_telling *t = memory_calloc(1, sizeof *t);
	const char *summary = in->summary != NULL ? in->summary : "";
	t->incident = *in;
	t->incident.ports = t->incident.answered = NULL;
	t->incident.members = NULL;
	t->incident.tool = t->incident.nmap = t->incident.signature = t->incident.reference = NULL;
	t->incident.why = t->incident.explain = t->incident.summary = t->incident.into = NULL;
	t->summary = memory_strdup(summary);
	t->json = memory_strdup(json);
	t->source_count = in->members_shown;
	t->sources = memory_calloc(in->members_shown, sizeof *t->sources);
	for (unsigned i = 0; i < in->members_shown; i++)
		t->sources[i] = in->members[i].address;
	t->bytes = size_of(in, json);
	return t;
}

bool store_queue_add_telling(struct store_queue *q, const struct incident *in, const char *json)
{
	bool fits = q->count < rows_most(q) && q->bytes + size_of(in, json) <= bytes_most(q);
	if (!fits && q->count > 0) {
		q->refused++;
		return false;
	}
	struct store_telling *t = copy_telling(in, json);
	q->bytes += t->bytes;
	append_row(q, &(struct store_row){.kind = STORE_ROW_TELLING, .of = {.telling = t}});
	return true;
}

bool store_queue_add_count(struct store_queue *q, const struct store_row *row)
{
	assert(row->kind != STORE_ROW_TELLING);
	if (q->count >= rows_most(q) / 4 * 3) {
		if (row->kind == STORE_ROW_IMPORT)
			free(row->of.import);
		q->refused++;
		return false;
	}
	append_row(q, row);
	return true;
}

void store_queue_empty(struct store_queue *q)
{
	for (size_t i = 0; i < q->count; i++) {
		if (q->rows[i].kind == STORE_ROW_TELLING)
			free_telling(q->rows[i].of.telling);
		else if (q->rows[i].kind == STORE_ROW_IMPORT)
			free(q->rows[i].of.import);
	}
	q->count = 0;
	q->bytes = 0;
}

void store_queue_clear(struct store_queue *q)
{
	store_queue_empty(q);
	free(q->rows);
	q->rows = NULL;
}
