/* SPDX-License-Identifier: ISC */
/*
 * config_reading - what a room needs to understand the words of its keys, and to say where they are wrong.
 *
 * libcyaml gives texts and numbers; whether a text is a duration, a size or a block of addresses is found here,
 * and a fault gets the file, line and column of the value. A value that is wrong leaves its output untouched, and
 * the reading goes on, so that all faults are told in one run.
 */
#ifndef KW_CONFIG_CONFIG_READING_H
#define KW_CONFIG_CONFIG_READING_H

#include "config/config_fault.h"
#include "config/config_outline.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stdint.h>

struct config_file;

struct config_reading {
	const struct config_file *file;
	const struct config_outline *outline;
	const struct config_outline_node *root;
	struct config_faults *faults;
	bool good; /* no fault yet */
};

/* The value of a key of the file, and an item of the list that it has; null where there is none. */
const struct config_outline_node *config_reading_member(
	const struct config_reading *r, const char *key);
const struct config_outline_node *config_reading_item(
	const struct config_reading *r, const char *key, unsigned number);

/* Adds the fault "KEY must be EXPECTED, not VALUE" at the node. */
void config_reading_wrong(struct config_reading *r, const struct config_outline_node *node,
	const char *key, const char *value, const char *expected);
/* Adds any other fault. */
void config_reading_fault(struct config_reading *r, const struct config_outline_node *node,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Each reads the value of a key; a null text means that the key is not there. */
void config_reading_duration(
	struct config_reading *r, const char *key, const char *text, int64_t least_us, int64_t *us);
/* `words` says the bounds: "from 24M to 64G". */
void config_reading_size(struct config_reading *r, const char *key, const char *text,
	uint64_t least, uint64_t most, const char *words, uint64_t *bytes);
void config_reading_prefixes(struct config_reading *r, const char *key, char *const *list,
	unsigned count, struct prefix_set *out);
/* One block, at a node that need not be a key of the file. */
void config_reading_prefix(struct config_reading *r, const struct config_outline_node *node,
	const char *key, const char *text, struct prefix *out);

/* Moves a text that libcyaml has read to its new owner; the old place is null then. */
char *config_reading_take(char **text);

#endif
