/* SPDX-License-Identifier: ISC */
#include "cli/ruleset_report.h"

#include "base/number_text.h"
#include "base/text_buffer.h"
#include "firewall/ruleset_advice.h"

#include <jansson.h>

#define TEXT_MAX 4096 /* of one part of a finding; a rule with a long set is cut */

typedef void writer_fn(const struct ruleset_finding *f, uint16_t group, struct text_buffer *out);

bool ruleset_report_is_good(const struct ruleset_report *r)
{
	return ruleset_verdict_sees_all(r->verdict) && r->legacy[0] == '\0';
}

static void write_place(const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	(void)group;
	ruleset_advice_write_place(f, out);
}

static void write_fault(const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	(void)group;
	ruleset_advice_write_fault(f, out);
}

static void print_part(const struct ruleset_report *r, const struct ruleset_finding *f,
	writer_fn *write, const char *before, FILE *out)
{
	char text[TEXT_MAX];
	struct text_buffer t = text_buffer_over(text, sizeof text);
	write(f, r->group, &t);
	if (t.used > 0)
		fprintf(out, "%s%s%s\n", before, text, t.cut ? "..." : "");
}

static void print_finding(
	const struct ruleset_report *r, const struct ruleset_finding *f, FILE *out)
{
	print_part(r, f, write_place, "", out);
	print_part(r, f, write_fault, "    ", out);
	print_part(r, f, ruleset_advice_write_words, "    to do: ", out);
	print_part(r, f, ruleset_advice_write_line, "        ", out);
	fputc('\n', out);
}

static void print_legacy(const struct ruleset_report *r, FILE *out)
{
	if (r->legacy[0] == '\0')
		return;
	fprintf(out,
		"Rules of the old iptables are loaded (%s). nft cannot see them, so nothing is said\n"
		"here about what they refuse. 'iptables-legacy -S' shows them; they log if a rule with\n"
		"-j NFLOG or -j LOG stands before each -j DROP and -j REJECT.\n\n",
		r->legacy);
}

static void print_sum(const struct ruleset_report *r, FILE *out)
{
	const struct ruleset_verdict *v = r->verdict;
	if (r->model->count == 0 && r->legacy[0] == '\0')
		fputs("No ruleset is loaded: nothing is refused, and nothing hidden from a watch on the "
		      "interfaces.\n",
			out);
	else if (v->cut)
		fputs("The ruleset is too large or too deep to be judged to its end.\n", out);
	else if (v->refusals == 0)
		fputs("The ruleset refuses nothing that comes in.\n", out);
	else if (v->count == 0)
		fprintf(out, "All is seen: %s, each logged before.\n",
			number_text_with(v->refusals, "refusal").text);
	else
		fprintf(out, "%u of %s seen.\n", v->seen,
			number_text_with(v->refusals, "refusal").text);
}

void ruleset_report_print(const struct ruleset_report *r, FILE *out)
{
	print_legacy(r, out);
	for (unsigned i = 0; i < r->verdict->count; i++)
		print_finding(r, &r->verdict->findings[i], out);
	print_sum(r, out);
}

static void set_part(const struct ruleset_report *r, const struct ruleset_finding *f,
	writer_fn *write, const char *key, json_t *object)
{
	char text[TEXT_MAX];
	struct text_buffer t = text_buffer_over(text, sizeof text);
	write(f, r->group, &t);
	if (t.used > 0)
		json_object_set_new(object, key, json_string(text));
}

static json_t *finding_to_json(const struct ruleset_report *r, const struct ruleset_finding *f)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s}", "fault",
		ruleset_advice_fault_name(f->fault), "family", f->chain->family, "table",
		f->chain->table, "chain", f->chain->name, "written_by",
		ruleset_advice_writer_name(ruleset_advice_writer(f->chain)));
	if (f->rule != NULL)
		json_object_set_new(o, "handle", json_integer(f->rule->handle));
	json_object_set_new(o, "refusals", json_integer(f->refusals));
	set_part(r, f, write_place, "place", o);
	set_part(r, f, write_fault, "what", o);
	set_part(r, f, ruleset_advice_write_words, "to_do", o);
	set_part(r, f, ruleset_advice_write_line, "line", o);
	return o;
}

void ruleset_report_print_json(const struct ruleset_report *r, FILE *out)
{
	const struct ruleset_verdict *v = r->verdict;
	json_t *list = json_array();
	for (unsigned i = 0; i < v->count; i++)
		json_array_append_new(list, finding_to_json(r, &v->findings[i]));
	json_t *o = json_pack("{s:b, s:b, s:i, s:i, s:o}", "sees_all", ruleset_report_is_good(r),
		"cut", v->cut, "refusals", (int)v->refusals, "seen", (int)v->seen, "findings",
		list);
	if (r->legacy[0] != '\0')
		json_object_set_new(o, "legacy", json_string(r->legacy));
	json_dumpf(o, out, JSON_COMPACT | JSON_ENSURE_ASCII);
	fputc('\n', out);
	json_decref(o);
}
