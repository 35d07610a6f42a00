/* SPDX-License-Identifier: ISC */
/*
 * A log almost always repeats the name of the line before, so the last answer is tried first; behind
 * it stands an open-addressing index over an FNV-1a hash with a bounded probe. Many colliding names
 * can only make names fail to be added, never slow a look-up down.
 */
#include "event/name_table.h"

#include "base/memory.h"
#include "base/text_buffer.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	SLOTS = 4096, /* four times the names: short probes */
	PROBES = 16,
};

struct name_table {
	char names[NAME_TABLE_MAX][NAME_TABLE_LENGTH]; /* names[0] stays empty */
	uint16_t slots[SLOTS];                         /* number of a name, 0 = free */
	uint16_t count;                                /* names in use, names[0] included */
	uint16_t last;                                 /* number of the last answer */
	uint16_t services;                             /* of the names: added as services */
};

struct name_table *name_table_create(void)
{
	struct name_table *t = memory_calloc(1, sizeof *t);
	t->count = 1;
	return t;
}

void name_table_destroy(struct name_table *t)
{
	free(t);
}

static uint32_t hash_name(const char *name)
{
	uint32_t h = 2166136261u;
	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

/* `clean` has NAME_TABLE_LENGTH bytes; `most` names may be in use afterwards. */
static uint16_t find_or_add(struct name_table *t, const char *clean, uint16_t most)
{
	uint32_t at = hash_name(clean);
	for (int i = 0; i < PROBES; i++, at++) {
		uint16_t *slot = &t->slots[at % SLOTS];
		if (*slot == 0) {
			if (t->count >= most)
				return 0;
			memcpy(t->names[t->count], clean, NAME_TABLE_LENGTH);
			*slot = t->count++;
		} else if (strcmp(t->names[*slot], clean) != 0) {
			continue;
		}
		t->last = *slot;
		return *slot;
	}
	return 0;
}

static uint16_t intern(struct name_table *t, struct text_slice name, uint16_t most)
{
	if (name.length == 0)
		return 0;
	if (text_slice_equals(name, t->names[t->last]))
		return t->last;
	char clean[NAME_TABLE_LENGTH];
	struct text_buffer b = text_buffer_over(clean, sizeof clean);
	text_buffer_add_escaped(
		&b, name.start, name.length < sizeof clean ? name.length : sizeof clean);
	return find_or_add(t, clean, most);
}

uint16_t name_table_intern(struct name_table *t, struct text_slice name)
{
	return intern(t, name, NAME_TABLE_MAX);
}

uint16_t name_table_intern_service(struct name_table *t, struct text_slice name)
{
	uint16_t before = t->count;
	bool room = t->services < NAME_TABLE_SERVICES_MAX;
	uint16_t number = intern(t, name, room ? NAME_TABLE_MAX : 0);
	t->services = (uint16_t)(t->services + (t->count - before));
	return number;
}

bool name_table_is_plain(const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < length; i++) {
		if (name[i] < ' ' || name[i] > '~')
			return false;
	}
	return length > 0 && length < NAME_TABLE_LENGTH;
}

uint16_t name_table_adopt(struct name_table *t, const char *name)
{
	char clean[NAME_TABLE_LENGTH] = "";
	if (!name_table_is_plain(name))
		return 0;
	snprintf(clean, sizeof clean, "%s", name);
	return find_or_add(t, clean, NAME_TABLE_MAX);
}

const char *name_table_name(const struct name_table *t, uint16_t number)
{
	return number < t->count ? t->names[number] : "";
}

unsigned name_table_count(const struct name_table *t)
{
	return t->count;
}
