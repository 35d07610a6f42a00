/* SPDX-License-Identifier: ISC */
/*
 * import_json - that a file was read into the journal, as the event `import`, and back.
 *
 * Written before the first event of the file and again behind its last, with `whole`: one without the other was
 * broken off. The sum is of the file's bytes as they lie on disk, so that the same file is known again.
 *
 * Tests: tests/unit/store/test_import_json.c
 */
#ifndef KW_STORE_IMPORT_JSON_H
#define KW_STORE_IMPORT_JSON_H

#include "event/json_line.h"
#include "store/journal_chain.h"

#include <jansson.h>

struct import {
	char name[256]; /* as it was called; cut if longer */
	bool has_sum;   /* false for what came through a pipe: it cannot be known again */
	uint64_t bytes;
	struct journal_hash sum;
	bool whole; /* it was read to its end */
};

/* Starts and closes the line. */
void import_json_write(
	struct json_line *line, const struct import *in, struct wall_time now, const char *host);

/* Reads the object `import` of an event from anywhere; false if it makes no sense. */
bool import_json_read(const json_t *object, struct import *out);

#endif
