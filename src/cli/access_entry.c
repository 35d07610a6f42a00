/* SPDX-License-Identifier: ISC */
#include "access/access_set.h"
#include "base/clock.h"
#include "base/clock_now.h"
#include "base/diag.h"
#include "base/number_text.h"
#include "cli/access_call.h"
#include "cli/access_set_barrier.h"
#include "cli/access_set_file.h"
#include "cli/access_set_list.h"
#include "cli/shell_word.h"
#include "event/json_line.h"
#include "report/page.h"
#include "sensor/own_addresses.h"

#include <errno.h>
#include <limits.h>
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

/* "30s", "15m", "12h", "7d". */
static bool read_span(const char *text, int64_t *seconds)
{
	static const char units[] = "smhd";
	static const int64_t of_unit[] = {1, 60, 3600, 86400};
	char *end;
	long n = strtol(text, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;
	if (end == text || n <= 0 || !unit || end[1] || n > LONGEST_S / of_unit[unit - units]) {
		diag_error("access: --for '%s': 30s, 15m, 12h or 7d, a year at most", shell_word_show(text).text);
		return false;
	}
	*seconds = n * of_unit[unit - units];
	return true;
}

/* What was meant where bits stand behind the length: the block that holds the address, or it alone. */
static void say_host_bits(const char *word, const char *slash)
{
	struct addr a;
	if (!addr_parse(word, (size_t)(slash - word), &a)) {
		diag_error("access: '%s': the address has bits behind the length", shell_word_show(word).text);
		return;
	}
	const struct prefix block = prefix_of(&a, (unsigned)strtoul(slash + 1, NULL, 10));
	diag_error("access: '%s': the address has bits behind the length", shell_word_show(word).text);
	diag_note("the block is %s, the address alone %s", prefix_to_text(&block).text, addr_to_text(&a).text);
}

/* Also "[2001:db8::7]" and "[2001:db8::]/32", as the tables have it. */
static bool read_block(const char *word, struct prefix *out)
{
	char plain[64];
	struct text_buffer b = text_buffer_over(plain, sizeof plain);
	const char *close = word[0] == '[' ? strchr(word, ']') : NULL;
	bool host_bits = false;
	if (close != NULL) {
		text_buffer_add_bytes(&b, word + 1, (size_t)(close - word - 1));
		text_buffer_add(&b, close + 1);
	} else {
		text_buffer_add(&b, word);
	}
	bool is_v6 = close == NULL || strchr(plain, ':') != NULL;
	if (!b.cut && is_v6 && prefix_parse(plain, b.used, out, &host_bits))
		return true;
	const char *slash = strchr(plain, '/');
	if (host_bits && slash != NULL)
		say_host_bits(plain, slash);
	else
		diag_error("access: '%s': neither an address nor a block (192.0.2.0/24)", shell_word_show(word).text);
	return false;
}

static bool read_entry(const struct access_call *c, struct access_set_entry *e)
{
	*e = (struct access_set_entry){.verdict = c->allow ? ACCESS_GRANT : ACCESS_DENY};
	const char *service = c->service ? c->service : "ALL";
	int64_t span = 0;
	if (!access_set_is_service(service)) {
		diag_error("access: --service '%s': a daemon's name, or ALL", shell_word_show(service).text);
		return false;
	}
	if (!read_block(c->words[0], &e->block) || (c->span && !read_span(c->span, &span)))
		return false;
	if (c->why && !access_set_take_note(c->why, e->note)) {
		diag_error("access: --why: at most %zu letters", sizeof e->note - 1);
		return false;
	}
	snprintf(e->service, sizeof e->service, "%s", service);
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
	diag_error("access: %s would keep you out: %s", prefix_to_text(&e->block).text, why);
	diag_note("--force does it all the same");
	return false;
}

/* --- words --- */

static const char *service_words(const char *service)
{
	return strcmp(service, "ALL") == 0 ? "every service" : service;
}

static void say_entry(const struct access_set_entry *e, const char *what)
{
	char span[32] = "until it is removed";
	struct prefix_text block = prefix_to_text(&e->block);
	if (e->expires_s) {
		memcpy(span, "for ", 5);
		access_set_list_print_span(e->expires_s - now_s(), span + 4, sizeof span - 4);
	}
	printf("%s %s for %s %s%s%s\n", block.text, what, service_words(e->service), span,
		e->note[0] ? ": " : "", e->note);
}

/* What takes the entry out again. */
static void write_removal(const struct access_call *c, const struct access_set_entry *e, struct text_buffer *out)
{
	text_buffer_printf(out, "knockwatch access remove %s", prefix_to_text(&e->block).text);
	shell_word_add_option(out, "service", strcmp(e->service, "ALL") == 0 ? NULL : e->service);
	shell_word_add_option(out, "set", c->set);
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
	char undo[PATH_MAX + 256];
	struct text_buffer b = text_buffer_over(undo, sizeof undo);
	if (!read_entry(c, &e))
		return STOP_USAGE;
	if (!may_keep_out(c, &e))
		return STOP_USAGE;
	enum access_set_change change = access_set_file_add(set_path(c), &e, now_s(), &before);
	if (change == ACCESS_SET_FAILED)
		return access_call_code_of(errno);
	warn_of_barrier(set_path(c));
	say_entry(&e, e.verdict == ACCESS_GRANT ? "may enter" : "is kept out");
	if (change == ACCESS_SET_CHANGED)
		printf("It was there already; what it says now holds.\n");
	write_removal(c, &e, &b);
	printf("Undo: %s\n", undo);
	return STOP_DONE;
}

/* --- what holds for an address beside its entry --- */

enum { HOLD_MAX = 8 }; /* that are told */

struct rest {
	struct prefix block;
	struct access_set_entry items[HOLD_MAX];
	unsigned count;
	struct access_set_list_others others;
};

static void keep_entry(void *context, const struct access_set_entry *e)
{
	struct rest *r = context;
	if (!overlap(&r->block, &e->block))
		return;
	if (r->count < HOLD_MAX)
		r->items[r->count] = *e;
	r->count++;
}

static void keep_other(void *context, unsigned line, bool is_rule, struct text_slice text)
{
	struct rest *r = context;
	access_set_list_take_other(&r->others, line, is_rule, text);
}

static void find_rest(const struct access_call *c, const struct access_set_entry *e, struct rest *out)
{
	const struct access_set_visitor visitor = {keep_entry, keep_other, out};
	*out = (struct rest){.block = e->block};
	(void)access_set_file_each(set_path(c), now_s(), &visitor);
}

static void say_removed(const struct access_call *c, const struct access_set_entry *e)
{
	const struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	const struct prefix_text block = prefix_to_text(&e->block);
	struct rest rest;
	find_rest(c, e, &rest);
	if (rest.count == 0 && rest.others.rules == 0) {
		printf("%s is as hosts.allow and hosts.deny say again.\n", block.text);
		return;
	}
	printf("%s has no entry for %s any more.\n", block.text, service_words(e->service));
	if (rest.count > 0)
		printf("This still holds there, before hosts.allow and hosts.deny:\n");
	for (unsigned i = 0; i < rest.count && i < HOLD_MAX; i++)
		access_set_list_print_entry(&page, &rest.items[i], now_s());
	if (rest.count > HOLD_MAX)
		printf("and %s more\n", number_text_of(rest.count - HOLD_MAX).text);
	access_set_list_print_others(&page, set_path(c), &rest.others);
}

static void say_missing(const struct access_call *c, const struct access_set_entry *e)
{
	struct rest rest;
	find_rest(c, e, &rest);
	diag_error("access: %s has no entry for %s%s", prefix_to_text(&e->block).text, service_words(e->service),
		rest.count > 0 ? "" : "; see 'knockwatch access list'");
	for (unsigned i = 0; i < rest.count && i < HOLD_MAX; i++) {
		char removal[PATH_MAX + 256];
		struct text_buffer b = text_buffer_over(removal, sizeof removal);
		write_removal(c, &rest.items[i], &b);
		diag_note("%s has one for %s: %s", prefix_to_text(&rest.items[i].block).text,
			service_words(rest.items[i].service), removal);
	}
}

enum stop_code access_remove_run(const struct access_call *c)
{
	struct access_set_entry e, before;
	if (!read_entry(c, &e))
		return STOP_USAGE;
	switch (access_set_file_remove(set_path(c), &e, now_s(), &before)) {
	case ACCESS_SET_REMOVED:
		say_removed(c, &e);
		return STOP_DONE;
	case ACCESS_SET_MISSING:
		say_missing(c, &e);
		return STOP_NO;
	case ACCESS_SET_FAILED:
		return access_call_code_of(errno);
	case ACCESS_SET_ADDED:
	case ACCESS_SET_CHANGED:
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
	struct access_set_list_others others;
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
	struct list *l = context;
	if (l->as_json) {
		put_entry(&l->json, e);
		return;
	}
	if (l->count++ == 0)
		access_set_list_print_heading(&l->page);
	access_set_list_print_entry(&l->page, e, l->now_s);
}

static void list_other(void *context, unsigned line, bool is_rule, struct text_slice text)
{
	struct list *l = context;
	access_set_list_take_other(&l->others, line, is_rule, text);
}

static void end_list(struct list *l, const char *path)
{
	if (l->as_json) {
		json_line_close(&l->json);
		access_set_list_put_others(&l->json, "others", &l->others);
		if (l->others.rules + l->others.broken > 0)
			json_line_put_count(&l->json, "others_count", l->others.rules + l->others.broken);
		json_line_close(&l->json);
		json_line_print(&l->json, stdout);
	} else if (l->count == 0 && l->others.rules == 0) {
		printf("Nobody is let in or kept out for a time. Add one:\n"
		       "  knockwatch access add 198.51.100.0/24 --for 1d --why 'guesses passwords'\n");
	}
	if (!l->as_json)
		access_set_list_print_others(&l->page, path, &l->others);
}

enum stop_code access_list_run(const struct access_call *c)
{
	struct list l = {.page = {.out = stdout, .terminal = terminal_of(stdout)},
		.as_json = c->json,
		.now_s = now_s()};
	const struct access_set_visitor visitor = {list_entry, list_other, &l};
	json_line_start(&l.json);
	json_line_put_count(&l.json, "v", 1);
	json_line_put_text(&l.json, "file", set_path(c));
	json_line_open_list(&l.json, "entries");
	bool good = access_set_file_each(set_path(c), l.now_s, &visitor);
	int fault = errno;
	if (good)
		end_list(&l, set_path(c));
	json_line_clear(&l.json);
	if (!good)
		return access_call_code_of(fault);
	return l.others.broken > 0 ? STOP_SKIPPED : STOP_DONE;
}
