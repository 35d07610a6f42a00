/* SPDX-License-Identifier: ISC */
#include "cli/access_trial_report.h"

#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

void access_trial_report_start(struct access_trial_report *r, FILE *out)
{
	*r = (struct access_trial_report){.trial = memory_calloc(1, sizeof *r->trial), .out = out};
	json_line_start(&r->line);
	json_line_put_count(&r->line, "v", 1);
	json_line_open_list(&r->line, "answers");
}

struct access_trial *access_trial_report_next(struct access_trial_report *r)
{
	return r->trial;
}

/* --- words --- */

static const char *verdict_word(const struct access_trial *t)
{
	return t->decision.verdict == ACCESS_GRANT ? "granted" : "denied";
}

bool access_trial_is_delegated(const struct access_decision *d)
{
	for (unsigned i = 0; i < d->option_count; i++) {
		if (d->options[i].kind == ACCESS_OPTION_TWIST && d->reason == ACCESS_BY_RULE)
			return true;
	}
	return false;
}

void access_trial_write_rule(const struct access_trial *t, struct text_buffer *out)
{
	enum { MOST = ACCESS_TRIAL_TEXT };
	const char *rule = t->decision.rule;
	const size_t length = strlen(rule);
	text_buffer_add_bytes(out, rule, length < MOST ? length : MOST);
	if (length > MOST)
		text_buffer_printf(out, " ... (%s)", number_text_with(length, "letter").text);
}

void access_trial_write_reason(const struct access_trial *t, struct text_buffer *out)
{
	const struct access_decision *d = &t->decision;
	switch (d->reason) {
	case ACCESS_BY_RULE:
		text_buffer_printf(out, "%s:%u", d->file, d->line);
		if (d->unanswered)
			text_buffer_add(out, ", because a name could not be looked up");
		return;
	case ACCESS_BY_DEFAULT:
		text_buffer_add(out, "no rule matches; whom no rule matches may enter");
		return;
	case ACCESS_BY_OPTION_FAULT:
		text_buffer_printf(
			out, "%s:%u, whose options are wrong: %s", d->file, d->line, d->fault.text);
		return;
	case ACCESS_BY_BROKEN_RULE:
		text_buffer_printf(out, "%s:%u, which is broken, and the table is strict: %s", d->file, d->line,
			d->fault.text);
		return;
	case ACCESS_BY_UNREADABLE:
		text_buffer_printf(out, "%s cannot be read, and no other rule lets the client in",
			d->file ? d->file : "the table");
		return;
	case ACCESS_BY_NO_MEMORY:
		text_buffer_add(out, "out of memory");
		return;
	}
}

static const char *reason_name(enum access_reason reason)
{
	switch (reason) {
	case ACCESS_BY_RULE:
		return "rule";
	case ACCESS_BY_DEFAULT:
		return "default";
	case ACCESS_BY_OPTION_FAULT:
		return "option-fault";
	case ACCESS_BY_BROKEN_RULE:
		return "broken-rule";
	case ACCESS_BY_UNREADABLE:
		return "unreadable";
	case ACCESS_BY_NO_MEMORY:
		return "no-memory";
	}
	return "";
}

static void write_client(const struct access_trial *t, struct text_buffer *out)
{
	const char *address = t->address[ACCESS_CLIENT], *name = t->name[ACCESS_CLIENT];
	bool both = address[0] && name[0] && !t->asked_name[ACCESS_CLIENT];
	if (t->user[0])
		text_buffer_printf(out, "%s@", t->user);
	text_buffer_add(out, both || !address[0] ? name : address);
	if (both)
		text_buffer_printf(out, " (%s)", address);
}

static void write_server(const struct access_trial *t, struct text_buffer *out)
{
	if (t->address[ACCESS_SERVER][0])
		text_buffer_printf(out, " at %s", t->address[ACCESS_SERVER]);
	if (t->port >= 0)
		text_buffer_printf(out, " port %d", t->port);
}

/* --- notes --- */

struct notes {
	access_trial_note_fn *take;
	void *context;
};

