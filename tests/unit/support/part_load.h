/* SPDX-License-Identifier: ISC */
/* part_load - a text as the file of one part of the configuration. */
#ifndef KW_TESTS_PART_LOAD_H
#define KW_TESTS_PART_LOAD_H

#include "config/config_file.h"
#include "config/config_part.h"

#include <string.h>

/* Into `options` of the part, which have their defaults. False where the text is wrong; `faults` say in what. */
static inline bool part_load(
	const char *text, const struct config_part *part, void *options, struct config_faults *faults)
{
	config_faults_init(faults);
	struct config_file *file = config_file_from_text("t.yaml", text, strlen(text), faults);
	bool good = config_parts_load(&part, &options, 1, file, NULL, faults);
	config_file_close(file);
	return good;
}

#endif
