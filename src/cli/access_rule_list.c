/* SPDX-License-Identifier: ISC */
#include "cli/access_rule_list.h"

#include "access/access_mark.h"
#include "access/access_option.h"
#include "access/access_reader.h"
#include "access/access_rule.h"
#include "access/access_strict.h"
#include "base/memory.h"
#include "report/page.h"

#include <stdlib.h>
#include <unistd.h>

enum { LABEL = 10, OPTIONS_MAX = 64 }; /* options of one rule that are listed */

struct listed {
	const char *file;
	unsigned line;
	char *daemons, *clients; /* owned */
	char *options[OPTIONS_MAX];
	unsigned option_count;
	const char *verdict;              /* "granted", "denied", "delegated" */
	struct access_option_fault fault; /* empty: none */
	bool implicit;
};

typedef void take_fn(void *context, const struct listed *rule);

static char *copy(struct text_slice s)
{
	char *text = memory_calloc(1, s.length + 1);
	memcpy(text, s.start, s.length);
	while (s.length > 0 && strchr(" \t\r\n", text[s.length - 1]) != NULL)
		text[--s.length] = '\0';
	size_t blanks = strspn(text, " \t\r\n");
	memmove(text, text + blanks, s.length - blanks + 1);
	return text;
}

/* "severity mail.info" */
static char *copy_option(const struct access_option *o)
{
	char *word = copy(o->word), *argument = copy(o->argument), *both = NULL;
	size_t size = strlen(word) + strlen(argument) + 2;
	both = memory_calloc(1, size);
	snprintf(both, size, "%s%s%s", word, argument[0] ? " " : "", argument);
	free(word);
	free(argument);
	return both;
}

static void decide_by(struct listed *r, const struct access_option *o)
{
	if (o->kind == ACCESS_OPTION_ALLOW || o->kind == ACCESS_OPTION_DENY ||
		o->kind == ACCESS_OPTION_TWIST) {
		r->verdict = o->kind == ACCESS_OPTION_ALLOW  ? "granted"
			     : o->kind == ACCESS_OPTION_DENY ? "denied"
							     : "delegated";
		r->implicit = false;
	}
}

/* `text` is written to. */
static void read_options(struct listed *r, char *text)
{
	struct text_slice rest = text_slice_of(text);
	struct access_option o;
	enum access_option_result result;
	while ((result = access_option_next(&rest, &o, &r->fault)) == ACCESS_OPTION_READ) {
		if (r->option_count < OPTIONS_MAX)
			r->options[r->option_count++] = copy_option(&o);
		decide_by(r, &o);
	}
	if (result == ACCESS_OPTION_FAULT) {
		r->verdict = "denied";
		r->implicit = false;
	}
}

/* `strict`: the table is. What is broken there denies, and its fault is told. */
static void list_rule(const struct access_rule *rule, const char *path, unsigned line, bool denies, bool strict,
	take_fn *take, void *context)
{
	struct listed r = {.file = path,
		.line = line,
		.daemons = copy(rule->daemons),
		.clients = copy(rule->clients),
		.verdict = denies ? "denied" : "granted",
		.implicit = !denies};
	char *text = copy(rule->options);
	if (rule->has_options)
		read_options(&r, text);
	if (strict && (access_strict_daemons_are_broken(rule, &r.fault) || access_strict_rest_is_broken(rule, &r.fault))) {
		r.verdict = "denied";
		r.implicit = false;
	}
	take(context, &r);
	for (unsigned i = 0; i < r.option_count; i++)
		free(r.options[i]);
	free(r.daemons);
	free(r.clients);
	free(text);
}

static void each(const char *path, bool denies, take_fn *take, void *context)
{
	struct access_mark_head head = {.over = false};
	struct access_reader reader;
	struct access_line line;
	int fd = access_reader_open(path);
	if (fd < 0)
		return;
	access_reader_init(&reader, fd, 0, 0);
	while (access_reader_next(&reader, &line) == ACCESS_READER_LINE) {
		struct access_rule rule;
		access_mark_take(&head, line.text);
		if (access_strict_split_if(head.strict, line.text, &rule) == ACCESS_RULE_RULE)
			list_rule(&rule, path, line.number, denies, head.strict, take, context);
	}
	access_reader_clear(&reader);
	close(fd);
}

/* --- for people --- */

static void put_line(const struct page *p, const char *label, const char *text)
{
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, LABEL, label);
	page_put(p, PAGE_PLAIN, text);
	page_end_line(p);
}

static void print_rule(void *context, const struct listed *r)
{
	const struct page *p = context;
	char head[5000];
	snprintf(head, sizeof head, ">>> Rule %s line %u:", r->file, r->line);
	page_put(p, PAGE_BOLD, head);
	page_end_line(p);
	put_line(p, "daemons:", r->daemons);
	put_line(p, "clients:", r->clients);
	for (unsigned i = 0; i < r->option_count; i++)
		put_line(p, "option:", r->options[i]);
	if (r->fault.text[0])
		put_line(p, "fault:", r->fault.text);
	put_line(p, "access:", r->verdict);
	page_end_line(p);
}

void access_rule_list_print(const char *path, bool denies, FILE *out)
{
	struct page p = {.out = out, .terminal = terminal_of(out)};
	each(path, denies, print_rule, &p);
}

struct implicit {
	struct page page;
	bool any;
};

static void print_implicit(void *context, const struct listed *r)
{
	struct implicit *i = context;
	char text[5000];
	if (!r->implicit)
		return;
	i->any = true;
	snprintf(text, sizeof text, "%s:%u: implicit \"allow\" at end of rule", r->file, r->line);
	page_put(&i->page, PAGE_PLAIN, text);
	page_end_line(&i->page);
}

bool access_rule_list_print_implicit(const char *path, bool denies, FILE *out)
{
	struct implicit i = {.page = {.out = out, .terminal = terminal_of(out)}};
	each(path, denies, print_implicit, &i);
	return i.any;
}

/* --- JSON --- */

static void put_rule(void *context, const struct listed *r)
{
	struct json_line *j = context;
	json_line_open_object(j, NULL);
	json_line_put_text(j, "file", r->file);
	json_line_put_count(j, "line", r->line);
	json_line_put_text(j, "daemons", r->daemons);
	json_line_put_text(j, "clients", r->clients);
	json_line_open_list(j, "options");
	for (unsigned i = 0; i < r->option_count; i++)
		json_line_put_text(j, NULL, r->options[i]);
	json_line_close(j);
	json_line_put_word(j, "verdict", r->verdict);
	json_line_put_text(j, "fault", r->fault.text);
	json_line_put_bool(j, "implicit", r->implicit);
	json_line_close(j);
}

void access_rule_list_put_json(const char *path, bool denies, struct json_line *j)
{
	each(path, denies, put_rule, j);
}
