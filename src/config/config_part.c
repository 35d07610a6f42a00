/* SPDX-License-Identifier: ISC */
/*
 * The words of all parts lie in one struct, one behind the other, which libcyaml fills by one schema: the fields of
 * each part with their offsets moved to where its words begin.
 */
#include "config/config_part.h"

#include "base/memory.h"
#include "config/config_check.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* The parts as one. */
struct union_schema {
	struct cyaml_schema_value value;
	struct cyaml_schema_field fields[CONFIG_CHECK_KEYS_MAX + 1];
	unsigned fields_count;
	size_t starts[CONFIG_PARTS_MAX]; /* of each part's words */
};

_Static_assert(
	sizeof((struct config_origins){0}.items) / sizeof((struct config_origins){0}.items[0]) ==
		CONFIG_CHECK_KEYS_MAX,
	"every key has its origin");

static size_t align_up(size_t n)
{
	const size_t step = alignof(max_align_t);
	return (n + step - 1) / step * step;
}

static void add_fields(struct union_schema *u, const struct config_part *part, size_t start)
{
	for (const struct cyaml_schema_field *f = part->fields; f->key != NULL; f++) {
		assert(u->fields_count < CONFIG_CHECK_KEYS_MAX);
		struct cyaml_schema_field *copy = &u->fields[u->fields_count++];
		*copy = *f;
		copy->data_offset = (uint32_t)(f->data_offset + start);
		copy->count_offset = (uint32_t)(f->count_offset + start);
	}
}

static void unite(struct union_schema *u, const struct config_part *const *parts, unsigned count)
{
	size_t size = 0;
	memset(u, 0, sizeof *u);
	assert(count <= CONFIG_PARTS_MAX);
	for (unsigned i = 0; i < count; i++) {
		u->starts[i] = size;
		add_fields(u, parts[i], size);
		size = align_up(size + parts[i]->words_size);
	}
	u->fields[u->fields_count] = (struct cyaml_schema_field)CYAML_FIELD_END;
	u->value.type = CYAML_MAPPING;
	u->value.flags = CYAML_FLAG_POINTER;
	u->value.data_size = (uint32_t)size;
	u->value.mapping.fields = u->fields;
}

static void note_origins(const struct union_schema *u, const struct config_reading *r,
	struct config_origins *origins)
{
	origins->count = 0;
	for (unsigned i = 0; i < u->fields_count; i++) {
		const struct config_outline_node *node = config_reading_member(r, u->fields[i].key);
		if (node == NULL)
			continue;
		origins->items[origins->count].key = u->fields[i].key;
		origins->items[origins->count++].line = node->key_line;
	}
}

unsigned config_origins_line(const struct config_origins *origins, const char *key)
{
	for (unsigned i = 0; i < origins->count; i++) {
		if (strcmp(origins->items[i].key, key) == 0)
			return origins->items[i].line;
	}
	return 0;
}

/* Gives the fresh options to their owner if all is well and there is one. */
static void hand_over(const struct config_part *part, void *fresh, void *target, bool good)
{
	if (good && target != NULL) {
		part->clear(target);
		memcpy(target, fresh, part->options_size);
	} else {
		part->clear(fresh);
	}
	free(fresh);
}

/* Understands the words of every part; true if none was wrong. */
static void read_all(const struct config_part *const *parts, unsigned count,
	const struct union_schema *u, void *words, struct config_reading *r, void **fresh)
{
	for (unsigned i = 0; i < count; i++) {
		fresh[i] = memory_calloc(1, parts[i]->options_size);
		parts[i]->init(fresh[i]);
		parts[i]->read(r, (char *)words + u->starts[i], fresh[i]);
	}
}

bool config_parts_load(const struct config_part *const *parts, void *const *options, unsigned count,
	const struct config_file *file, struct config_origins *origins,
	struct config_faults *faults)
{
	struct union_schema u;
	void *words = NULL, *fresh[CONFIG_PARTS_MAX];
	unite(&u, parts, count);
	bool fits = file != NULL && config_file_load(file, &u.value, &words, NULL, faults);
	if (words == NULL)
		return false;
	const struct config_outline *outline = config_file_outline(file);
	struct config_reading r = {file, outline, config_outline_root(outline), faults, true};
	read_all(parts, count, &u, words, &r, fresh);
	const bool good = fits && r.good;
	if (good && origins != NULL)
		note_origins(&u, &r, origins);
	for (unsigned i = 0; i < count; i++)
		hand_over(parts[i], fresh[i], options[i], good);
	config_file_unload(&u.value, words, 0);
	return good;
}
