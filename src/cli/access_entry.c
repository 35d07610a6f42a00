/* SPDX-License-Identifier: ISC */
#include "access/access_set.h"
#include "base/clock.h"
#include "base/clock_now.h"
#include "base/diag.h"
#include "cli/access_call.h"
#include "cli/access_set_barrier.h"
#include "cli/access_set_file.h"
#include "event/json_line.h"
#include "report/page.h"
#include "sensor/own_addresses.h"

#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_S = 366 * 86400 };

static const char *set_path(const struct access_call *c)
{
	return c->set ? c->set : ACCESS_SET_PATH;
}

static int64_t now_s(void)
{
	return wall_time_seconds(clock_now());
}

/* "90", "30s", "15m", "12h", "7d". */
static bool read_span(const char *text, int64_t *seconds)
{
	static const char units[] = "smhd";
	static const int64_t of_unit[] = {1, 60, 3600, 86400};
	char *end;
	long n = strtol(text, &end, 10);
	const char *unit = *end ? strchr(units, *end) : units;
	if (end == text || n <= 0 || !unit || (*end && end[1]) ||
		n > LONGEST_S / of_unit[unit - units]) {
		diag_error("access: --for %s: 30s, 15m, 12h or 7d, a year at most",
			text);
		return false;
	}
	*seconds = n * of_unit[unit - units];
	return true;
}

static bool read_block(const char *word, struct prefix *out)
{
	bool host_bits = false;
	if (prefix_parse(word, strlen(word), out, &host_bits))
		return true;
	if (host_bits)
		diag_error(
			"access: %s: the address has bits behind the length",
			word);
	else
		diag_error(
			"access: %s: neither an address nor a block (192.0.2.0/24)",
			word);
	return false;
}

static bool read_entry(const struct access_call *c, struct access_set_entry *e)
{
	*e = (struct access_set_entry){.verdict = c->allow ? ACCESS_GRANT : ACCESS_DENY};
	const char *service = c->service ? c->service : "ALL";
	int64_t span = 0;
	if (!access_set_is_service(service)) {
		diag_error(
			"access: --service %s: a daemon's name, or ALL",
			service);
		return false;
	}
	if (!read_block(c->words[0], &e->block) || (c->span && !read_span(c->span, &span)))
		return false;
	if (c->why && strlen(c->why) >= sizeof e->note) {
		diag_error("access: --why: at most %zu letters", sizeof e->note - 1);
		return false;
	}
	snprintf(e->service, sizeof e->service, "%s", service);
	snprintf(e->note, sizeof e->note, "%s", c->why ? c->why : "");
	e->expires_s = span ? now_s() + span : 0;
	return true;
}

/* --- whom one must not lock out --- */

static bool overlap(const struct prefix *a, const struct prefix *b)
{
	return prefix_holds(a, &b->base) || prefix_holds(b, &a->base);
}

/* Who sits at the other end of this very session, as sshd says. */
static bool holds_our_session(const struct prefix *block, char *text, size_t size)
{
	const char *client = getenv("SSH_CONNECTION");
	struct addr a;
	size_t length = client ? strcspn(client, " ") : 0;
	if (length == 0 || !addr_parse(client, length, &a) || !prefix_holds(block, &a))
		return false;
	snprintf(text, size, "you are logged in from %.*s", (int)length, client);
	return true;
}

static bool holds_this_host(const struct prefix *block, char *text, size_t size)
{
	struct own_addresses own;
	struct netlink_dump *route = netlink_dump_open(NETLINK_ROUTE);
	bool known = route && own_addresses_read(route, NULL, true, &own), found = false;
	if (route)
		netlink_dump_close(route);
	for (unsigned i = 0; known && !found && i < own.hosts.count; i++) {
		found = overlap(block, &own.hosts.items[i]);
		if (found)
			snprintf(text, size, "%s is this host",
				prefix_to_text(&own.hosts.items[i]).text);
	}
	return found;
}

/* A block that holds the owner is not kept out by mistake. */
static bool may_keep_out(const struct access_call *c, const struct access_set_entry *e)
{
	char why[96];
	if (e->verdict == ACCESS_GRANT || c->force ||
		!(holds_our_session(&e->block, why, sizeof why) ||
			holds_this_host(&e->block, why, sizeof why)))
		return true;
	diag_error("access: %s would keep you out: %s", c->words[0], why);
	diag_note("--force does it all the same");
	return false;
}

/* --- words --- */

static void print_span(int64_t seconds, char *text, size_t size)
{
	if (seconds >= 2 * 86400)
		snprintf(text, size, "%lld d", (long long)(seconds / 86400));
	else if (seconds >= 2 * 3600)
		snprintf(text, size, "%lld h", (long long)(seconds / 3600));
	else if (seconds >= 120)
		snprintf(text, size, "%lld min", (long long)(seconds / 60));
	else
		snprintf(text, size, "%lld s", (long long)seconds);
}

