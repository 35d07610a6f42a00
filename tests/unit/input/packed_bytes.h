/* SPDX-License-Identifier: ISC */
/*
 * packed_bytes - test data in the packings that are read, one member at a time.
 */
#ifndef KW_TEST_PACKED_BYTES_H
#define KW_TEST_PACKED_BYTES_H

#include <stddef.h>
#include <stdint.h>

enum packed_bytes_form {
	PACKED_BYTES_PLAIN,
	PACKED_BYTES_GZIP,
	PACKED_BYTES_XZ,
	PACKED_BYTES_ZSTD,
	PACKED_BYTES_FORMS,
};

struct packed_bytes {
	uint8_t *bytes; /* free with packed_bytes_clear */
	size_t size;
};

const char *packed_bytes_form_name(enum packed_bytes_form form);

/* Appends `plain`, packed, as a member of its own. Start with an empty struct. */
void packed_bytes_add(
	struct packed_bytes *p, enum packed_bytes_form form, const void *plain, size_t size);
/* Appends bytes as they are. */
void packed_bytes_add_raw(struct packed_bytes *p, const void *bytes, size_t size);
void packed_bytes_clear(struct packed_bytes *p);

#endif
