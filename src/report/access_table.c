/* SPDX-License-Identifier: ISC */
#include "report/access_table.h"

#include <stdio.h>
#include <string.h>

enum { TIME = 18, HOST = 9, SERVICE = 12, VERDICT = 8, RULE = 13, CLIENT_LEAST = 20 };

static unsigned client_columns(const struct page *p)
{
	const unsigned others = TIME + HOST + SERVICE + VERDICT + RULE;
	return p->terminal.width > others + CLIENT_LEAST ? p->terminal.width - others
							 : CLIENT_LEAST;
}

/* A column and the blank behind it. */
static void put(const struct page *p, enum page_style style, unsigned columns, const char *text)
{
	page_put_cell(p, style, PAGE_LEFT, columns - 1, text);
	page_put_spaces(p, 1);
}

void access_table_print_head(const struct page *p)
{
	put(p, PAGE_FAINT, TIME, "time");
	put(p, PAGE_FAINT, HOST, "host");
	put(p, PAGE_FAINT, SERVICE, "service");
	put(p, PAGE_FAINT, client_columns(p), "client");
	put(p, PAGE_FAINT, VERDICT, "verdict");
	page_put(p, PAGE_FAINT, "rule");
	page_end_line(p);
}

/* "hosts.deny:3", with the reason where it is another than the rule itself; else why alone. What any user could have made up is told as that user's word. */
static void name_rule(const struct access_event *a, char *out, size_t size)
{
	const char *slash = strrchr(a->table, '/');
	const char *file = slash != NULL ? slash + 1 : a->table;
	const char *why = access_why_name((enum access_why)a->why);
	if (a->unvouched)
		snprintf(out, size, "by uid %u", a->uid);
	else if (a->table[0] && a->line != 0)
		snprintf(out, size, "%s:%u%s", file, a->line, a->why == ACCESS_WHY_NAME_UNANSWERED ? ", no name" : "");
	else
		snprintf(out, size, "%s", a->table[0] ? file : why != NULL ? why : "");
}

void access_table_print_row(const struct page *p, const struct access_event *a, const char *host)
{
	char client[2 * ACCESS_EVENT_TEXT_MAX], rule[ACCESS_EVENT_RULE_MAX + 24];
	bool refused = a->access == EVENT_ACCESS_REFUSED;
	access_event_name_client(a, client, sizeof client);
	name_rule(a, rule, sizeof rule);
	put(p, PAGE_PLAIN, TIME, time_text_second(a->time, p->now, p->zone).text);
	put(p, PAGE_PLAIN, HOST, a->host[0] ? a->host : host);
	put(p, PAGE_PLAIN, SERVICE, a->service);
	put(p, PAGE_PLAIN, client_columns(p), client);
	enum page_style style = refused ? PAGE_YELLOW : PAGE_GREEN;
	const char *verdict = event_access_name((enum event_access)a->access);
	if (rule[0] == '\0')
		page_put(p, style, verdict);
	else
		put(p, style, VERDICT, verdict);
	if (page_columns(rule) > RULE)
		page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, RULE, rule);
	else
		page_put(p, PAGE_PLAIN, rule);
	page_end_line(p);
}
