/* SPDX-License-Identifier: ISC */
#include "cli/wrap_inetd.h"

#include "tcpd/inetd_conf.h"

enum { LINE_MAX_KEPT = 4096 }; /* longer ones are left alone */

/* Three pieces of a text: what is before a line, the line without its newline, and the rest with it. */
struct cut {
	struct text_slice before, line, rest;
};

static bool cut_at(struct text_slice text, unsigned number, struct cut *out)
{
	size_t at = 0;
	for (unsigned n = 1; n < number; n++) {
		const char *newline =
			at < text.length ? memchr(text.start + at, '\n', text.length - at) : NULL;
		if (newline == NULL)
			return false;
		at = (size_t)(newline - text.start) + 1;
	}
	if (number == 0 || at >= text.length)
		return false;
	const char *newline = memchr(text.start + at, '\n', text.length - at);
	size_t end = newline ? (size_t)(newline - text.start) : text.length;
	*out = (struct cut){{text.start, at}, {text.start + at, end - at},
		{text.start + end, text.length - end}};
	return true;
}

static bool uses(const struct inetd_conf_service *s, const char *tcpd)
{
	return text_slice_equals(s->program, tcpd);
}

/* The line as it is with our tcpd. */
static enum wrap_inetd_result change(
	struct text_slice line, const char *tcpd, struct text_buffer *out)
{
	struct inetd_conf_service s;
	if (!inetd_conf_read(line, &s))
		return WRAP_INETD_NO_LINE;
	if (uses(&s, tcpd))
		return WRAP_INETD_ALREADY;
	if (inetd_conf_is_wrapped(&s) ? inetd_conf_set_tcpd(line, tcpd, out)
				      : inetd_conf_wrap(line, tcpd, out))
		return WRAP_INETD_DONE;
	return WRAP_INETD_NAMED;
}

enum wrap_inetd_result wrap_inetd_enable(
	struct text_slice text, unsigned line, const char *tcpd, struct access_draft *out)
{
	struct cut c;
	char memory[LINE_MAX_KEPT];
	struct text_buffer fresh = text_buffer_over(memory, sizeof memory);
	if (!cut_at(text, line, &c))
		return WRAP_INETD_NO_LINE;
	enum wrap_inetd_result result = change(c.line, tcpd, &fresh);
	if (result != WRAP_INETD_DONE)
		return result;
	access_draft_add_slice(out, c.before);
	access_draft_add_text(out, WRAP_INETD_MARK);
	access_draft_add_slice(out, c.line);
	access_draft_add_text(out, "\n");
	access_draft_add(out, memory, fresh.used);
	access_draft_add_slice(out, c.rest);
	return WRAP_INETD_DONE;
}

/* The line that enable kept above this one: taken off the end of `before`. */
static bool take_kept(struct text_slice *before, struct text_slice *kept)
{
	size_t mark = sizeof WRAP_INETD_MARK - 1, start = before->length;
	if (start == 0 || before->start[start - 1] != '\n')
		return false;
	start--;
	while (start > 0 && before->start[start - 1] != '\n')
		start--;
	size_t length = before->length - 1 - start;
	if (length < mark || memcmp(before->start + start, WRAP_INETD_MARK, mark) != 0)
		return false;
	*kept = (struct text_slice){before->start + start + mark, length - mark};
	before->length = start;
	return true;
}

/* Somebody has changed the line: only what we put into it is taken out. */
static bool change_back(struct text_slice line, struct text_slice kept, struct text_buffer *out)
{
	struct inetd_conf_service was;
	char memory[LINE_MAX_KEPT];
	struct text_buffer other = text_buffer_over(memory, sizeof memory);
	if (!inetd_conf_read(kept, &was) || !inetd_conf_is_wrapped(&was))
		return inetd_conf_unwrap(line, out);
	text_buffer_add_bytes(&other, was.program.start, was.program.length);
	return !other.cut && inetd_conf_set_tcpd(line, memory, out);
}

static bool equals(const struct text_buffer *a, struct text_slice b)
{
	return a->used == b.length && memcmp(a->text, b.start, b.length) == 0;
}

enum wrap_inetd_result wrap_inetd_disable(
	struct text_slice text, unsigned line, const char *tcpd, struct access_draft *out)
{
	struct cut c;
	struct text_slice kept;
	struct inetd_conf_service s;
	char memory[LINE_MAX_KEPT], back[LINE_MAX_KEPT];
	struct text_buffer again = text_buffer_over(memory, sizeof memory),
			   other = text_buffer_over(back, sizeof back);
	if (!cut_at(text, line, &c) || !inetd_conf_read(c.line, &s))
		return WRAP_INETD_NO_LINE;
	if (!uses(&s, tcpd))
		return WRAP_INETD_ALREADY;
	if (!take_kept(&c.before, &kept))
		return WRAP_INETD_FOREIGN;
	if (change(kept, tcpd, &again) != WRAP_INETD_DONE || !equals(&again, c.line)) {
		if (!change_back(c.line, kept, &other))
			return WRAP_INETD_NAMED;
		kept = (struct text_slice){back, other.used};
	}
	access_draft_add_slice(out, c.before);
	access_draft_add_slice(out, kept);
	access_draft_add_slice(out, c.rest);
	return WRAP_INETD_DONE;
}
