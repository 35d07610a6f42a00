/* SPDX-License-Identifier: ISC */
/*
 * access_group_map - which group a daemon's name is: while an index is built, and of one that is.
 *
 * Groups are numbered in the order in which their names come first; 0 is ALL. Names are compared in any case of letters.
 *
 * Tests: tests/unit/access/test_access_index.c
 */
#ifndef KW_ACCESS_ACCESS_GROUP_MAP_H
#define KW_ACCESS_ACCESS_GROUP_MAP_H

#include "access/access_image.h"
#include "access/access_request.h"

struct access_group_map {
	uint64_t seed;
	struct access_pile groups; /* struct access_image_group */
	struct access_pile names;  /* their names, by number */
	uint32_t *slots;           /* owned: group numbers by hash; 0: free */
	size_t slot_count;         /* a power of two, more than twice the groups */
	bool failed;               /* no memory: the numbers are not to be used */
};

void access_group_map_init(struct access_group_map *m, uint64_t seed);
/* The number of this daemon's group, made if it is new. `place` is where the name stands. */
uint32_t access_group_map_number(struct access_group_map *m, struct text_slice name, uint32_t place);
uint32_t access_group_map_count(const struct access_group_map *m);
/* Valid until the next new group; null when there was no memory. */
struct access_image_group *access_group_map_at(struct access_group_map *m, uint32_t group);
/* Puts names and numbers where access_groups_find looks. */
void access_group_map_add_names(const struct access_group_map *m, struct access_pile *entries);
void access_group_map_clear(struct access_group_map *m);

/* In a finished image: the groups that a daemon's rules are in, which are ALL and its own, if any rule names it. */
struct access_groups {
	char daemon[ACCESS_TEXT_SIZE];
	size_t length; /* of its name; 0: nobody's yet */
	unsigned count;
	struct {
		struct access_image_group group;
		uint32_t number;
	} of[2];
};
/* `g` may hold those of the last question: a program asks for the same daemon again and again. */
void access_groups_find(const struct access_image *image, struct text_slice daemon, struct access_groups *g);

#endif
