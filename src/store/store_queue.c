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

static void append_row(struct store_queue *q, const struct store_row *row)
{
	if (q->count == q->room) {
		q->room = q->room == 0 ? 256 : q->room * 2;
		q->rows = memory_realloc(q->rows, q->room * sizeof *q->rows);
	}
	q->rows[q->count++] = *row;
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
	t->bytes =
		sizeof *t + strlen(summary) + strlen(json) + t->source_count * sizeof *t->sources;
	return t;
}

bool store_queue_add_telling(struct store_queue *q, const struct incident *in, const char *json)
{
	if (q->count >= STORE_QUEUE_ROWS_MAX || q->bytes >= STORE_QUEUE_BYTES_MAX) {
		q->refused++;
		return false;
	}
	struct store_telling *t = copy_telling(in, json);
	q->bytes += t->bytes;
	append_row(q, &(struct store_row){STORE_ROW_TELLING, {.telling = t}});
	return true;
}

bool store_queue_add_count(struct store_queue *q, const struct store_row *row)
{
	assert(row->kind != STORE_ROW_TELLING);
	if (q->count >= STORE_QUEUE_COUNTS_MAX) {
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
	}
	q->count = 0;
	q->bytes = 0;
}

void store_queue_clear(struct store_queue *q)
{
	store_queue_empty(q);
	free(q->rows);
	q->rows = NULL;
	q->room = 0;
}
