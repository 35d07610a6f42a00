/* SPDX-License-Identifier: ISC */
#include "cli/access_report.h"

#include "access/access_reader.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "report/page.h"

#include <errno.h>
#include <string.h>

enum {
	LABEL = 9,       /* columns of "WARNING" and its gap */
	SHOWN = 3,       /* lines with the same trap that are told, unless all are */
	LINES_SHOWN = 6, /* of a rule that is made of many */
};

struct report {
	struct page page;
	const struct access_lint *lint;
	bool all;
	unsigned told[ACCESS_LINT_CODES], hidden[ACCESS_LINT_CODES];
};

static const char *const labels[ACCESS_LINT_LEVELS] = {"note", "WARNING", "FAULT"};
static const enum page_style styles[ACCESS_LINT_LEVELS] = {PAGE_FAINT, PAGE_YELLOW, PAGE_RED};

/* A text of several lines, each indented and cut at the margin. */
static void put_lines(
	const struct page *p, unsigned column, enum page_style style, const char *text)
{
	for (unsigned i = 0; i < LINES_SHOWN; i++) {
		char line[512];
		size_t length = strcspn(text, "\n");
		snprintf(line, sizeof line, "%.*s",
			(int)(length < sizeof line ? length : sizeof line - 1), text);
		line[strcspn(line, "\r")] = '\0';
		for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
			*tab = ' ';
		unsigned room = p->terminal.width > column ? p->terminal.width - column : 1;
		if (i > 0)
			page_put_spaces(p, column);
		if (page_columns(line) > room)
			page_put_cell(p, style, PAGE_LEFT, room, line);
		else
			page_put(p, style, line);
		page_end_line(p);
		if (text[length] == '\0')
			return;
		text += length + 1;
	}
	page_put_spaces(p, column);
	page_put(p, PAGE_FAINT, "(and more lines)");
	page_end_line(p);
}

static void put_label(const struct page *p, enum page_style style, const char *label)
{
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(p, style, PAGE_LEFT, LABEL, label);
}

static void put_finding(struct report *r, const struct access_lint_finding *f)
{
	const struct access_lint_words *words = access_lint_code_words(f->code);
	struct access_draft text = {0};
	char head[256];
	bool again = r->told[f->code]++ > 0 && !r->all;
	/* Of what is refused each has its own reason. */
	bool refused = f->code == ACCESS_LINT_STRICT_REFUSED;
	snprintf(head, sizeof head, "%s (%s)%s", words->title, words->name,
		again && !refused ? ": as above" : "");
	put_label(&r->page, styles[f->level], labels[f->level]);
	page_put_wrapped(&r->page, PAGE_PLAIN, PAGE_INDENT + LABEL, PAGE_INDENT + LABEL, head);
	if (again && !refused)
		return;
	if (again)
		access_draft_add_text(&text, f->word);
	else
		access_lint_write_words(f, &text);
	page_put_spaces(&r->page, PAGE_INDENT + LABEL);
	page_put_wrapped(&r->page, PAGE_FAINT, PAGE_INDENT + LABEL, PAGE_INDENT + LABEL,
		text.text ? text.text : "");
	access_draft_free(&text);
}

static void put_place(struct report *r, const struct access_lint_place *p, unsigned line)
{
	char head[4200];
	const char *path = r->lint->files[p->file]->path;
	if (line > 0)
		snprintf(head, sizeof head, "%s:%u", path, line);
	else
		snprintf(head, sizeof head, "%s", path);
	page_put(&r->page, PAGE_BOLD, head);
	page_end_line(&r->page);
	if (p->text != NULL && p->text[0] != '\0') {
		page_put_spaces(&r->page, PAGE_INDENT);
		put_lines(&r->page, PAGE_INDENT, PAGE_PLAIN, p->text);
	}
}

