/* SPDX-License-Identifier: ISC */
/*
 * exec_list - the programs started as root that the journal tells of, what is alike as one group.
 *
 * Alike = the same unit, parent and file, and the same exec_shape. Read straight from the files of the days asked
 * for. Bounded: beyond EXEC_LIST_GROUPS groups starts are only counted. A line that is no event, or cannot be read,
 * is passed over.
 *
 * Tests: tests/unit/store/test_exec_list.c
 */
#ifndef KW_STORE_EXEC_LIST_H
#define KW_STORE_EXEC_LIST_H

#include "base/clock.h"
#include "store/store_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXEC_LIST_GROUPS 4096

/* Texts are from outside, not escaped, never null, owned. */
struct exec_group {
	uint64_t hash;
	char *unit, *parent, *exe, *shape;
	char *args;     /* of the last start: words parted by blanks, those with blanks in quotes */
	uint64_t count; /* starts */
	uint64_t fresh; /* of them: nothing alike was seen before */
	uint64_t counted; /* of them: beyond the budget, only counted */
	struct wall_time first, last;
};

struct exec_list {
	struct exec_group *groups; /* the latest first */
	size_t count;
	uint64_t starts, fresh; /* in all, those without a group among them */
	uint64_t groupless;
};

/* Starts from `since` on and before `until` (0 = no bound). False with the reason; exec_list_clear must follow
 * only after true. */
bool exec_list_read(const char *state, struct wall_time since, struct wall_time until,
	struct exec_list *out, struct store_error *error);
void exec_list_clear(struct exec_list *l);

/* Adds one line of the journal; false if it is no event of type `exec`, or none of the time asked for. */
bool exec_list_add_line(struct exec_list *l, const char *line, size_t length,
	struct wall_time since, struct wall_time until);

#endif
