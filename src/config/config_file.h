/* SPDX-License-Identifier: ISC */
/*
 * config_file - one YAML file, read against the schema of the room that wants its options.
 *
 * Opening reads the file (regular, at most CONFIG_FILE_SIZE_MAX bytes) and its outline; loading
 * compares it with a libcyaml schema and fills the room's struct. The file stays open until the
 * room has looked at the values too, so that its own faults ("this prefix has host bits") get line
 * and column through config_file_fault. No option is known here.
 *
 *     struct config_file *f = config_file_open(path, &faults);
 *     bool good = f && config_file_load(f, &schema, &options, NULL, &faults);
 *     if (f && options)
 *             ... config_file_fault(f, config_outline_member(config_file_root(f), "home"), &faults,
 * ...) config_file_unload(&schema, options, 0); config_file_close(f);
 */
#ifndef KW_CONFIG_CONFIG_FILE_H
#define KW_CONFIG_CONFIG_FILE_H

#include "config/config_fault.h"
#include "config/config_outline.h"

#include <stdbool.h>
#include <stddef.h>

#include <cyaml/cyaml.h>

#define CONFIG_FILE_SIZE_MAX (1024 * 1024) /* nobody writes more by hand */

struct config_file;

/* Reads a file; null with a fault if it cannot be read, is no regular file, too large or not YAML.
 */
struct config_file *config_file_open(const char *path, struct config_faults *faults);

/* The same for a text in memory that faults call `name`. The text is copied. */
struct config_file *config_file_from_text(
	const char *name, const char *text, size_t length, struct config_faults *faults);

/* Accepts null. */
void config_file_close(struct config_file *file);

const char *config_file_name(const struct config_file *file);
/* Where every value stands; lives as long as the file. */
const struct config_outline *config_file_outline(const struct config_file *file);

/*
 * Fills `*data` (a pointer type of the schema: CYAML_VALUE_MAPPING or CYAML_VALUE_SEQUENCE with
 * CYAML_FLAG_POINTER) and, for a sequence, `*count` (else pass null). A file with nothing but
 * comments gives a zeroed mapping, or an empty sequence and null.
 *
 * False with faults if the file does not fit the schema. Of a mapping what does fit is filled in then,
 * so that the room finds its own faults in the same run: it is as if its unknown keys, and those with
 * a fault in their value, were not there. Of a list nothing is: `*data` is null. Either way the caller
 * gives `*data` back with config_file_unload.
 */
bool config_file_load(const struct config_file *file, const struct cyaml_schema_value *schema,
	void **data, unsigned *count, struct config_faults *faults);

/* Gives back what config_file_load gave; accepts null. */
void config_file_unload(const struct cyaml_schema_value *schema, void *data, unsigned count);

/* Adds a fault at a value of the file; with a null node it belongs to the whole file. */
void config_file_fault(const struct config_file *file, const struct config_outline_node *node,
	struct config_faults *faults, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