static void put_fix(struct report *r, const struct access_lint_place *p)
{
	char label[32];
	if (p->fix == NULL)
		return;
	put_label(&r->page, PAGE_GREEN, "write");
	put_lines(&r->page, PAGE_INDENT + LABEL, PAGE_GREEN, p->fix[0] ? p->fix : "(nothing)");
	if (p->before == 0)
		return;
	snprintf(label, sizeof label, "before line %u", p->before);
	page_put_spaces(&r->page, PAGE_INDENT + LABEL);
	page_put(&r->page, PAGE_GREEN, label);
	page_end_line(&r->page);
}

/* A line is told if anything in it was not told often. */
static bool is_news(const struct report *r, unsigned first, unsigned end)
{
	for (unsigned i = first; i < end; i++) {
		if (r->all || r->told[r->lint->findings[i].code] < SHOWN)
			return true;
	}
	return false;
}

static unsigned end_of_place(const struct access_lint *l, unsigned first)
{
	unsigned end = first;
	while (end < l->finding_count && l->findings[end].place == l->findings[first].place)
		end++;
	return end;
}

static void put_hidden(const struct report *r)
{
	bool any = false;
	for (unsigned code = 0; code < ACCESS_LINT_CODES; code++) {
		char text[200];
		if (r->hidden[code] == 0)
			continue;
		const struct access_lint_words *words =
			access_lint_code_words((enum access_lint_code)code);
		snprintf(text, sizeof text, "and %s where %s (%s)",
			number_text_with(r->hidden[code], "more line").text, words->title,
			words->name);
		page_put_wrapped(&r->page, PAGE_PLAIN, 0, PAGE_INDENT, text);
		any = true;
	}
	if (any) {
		page_put_wrapped(&r->page, PAGE_PLAIN, 0, 0, "'knockwatch access check --all' tells them all.");
		page_end_line(&r->page);
	}
}

void access_report_print(const struct access_lint *l, bool all, FILE *out)
{
	struct report r = {
		.page = {.out = out, .terminal = terminal_of(out)}, .lint = l, .all = all};
	for (unsigned i = 0, end; i < l->finding_count; i = end) {
		const struct access_lint_place *p = &l->places[l->findings[i].place];
		end = end_of_place(l, i);
		if (!is_news(&r, i, end)) {
			for (; i < end; i++)
				r.hidden[l->findings[i].code]++;
			continue;
		}
		put_place(&r, p, l->findings[i].line);
		for (; i < end; i++)
			put_finding(&r, &l->findings[i]);
		put_fix(&r, p);
		page_end_line(&r.page);
	}
	put_hidden(&r);
}

/* That it is strict, or what it would be worth. */
static void print_strictness(const struct access_lint_file *f, FILE *out)
{
	if (f->table == ACCESS_LINT_CLIENTS)
		return;
	if (f->strict && f->refused > 0)
		fprintf(out, "%s is strict: %s refused, whoever comes to %s is denied.\n", f->path,
			number_text_with(f->refused, "line").text, f->refused == 1 ? "it" : "them");
	else if (f->strict)
		fprintf(out, "%s is strict.\n", f->path);
	else if (f->refused > 0)
		fprintf(out, "%s is not strict. If it were, %s would be refused;\nsee knockwatch-access(5).\n",
			f->path, number_text_with(f->refused, "line").text);
}

static void add_count(struct text_buffer *t, unsigned n, const char *noun)
{
	if (n == 0)
		return;
	text_buffer_add(t, t->used > 0 && t->text[t->used - 1] != ' ' ? ", " : "");
	text_buffer_add(t, number_text_with(n, noun).text);
}

