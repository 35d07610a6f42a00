/* SPDX-License-Identifier: ISC */
/*
 * access_draft - a text that grows while it is written and corrected.
 *
 * Always ends in a NUL that is not counted. Without memory, and beyond ACCESS_DRAFT_MAX, it has `failed`, is left as it
 * is, and every further call does nothing: ask once, at the end. A zeroed struct is an empty draft.
 *
 * Tests: by those of access_lint
 */
#ifndef KW_ACCESS_ACCESS_DRAFT_H
#define KW_ACCESS_ACCESS_DRAFT_H

#include "base/text_slice.h"

#include <stdbool.h>

#define ACCESS_DRAFT_MAX ((size_t)1 << 30) /* more is no table that people write */

struct access_draft {
	char *text; /* owned; null while nothing was ever added */
	size_t used;
	size_t size; /* of the memory behind `text` */
	bool failed;
};

void access_draft_add(struct access_draft *d, const char *text, size_t length);

static inline void access_draft_add_text(struct access_draft *d, const char *text)
{
	access_draft_add(d, text, strlen(text));
}

static inline void access_draft_add_slice(struct access_draft *d, struct text_slice s)
{
	access_draft_add(d, s.start, s.length);
}

void access_draft_printf(struct access_draft *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts `by` in the place of the `length` bytes at `at`, which must be there. `by` must not point into the draft. */
void access_draft_replace(struct access_draft *d, size_t at, size_t length, struct text_slice by);

/* What is written so far; valid until the next change. */
static inline struct text_slice access_draft_slice(const struct access_draft *d)
{
	return (struct text_slice){d->text ? d->text : "", d->used};
}

/* Empty again, its memory kept. */
void access_draft_clear(struct access_draft *d);
void access_draft_free(struct access_draft *d);

#endif
