/* SPDX-License-Identifier: ISC */
#include "report/knock_run.h"

#include "base/memory.h"
#include "base/number_text.h"
#include "net/ip_proto.h"
#include "report/port_text.h"

#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = 64 }; /* more than any line shows */

void knock_runs_init(struct knock_runs *runs, const struct store_knocks *knocks)
{
	runs->count = knocks->count;
	runs->left = memory_calloc(knocks->count + 1, sizeof(void *));
	for (size_t i = 0; i < knocks->count; i++)
		runs->left[i] = &knocks->rows[i];
}

void knock_runs_clear(struct knock_runs *runs)
{
	free(runs->left);
	*runs = (struct knock_runs){0};
}

static bool same_manner(const struct store_knock *a, const struct store_knock *b)
{
	return a->proto == b->proto && a->probe == b->probe;
}

static bool belongs(const struct store_knock *a, const struct store_knock *b, bool by_host)
{
	return same_manner(a, b) && (by_host ? addr_equal(&a->dst, &b->dst) : a->port == b->port);
}

static size_t count_rows(const struct knock_runs *runs, bool by_host)
{
	size_t n = 0;
	for (size_t i = 0; i < runs->count; i++)
		n += belongs(runs->left[0], runs->left[i], by_host);
	return n;
}

static int compare_hosts(const void *a, const void *b)
{
	const struct store_knock *const *x = a, *const *y = b;
	return addr_compare(&(*x)->dst, &(*y)->dst);
}

static int compare_days(const void *a, const void *b)
{
	const struct store_knock *const *x = a, *const *y = b;
	return ((*x)->day > (*y)->day) - ((*x)->day < (*y)->day);
}

static int compare_ports(const void *a, const void *b)
{
	const struct store_knock *const *x = a, *const *y = b;
	return (*x)->port - (*y)->port;
}

static size_t count_distinct(
	const struct store_knock **rows, size_t count, int compare(const void *, const void *))
{
	size_t n = count > 0;
	qsort(rows, count, sizeof(void *), compare);
	for (size_t i = 1; i < count; i++)
		n += compare(&rows[i - 1], &rows[i]) != 0;
	return n;
}

/* Sorts the rows as it likes; the last order is that of the hosts. */
static void sum_up(struct knock_run *run, const struct store_knock **rows, size_t count)
{
	enum port_set_proto proto;
	bool has_ports = port_set_proto_of(rows[0]->proto, &proto);
	*run = (struct knock_run){.latest = rows[0], .rows = count};
	run->first = rows[0]->first;
	run->last = rows[0]->last;
	for (size_t i = 0; i < count; i++) {
		const struct store_knock *k = rows[i];
		run->packets += k->packets;
		if (k->first.us < run->first.us)
			run->first = k->first;
		if (k->last.us > run->last.us)
			run->last = k->last;
		if (has_ports)
			port_set_add(&run->set, proto, k->port);
	}
	run->days = count_distinct(rows, count, compare_days);
	run->ports = count_distinct(rows, count, compare_ports);
	run->hosts = count_distinct(rows, count, compare_hosts);
	run->low = rows[0]->dst;
	run->high = rows[count - 1]->dst;
}

bool knock_runs_take(struct knock_runs *runs, struct knock_run *out)
{
	if (runs->count == 0)
		return false;
	const struct store_knock *head = runs->left[0];
	bool by_host = count_rows(runs, true) >= count_rows(runs, false);
	const struct store_knock **taken = memory_calloc(runs->count, sizeof(void *));
	size_t count = 0, kept = 0;
	for (size_t i = 0; i < runs->count; i++) {
		if (belongs(head, runs->left[i], by_host))
			taken[count++] = runs->left[i];
		else
			runs->left[kept++] = runs->left[i];
	}
	runs->count = kept;
	sum_up(out, taken, count);
	free(taken);
	return true;
}

static void add_ports(struct text_buffer *b, const struct knock_run *run, unsigned columns)
{
	struct port_range ranges[RANGES_MAX];
	unsigned count = 0;
	uint32_t cursor = 0;
	while (count < RANGES_MAX && port_set_next_range(&run->set, &cursor, &ranges[count]))
		count++;
	text_buffer_add(b, ": ");
	port_text_add(b, ranges, count, run->ports, columns);
}

void knock_run_describe(
	struct text_buffer *b, const struct knock_run *run, const struct page *p, unsigned columns)
{
	struct time_text first = time_text_minute(run->first, p->now, p->zone);
	struct time_text last = time_text_minute(run->last, p->now, p->zone);
	text_buffer_printf(b, "%s on ", number_text_with(run->packets, "knock").text);
	if (run->hosts > 1)
		text_buffer_printf(b, "%s, %s to ", number_text_with(run->hosts, "host").text,
			addr_to_text(&run->low).text);
	text_buffer_add(b, addr_to_text(&run->high).text);
	if (run->days > 1)
		text_buffer_printf(b, ", on %s", number_text_with(run->days, "day").text);
	if (run->rows > 1 && strcmp(first.text, last.text) != 0)
		text_buffer_printf(b, " since %s", first.text);
	if (run->ports > 1)
		add_ports(b, run, columns);
}
