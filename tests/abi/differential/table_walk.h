/* SPDX-License-Identifier: ISC */
/*
 * table_walk - the lines of a case's table as the original joins them, and what the rule in a line would do.
 *
 * A second reading of the language, apart from the one in src/access, so that the two can disagree.
 */
#ifndef KW_ABI_TABLE_WALK_H
#define KW_ABI_TABLE_WALK_H

#include "access_case.h"

#include <stdbool.h>
#include <stddef.h>

struct table_walk {
	const struct case_file *file; /* set this one, leave the others 0 */
	size_t begin, end;            /* of the logical line; the end behind its newline */
	unsigned number;              /* physical lines with a newline so far */
	bool ended;                   /* it has a newline */
};

/* The next line; false, and nothing changed, where there is none. */
bool table_walk_next(struct table_walk *w);

/* Who knows whether a rule with such options denies: ": umask 9: allow" does, for it has a fault. */
struct table_walk_judge {
	bool (*denies)(void *self, const char *options, bool table_denies);
	void *self;
};

/* Does the rule of this line deny? The judge knows of its options, or else its table. What an aclexec asks says yes, and users are there. */
bool table_walk_denies(const struct table_walk *w, bool table_denies, const struct table_walk_judge *judge);

/* In which field the byte stands: 0 daemons, 1 clients, above that options. */
unsigned table_walk_field(const struct table_walk *w, size_t at);

/* The ':' that ends a field; the end of the line if none does. */
size_t table_walk_field_end(const struct table_walk *w, unsigned field);

/* How many words EXCEPT stand before that byte in its list: each turns round what a match there means. */
unsigned table_walk_excepts(const struct table_walk *w, size_t at);

/* Where an option that begins with these letters stands first behind the byte `from`; the end of the line if none does. */
size_t table_walk_option(const struct table_walk *w, size_t from, const char *keyword);

#endif
