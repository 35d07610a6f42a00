/* SPDX-License-Identifier: ISC */
#include "access/access_cache.h"

#include "access/access_image_file.h"
#include "access/access_index_build.h"
#include "base/text_buffer.h"

#include <limits.h>

static const char damaged[] = "damaged";

/* Tells once of each state of an index that a program that stays does not use it. */
static void refuse(struct access_cache *c, const struct access_image_table *state, const struct access_place *at, const char *why)
{
	char file[PATH_MAX], text[160];
	c->refused[c->next_refused++ % ACCESS_CACHE_TABLES] = *state;
	if (at->sink.warn == NULL)
		return;
	struct text_buffer name = text_buffer_over(file, sizeof file), message = text_buffer_over(text, sizeof text);
	text_buffer_add(&name, at->file);
	text_buffer_add(&name, ".idx");
	text_buffer_add(&message, why);
	text_buffer_add(&message, ": this index is not used, and decisions take longer; 'knockwatch access compile' makes it anew");
	at->sink.warn(at->sink.self, file, 0, text);
}

static bool was_refused(const struct access_cache *c, const struct access_image_table *state)
{
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++) {
		if (state->inode != 0 && access_image_table_same(&c->refused[i], state))
			return true;
	}
	return false;
}

static struct access_index *open_small(const char *path)
{
	const char *fault;
	struct access_pile image = {0};
	if (access_index_build_image(path, ACCESS_CACHE_SMALL, &image) == 0)
		return access_index_over(path, image.bytes, image.used, &fault);
	access_pile_clear(&image);
	return NULL;
}

/* After so many questions to a table that is not loaded: what its index may have at most to be. */
static uint64_t load_max_of(const struct access_cache *c, unsigned asked)
{
	const uint64_t most = c->load_max > 0 ? c->load_max : ACCESS_CACHE_LOADED;
	const uint64_t earned = (uint64_t)asked * ACCESS_CACHE_EARNED;
	if (!c->resident)
		return 0;
	return earned < most ? earned : most;
}

/* `state` is of the file before it was opened: one that is put in its place meanwhile is not refused for it. */
static struct access_index *open_index(
	struct access_cache *c, const char *path, unsigned asked, const struct access_place *at, struct access_image_table *state)
{
	char why[64];
	bool unusable = false;
	struct access_index *x = NULL;
	*state = c->resident ? access_image_file_state(path) : (struct access_image_table){0};
	if (!was_refused(c, state))
		x = access_index_open(path, load_max_of(c, asked), &unusable, why, sizeof why);
	if (unusable)
		refuse(c, state, at, why);
	return x == NULL && c->resident ? open_small(path) : x;
}

static void empty(struct access_index **slot)
{
	access_index_close(*slot);
	*slot = NULL;
}

/* The slot of the table, or one to be filled. */
static struct access_index **slot_of(struct access_cache *c, const char *path)
{
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++) {
		if (c->tables[i] != NULL && strcmp(access_index_path(c->tables[i]), path) == 0)
			return &c->tables[i];
	}
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++) {
		if (c->tables[i] == NULL) {
			c->asked[i] = 0;
			return &c->tables[i];
		}
	}
	const unsigned oldest = c->next++ % ACCESS_CACHE_TABLES;
	empty(&c->tables[oldest]);
	c->asked[oldest] = 0;
	return &c->tables[oldest];
}

enum access_found_answer access_cache_find(struct access_cache *c, const char *path, struct access_asker *asker,
	const struct access_place *at, struct access_found *out)
{
	struct access_index **slot = slot_of(c, path);
	unsigned *asked = &c->asked[slot - c->tables];
	struct access_image_table state = {0};
	if (*slot != NULL && !access_index_is_loaded(*slot))
		empty(slot); /* its file was closed */
	if (*slot == NULL && *asked < UINT32_MAX)
		++*asked;
	/* twice: one that is stale is made anew */
	for (unsigned attempt = 0; attempt < 2; attempt++) {
		if (*slot == NULL)
			*slot = open_index(c, path, *asked, at, &state);
		if (*slot == NULL)
			return ACCESS_FOUND_ODD;
		enum access_found_answer got = access_index_find(*slot, asker, at, out);
		access_index_close_file(*slot);
		if (got != ACCESS_FOUND_STALE)
			return got;
		const bool is_damaged = access_index_is_damaged(*slot);
		*asked = access_index_is_loaded(*slot) ? 1 : *asked;
		empty(slot);
		if (is_damaged) {
			refuse(c, &state, at, damaged);
			return ACCESS_FOUND_ODD;
		}
	}
	return ACCESS_FOUND_ODD;
}

void access_cache_clear(struct access_cache *c)
{
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++)
		empty(&c->tables[i]);
}
