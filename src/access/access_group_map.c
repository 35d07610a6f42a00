/* SPDX-License-Identifier: ISC */
#include "access/access_group_map.h"

#include "access/access_place_hash.h"

#define DAEMONS UINT32_MAX /* what the names of daemons have in place of a group, in the place table */

struct group_name {
	uint64_t hash; /* as in the place table */
	uint32_t length;
	char text[ACCESS_TEXT_SIZE];
};

static bool add(struct access_group_map *m, struct text_slice name, uint64_t hash, uint32_t place)
{
	struct group_name *n = access_pile_add(&m->names, sizeof *n);
	struct access_image_group *g = access_pile_add(&m->groups, sizeof *g);
	if (n == NULL || g == NULL)
		return false;
	*n = (struct group_name){.hash = hash, .length = (uint32_t)name.length};
	memcpy(n->text, name.start, name.length);
	*g = (struct access_image_group){
		.name = place, .all = ACCESS_NOWHERE, .needs_name = ACCESS_NOWHERE, .hangs_on_name = ACCESS_NOWHERE};
	return true;
}

void access_group_map_init(struct access_group_map *m, uint64_t seed)
{
	*m = (struct access_group_map){.seed = seed};
	m->failed = !add(m, (struct text_slice){"", 0}, 0, ACCESS_NOWHERE);
}

uint32_t access_group_map_count(const struct access_group_map *m)
{
	return (uint32_t)(m->groups.used / sizeof(struct access_image_group));
}

struct access_image_group *access_group_map_at(struct access_group_map *m, uint32_t group)
{
	if (m->failed)
		return NULL;
	return (struct access_image_group *)(void *)m->groups.bytes + group;
}

static const struct group_name *name_at(const struct access_group_map *m, uint32_t group)
{
	return (const struct group_name *)(const void *)m->names.bytes + group;
}

/* The slot of the name, or the free one where it belongs. */
static uint32_t *slot_of(const struct access_group_map *m, struct text_slice name, uint64_t hash)
{
	for (size_t i = hash & (m->slot_count - 1);; i = (i + 1) & (m->slot_count - 1)) {
		const struct group_name *n = name_at(m, m->slots[i]);
		if (m->slots[i] == 0 || (n->hash == hash && n->length == name.length &&
						access_text_same(n->text, name.start, name.length)))
			return &m->slots[i];
	}
}

static bool make_room(struct access_group_map *m)
{
	const uint32_t count = access_group_map_count(m);
	if ((size_t)2 * (count + 1) < m->slot_count)
		return true;
	const size_t wanted = m->slot_count == 0 ? 64 : m->slot_count * 4;
	uint32_t *slots = calloc(wanted, sizeof *slots);
	if (slots == NULL)
		return false;
	free(m->slots);
	m->slots = slots;
	m->slot_count = wanted;
	for (uint32_t group = 1; group < count; group++) {
		const struct group_name *n = name_at(m, group);
		*slot_of(m, (struct text_slice){n->text, n->length}, n->hash) = group;
	}
	return true;
}

uint32_t access_group_map_number(struct access_group_map *m, struct text_slice name, uint32_t place)
{
	m->failed = m->failed || name.length >= ACCESS_TEXT_SIZE || !make_room(m);
	if (m->failed)
		return 0;
	const uint64_t hash = access_place_hash_of_text(m->seed, name, DAEMONS);
	uint32_t *slot = slot_of(m, name, hash);
	if (*slot != 0)
		return *slot;
	const uint32_t number = access_group_map_count(m);
	m->failed = !add(m, name, hash, place);
	*slot = number;
	return number;
}

void access_group_map_add_names(const struct access_group_map *m, struct access_pile *entries)
{
	for (uint32_t group = 1; group < access_group_map_count(m); group++)
		access_place_table_add(entries, name_at(m, group)->hash, group);
}

void access_group_map_clear(struct access_group_map *m)
{
	access_pile_clear(&m->groups);
	access_pile_clear(&m->names);
	free(m->slots);
	m->slots = NULL;
}

static bool find_own(
	const struct access_image *x, struct text_slice daemon, struct access_image_group *out, uint32_t *number)
{
	struct access_place_walk walk = {.hash = access_place_hash_of_text(x->header.seed, daemon, DAEMONS)};
	while ((*number = access_place_table_next(&x->places, &walk)) != ACCESS_PLACE_TABLE_END) {
		if (!access_image_group_at(x, *number, out))
			return false;
		const struct text_slice name = access_image_word_at(x, out->name);
		if (name.length == daemon.length && access_text_same(name.start, daemon.start, name.length))
			return true;
	}
	return false;
}

void access_groups_find(const struct access_image *image, struct text_slice daemon, struct access_groups *g)
{
	if (daemon.length == g->length && memcmp(daemon.start, g->daemon, daemon.length) == 0)
		return;
	g->of[0].number = 0;
	g->count = access_image_group_at(image, 0, &g->of[0].group) ? 1 : 0;
	g->count += find_own(image, daemon, &g->of[g->count].group, &g->of[g->count].number) ? 1 : 0;
	g->length = daemon.length < sizeof g->daemon ? daemon.length : 0;
	memcpy(g->daemon, daemon.start, g->length);
}
