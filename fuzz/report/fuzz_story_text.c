/* SPDX-License-Identifier: ISC */
/*
 * The first two bytes choose the page, the rest is the line of an incident. Whatever it says, the
 * story must fit the page, hold no control character, and be ASCII where the page is.
 */
#include "report/story_text.h"

#include "support/page_check.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_both(struct page *p, const struct incident_json_reading *r)
{
	char *text = NULL;
	size_t size = 0;
	struct story_text story = {&r->incident, r->names, 7, r->incident.why, r->incident.explain};
	p->out = open_memstream(&text, &size);
	story_text_print(p, &story);
	story_text_print_full(p, &story);
	fclose(p->out);
	page_check(text, size, &p->terminal);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct incident_json_reading r;
	char error[64];
	if (size < 2 ||
		!incident_json_read((const char *)data + 2, size - 2, &r, error, sizeof error))
		return 0;
	struct page p = {.now = r.incident.now, .zone = TIME_TEXT_UTC};
	p.terminal.width = TERMINAL_WIDTH_MIN + data[0];
	p.terminal.utf8 = data[1] & 1;
	print_both(&p, &r);
	incident_json_clear(&r);
	return 0;
}
