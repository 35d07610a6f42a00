/* SPDX-License-Identifier: ISC */
/*
 * config_outline - the tree of a YAML text: what stands where.
 *
 * Every value keeps its line and column, so that a fault found later, by whoever understands the
 * option, can still point at it. Read with libyaml, one event at a time, and bounded before
 * anything grows: nesting, number of values; anchors and aliases are refused, so no text unfolds
 * into more than it is. Texts are NUL-terminated UTF-8 and hold no other NUL.
 */
#ifndef KW_CONFIG_CONFIG_OUTLINE_H
#define KW_CONFIG_CONFIG_OUTLINE_H

#include "config/config_fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_OUTLINE_DEPTH 16    /* our deepest schema needs 4 */
#define CONFIG_OUTLINE_NODES 50000 /* a thousand signatures with all their keys */

enum config_outline_kind {
	CONFIG_OUTLINE_SCALAR,
	CONFIG_OUTLINE_LIST,
	CONFIG_OUTLINE_MAPPING,
};

struct config_outline_node {
	enum config_outline_kind kind;
	bool quoted;                   /* scalar in quotes or in block form: never "no value" */
	uint32_t line, column;         /* of the value, from 1 */
	uint32_t key_line, key_column; /* of its key; 0 for items and the root */
	uint32_t key;                  /* offset of the key's text; 0 for items and the root */
	uint32_t text;                 /* offset of a scalar's text */
	uint32_t first;                /* number of the first child, 0 = none */
	uint32_t next;                 /* number of the next sibling, 0 = none */
};

struct config_outline;

/*
 * Reads a text; `name` is what faults call it and is borrowed for the life of the outline. Null if
 * it is not YAML or breaks a bound: then at least one fault was added.
 */
struct config_outline *config_outline_create(
	const char *name, const char *text, size_t length, struct config_faults *faults);
void config_outline_destroy(struct config_outline *outline);

/* The outermost value; null for a file with nothing but comments. */
const struct config_outline_node *config_outline_root(const struct config_outline *outline);

/* A key's or scalar's text by its offset. */
const char *config_outline_text(const struct config_outline *outline, uint32_t offset);

/* Walks the children: the first one for a null `after`, null behind the last. */
const struct config_outline_node *config_outline_next(const struct config_outline *outline,
	const struct config_outline_node *parent, const struct config_outline_node *after);

/* The value of a key; null if `mapping` is null, no mapping, or has no such key. */
const struct config_outline_node *config_outline_member(const struct config_outline *outline,
	const struct config_outline_node *mapping, const char *key);

/* The item of a list, counted from 0; null if `list` is null or shorter. */
const struct config_outline_node *config_outline_item(const struct config_outline *outline,
	const struct config_outline_node *list, unsigned number);

/* True for a scalar with nothing in it ("key:" and no more). */
bool config_outline_is_empty(
	const struct config_outline *outline, const struct config_outline_node *node);

#endif
