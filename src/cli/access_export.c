/* SPDX-License-Identifier: ISC */
/*
 * access_export - entries of 'knockwatch access list' for the packet filter.
 */
#include "access/access_set.h"
#include "base/clock.h"
#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "cli/access_call.h"
#include "cli/access_set_file.h"
#include "cli/access_wider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rules {
	struct access_set_entry *items; /* for every service; owned */
	size_t count;
	int64_t now_s;
};

static void keep_rule(void *context, const struct access_set_entry *e)
{
	struct rules *r = context;
	if (strcmp(e->service, "ALL") != 0)
		return;
	r->items = memory_realloc(r->items, (r->count + 1) * sizeof r->items[0]);
	r->items[r->count++] = *e;
}

/* A set of the packet filter takes no block inside another: the wider one is told. */
static void print_rule(const struct rules *r, const struct access_set_entry *e, const struct access_set_entry *wider)
{
	char family = addr_is_v4(&e->block.base) && e->block.length_bits >= 96 ? '4' : '6';
	if (wider) {
		printf("# %s is part of %s; export again when that has expired\n",
			prefix_to_text(&e->block).text, prefix_to_text(&wider->block).text);
		return;
	}
	printf("add element inet knockwatch_access %s%c { %s",
		e->verdict == ACCESS_GRANT ? "allowed" : "denied", family,
		prefix_to_text(&e->block).text);
	if (e->expires_s)
		printf(" timeout %llds", (long long)(e->expires_s - r->now_s));
	printf(" }\n");
}

static const char nft_table[] =
	"# Entries of 'knockwatch access list' for every service, for the packet filter. Nothing is loaded by itself:\n"
	"#   knockwatch access export | nft -f -        undo: nft delete table inet knockwatch_access\n"
	"add table inet knockwatch_access\n"
	"delete table inet knockwatch_access\n"
	"table inet knockwatch_access {\n"
	"	set allowed4 { type ipv4_addr; flags interval, timeout; }\n"
	"	set allowed6 { type ipv6_addr; flags interval, timeout; }\n"
	"	set denied4 { type ipv4_addr; flags interval, timeout; }\n"
	"	set denied6 { type ipv6_addr; flags interval, timeout; }\n"
	"	chain input {\n"
	"		type filter hook input priority filter - 10; policy accept;\n"
	"		iif lo accept\n"
	"		ct state established,related accept\n"
	"		ip saddr @allowed4 accept\n"
	"		ip6 saddr @allowed6 accept\n"
	"		ip saddr @denied4 counter drop\n"
	"		ip6 saddr @denied6 counter drop\n"
	"	}\n"
	"}\n";

static void print_rules(const struct rules *r)
{
	const struct access_set_entry **wider = memory_realloc(NULL, (r->count + 1) * sizeof *wider);
	access_wider_find(r->items, r->count, wider);
	fputs(nft_table, stdout);
	for (size_t i = 0; i < r->count; i++)
		print_rule(r, &r->items[i], wider[i]);
	free(wider);
}

enum stop_code access_export_run(const struct access_call *c)
{
	struct rules r = {.now_s = wall_time_seconds(clock_now())};
	if (c->word_count > 0 && strcmp(c->words[0], "nft") != 0) {
		diag_error("access export: there is nft (nftables), not %s", c->words[0]);
		return STOP_USAGE;
	}
	bool good = access_set_file_each(c->set ? c->set : ACCESS_SET_PATH, r.now_s, keep_rule, &r);
	if (good)
		print_rules(&r);
	free(r.items);
	return good ? STOP_DONE : STOP_INTERNAL;
}
