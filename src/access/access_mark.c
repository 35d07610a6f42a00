/* SPDX-License-Identifier: ISC */
#include "access/access_mark.h"

#include "access/access_reader.h"
#include "access/access_rule.h"
#include "access/access_text.h"

#include <unistd.h>

enum access_mark_kind access_mark_of(struct text_slice line)
{
	static const char name[] = "knockwatch:";
	enum { LENGTH = sizeof name - 1 };
	struct text_slice word, rest;
	if (line.length == 0 || line.start[0] != '#')
		return ACCESS_MARK_NONE;
	rest = access_text_trim((struct text_slice){line.start + 1, line.length - 1});
	if (rest.length < LENGTH || !access_text_same(rest.start, name, LENGTH))
		return ACCESS_MARK_NONE;
	rest = access_text_trim((struct text_slice){rest.start + LENGTH, rest.length - LENGTH});
	if (access_text_equals(rest, "strict"))
		return ACCESS_MARK_STRICT;
	return access_rule_next_word(&rest, &word) && access_text_equals(word, "ok") ? ACCESS_MARK_OK : ACCESS_MARK_OTHER;
}

/* What an editor may put before the first line. The line is no comment then: in a strict table it is broken, and so told. */
static struct text_slice without_byte_order_mark(struct text_slice line)
{
	static const char mark[] = "\xef\xbb\xbf";
	const size_t length = sizeof mark - 1;
	if (line.length < length || memcmp(line.start, mark, length) != 0)
		return line;
	return (struct text_slice){line.start + length, line.length - length};
}

void access_mark_read(struct access_mark_head *h, struct text_slice line)
{
	if (access_mark_of(without_byte_order_mark(line)) == ACCESS_MARK_STRICT)
		h->strict = true;
	else if (line.length == 0 || line.start[0] != '#')
		h->over = access_text_trim(line).length > 0;
}

bool access_mark_table_is_strict(const char *path)
{
	struct access_mark_head head = {.over = false};
	struct access_reader reader;
	struct access_line line;
	int fd = access_reader_open(path);
	if (fd < 0)
		return false;
	access_reader_init(&reader, fd, 0, 0);
	while (!head.over && !head.strict && access_reader_next(&reader, &line) == ACCESS_READER_LINE)
		access_mark_take(&head, line.text);
	access_reader_clear(&reader);
	close(fd);
	return head.strict;
}
