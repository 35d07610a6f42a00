/* SPDX-License-Identifier: ISC */
#include "access/access_lint_strict.h"

#include "access/access_grammar.h"
#include "access/access_grammar_fault.h"
#include "access/access_rule.h"
#include "access/access_strict.h"
#include "access/access_text.h"

static void read_line(struct access_lint_strict *s)
{
	s->has_line = access_reader_next(&s->reader, &s->line) == ACCESS_READER_LINE;
}

void access_lint_strict_start(struct access_lint_strict *s, struct text_slice bytes)
{
	*s = (struct access_lint_strict){.refused = 0};
	access_reader_init_over(&s->reader, bytes);
	read_line(s);
}

void access_lint_strict_end(struct access_lint_strict *s)
{
	access_reader_clear(&s->reader);
}

/* "# knockwatch strict", "# knockwatch: ok no-such-trap" */
static bool is_misspelt(enum access_mark_kind kind, struct text_slice line)
{
	struct text_slice word, rest = {line.start + 1, line.length - 1};
	if (line.length == 0 || line.start[0] != '#' || (kind != ACCESS_MARK_NONE && kind != ACCESS_MARK_OK) ||
		!access_rule_next_word(&rest, &word))
		return false;
	if (kind == ACCESS_MARK_NONE) {
		if (!access_text_equals(word, "knockwatch") || !access_rule_next_word(&rest, &word))
			return false;
		if (access_text_equals(word, "strict"))
			return access_text_trim(rest).length == 0;
		return access_text_equals(word, "ok") && access_rule_next_word(&rest, &word) &&
		       access_lint_code_of(word) < ACCESS_LINT_CODES;
	}
	while (access_rule_next_word(&rest, &word)) {
		if (access_lint_code_of(word) < ACCESS_LINT_CODES)
			return false;
	}
	return true;
}

static void judge_mark(struct access_lint_strict *s, const struct access_lint_hearer *h)
{
	const enum access_mark_kind kind = access_mark_of(s->line.text);
	if (kind == ACCESS_MARK_STRICT && s->head.over)
		access_lint_tell(h, ACCESS_LINT_STRICT_LATE, s->line.text);
	else if (kind == ACCESS_MARK_OTHER || is_misspelt(kind, s->line.text))
		access_lint_tell(h, ACCESS_LINT_UNKNOWN_MARK, s->line.text);
	access_mark_take(&s->head, s->line.text);
}

void access_lint_strict_judge(struct access_lint_strict *s, unsigned last, const struct access_lint_hearer *h)
{
	for (; s->has_line && s->line.first <= last; read_line(s)) {
		struct access_option_fault why;
		judge_mark(s, h);
		if (!access_strict_line_is_odd(&s->line, &why) && !access_strict_text_is_broken(s->line.text, &why))
			continue;
		s->refused++;
		if (s->head.strict)
			access_lint_tell(h, ACCESS_LINT_STRICT_REFUSED, text_slice_of(why.text));
	}
}

static bool is_between_words(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

unsigned access_lint_strict_judge_words(struct text_slice line, const struct access_lint_hearer *h)
{
	unsigned refused = 0;
	for (size_t i = 0, end; i < line.length; i = end + 1) {
		for (end = i; end < line.length && !is_between_words(line.start[end]);)
			end++;
		const struct text_slice word = {line.start + i, end - i};
		if (word.length == 0 || access_grammar_of_host(word).form != ACCESS_GRAMMAR_BROKEN)
			continue;
		access_lint_tell(h, ACCESS_LINT_STRICT_REFUSED, text_slice_of(access_grammar_fault_of_host(word).text));
		refused++;
	}
	return refused;
}
