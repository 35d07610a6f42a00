/* SPDX-License-Identifier: ISC */
#include "cli/access_trial_classic.h"

#include "report/page.h"

enum { LABEL = 10 }; /* columns, as the original has them */

static void put_line(void *context, const char *label, const char *text)
{
	const struct page *p = context;
	char head[LABEL];
	snprintf(head, sizeof head, "%s%s", label, label[0] ? ":" : "");
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, LABEL, head);
	page_put(p, PAGE_PLAIN, text);
	page_end_line(p);
}

static void put_fact(struct page *p, const char *label, const char *what, const char *text)
{
	char memory[ACCESS_TEXT_SIZE + 16];
	if (text[0] == '\0')
		return;
	snprintf(memory, sizeof memory, "%-8s %s", what, text);
	put_line(p, label, memory);
}

static void put_match(struct page *p, const struct access_trial *t)
{
	const struct access_decision *d = &t->decision;
	char memory[5000];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	if (d->reason == ACCESS_BY_RULE || d->reason == ACCESS_BY_OPTION_FAULT)
		text_buffer_printf(&text, "%s line %u", d->file, d->line);
	else
		access_trial_write_reason(t, &text);
	put_line(p, "matched", memory);
	text = text_buffer_over(memory, sizeof memory);
	if (d->rule != NULL) {
		access_trial_write_rule(t, &text);
		put_line(p, "rule", memory);
	}
	for (unsigned i = 0; i < d->option_count && i < ACCESS_TRIAL_OPTIONS; i++)
		put_line(p, "option", t->options[i]);
	if (d->reason == ACCESS_BY_OPTION_FAULT)
		put_line(p, "fault", d->fault.text);
}

static const char *verdict_of(const struct access_decision *d)
{
	if (access_trial_is_delegated(d))
		return "delegated";
	return d->verdict == ACCESS_GRANT ? "granted" : "denied";
}

void access_trial_classic_print(const struct access_trial *t, bool again, FILE *out)
{
	struct page p = {.out = out, .terminal = terminal_of(out)};
	if (again)
		page_end_line(&p);
	put_fact(&p, "client", "hostname", t->name[ACCESS_CLIENT]);
	put_fact(&p, "client", "address", t->address[ACCESS_CLIENT]);
	put_fact(&p, "client", "username", t->user);
	put_fact(&p, "server", "hostname", t->name[ACCESS_SERVER]);
	put_fact(&p, "server", "address", t->address[ACCESS_SERVER]);
	put_fact(&p, "server", "process", t->daemon);
	put_match(&p, t);
	access_trial_each_note(t, put_line, &p);
	put_line(&p, "access", verdict_of(&t->decision));
}
