/* SPDX-License-Identifier: ISC */
/*
 * The first two bytes choose the page and whether a watch runs, the rest is the line of watch.lock.
 * Whatever it says, the status must fit the page and hold no control character, and its JSON must be
 * one line of printable ASCII.
 */
#include "daemon/watch_status.h"

#include "priv/state_lock.h"

#include "support/page_check.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const char *text, size_t size)
{
	assert(size > 0 && text[size - 1] == '\n');
	for (size_t i = 0; i + 1 < size; i++)
		assert(text[i] >= 0x20 && text[i] < 0x7f);
}

static void print_both(struct page *p, const struct status_watch *w)
{
	const struct status_text status = {.watch = w};
	char *text = NULL;
	size_t size = 0;
	p->out = open_memstream(&text, &size);
	status_text_print(p, &status);
	fclose(p->out);
	page_check(text, size, &p->terminal);
	free(text);
	text = NULL;
	p->out = open_memstream(&text, &size);
	status_text_print_json(p, &status);
	fclose(p->out);
	check_line(text, size);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[STATE_LOCK_LINE_MAX];
	struct status_watch w = {0};
	if (size < 2 || size - 2 >= sizeof line)
		return 0;
	memcpy(line, data + 2, size - 2);
	line[size - 2] = '\0';
	struct page p = {.now = {INT64_C(1795000000000000)}, .zone = TIME_TEXT_UTC};
	p.terminal.width = TERMINAL_WIDTH_MIN + data[0];
	p.terminal.utf8 = data[1] & 1;
	watch_status_read(line, &w);
	w.running = data[1] & 2;
	print_both(&p, &w);
	return 0;
}