void access_report_print_sum(const struct access_lint *l, FILE *out)
{
	const struct page page = {.out = out, .terminal = terminal_of(out)};
	char memory[400];
	struct text_buffer t = text_buffer_over(memory, sizeof memory);
	unsigned files = 0, rules = 0;
	for (unsigned i = 0; i < l->file_count; i++) {
		files += l->files[i]->error != ENOENT;
		rules += l->files[i]->rules;
		if (l->files[i]->error == ENOENT && l->files[i]->table != ACCESS_LINT_CLIENTS)
			fprintf(out, "%s does not exist: a table without a rule.\n",
				l->files[i]->path);
		print_strictness(l->files[i], out);
	}
	text_buffer_printf(&t, "%s, ", number_text_with(files, "file").text);
	text_buffer_printf(&t, "%s: ", number_text_with(rules, "rule").text);
	add_count(&t, l->counts[ACCESS_LINT_FAULT], "fault");
	add_count(&t, l->counts[ACCESS_LINT_WARNING], "warning");
	add_count(&t, l->counts[ACCESS_LINT_NOTE], "note");
	text_buffer_add(&t, t.text[t.used - 1] == ' ' ? "nothing was found." : ".");
	page_put_wrapped(&page, PAGE_PLAIN, 0, 0, memory);
	t = text_buffer_over(memory, sizeof memory);
	text_buffer_printf(&t, "'knockwatch access check --fix' corrects %s; --fix --dry-run shows how.",
		number_text_with(l->fixable, "line").text);
	if (l->fixable > 0)
		page_put_wrapped(&page, PAGE_PLAIN, 0, 0, memory);
}

/* --- JSON --- */

static const char *table_name(enum access_lint_table table)
{
	switch (table) {
	case ACCESS_LINT_GRANTS:
		return "allow";
	case ACCESS_LINT_DENIES:
		return "deny";
	case ACCESS_LINT_CLIENTS:
		return "clients";
	}
	return "";
}

static void put_fault(int fault, struct json_line *j)
{
	char text[128];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	access_reader_add_fault(&b, fault);
	json_line_put_text(j, "error", text);
}

static void put_file(const struct access_lint_file *f, struct json_line *j)
{
	json_line_open_object(j, NULL);
	json_line_put_text(j, "path", f->path);
	json_line_put_word(j, "table", table_name(f->table));
	json_line_put_bool(j, "exists", f->error != ENOENT);
	if (f->error != 0 && f->error != ENOENT)
		put_fault(f->error, j);
	json_line_put_count(j, "rules", f->rules);
	json_line_put_bool(j, "strict", f->strict);
	json_line_put_count(j, "refused_if_strict", f->refused);
	json_line_put_count(j, "changes", f->change_count);
	json_line_close(j);
}

static void put_one(
	const struct access_lint *l, const struct access_lint_finding *f, struct json_line *j)
{
	const struct access_lint_place *p = &l->places[f->place];
	const struct access_lint_words *words = access_lint_code_words(f->code);
	struct access_draft text = {0};
	access_lint_write_words(f, &text);
	json_line_open_object(j, NULL);
	json_line_put_text(j, "file", l->files[p->file]->path);
	if (f->line > 0) {
		json_line_put_count(j, "line", f->line);
		json_line_put_count(j, "last_line", p->last > f->line ? p->last : f->line);
	}
	json_line_put_word(j, "code", words->name);
	json_line_put_word(j, "level", access_lint_level_name(f->level));
	json_line_put_text(j, "title", words->title);
	json_line_put_text(j, "what", text.text);
	json_line_put_text(j, "word", f->word);
	json_line_put_lines(j, "text", p->text);
	json_line_put_lines(j, "fix", p->fix);
	if (p->before > 0)
		json_line_put_count(j, "before_line", p->before);
	json_line_close(j);
	access_draft_free(&text);
}

void access_report_put_json(const struct access_lint *l, struct json_line *j)
{
	json_line_open_list(j, "files");
	for (unsigned i = 0; i < l->file_count; i++)
		put_file(l->files[i], j);
	json_line_close(j);
	json_line_open_list(j, "findings");
	for (unsigned i = 0; i < l->finding_count; i++)
		put_one(l, &l->findings[i], j);
	json_line_close(j);
	json_line_put_count(j, "faults", l->counts[ACCESS_LINT_FAULT]);
	json_line_put_count(j, "warnings", l->counts[ACCESS_LINT_WARNING]);
	json_line_put_count(j, "notes", l->counts[ACCESS_LINT_NOTE]);
	json_line_put_count(j, "fixable", l->fixable);
}
