/* SPDX-License-Identifier: ISC */
#include "access/access_draft.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool make_room(struct access_draft *d, size_t wanted)
{
	if (d->failed || wanted >= ACCESS_DRAFT_MAX) {
		d->failed = true;
		return false;
	}
	if (wanted < d->size)
		return true;
	size_t size = d->size < 64 ? 64 : d->size;
	while (size <= wanted)
		size *= 2;
	char *grown = realloc(d->text, size);
	if (grown == NULL) {
		d->failed = true;
		return false;
	}
	d->text = grown;
	d->size = size;
	d->text[d->used] = '\0';
	return true;
}

void access_draft_add(struct access_draft *d, const char *text, size_t length)
{
	if (length > ACCESS_DRAFT_MAX || !make_room(d, d->used + length))
		d->failed = true;
	else
		access_draft_replace(d, d->used, 0, (struct text_slice){text, length});
}

void access_draft_printf(struct access_draft *d, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	if (length < 0 || !make_room(d, d->used + (size_t)length))
		return;
	va_start(list, format);
	vsnprintf(d->text + d->used, (size_t)length + 1, format, list);
	va_end(list);
	d->used += (size_t)length;
}

void access_draft_replace(struct access_draft *d, size_t at, size_t length, struct text_slice by)
{
	assert(at <= d->used && length <= d->used - at);
	if (by.length > ACCESS_DRAFT_MAX || !make_room(d, d->used - length + by.length)) {
		d->failed = true;
		return;
	}
	memmove(d->text + at + by.length, d->text + at + length, d->used - at - length);
	if (by.length > 0)
		memcpy(d->text + at, by.start, by.length);
	d->used += by.length - length;
	d->text[d->used] = '\0';
}

void access_draft_clear(struct access_draft *d)
{
	d->used = 0;
	if (d->text != NULL)
		d->text[0] = '\0';
}

void access_draft_free(struct access_draft *d)
{
	free(d->text);
	*d = (struct access_draft){0};
}
