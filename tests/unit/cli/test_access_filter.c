/* SPDX-License-Identifier: ISC */
#include "cli/access_filter.h"

#include "table_check.h"

#include <limits.h>
#include <stdio.h>

static struct access_set_entry entry(const char *block, const char *service, enum access_verdict verdict, int64_t expires_s)
{
	struct access_set_entry e = {.verdict = verdict, .expires_s = expires_s};
	snprintf(e.service, sizeof e.service, "%s", service);
	assert_true(prefix_parse(block, strlen(block), &e.block, NULL));
	return e;
}

/* --- one by one --- */

struct row {
	const char *block, *service;
	enum access_verdict verdict;
	int64_t expires_s;
};

static const struct {
	const char *what;
	struct row rows[4];
	const char *pieces; /* layer: verdict first-last @expires, with a semicolon each */
} cases[] = {
	{"nothing", {{0}}, ""},
	{"a block", {{"192.0.2.0/24", "ALL", ACCESS_DENY, 7}}, "0: deny 192.0.2.0-192.0.2.255 @7;"},
	{"for ever inside of a timed one: it stays when the wide one is over",
		{{"192.0.2.0/24", "ALL", ACCESS_DENY, 7}, {"192.0.2.0", "ALL", ACCESS_DENY, 0}},
		"0: deny 192.0.2.0-192.0.2.0 @0;0: deny 192.0.2.1-192.0.2.255 @7;"},
	{"the wide one lasts longer and is the same: one piece",
		{{"192.0.2.9", "ALL", ACCESS_DENY, 7}, {"192.0.2.0/24", "ALL", ACCESS_DENY, 0}},
		"0: deny 192.0.2.0-192.0.2.255 @0;"},
	{"the newest one wins, not whoever lets in",
		{{"192.0.2.0/24", "ALL", ACCESS_DENY, 0}, {"192.0.2.9", "ALL", ACCESS_GRANT, 0}},
		"0: deny 192.0.2.0-192.0.2.255 @0;"},
	{"a gap in a block",
		{{"192.0.2.255", "ALL", ACCESS_GRANT, 0}, {"192.0.2.0/24", "ALL", ACCESS_DENY, 0}},
		"0: allow 192.0.2.255-192.0.2.255 @0;0: deny 192.0.2.0-192.0.2.254 @0;"},
	{"what comes when the first one is over stands in the next layer",
		{{"192.0.2.255", "ALL", ACCESS_GRANT, 7}, {"192.0.2.0/24", "ALL", ACCESS_DENY, 0}},
		"0: allow 192.0.2.255-192.0.2.255 @7;0: deny 192.0.2.0-192.0.2.254 @0;1: deny 192.0.2.255-192.0.2.255 @0;"},
	{"let in to one service: the tables decide",
		{{"192.0.2.0", "sshd", ACCESS_GRANT, 0}, {"192.0.2.0/24", "ALL", ACCESS_DENY, 0}},
		"0: deny 192.0.2.1-192.0.2.255 @0;"},
	{"let in to one service for a time",
		{{"192.0.2.0", "sshd", ACCESS_GRANT, 7}, {"192.0.2.0/24", "ALL", ACCESS_DENY, 0}},
		"0: deny 192.0.2.1-192.0.2.255 @0;0: pass 192.0.2.0-192.0.2.0 @7;1: deny 192.0.2.0-192.0.2.0 @0;"},
	{"kept out of one service: not the filter's",
		{{"192.0.2.0/24", "sshd", ACCESS_DENY, 0}, {"192.0.2.9", "ALL", ACCESS_GRANT, 0}},
		"0: allow 192.0.2.9-192.0.2.9 @0;"},
	{"the last address of all",
		{{"255.255.255.255", "ALL", ACCESS_GRANT, 0}, {"0.0.0.0/0", "ALL", ACCESS_DENY, 0},
			{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ALL", ACCESS_GRANT, 0}, {"::/0", "ALL", ACCESS_DENY, 0}},
		"0: allow 255.255.255.255-255.255.255.255 @0;0: deny 0.0.0.0-255.255.255.254 @0;"
		"0: allow ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff @0;"
		"0: deny --ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe @0;"},
	{"apart", {{"192.0.2.4", "ALL", ACCESS_DENY, 0}, {"192.0.2.2", "ALL", ACCESS_DENY, 0}},
		"0: deny 192.0.2.2-192.0.2.2 @0;0: deny 192.0.2.4-192.0.2.4 @0;"},
	{"side by side", {{"192.0.2.2", "ALL", ACCESS_DENY, 0}, {"192.0.2.3", "ALL", ACCESS_DENY, 0}},
		"0: deny 192.0.2.2-192.0.2.3 @0;"},
};

static const char *const verdicts[] = {"allow", "deny", "pass"};

static void entries_become_pieces(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(cases); i++) {
		struct access_filter f = {0};
		char got[1024] = "";
		size_t used = 0;
		for (unsigned k = 0; k < 4 && cases[i].rows[k].block != NULL; k++) {
			const struct row *r = &cases[i].rows[k];
			const struct access_set_entry e = entry(r->block, r->service, r->verdict, r->expires_s);
			access_filter_add(&f, &e);
		}
		access_filter_finish(&f);
		for (size_t k = 0; k < f.count; k++) {
			const struct access_filter_piece *p = &f.pieces[k];
			used += (size_t)snprintf(got + used, sizeof got - used, "%u: %s %s-%s @%lld;", p->layer,
				verdicts[p->verdict], addr_to_text(&p->first).text, addr_to_text(&p->last).text,
				(long long)p->expires_s);
		}
		faults += table_check_text(cases[i].what, "pieces", got, cases[i].pieces);
		access_filter_clear(&f);
	}
	assert_int_equal(faults, 0);
}

/* --- any entries, every address, every time --- */

enum { ENTRIES_MAX = 24, ADDRESSES = 64, TIMES = 9, ROUNDS = 3000 };

static struct addr address(bool v4, unsigned i)
{
	struct addr a = {{0x20, 1, 0x0d, 0xb8}};
	if (v4)
		return addr_from_v4(0xc0000200U + i);
	a.bytes[15] = (uint8_t)i;
	return a;
}

/* As the tables decide: the first that fits and is not over. */
static enum access_filter_verdict by_entries(const struct access_set_entry *e, unsigned count, const struct addr *a, int64_t now_s)
{
	for (unsigned i = 0; i < count; i++) {
		const bool all = strcmp(e[i].service, "ALL") == 0;
		if (access_set_is_over(&e[i], now_s) || !prefix_holds(&e[i].block, a) || (!all && e[i].verdict == ACCESS_DENY))
			continue;
		return !all ? ACCESS_FILTER_PASS : e[i].verdict == ACCESS_GRANT ? ACCESS_FILTER_ALLOW : ACCESS_FILTER_DENY;
	}
	return ACCESS_FILTER_PASS;
}

/* As the packet filter does: the first layer that has something; and no layer has two pieces for an address. */
static enum access_filter_verdict by_pieces(const struct access_filter *f, bool v4, const struct addr *a, int64_t now_s)
{
	enum access_filter_verdict verdict = ACCESS_FILTER_PASS;
	unsigned layer = UINT_MAX, found_in = UINT_MAX;
	for (size_t i = 0; i < f->count; i++) {
		const struct access_filter_piece *p = &f->pieces[i];
		if (p->is_v4 != v4 || addr_compare(a, &p->first) < 0 || addr_compare(a, &p->last) > 0)
			continue;
		assert_int_not_equal(p->layer, layer);
		layer = p->layer;
		if ((p->expires_s == 0 || p->expires_s > now_s) && found_in == UINT_MAX) {
			found_in = layer;
			verdict = p->verdict;
		}
	}
	return verdict;
}

static void every_address_has_the_verdict_of_the_entries_at_every_time(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("filter");
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct access_set_entry e[ENTRIES_MAX];
		struct access_filter f = {0};
		const unsigned count = (unsigned)table_check_random_below(&random, ENTRIES_MAX + 1);
		for (unsigned i = 0; i < count; i++) {
			const bool v4 = table_check_random_below(&random, 2) == 0;
			const struct addr a = address(v4, (unsigned)table_check_random_below(&random, ADDRESSES));
			const unsigned bits = (unsigned)table_check_random_below(&random, 8);
			e[i] = (struct access_set_entry){.block = prefix_of(&a, (v4 ? 32 : 128) - bits),
				.verdict = table_check_random_below(&random, 2) ? ACCESS_GRANT : ACCESS_DENY,
				.expires_s = (int64_t)table_check_random_below(&random, TIMES)};
			strcpy(e[i].service, table_check_random_below(&random, 4) ? "ALL" : "sshd"); // NOLINT: fits
			access_filter_add(&f, &e[i]);
		}
		access_filter_finish(&f);
		for (unsigned i = 0; i < 2 * ADDRESSES; i++) {
			const bool v4 = i < ADDRESSES;
			const struct addr a = address(v4, i % ADDRESSES);
			for (int64_t now = 0; now < TIMES; now++) {
				if (by_pieces(&f, v4, &a, now) != by_entries(e, count, &a, now))
					print_error("round %u, %s at %lld\n", round, addr_to_text(&a).text, (long long)now);
				assert_int_equal(by_pieces(&f, v4, &a, now), by_entries(e, count, &a, now));
			}
		}
		access_filter_clear(&f);
	}
}

