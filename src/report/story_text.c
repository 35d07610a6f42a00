/* SPDX-License-Identifier: ISC */
#include "report/story_text.h"

#include "base/number_text.h"
#include "base/text_buffer.h"
#include "event/event.h"
#include "event/technique.h"
#include "net/ip_proto.h"
#include "report/headline_text.h"
#include "report/level_mark.h"
#include "report/port_text.h"

#include <stdio.h>
#include <string.h>

enum {
	FACT_SIZE = 1024,     /* bytes of one fact */
	MEMBERS_IN_SHORT = 3, /* sources of a group that are named */
	MEMBERS_IN_FULL = 24,
};

#define CONFIDENCE_SHOWN_MAX 0.999999

static unsigned fact_columns(const struct page *p)
{
	return p->terminal.width - PAGE_INDENT - PAGE_LABEL_COLUMNS;
}

static void print_headline(const struct page *p, const struct story_text *story)
{
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	headline_text_add_source(&b, story->incident);
	text_buffer_add(&b, " ");
	headline_text_add_deed(&b, story->incident);
	if (story->number > 0)
		text_buffer_printf(&b, " (#%lld)", (long long)story->number);
	level_mark_put(p, story->incident->level);
	page_put_wrapped(p, PAGE_BOLD, LEVEL_MARK_COLUMNS, LEVEL_MARK_COLUMNS, text);
}

static void print_summary(const struct page *p, const struct incident *in)
{
	if (in->summary == NULL || *in->summary == '\0')
		return;
	page_put_spaces(p, PAGE_INDENT);
	page_put_wrapped(p, PAGE_PLAIN, PAGE_INDENT, PAGE_INDENT, in->summary);
}

static void print_when(const struct page *p, const struct incident *in)
{
	static const char *const endings[INCIDENT_STATES] = {"", ", still going", ""};
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_add(&b, time_text_range(in->first, in->last, p->now, p->zone).text);
	if (in->last.us - in->first.us >= CLOCK_US_PER_S)
		text_buffer_printf(&b, " (%s)", time_text_span(in->last.us - in->first.us).text);
	text_buffer_add(&b, endings[in->state]);
	if (in->slow)
		text_buffer_add(&b, "; slow on purpose or by nature");
	page_put_fact(p, "when", text);
}

static void print_ports(const struct page *p, const struct incident *in, unsigned lines)
{
	char text[FACT_SIZE], packets[80];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	snprintf(packets, sizeof packets, "%s",
		number_text_with(in->packets,
			in->kind == INCIDENT_KIND_REFUSED ? "connection" : "packet")
			.text);
	if (in->port_ranges == 0) {
		page_put_fact(p, "sent", packets);
		return;
	}
	unsigned columns = fact_columns(p) * lines;
	unsigned tail = (unsigned)strlen(packets) + 20; /* " and 1,000 more (... )" */
	port_text_add(&b, in->ports, in->port_ranges, in->ports_count,
		columns > tail ? columns - tail : 1);
	text_buffer_printf(&b, " (%s)", packets);
	page_put_fact(p, "ports", text);
}

static void print_answered(const struct page *p, const struct incident *in)
{
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (in->answered_ranges == 0)
		return;
	port_text_add(&b, in->answered, in->answered_ranges, 0, fact_columns(p));
	bool one = in->answered_ranges == 1 && in->answered[0].first == in->answered[0].last;
	bool asked = in->kind == INCIDENT_KIND_SERVICE_PROBE;
	text_buffer_printf(&b, " %s open to it; it has %s to %s", one ? "was" : "were",
		asked          ? "connected"
		: in->returned ? "come back"
			       : "not come back",
		one ? "it" : "them");
	page_put_fact(p, "answered", text);
}

/* Where the summary does not say it already. */
static void print_refusals(const struct page *p, const struct incident *in)
{
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (in->kind == INCIDENT_KIND_REFUSED || in->refused == 0)
		return;
	text_buffer_add(&b, number_text_with(in->refused, "time").text);
	if (in->refused_at != NULL)
		text_buffer_printf(&b, " at %s", in->refused_at);
	if (in->refused_by != NULL)
		text_buffer_printf(&b, ", by %s", in->refused_by);
	if (in->granted > 0)
		text_buffer_printf(&b, "; let in %s", number_text_with(in->granted, "time").text);
	page_put_fact(p, "refused", text);
}

static void add_member(struct text_buffer *b, const struct incident_member *m)
{
	text_buffer_printf(b, "%s%s", b->used > 0 ? ", " : "", addr_to_text(&m->address).text);
	if (m->role == INCIDENT_MEMBER_UNKNOWN)
		return;
	text_buffer_printf(b, " (%s", incident_member_role_name(m->role));
	if (m->evidence != NULL)
		text_buffer_printf(b, ": %s", m->evidence);
	text_buffer_add(b, ")");
}

