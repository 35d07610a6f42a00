/* SPDX-License-Identifier: ISC */
#include "access/access_lint_bytes.h"

#include "access/access_lint_net.h"
#include "access/access_rule.h"
#include "access/access_text.h"

#define BOM "\xef\xbb\xbf"

struct mender {
	const struct access_lint_hearer *hearer;
	struct access_draft *out;
	unsigned *line;
	bool is_list;
	bool continues; /* the line before goes on in this one */
};

static struct text_slice next_line(struct text_slice *rest, bool *ended)
{
	const char *newline = memchr(rest->start, '\n', rest->length);
	struct text_slice line = {
		rest->start, newline ? (size_t)(newline - rest->start) : rest->length};
	size_t taken = line.length + (newline ? 1 : 0);
	*ended = newline;
	*rest = (struct text_slice){rest->start + taken, rest->length - taken};
	return line;
}

static bool is_comment(struct text_slice line)
{
	struct text_slice bare = access_text_trim(line);
	return bare.length > 0 && bare.start[0] == '#';
}

/* A rule of its own, at the beginning of its line: not the rest of a rule that somebody made a comment. */
static bool stands_alone(struct text_slice line)
{
	struct access_rule rule;
	return line.length > 0 && !access_text_is_space(line.start[0]) &&
	       access_rule_split(line, &rule) == ACCESS_RULE_RULE &&
	       access_text_trim(rule.daemons).length > 0;
}

static void take_nuls_out(struct mender *m, size_t from)
{
	size_t to = from;
	if (m->out->used == from || !memchr(m->out->text + from, '\0', m->out->used - from))
		return;
	access_lint_tell(m->hearer, ACCESS_LINT_NUL, text_slice_of(""));
	for (size_t i = from; i < m->out->used; i++) {
		if (m->out->text[i] != '\0')
			m->out->text[to++] = m->out->text[i];
	}
	access_draft_replace(m->out, to, m->out->used - to, text_slice_of(""));
}

static struct text_slice written(const struct mender *m, size_t from)
{
	struct text_slice all = access_draft_slice(m->out);
	return (struct text_slice){all.start + from, all.length - from};
}

/* More bytes that no text has than a slip leaves: UTF-16 without its mark, a program, an index. */
static bool is_binary(struct text_slice bytes)
{
	enum { LOOKED_AT = 4096, SLIPS = 8, SHARE = 16 };
	const size_t n = bytes.length < LOOKED_AT ? bytes.length : LOOKED_AT;
	size_t odd = 0;
	for (size_t i = 0; i < n; i++)
		odd += (unsigned char)bytes.start[i] < 0x20 && !strchr("\t\n\v\f\r\033", bytes.start[i] ? bytes.start[i] : 1);
	return odd > SLIPS && odd > n / SHARE;
}

static void cut_last(struct mender *m)
{
	access_draft_replace(m->out, m->out->used - 1, 1, text_slice_of(""));
}

static char last_of(struct text_slice s)
{
	return s.length ? s.start[s.length - 1] : '\0';
}

/* The rest of a list: it begins with blanks, and is neither a rule nor a comment. */
static bool goes_on(struct text_slice next)
{
	struct access_rule rule;
	return access_text_trim(next).length > 0 && access_text_is_space(next.start[0]) && !is_comment(next) &&
	       access_rule_split(next, &rule) == ACCESS_RULE_NO_SEPARATOR;
}

/* Nothing but addresses. */
static bool has_only_nets(struct text_slice line)
{
	struct text_slice word;
	struct prefix net;
	while (access_rule_next_word(&line, &word)) {
		if (!access_lint_net_read(word, &net))
			return false;
	}
	return true;
}

