/* SPDX-License-Identifier: ISC */
#include "detect/psad_rule.h"

#include <stddef.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text_slice psad_rule_trim(struct text_slice s)
{
	while (s.length && is_blank(s.start[0])) {
		s.start++;
		s.length--;
	}
	while (s.length && is_blank(s.start[s.length - 1]))
		s.length--;
	return s;
}

struct text_slice psad_rule_cut(struct text_slice *s, char mark)
{
	bool quoted = false;
	size_t i = 0;
	for (; i < s->length; i++) {
		if (s->start[i] == '\\' && i + 1 < s->length)
			i++;
		else if (s->start[i] == '"')
			quoted = !quoted;
		else if (s->start[i] == mark && !quoted)
			break;
	}
	struct text_slice part = {s->start, i};
	size_t taken = i < s->length ? i + 1 : i;
	*s = (struct text_slice){s->start + taken, s->length - taken};
	return psad_rule_trim(part);
}

/* Splits the head at blanks outside of brackets; false unless it has exactly the seven words. */
static bool split_head(struct text_slice head, struct psad_rule *rule)
{
	unsigned count = 0;
	size_t i = 0;
	while (i < head.length) {
		if (is_blank(head.start[i])) {
			i++;
			continue;
		}
		size_t start = i;
		int open = 0;
		for (; i < head.length && (open > 0 || !is_blank(head.start[i])); i++)
			open += (head.start[i] == '[') - (head.start[i] == ']');
		if (count == PSAD_RULE_WORDS)
			return false;
		rule->words[count++] = (struct text_slice){head.start + start, i - start};
	}
	return count == PSAD_RULE_WORDS;
}

bool psad_rule_split(struct text_slice line, struct psad_rule *rule)
{
	const char *open = memchr(line.start, '(', line.length);
	while (line.length &&
		(line.start[line.length - 1] == ';' || is_blank(line.start[line.length - 1])))
		line.length--;
	if (!open || line.length == 0 || line.start[line.length - 1] != ')')
		return false;
	size_t head = (size_t)(open - line.start);
	if (head + 2 > line.length)
		return false;
	rule->options = (struct text_slice){open + 1, line.length - head - 2};
	return split_head((struct text_slice){line.start, head}, rule);
}
