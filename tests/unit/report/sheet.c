/* SPDX-License-Identifier: ISC */
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sheet *sheet_make(unsigned width)
{
	struct sheet *s = calloc(1, sizeof *s);
	int64_t now = clock_days_from_civil(2026, 11, 20) * 86400 + INT64_C(20) * 3600;
	assert_non_null(s);
	s->page.out = open_memstream(&s->text, &s->size);
	assert_non_null(s->page.out);
	s->page.terminal = (struct terminal){width, false, true};
	s->page.now = wall_time_from_parts(now, 0);
	s->page.zone = TIME_TEXT_UTC;
	return s;
}

const char *sheet_text(struct sheet *s)
{
	fflush(s->page.out);
	return s->text;
}

void sheet_free(struct sheet *s)
{
	fclose(s->page.out);
	free(s->text);
	free(s);
}

void sheet_expect(struct sheet *s, const char *wanted)
{
	const char *got = sheet_text(s);
	if (strcmp(got, wanted) != 0)
		fail_msg("got:\n%s\nwanted:\n%s", got, wanted);
	sheet_free(s);
}

static void expect_tidy_line(const char *line, size_t length, unsigned width)
{
	unsigned columns = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];
		if (c < 0x20 || c == 0x7f)
			fail_msg("control character 0x%02x in: %.*s", c, (int)length, line);
		columns += (c & 0xc0) != 0x80;
	}
	if (columns > width)
		fail_msg("%u columns, wanted at most %u: %.*s", columns, width, (int)length, line);
	if (length > 0 && line[length - 1] == ' ')
		fail_msg("space at the end of: %.*s|", (int)length, line);
}

void sheet_expect_tidy(struct sheet *s)
{
	const char *line = sheet_text(s);
	while (*line != '\0') {
		size_t length = strcspn(line, "\n");
		expect_tidy_line(line, length, s->page.terminal.width);
		if (line[length] == '\0')
			fail_msg("the last line has no end");
		line += length + 1;
	}
	sheet_free(s);
}
