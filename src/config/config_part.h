/* SPDX-License-Identifier: ISC */
/*
 * config_part - the keys that one room has in knockwatch.yaml, and how several rooms share the file.
 *
 * A room describes its keys as a libcyaml schema over a struct of words of its own, and understands them in `read`.
 * The parts of all rooms make one schema, so that an unknown key is unknown to all, and a near one of any room is
 * what was meant. No part knows of another; the list of them stands above the rooms (engine/configuration).
 *
 * To add keys to a room: a struct of options with init and clear, a struct of words with its fields, a function
 * `read`, a row a key for `config show`, and one line in engine/configuration.c.
 */
#ifndef KW_CONFIG_CONFIG_PART_H
#define KW_CONFIG_CONFIG_PART_H

#include "config/config_file.h"
#include "config/config_reading.h"

#define CONFIG_PARTS_MAX 16

/* When a running watch takes a new value. One that nobody thought of is told as waiting, never as taken. */
enum config_key_taken {
	CONFIG_KEY_AT_START,     /* what it says was opened or sized at the start */
	CONFIG_KEY_AT_RELOAD,    /* at once, when the file is read again */
	CONFIG_KEY_BY_A_COMMAND, /* never: another command's, at its own start */
};

/* A key of the file's first level, and its value in words for people. */
struct config_part_key {
	const char *key;
	/* Writes what holds, one line; a default and an empty list have words, too. */
	void (*write)(const void *options, struct text_buffer *out);
	enum config_key_taken taken;
};

struct config_part {
	const struct cyaml_schema_field *fields; /* ends with CYAML_FIELD_END */
	size_t words_size;                       /* of the struct that the fields speak of */
	size_t options_size;          /* of the struct that the room works with; it may be moved */
	void (*init)(void *options);  /* the defaults */
	void (*clear)(void *options); /* frees what they own; accepts a zeroed struct */
	/* Lays the words over the defaults; may take texts and lists out of the words (leaving null and 0). */
	void (*read)(struct config_reading *r, void *words, void *options);
	const struct config_part_key *keys; /* as they are shown; ended by a null key */
};

/* Where each key that the file has stands. */
struct config_origins {
	struct {
		const char *key; /* of the schema */
		unsigned line;
	} items[64]; /* CONFIG_CHECK_KEYS_MAX */
	unsigned count;
};

/* The line of a key; 0 = it is not in the file, the default holds. */
unsigned config_origins_line(const struct config_origins *origins, const char *key);

/*
 * Reads the file against all parts. If it has no fault, the options of every part are replaced: by the defaults
 * with the file laid over them. Else nothing is changed, and all faults were added. A part whose options are null is
 * checked and forgotten. `origins` may be null. The file may be null (it could not be opened): false.
 */
bool config_parts_load(const struct config_part *const *parts, void *const *options, unsigned count,
	const struct config_file *file, struct config_origins *origins,
	struct config_faults *faults);

#endif