static void note_name(const struct notes *n, const struct access_trial *t, enum access_side side)
{
	char memory[640];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	if (!t->asked_name[side])
		return;
	text_buffer_printf(&text, "the name of %s: %s (%s)", t->address[side],
		t->unanswered[side] ? "no answer" : t->name[side],
		t->asked_ms[side] < 1000
			? "at once"
			: number_text_with((uint64_t)(t->asked_ms[side] + 500) / 1000, "second")
				  .text);
	if (t->why[side][0])
		text_buffer_printf(&text, "; %s", t->why[side]);
	n->take(n->context, "asked", memory);
}

static void note_questions(const struct notes *n, const struct access_trial *t)
{
	char memory[ACCESS_TRIAL_TEXT + 100];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	note_name(n, t, ACCESS_CLIENT);
	note_name(n, t, ACCESS_SERVER);
	if (t->asked_user)
		n->take(n->context, "asked",
			t->user[0]
				? "the user: the one that was given"
				: "the user: unknown here; the client's ident service would be asked");
	if (t->asked_netgroup)
		n->take(n->context, "asked", "a netgroup");
	if (t->command[0]) {
		text_buffer_printf(
			&text, "aclexec, not run here and taken as succeeded: %s", t->command);
		n->take(n->context, "asked", memory);
	}
}

static void note_later(const struct notes *n, const struct access_trial *t)
{
	unsigned shown = t->later_count < ACCESS_TRIAL_LATER ? t->later_count : ACCESS_TRIAL_LATER;
	for (unsigned i = 0; i < shown; i++) {
		char memory[ACCESS_TRIAL_TEXT + 4200];
		struct text_buffer text = text_buffer_over(memory, sizeof memory);
		text_buffer_printf(
			&text, "%s:%u  %s", t->later[i].file, t->later[i].line, t->later[i].text);
		n->take(n->context, i == 0 ? "later" : "", memory);
	}
	if (t->later_count > shown) {
		char text[80];
		snprintf(text, sizeof text, "and %s",
			number_text_with(t->later_count - shown, "more rule").text);
		n->take(n->context, "", text);
	}
	if (t->would_ask)
		n->take(n->context, shown > 0 ? "" : "later",
			"(later rules for names were left out: nobody is asked for them)");
}

static void note_strict(const struct notes *n, const struct access_trial *t)
{
	if (t->strict[0])
		n->take(n->context, "strict", t->tables.allow);
	if (t->strict[1])
		n->take(n->context, t->strict[0] ? "" : "strict", t->tables.deny);
}

void access_trial_each_note(const struct access_trial *t, access_trial_note_fn *take, void *context)
{
	const struct notes n = {take, context};
	note_strict(&n, t);
	note_questions(&n, t);
	note_later(&n, t);
	for (unsigned i = 0; i < t->warning_count; i++)
		take(context, i == 0 ? "warning" : "", t->warnings[i]);
}

/* --- for people --- */

static void put_note(void *context, const char *label, const char *text)
{
	page_put_fact(context, label, text);
}

static bool has_fault(const struct access_decision *d)
{
	return d->reason == ACCESS_BY_OPTION_FAULT || d->reason == ACCESS_BY_BROKEN_RULE;
}

static void print_trial(const struct access_trial_report *r, const struct access_trial *t)
{
	struct page p = {.out = r->out, .terminal = terminal_of(r->out)};
	bool granted = t->decision.verdict == ACCESS_GRANT;
	char memory[4800];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	if (r->told > 0)
		page_end_line(&p);
	text_buffer_printf(&text, "%s from ", t->daemon);
	write_client(t, &text);
	write_server(t, &text);
	text_buffer_add(&text, ": ");
	page_put(&p, PAGE_BOLD, text.text);
	if (access_trial_is_delegated(&t->decision))
		page_put(&p, PAGE_YELLOW, "DELEGATED");
	else
		page_put(&p, granted ? PAGE_GREEN : PAGE_RED, granted ? "GRANTED" : "DENIED");
	page_end_line(&p);
	text = text_buffer_over(memory, sizeof memory);
	access_trial_write_reason(t, &text);
	page_put_fact(&p, "by", text.text);
	text = text_buffer_over(memory, sizeof memory);
	if (t->decision.rule != NULL)
		access_trial_write_rule(t, &text);
	page_put_fact(&p, "rule", text.text);
	for (unsigned i = 0; i < t->decision.option_count && i < ACCESS_TRIAL_OPTIONS; i++)
		page_put_fact(&p, i == 0 ? "options" : "", t->options[i]);
	access_trial_each_note(t, put_note, &p);
	if (t->warning_count > 0 || has_fault(&t->decision))
		page_put_fact(&p, "next", "knockwatch access check");
}

