/* SPDX-License-Identifier: ISC */
#include "access/access_index.h"

#include "access/access_group_map.h"
#include "access/access_image.h"
#include "access/access_image_file.h"
#include "access/access_index_table.h"
#include "access/access_kept.h"
#include "access/access_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Questions of one tick for which the kernel is asked: below four thousand a second every one; above, they cost
 * 16 times a few microseconds of 4000. */
enum { ASKED_A_TICK = 16 };

struct access_index {
	struct access_bytes bytes;
	struct access_image image;
	struct access_kept kept;
	struct access_groups groups; /* of the last question */
	int64_t tick;       /* the coarse clock at the last question */
	unsigned questions; /* since it has this value */
	char path[];        /* of the table */
};

/* Takes the bytes, also when there is no memory. */
static struct access_index *hold(const char *path, struct access_bytes bytes)
{
	const size_t length = strlen(path) + 1;
	struct access_index *x = calloc(1, sizeof *x + length);
	if (x == NULL) {
		access_bytes_clear(&bytes);
		return NULL;
	}
	memcpy(x->path, path, length);
	x->bytes = bytes;
	return x;
}

struct access_index *access_index_over(const char *path, char *image, size_t size, const char **why)
{
	struct access_bytes bytes = access_bytes_over(image, size);
	bytes.owner = ACCESS_BYTES_ALLOCATED;
	struct access_index *x = hold(path, bytes);
	*why = "no memory";
	if (x == NULL)
		return NULL;
	if (access_image_look(&x->bytes, &x->image, why)) {
		access_kept_take(&x->kept, &x->image);
		return x;
	}
	access_index_close(x);
	return NULL;
}

/* Why what was opened cannot be used; null if it can. The table is asked about before all is read. */
static const char *fault_of_opened(struct access_index *x, uint64_t load_max, bool *unusable)
{
	const char *fault;
	*unusable = !access_image_look(&x->bytes, &x->image, &fault);
	if (*unusable)
		return fault;
	if (!access_index_table_is_same(x->path, &x->image.header.table))
		return "the table was changed since";
	if (x->bytes.size > load_max)
		return NULL;
	if (access_bytes_load(&x->bytes)) {
		access_kept_take(&x->kept, &x->image);
		return NULL;
	}
	*unusable = x->bytes.damaged;
	return *unusable ? "damaged" : "no memory";
}

struct access_index *access_index_open(const char *path, uint64_t load_max, bool *unusable, char *why, size_t why_size)
{
	struct access_bytes bytes;
	*unusable = false;
	if (!access_image_file_open(path, &bytes, why, why_size))
		return NULL;
	struct access_index *x = hold(path, bytes);
	const char *fault = x != NULL ? fault_of_opened(x, load_max, unusable) : "no memory";
	if (fault == NULL)
		return x;
	access_index_close(x);
	snprintf(why, why_size, "%s", fault);
	return NULL;
}

bool access_index_is_loaded(const struct access_index *x)
{
	return x->bytes.memory != NULL;
}

void access_index_close_file(struct access_index *x)
{
	access_bytes_close_file(&x->bytes);
}

bool access_index_is_damaged(const struct access_index *x)
{
	return x->bytes.damaged;
}

void access_index_close(struct access_index *x)
{
	if (x == NULL)
		return;
	access_kept_clear(&x->kept);
	access_bytes_clear(&x->bytes);
	free(x);
}

const char *access_index_path(const struct access_index *x)
{
	return x->path;
}

/* Is it the kernel's turn? */
static bool asks_kernel(struct access_index *x)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	const int64_t tick = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	if (tick != x->tick) {
		x->tick = tick;
		x->questions = 0;
	}
	return x->questions++ < ASKED_A_TICK;
}

enum access_found_answer access_index_find(
	struct access_index *x, struct access_asker *asker, const struct access_place *at, struct access_found *out)
{
	const bool asks = asks_kernel(x);
	if (asks && !access_index_table_is_same(x->path, &x->image.header.table))
		return ACCESS_FOUND_STALE;
	access_groups_find(&x->image, asker->daemon, &x->groups);
	const struct access_search search = {
		.image = &x->image, .kept = &x->kept, .groups = &x->groups, .asker = asker, .at = at};
	const enum access_found_answer got = access_search_image(&search, out);
	if (x->bytes.failed || (got == ACCESS_FOUND_MATCH && asks && !access_index_table_has(x->path, &x->image.header.table, &out->line)))
		return ACCESS_FOUND_STALE;
	return got;
}