/* "sshd: 192.0.2.1, \ " with a blank behind the backslash, or without a backslash, and the rest in the next line. */
static void mend_continuation(struct mender *m, size_t from, struct text_slice next)
{
	struct access_rule rule = {.has_options = true};
	struct text_slice line = written(m, from);
	struct text_slice bare = line;
	while (access_text_is_space(last_of(bare)))
		bare.length--;
	if (last_of(line) == '\\' || is_comment(line) || (!m->continues && access_rule_split(line, &rule) != ACCESS_RULE_RULE))
		return;
	bool has_blank = last_of(bare) == '\\' && bare.length < line.length;
	if (has_blank ? is_comment(next) || stands_alone(next) || access_text_trim(next).length == 0
		      : !goes_on(next) || (last_of(bare) != ',' && (rule.has_options || !has_only_nets(next))))
		return;
	access_lint_tell(m->hearer, ACCESS_LINT_CONTINUATION, access_text_trim(next));
	access_draft_replace(m->out, from + bare.length, line.length - bare.length, text_slice_of(has_blank ? "" : " \\"));
}

/* The end of a line that is written at `from`: does it go on, as it was meant? */
static void mend_end(struct mender *m, size_t from, struct text_slice next, bool has_next)
{
	struct text_slice line = written(m, from);
	if (line.length > 1 && last_of(line) == '\r' && line.start[line.length - 2] == '\\' &&
		has_next) {
		access_lint_tell(m->hearer, ACCESS_LINT_CR_CONTINUATION, text_slice_of(""));
		cut_last(m);
		line = written(m, from);
	} else if (has_next) {
		mend_continuation(m, from, next);
		line = written(m, from);
	}
	bool is_first = !m->continues;
	m->continues = last_of(line) == '\\';
	if (!m->continues || !is_first || !is_comment(line) || !stands_alone(next))
		return;
	access_lint_tell(m->hearer, ACCESS_LINT_COMMENT_BACKSLASH, next);
	while (last_of(written(m, from)) == '\\')
		cut_last(m);
	m->continues = false;
}

static void finish(struct mender *m, size_t from, bool ended)
{
	bool dangling = m->continues && !m->is_list;
	/* A last line of NUL bytes alone would be no line any more. */
	if (m->is_list && !ended && written(m, from).length == 0)
		access_draft_add_text(m->out, "\n");
	if (m->out->used == 0 || m->is_list || (ended && !dangling))
		return;
	if (dangling && ended)
		cut_last(m); /* the newline of a line that goes on in none */
	while (dangling && last_of(written(m, from)) == '\\')
		cut_last(m);
	access_lint_tell(m->hearer, ACCESS_LINT_NO_NEWLINE, text_slice_of(""));
	access_draft_add_text(m->out, "\n");
}

bool access_lint_bytes_mend(struct text_slice bytes, bool is_list,
	const struct access_lint_hearer *h, unsigned *line, struct access_draft *out)
{
	struct mender m = {.hearer = h, .out = out, .line = line, .is_list = is_list};
	struct text_slice rest = bytes;
	size_t from = 0;
	bool ended = true;
	*line = 1;
	if (bytes.length >= 2 && (memcmp(bytes.start, "\xff\xfe", 2) == 0 ||
					 memcmp(bytes.start, "\xfe\xff", 2) == 0)) {
		access_lint_tell(h, ACCESS_LINT_UTF16, text_slice_of(""));
		return false;
	}
	if (is_binary(bytes)) {
		access_lint_tell(h, ACCESS_LINT_BINARY, text_slice_of(""));
		return false;
	}
	if (bytes.length >= 3 && memcmp(bytes.start, BOM, 3) == 0) {
		access_lint_tell(h, ACCESS_LINT_BOM, text_slice_of(""));
		rest = (struct text_slice){bytes.start + 3, bytes.length - 3};
	}
	for (*line = 0; rest.length > 0 && !out->failed;) {
		struct text_slice text = next_line(&rest, &ended), ahead = rest, next = {0};
		bool next_ended;
		++*line;
		from = out->used;
		access_draft_add_slice(out, text);
		take_nuls_out(&m, from);
		if (rest.length > 0)
			next = next_line(&ahead, &next_ended);
		if (!is_list)
			mend_end(&m, from, next, rest.length > 0);
		if (ended)
			access_draft_add_text(out, "\n");
	}
	finish(&m, from, ended);
	return true;
}
