/* SPDX-License-Identifier: ISC */
#include "access/access_cache.h"

#include "access/access_index_build.h"

static struct access_index *open_index(const char *path, bool resident)
{
	char why[64];
	const char *fault;
	struct access_pile image = {0};
	struct access_index *x = access_index_open(path, resident, why, sizeof why);
	if (x != NULL || !resident)
		return x;
	if (access_index_build_image(path, ACCESS_CACHE_SMALL, &image) == 0)
		return access_index_over(path, image.bytes, image.used, &fault);
	access_pile_clear(&image);
	return NULL;
}

/* The slot of the table, or one to be filled. */
static struct access_index **slot_of(struct access_cache *c, const char *path)
{
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++) {
		if (c->tables[i] != NULL && strcmp(access_index_path(c->tables[i]), path) == 0)
			return &c->tables[i];
	}
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++) {
		if (c->tables[i] == NULL)
			return &c->tables[i];
	}
	struct access_index **slot = &c->tables[c->next++ % ACCESS_CACHE_TABLES];
	access_index_close(*slot);
	*slot = NULL;
	return slot;
}

enum access_index_answer access_cache_find(struct access_cache *c, const char *path, struct access_asker *asker,
	const struct access_place *at, struct access_line *out)
{
	struct access_index **slot = slot_of(c, path);
	/* twice: one that is stale is made anew */
	for (unsigned attempt = 0; attempt < 2; attempt++) {
		if (*slot == NULL)
			*slot = open_index(path, c->resident);
		if (*slot == NULL)
			return ACCESS_INDEX_ODD;
		enum access_index_answer got = access_index_find(*slot, asker, at, out);
		if (got != ACCESS_INDEX_STALE)
			return got;
		access_index_close(*slot);
		*slot = NULL;
	}
	return ACCESS_INDEX_ODD;
}

void access_cache_clear(struct access_cache *c)
{
	for (unsigned i = 0; i < ACCESS_CACHE_TABLES; i++) {
		access_index_close(c->tables[i]);
		c->tables[i] = NULL;
	}
}
