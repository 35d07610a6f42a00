/* SPDX-License-Identifier: ISC */
/*
 * config_check - compares a YAML text with a schema and tells every difference.
 *
 * libcyaml stops at its first fault, takes any word for "true" and "010" for eight; here all faults
 * are collected first, with the key that was probably meant, and only a text without any is loaded.
 * Understands the schema types our rooms use: INT, UINT, BOOL, ENUM, FLOAT, STRING, MAPPING,
 * SEQUENCE and SEQUENCE_FIXED; for others it leaves the judgement to libcyaml.
 */
#ifndef KW_CONFIG_CONFIG_CHECK_H
#define KW_CONFIG_CONFIG_CHECK_H

#include "config/config_fault.h"
#include "config/config_outline.h"

#include <stdbool.h>
#include <stdint.h>

#include <cyaml/cyaml.h>

#define CONFIG_CHECK_KEYS_MAX 64 /* keys of one mapping; the widest of ours has half of it */

/*
 * True if the text fits the schema; otherwise at least one fault was added. An empty text fits a
 * mapping without required keys and a list without a least length.
 *
 * `unfit` tells what of a mapping can be loaded all the same, its own unknown keys being skipped: bit i
 * is set where the value of the schema's field i has any fault. All bits are set where the text has
 * faults and is no mapping.
 */
bool config_check_outline(const char *name, const struct config_outline *outline,
	const struct cyaml_schema_value *schema, struct config_faults *faults, uint64_t *unfit);

#endif