/* A hundred thousand hosts inside a hundred blocks inside one: a second is a hundred times what it takes. */
static void many_entries_take_no_time(void **state)
{
	(void)state;
	enum { HOSTS = 100000 };
	struct access_filter f = {0};
	struct access_set_entry e = entry("10.0.0.0/8", "ALL", ACCESS_DENY, 7);
	const clock_t from = clock();
	for (unsigned i = 0; i < HOSTS; i++) {
		const struct addr host = addr_from_v4(0x0a000000U + 2 * i);
		e.block = prefix_of(&host, 32);
		e.expires_s = 0;
		access_filter_add(&f, &e);
		if (i % 1000 == 0) {
			e.block = prefix_of(&host, 21);
			e.expires_s = 5;
			access_filter_add(&f, &e);
		}
	}
	e = entry("10.0.0.0/8", "ALL", ACCESS_DENY, 7);
	access_filter_add(&f, &e);
	access_filter_finish(&f);
	assert_int_equal(f.layers, 1);
	assert_int_equal(f.count, 2 * HOSTS);
	assert_true(clock() - from < CLOCKS_PER_SEC);
	access_filter_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_become_pieces),
		cmocka_unit_test(every_address_has_the_verdict_of_the_entries_at_every_time),
		cmocka_unit_test(many_entries_take_no_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
