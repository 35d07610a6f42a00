/* SPDX-License-Identifier: ISC */
#include "outcome_compare.h"

#include <string.h>

static const char *compare_round(const struct outcome_round *a, const struct outcome_round *b, struct outcome_view view)
{
	if (a->verdict != b->verdict)
		return "verdict";
	if (a->table != b->table || (view.with_lines && a->line != b->line))
		return "rule";
	return view.with_effects && strcmp(a->asked, b->asked) != 0 ? "asked" : NULL;
}

/* What is left of the decision in the process. Only for the first one: what sticks to later ones is not promised. */
static const char *compare_process(const struct outcome *a, const struct outcome *b, struct outcome_view view)
{
	if (strcmp(a->said, b->said) != 0)
		return "said";
	if (view.with_effects && strcmp(a->ran, b->ran) != 0)
		return "ran";
	if (a->end != END_RETURNED)
		return NULL;
	if (strcmp(a->environment, b->environment) != 0)
		return "environment";
	if (a->mask != b->mask)
		return "umask";
	if (a->nice != b->nice)
		return "nice";
	if (a->allow_severity != b->allow_severity || a->deny_severity != b->deny_severity)
		return "severity";
	return view.with_user && (a->uid != b->uid || a->gid != b->gid) ? "user" : NULL;
}

const char *outcome_compare(const struct access_case *c, const struct outcome *a, const struct outcome *b, struct outcome_view view)
{
	if (a->end != b->end || a->code != b->code)
		return "end";
	for (unsigned i = 0; i < c->rounds; i++) {
		const char *what = compare_round(&a->round[i], &b->round[i], view);
		if (what)
			return what;
	}
	return c->rounds == 1 ? compare_process(a, b, view) : NULL;
}

static void print_text(const char *title, const char *text, FILE *out)
{
	if (!text[0])
		return;
	fprintf(out, "      %s: ", title);
	for (; *text; text++) {
		unsigned char b = (unsigned char)*text;
		if (b == '\n' && text[1])
			fputs(" | ", out);
		else if (b >= ' ' && b <= '~')
			fputc(b, out);
		else
			fprintf(out, "\\x%02x", b);
	}
	fputs("\n", out);
}

void outcome_print(const char *title, const struct access_case *c, const struct outcome *o, FILE *out)
{
	static const char *const end[] = {[END_RETURNED] = "returned", [END_EXITED] = "exited", [END_KILLED] = "killed by signal",
		[END_TOO_LONG] = "took too long"};
	fprintf(out, "    %s: %s", title, end[o->end]);
	if (o->end == END_EXITED || o->end == END_KILLED)
		fprintf(out, " %d", o->code);
	for (unsigned i = 0; i < c->rounds; i++) {
		const struct outcome_round *r = &o->round[i];
		fprintf(out, "; %s", r->verdict == 1 ? "granted" : r->verdict == 0 ? "denied" : "no verdict");
		for (unsigned j = 0; j < r->match_count; j++)
			fprintf(out, " %s", r->matches[j]);
	}
	fprintf(out, "; umask %o nice %d uid %u gid %u severity %d %d\n", (unsigned)o->mask, o->nice, o->uid, o->gid, o->allow_severity,
		o->deny_severity);
	for (unsigned i = 0; i < c->rounds; i++)
		print_text("asked", o->round[i].asked, out);
	print_text("options", o->options, out);
	print_text("said", o->said, out);
	print_text("ran", o->ran, out);
	print_text("environment", o->environment, out);
	print_text("logged", o->logged, out);
}
