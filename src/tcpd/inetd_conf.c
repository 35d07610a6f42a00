/* SPDX-License-Identifier: ISC */
#include "tcpd/inetd_conf.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct text_slice *rest)
{
	while (rest->length > 0 && is_blank(rest->start[0])) {
		rest->start++;
		rest->length--;
	}
}

/* Empty at the end of the line. */
static struct text_slice next_word(struct text_slice *rest)
{
	skip_blanks(rest);
	struct text_slice word = {rest->start, 0};
	while (word.length < rest->length && !is_blank(rest->start[word.length]))
		word.length++;
	rest->start += word.length;
	rest->length -= word.length;
	return word;
}

static bool same(struct text_slice a, struct text_slice b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.start, b.start, a.length) == 0);
}

static bool is_absolute(struct text_slice path)
{
	return path.length > 0 && path.start[0] == '/';
}

struct text_slice inetd_conf_base_name(struct text_slice path)
{
	size_t at = path.length;
	while (at > 0 && path.start[at - 1] != '/')
		at--;
	return (struct text_slice){path.start + at, path.length - at};
}

bool inetd_conf_read(struct text_slice line, struct inetd_conf_service *out)
{
	struct text_slice rest = line;
	*out = (struct inetd_conf_service){.service = next_word(&rest)};
	if (out->service.length == 0 || out->service.start[0] == '#')
		return false;
	next_word(&rest); /* stream, dgram, ... */
	out->protocol = next_word(&rest);
	out->wait = next_word(&rest);
	out->user = next_word(&rest);
	out->program = next_word(&rest);
	out->name = next_word(&rest);
	skip_blanks(&rest);
	out->arguments = rest;
	return out->program.length > 0 && !text_slice_equals(out->program, "internal");
}

bool inetd_conf_is_wrapped(const struct inetd_conf_service *s)
{
	return text_slice_equals(inetd_conf_base_name(s->program), "tcpd");
}

struct text_slice inetd_conf_daemon(const struct inetd_conf_service *s)
{
	if (!inetd_conf_is_wrapped(s))
		return inetd_conf_base_name(s->program);
	return is_absolute(s->name) ? inetd_conf_base_name(s->name) : s->name;
}

void inetd_conf_served_path(const struct inetd_conf_service *s, struct text_buffer *out)
{
	const struct text_slice path = inetd_conf_is_wrapped(s) ? s->name : s->program;
	if (!is_absolute(path))
		text_buffer_add(out, INETD_CONF_DAEMONS "/");
	text_buffer_add_bytes(out, path.start, path.length);
}

/* The line with other words in the place of the two; what stands between them stays. */
static bool rewrite(struct text_slice line, const struct inetd_conf_service *s, struct text_slice program,
	struct text_slice name, struct text_buffer *out)
{
	const char *const between = s->program.start + s->program.length;
	const char *const behind = s->name.start + s->name.length;
	text_buffer_add_bytes(out, line.start, (size_t)(s->program.start - line.start));
	text_buffer_add_bytes(out, program.start, program.length);
	text_buffer_add_bytes(out, between, (size_t)(s->name.start - between));
	text_buffer_add_bytes(out, name.start, name.length);
	text_buffer_add_bytes(out, behind, (size_t)(line.start + line.length - behind));
	return !out->cut;
}

bool inetd_conf_wrap(struct text_slice line, const char *tcpd, struct text_buffer *out)
{
	struct inetd_conf_service s;
	if (!inetd_conf_read(line, &s) || inetd_conf_is_wrapped(&s) || !is_absolute(s.program))
		return false;
	if (!same(s.name, inetd_conf_base_name(s.program)) || s.name.length == 0)
		return false;
	return rewrite(line, &s, text_slice_of(tcpd), s.program, out);
}

bool inetd_conf_unwrap(struct text_slice line, struct text_buffer *out)
{
	struct inetd_conf_service s;
	char memory[1024];
	struct text_buffer path = text_buffer_over(memory, sizeof memory);
	if (!inetd_conf_read(line, &s) || !inetd_conf_is_wrapped(&s) || s.name.length == 0)
		return false;
	inetd_conf_served_path(&s, &path);
	if (path.cut)
		return false;
	return rewrite(line, &s, (struct text_slice){memory, path.used}, inetd_conf_daemon(&s), out);
}

bool inetd_conf_set_tcpd(struct text_slice line, const char *tcpd, struct text_buffer *out)
{
	struct inetd_conf_service s;
	if (!inetd_conf_read(line, &s) || !inetd_conf_is_wrapped(&s))
		return false;
	const char *const behind = s.program.start + s.program.length;
	text_buffer_add_bytes(out, line.start, (size_t)(s.program.start - line.start));
	text_buffer_add(out, tcpd);
	text_buffer_add_bytes(out, behind, (size_t)(line.start + line.length - behind));
	return !out->cut;
}