/* --- JSON --- */

static void put_name(
	struct json_line *j, const struct access_trial *t, enum access_side side, const char *of)
{
	if (!t->asked_name[side])
		return;
	json_line_open_object(j, NULL);
	json_line_put_word(j, "of", of);
	json_line_put_text(j, "address", t->address[side]);
	json_line_put_text(j, "name", t->name[side]);
	json_line_put_text(j, "why", t->why[side]);
	json_line_put_bool(j, "unanswered", t->unanswered[side]);
	json_line_put_count(j, "ms", (uint64_t)t->asked_ms[side]);
	json_line_close(j);
}

static void put_texts(struct json_line *j, const char *key, const char (*texts)[ACCESS_TRIAL_TEXT],
	unsigned count)
{
	json_line_open_list(j, key);
	for (unsigned i = 0; i < count; i++)
		json_line_put_text(j, NULL, texts[i]);
	json_line_close(j);
}

static void put_later_json(struct json_line *j, const struct access_trial *t)
{
	json_line_open_list(j, "later");
	for (unsigned i = 0; i < t->later_count && i < ACCESS_TRIAL_LATER; i++) {
		json_line_open_object(j, NULL);
		json_line_put_text(j, "file", t->later[i].file);
		json_line_put_count(j, "line", t->later[i].line);
		json_line_put_text(j, "rule", t->later[i].text);
		json_line_close(j);
	}
	json_line_close(j);
	json_line_put_count(j, "later_count", t->later_count);
}

static void put_trial(struct json_line *j, const struct access_trial *t)
{
	const struct access_decision *d = &t->decision;
	json_line_open_object(j, NULL);
	json_line_put_text(j, "service", t->daemon);
	json_line_put_text(j, "client", t->address[ACCESS_CLIENT]);
	json_line_put_text(j, "name", t->name[ACCESS_CLIENT]);
	json_line_put_text(j, "user", t->user);
	json_line_put_text(j, "server", t->address[ACCESS_SERVER]);
	if (t->port >= 0)
		json_line_put_count(j, "port", (uint64_t)t->port);
	json_line_put_word(j, "verdict", verdict_word(t));
	if (access_trial_is_delegated(d))
		json_line_put_bool(j, "delegated", true);
	json_line_put_word(j, "reason", reason_name(d->reason));
	json_line_put_text(j, "file", d->file);
	if (d->line > 0)
		json_line_put_count(j, "line", d->line);
	json_line_put_text(j, "rule", d->rule);
	if (has_fault(d))
		json_line_put_text(j, "fault", d->fault.text);
	json_line_put_text(j, "name_unanswered", d->unanswered);
	json_line_open_list(j, "strict");
	if (t->strict[0])
		json_line_put_text(j, NULL, t->tables.allow);
	if (t->strict[1])
		json_line_put_text(j, NULL, t->tables.deny);
	json_line_close(j);
	put_texts(j, "options", t->options,
		d->option_count < ACCESS_TRIAL_OPTIONS ? d->option_count : ACCESS_TRIAL_OPTIONS);
	json_line_open_list(j, "names_asked");
	put_name(j, t, ACCESS_CLIENT, "client");
	put_name(j, t, ACCESS_SERVER, "server");
	json_line_close(j);
	json_line_put_bool(j, "user_asked", t->asked_user);
	json_line_put_text(j, "aclexec_not_run", t->command);
	put_later_json(j, t);
	put_texts(j, "warnings", t->warnings, t->warning_count);
	json_line_close(j);
}

void access_trial_report_tell(
	struct access_trial_report *r, const struct access_trial *t, bool json)
{
	if (json)
		put_trial(&r->line, t);
	else
		print_trial(r, t);
	r->told++;
}

void access_trial_report_end(struct access_trial_report *r, bool json)
{
	json_line_close(&r->line);
	json_line_close(&r->line);
	if (json)
		json_line_print(&r->line, r->out);
	json_line_clear(&r->line);
	free(r->trial);
}