static void say_entry(const struct access_set_entry *e, const char *what)
{
	char span[32] = "until it is removed";
	struct prefix_text block = prefix_to_text(&e->block);
	if (e->expires_s) {
		memcpy(span, "for ", 5);
		print_span(e->expires_s - now_s(), span + 4, sizeof span - 4);
	}
	printf("%s %s for %s %s%s%s\n", block.text, what,
		strcmp(e->service, "ALL") == 0 ? "every service" : e->service, span,
		e->note[0] ? ": " : "", e->note);
}

/* Written is not yet asked: who cannot read it refuses everybody, and whoever adds an entry is there to hear it. */
static void warn_of_barrier(const char *path)
{
	struct access_set_barrier b;
	if (access_set_barrier_find(path, &b))
		diag_warn("%s: %s; type: %s %s", b.path, access_set_barrier_words(&b),
			access_set_barrier_mend(&b), b.path);
}

enum stop_code access_add_run(const struct access_call *c)
{
	struct access_set_entry e, before;
	if (!read_entry(c, &e))
		return STOP_USAGE;
	if (!may_keep_out(c, &e))
		return STOP_USAGE;
	enum access_set_change change = access_set_file_add(set_path(c), &e, now_s(), &before);
	if (change == ACCESS_SET_FAILED)
		return STOP_INTERNAL;
	warn_of_barrier(set_path(c));
	say_entry(&e, e.verdict == ACCESS_GRANT ? "may enter" : "is kept out");
	if (change == ACCESS_SET_CHANGED)
		printf("It was there already; what it says now holds.\n");
	printf("Undo: knockwatch access remove %s%s%s\n", c->words[0],
		c->service ? " --service " : "", c->service ? c->service : "");
	return STOP_DONE;
}

enum stop_code access_remove_run(const struct access_call *c)
{
	struct access_set_entry e, before;
	if (!read_entry(c, &e))
		return STOP_USAGE;
	switch (access_set_file_remove(set_path(c), &e, now_s(), &before)) {
	case ACCESS_SET_REMOVED:
		printf("%s is as hosts.allow and hosts.deny say again.\n", c->words[0]);
		return STOP_DONE;
	case ACCESS_SET_MISSING:
		diag_error("access: %s has no entry for %s; see 'knockwatch access list'",
			c->words[0], e.service);
		return STOP_NO;
	case ACCESS_SET_ADDED:
	case ACCESS_SET_CHANGED:
	case ACCESS_SET_FAILED:
		break;
	}
	return STOP_INTERNAL;
}

/* --- the list --- */

struct list {
	struct page page;
	struct json_line json;
	bool as_json;
	unsigned count;
	int64_t now_s;
};

static void put_entry(struct json_line *j, const struct access_set_entry *e)
{
	json_line_open_object(j, NULL);
	json_line_put_text(j, "block", prefix_to_text(&e->block).text);
	json_line_put_text(j, "service", e->service);
	json_line_put_word(j, "verdict", e->verdict == ACCESS_GRANT ? "allow" : "deny");
	if (e->expires_s)
		json_line_put_text(j, "expires",
			wall_time_to_rfc3339(wall_time_from_parts(e->expires_s, 0)).text);
	if (e->note[0])
		json_line_put_text(j, "note", e->note);
	json_line_close(j);
}

static void list_entry(void *context, const struct access_set_entry *e)
{
	enum { BLOCK = 24, SERVICE = 12, VERDICT = 7, SPAN = 9 };
	struct list *l = context;
	const struct page *p = &l->page;
	char span[32] = "-";
	l->count++;
	if (l->as_json) {
		put_entry(&l->json, e);
		return;
	}
	if (e->expires_s)
		print_span(e->expires_s - l->now_s, span, sizeof span);
	page_put_cell(p, PAGE_BOLD, PAGE_LEFT, BLOCK, prefix_to_text(&e->block).text);
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, SERVICE, e->service);
	page_put_cell(
		p, PAGE_PLAIN, PAGE_LEFT, VERDICT, e->verdict == ACCESS_GRANT ? "allow" : "deny");
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, SPAN, span);
	page_put(p, PAGE_FAINT, e->note);
	page_end_line(p);
}

enum stop_code access_list_run(const struct access_call *c)
{
	struct list l = {.page = {.out = stdout, .terminal = terminal_of(stdout)},
		.as_json = c->json,
		.now_s = now_s()};
	if (c->json) {
		json_line_start(&l.json);
		json_line_put_count(&l.json, "v", 1);
		json_line_put_text(&l.json, "file", set_path(c));
		json_line_open_list(&l.json, "entries");
	}
	bool good = access_set_file_each(set_path(c), l.now_s, list_entry, &l);
	if (c->json) {
		json_line_close(&l.json);
		json_line_close(&l.json);
		if (good)
			json_line_print(&l.json, stdout);
		json_line_clear(&l.json);
	} else if (good && l.count == 0) {
		printf("Nobody is let in or kept out for a time. Add one:\n"
		       "  knockwatch access add 198.51.100.0/24 --for 1d --why 'guesses passwords'\n");
	}
	return good ? STOP_DONE : STOP_INTERNAL;
}
