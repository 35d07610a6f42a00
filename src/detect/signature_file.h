/* SPDX-License-Identifier: ISC */
/*
 * signature_file - reads signatures from YAML, and tells everything that is wrong with them.
 *
 * A file is a list; each item has the keys of conf/signatures.yaml, where they are explained.
 * Checked beyond the form: numbers in range, conditions the protocol can have, no condition that
 * always or never holds, no id twice in a file, at least one condition. A file with any fault adds
 * nothing.
 */
#ifndef KW_DETECT_SIGNATURE_FILE_H
#define KW_DETECT_SIGNATURE_FILE_H

#include "config/config_fault.h"
#include "detect/signature_set.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds the file's signatures to a set that is not sealed; false with faults, the set unchanged. */
bool signature_file_load(const char *path, struct signature_set *set, struct config_faults *faults);

/* The same for a text in memory; faults call it `name`. */
bool signature_file_load_text(const char *name, const char *text, size_t length,
	struct signature_set *set, struct config_faults *faults);

/* Adds the signatures that are built into the program (conf/signatures.yaml at build time). */
bool signature_file_load_default(struct signature_set *set, struct config_faults *faults);

#endif