static void print_sources(const struct page *p, const struct incident *in, unsigned most)
{
	char text[4096];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	unsigned shown = in->members_shown < most ? in->members_shown : most;
	for (unsigned i = 0; i < shown; i++)
		add_member(&b, &in->members[i]);
	if (shown > 0 && in->sources_count > shown)
		text_buffer_printf(
			&b, " and %s more", number_text_about(in->sources_count - shown).text);
	page_put_fact(p, "sources", text);
}

static void print_tool(const struct page *p, const struct incident *in)
{
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (in->tool != NULL)
		text_buffer_add(&b, in->tool);
	if (in->nmap != NULL)
		text_buffer_printf(
			&b, "%spackets as nmap %s sends them", b.used > 0 ? "; " : "", in->nmap);
	page_put_fact(p, "tool", text);
}

void story_text_print(const struct page *p, const struct story_text *story)
{
	const struct incident *in = story->incident;
	print_headline(p, story);
	print_summary(p, in);
	print_when(p, in);
	print_ports(p, in, 1);
	print_answered(p, in);
	print_refusals(p, in);
	print_sources(p, in, MEMBERS_IN_SHORT);
	page_put_fact(p, "why", in->why);
	page_put_fact(p, "meaning", story->meaning);
	page_put_fact(p, "do", story->advice);
}

static void print_techniques(const struct page *p, const struct incident *in)
{
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_printf(
		&b, "%s, %s", incident_class_name(in->class), incident_kind_name(in->kind));
	for (unsigned i = 0; i < TECHNIQUES; i++) {
		if (in->techniques >> i & 1)
			text_buffer_printf(&b, ", %s", technique_name((enum technique)i));
	}
	page_put_fact(p, "kind", text);
}

static void print_extent(const struct page *p, const struct incident *in)
{
	char text[FACT_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (in->targets_count == 0) /* of echoes only packets are counted */
		return;
	text_buffer_add(&b, number_text_with(in->targets_count, "target").text);
	text_buffer_printf(&b, " on %s", number_text_with(in->hosts_count, "host").text);
	if (!in->proto_mixed && in->proto != 0)
		text_buffer_printf(&b, ", %s", ip_proto_to_text(in->proto).text);
	page_put_fact(p, "extent", text);
}

static void print_trust(const struct page *p, const struct incident *in)
{
	char text[64];
	page_put_fact(p, "spoofable",
		in->spoofable ? "yes: nothing proved that the address is real"
			      : "no: the source completed a handshake");
	if (in->confidence <= 0) /* it was not tested */
		return;
	/* Six digits at most: no test is certain, and what is rounded must not say so. */
	if (in->confidence > CONFIDENCE_SHOWN_MAX)
		snprintf(text, sizeof text, "more than %g", CONFIDENCE_SHOWN_MAX);
	else
		snprintf(text, sizeof text, "%.6g", in->confidence);
	page_put_fact(p, "confidence", text);
}

static void print_signature(const struct page *p, const struct incident *in)
{
	char text[FACT_SIZE];
	if (in->signature == NULL)
		return;
	snprintf(text, sizeof text, "%s%s%s", in->signature, in->reference ? " – " : "",
		in->reference ? in->reference : "");
	page_put_fact(p, "signature", text);
}

static void print_place(const struct page *p, const struct story_text *story)
{
	char text[256];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (story->names.host != NULL && *story->names.host != '\0')
		text_buffer_printf(&b, "%s, ", story->names.host);
	if (story->names.iface != NULL && *story->names.iface != '\0')
		text_buffer_printf(&b, "%s, ", story->names.iface);
	text_buffer_printf(
		&b, "from %s", event_origin_name((enum event_origin)story->incident->origin));
	page_put_fact(p, "seen by", text);
}

void story_text_print_full(const struct page *p, const struct story_text *story)
{
	const struct incident *in = story->incident;
	print_headline(p, story);
	print_summary(p, in);
	print_when(p, in);
	print_techniques(p, in);
	print_extent(p, in);
	print_ports(p, in, 4);
	print_answered(p, in);
	print_refusals(p, in);
	print_sources(p, in, MEMBERS_IN_FULL);
	print_tool(p, in);
	print_signature(p, in);
	print_trust(p, in);
	page_put_fact(p, "why", in->why);
	page_put_fact(p, "meaning", story->meaning);
	page_put_fact(p, "do", story->advice);
	page_put_fact(p, "folded in", in->into);
	print_place(p, story);
	page_put_fact(p, "id", in->id.text);
}

void story_text_print_changes(const struct page *p, const struct store_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct store_change *c = &changes->rows[i];
		page_put_spaces(p, PAGE_INDENT);
		page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, 19,
			time_text_minute(c->at, p->now, p->zone).text);
		page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, 8, incident_state_name(c->state));
		level_mark_put(p, c->level);
		page_put_wrapped(
			p, PAGE_PLAIN, PAGE_INDENT + 27 + LEVEL_MARK_COLUMNS, PAGE_INDENT, c->kind);
	}
}
