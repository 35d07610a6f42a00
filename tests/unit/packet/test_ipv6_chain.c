/* SPDX-License-Identifier: ISC */
#include "packet/ipv6_chain.h"

#include "packet_fixture.h"

struct row {
	const char *name;
	uint8_t first;
	const char *hex;
	struct ipv6_chain wanted;
};

#define OPTIONS(next) next "00 0000 00000000"

static const struct row rows[] = {
	{"no extension", 6, "0102", {.walked = 0, .proto = 6}},
	{"no extension, no bytes", 17, "", {.walked = 0, .proto = 17}},
	{"no next header", 59, "", {.walked = 0, .proto = 59}},
	{"hop-by-hop, destination", 0, OPTIONS("3c") OPTIONS("06"), {.walked = 16, .proto = 6}},
	{"long options", 60, "1102 0000 00000000 0000000000000000 0000000000000000",
		{.walked = 24, .proto = 17}},
	{"routing", 43, OPTIONS("06"),
		{.walked = 8, .proto = 6, .has_routing = true, .has_source_route = true}},
	{"routing of mobile IPv6", 43, "06000201 00000000",
		{.walked = 8, .proto = 6, .has_routing = true}},
	{"authentication", 51, "0604 0000 0000000000000000 0000000000000000 00000000",
		{.walked = 24, .proto = 6}},
	{"authentication, shortest", 51, "0600 0000 00000000", {.walked = 8, .proto = 6}},
	{"HIP before UDP", 139, OPTIONS("11"), {.walked = 8, .proto = 17}},
	{"HIP alone", 139, OPTIONS("3b"), {.walked = 8, .proto = 139}},
	{"shim6 alone", 140, OPTIONS("3b"), {.walked = 8, .proto = 140}},
	{"mobility alone", 135, OPTIONS("3b"), {.walked = 8, .proto = 135}},
	{"destination options alone", 60, OPTIONS("3b"), {.walked = 8, .proto = 59}},
	{"first fragment", 44, "06000001 00000001", {.walked = 8, .proto = 6, .is_fragment = true}},
	{"last fragment", 44, "06000008 00000001",
		{.walked = 8, .proto = 6, .is_fragment = true, .is_later_fragment = true}},
	{"atomic fragment", 44, "06000000 00000001", {.walked = 8, .proto = 6}},
	{"reserved bits are no offset", 44, "06ff0006 00000001", {.walked = 8, .proto = 6}},
	{"nothing is walked behind a later fragment", 44, "3c000009 00000001" OPTIONS("06"),
		{.walked = 8, .proto = 60, .is_fragment = true, .is_later_fragment = true}},
	{"a piece that is itself in pieces", 44, "2c000001 00000001 06000000 00000002",
		{.walked = 16, .proto = 6, .is_fragment = true}},
	{"fragment before options", 44, "3c000001 00000001" OPTIONS("06"),
		{.walked = 16, .proto = 6, .is_fragment = true}},
	{"cut in the first bytes", 0, "060000", {.proto = 0, .is_cut = true}},
	{"cut behind its length", 60, "0601 0000 00000000", {.proto = 60, .is_cut = true}},
	{"second one cut", 0, OPTIONS("2b") "0600", {.walked = 8, .proto = 43, .is_cut = true}},
};

static unsigned check_row(const struct row *r)
{
	struct packet_fixture p = packet_fixture_of(r->hex);
	struct byte_cursor c = byte_cursor_over(p.bytes, p.size);
	const struct ipv6_chain *w = &r->wanted, got = ipv6_chain_walk(&c, r->first);
	unsigned faults = packet_fixture_differs(r->name, "walked", got.walked, w->walked);
	faults += packet_fixture_differs(r->name, "proto", got.proto, w->proto);
	faults += packet_fixture_differs(r->name, "routing", got.has_routing, w->has_routing);
	faults += packet_fixture_differs(
		r->name, "source route", got.has_source_route, w->has_source_route);
	faults += packet_fixture_differs(r->name, "fragment", got.is_fragment, w->is_fragment);
	faults += packet_fixture_differs(
		r->name, "later fragment", got.is_later_fragment, w->is_later_fragment);
	faults += packet_fixture_differs(r->name, "cut", got.is_cut, w->is_cut);
	if (!got.is_cut)
		faults += packet_fixture_differs(
			r->name, "left", byte_cursor_left(&c), p.size - got.walked);
	return faults;
}

static void chains_are_walked_to_the_header_that_matters(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static struct ipv6_chain walk_options(unsigned count)
{
	struct packet_fixture p = {.size = 0};
	for (unsigned i = 1; i < count; i++)
		packet_fixture_add(&p, OPTIONS("3c"));
	packet_fixture_add(&p, OPTIONS("06"));
	packet_fixture_add(&p, "9c400016 00000000");
	struct byte_cursor c = byte_cursor_over(p.bytes, p.size);
	return ipv6_chain_walk(&c, 60);
}

static void as_many_as_the_bound_are_walked_and_one_more_is_cut(void **state)
{
	(void)state;
	struct ipv6_chain most = walk_options(IPV6_CHAIN_MAX);
	assert_false(most.is_cut);
	assert_int_equal(most.proto, 6);
	assert_int_equal(most.walked, 8 * IPV6_CHAIN_MAX);
	struct ipv6_chain more = walk_options(IPV6_CHAIN_MAX + 1);
	assert_true(more.is_cut);
	assert_int_equal(more.proto, 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_walked_to_the_header_that_matters),
		cmocka_unit_test(as_many_as_the_bound_are_walked_and_one_more_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
