/* SPDX-License-Identifier: ISC */
#include "base/clock.h"
#include "base/clock_now.h"
#include "base/diag.h"
#include "cli/access_call.h"
#include "cli/access_filter.h"
#include "cli/access_set_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *set, *action;
} words[ACCESS_FILTER_VERDICTS] = {
	[ACCESS_FILTER_ALLOW] = {"allowed", "accept"},
	[ACCESS_FILTER_DENY] = {"denied", "counter drop"},
	[ACCESS_FILTER_PASS] = {"passed", "return"},
};

struct set_name {
	char text[32];
};

/* "denied4"; in the second layer "denied4_2". */
static struct set_name name_of(const struct access_filter_piece *p)
{
	struct set_name n;
	char layer[16] = "";
	if (p->layer > 0)
		snprintf(layer, sizeof layer, "_%u", p->layer + 1);
	snprintf(n.text, sizeof n.text, "%s%c%s", words[p->verdict].set, p->is_v4 ? '4' : '6', layer);
	return n;
}

static bool is_same_set(const struct access_filter_piece *a, const struct access_filter_piece *b)
{
	return a->layer == b->layer && a->is_v4 == b->is_v4 && a->verdict == b->verdict;
}

static bool begins_set(const struct access_filter *f, size_t i)
{
	return i == 0 || !is_same_set(&f->pieces[i - 1], &f->pieces[i]);
}

static void print_table(const struct access_filter *f)
{
	fputs("# Entries of 'knockwatch access list' for every service, for the packet filter.\n"
	      "# Nothing is loaded by itself:\n"
	      "#   knockwatch access export | nft -f -\n"
	      "# Undo: nft delete table inet knockwatch_access\n"
	      "add table inet knockwatch_access\n"
	      "delete table inet knockwatch_access\n"
	      "table inet knockwatch_access {\n",
		stdout);
	for (size_t i = 0; i < f->count; i++) {
		if (begins_set(f, i))
			printf("	set %s { type ipv%c_addr; flags interval, timeout; }\n",
				name_of(&f->pieces[i]).text, f->pieces[i].is_v4 ? '4' : '6');
	}
	fputs("	chain input {\n"
	      "		type filter hook input priority filter - 10; policy accept;\n"
	      "		iif lo accept\n"
	      "		ct state established,related accept\n",
		stdout);
	for (size_t i = 0; i < f->count; i++) {
		const struct access_filter_piece *p = &f->pieces[i];
		if (begins_set(f, i))
			printf("		%s saddr @%s %s\n", p->is_v4 ? "ip" : "ip6",
				name_of(p).text, words[p->verdict].action);
	}
	fputs("	}\n}\n", stdout);
}

/* The unspecified address, too, which is no address elsewhere. */
static struct addr_text bound_of(const struct addr *a)
{
	const struct addr_text all = {"::"};
	return addr_is_none(a) ? all : addr_to_text(a);
}

/* "192.0.2.0/24", "192.0.2.0-192.0.2.6". */
static void print_stretch(const struct access_filter_piece *p)
{
	unsigned bits = 128;
	struct prefix block = {.base = p->first, .length_bits = 128};
	/* the shortest length that leaves the first address as it is and does not reach beyond the last */
	while (bits > (p->is_v4 ? 96U : 0U)) {
		unsigned bit = bits - 1;
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);
		if ((p->first.bytes[bit / 8] & mask) != 0 || (p->last.bytes[bit / 8] & mask) == 0)
			break;
		bits--;
	}
	block.length_bits = (uint8_t)bits;
	if (prefix_holds(&block, &p->last))
		printf("%s", prefix_to_text(&block).text);
	else
		printf("%s-%s", bound_of(&p->first).text, bound_of(&p->last).text);
}

/* nft takes no more than eight digits of a unit: whole days apart. */
static void print_time_left(int64_t left_s)
{
	const int64_t day_s = 86400;
	if (left_s >= 100 * day_s)
		printf(" timeout %lldd%llds", (long long)(left_s / day_s), (long long)(left_s % day_s));
	else
		printf(" timeout %llds", (long long)left_s);
}

static void print_elements(const struct access_filter *f, int64_t now_s)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct access_filter_piece *p = &f->pieces[i];
		if (begins_set(f, i))
			printf("add element inet knockwatch_access %s {\n", name_of(p).text);
		putchar('\t');
		print_stretch(p);
		if (p->expires_s)
			print_time_left(p->expires_s - now_s);
		puts(i + 1 == f->count || begins_set(f, i + 1) ? "\n}" : ",");
	}
}

struct export {
	struct access_filter filter;
	unsigned first_other, others; /* line; lines that are no entries */
};

static void keep_entry(void *context, const struct access_set_entry *e)
{
	struct export *x = context;
	access_filter_add(&x->filter, e);
}

static void count_other(void *context, unsigned line, bool is_rule, struct text_slice text)
{
	struct export *x = context;
	(void)is_rule;
	(void)text;
	if (x->others++ == 0)
		x->first_other = line;
}

enum stop_code access_export_run(const struct access_call *c)
{
	struct export x = {0};
	const struct access_set_visitor visitor = {keep_entry, count_other, &x};
	const char *path = c->set ? c->set : ACCESS_SET_PATH;
	int64_t now_s = wall_time_seconds(clock_now());
	if (c->word_count > 0 && strcmp(c->words[0], "nft") != 0) {
		diag_error("access export: there is nft (nftables), not %s", c->words[0]);
		return STOP_USAGE;
	}
	enum stop_code code = STOP_DONE;
	if (access_set_file_each(path, now_s, &visitor)) {
		access_filter_finish(&x.filter);
		print_table(&x.filter);
		print_elements(&x.filter, now_s);
	} else {
		code = access_call_code_of(errno);
	}
	if (code == STOP_DONE && x.others > 0) {
		diag_warn("%s:%u: no entry of 'access add', and left out%s", path, x.first_other,
			x.others > 1 ? ", as are others" : "");
		code = STOP_SKIPPED;
	}
	access_filter_clear(&x.filter);
	return code;
}
