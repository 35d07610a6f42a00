/* SPDX-License-Identifier: ISC */
#include "access/access_range_build.h"

#include "table_check.h"

enum { NETWORKS_MAX = 400, GROUPS = 3 };

struct network {
	struct prefix is;
	uint32_t group;
	uint32_t place;
};

struct forest {
	struct network networks[NETWORKS_MAX];
	size_t count;
	struct access_pile lines;
	struct access_range_trees of[GROUPS];
};

/* Few bits are random, so that networks meet. */
static struct addr random_address(struct table_check_random *random, bool v4)
{
	struct addr a = {{0x20, 0x01}};
	if (v4)
		a = addr_from_v4(0);
	for (size_t i = v4 ? 12 : 4; i < 16; i++) {
		if (table_check_random_below(random, 3) == 0)
			a.bytes[i] = (uint8_t)(table_check_random_below(random, 4) * 85);
	}
	return a;
}

static void plant(struct forest *f)
{
	struct access_pile ranges = {0};
	size_t from = 0;
	for (size_t i = 0; i < f->count; i++)
		access_range_add(&ranges, f->networks[i].group, &f->networks[i].is, f->networks[i].place);
	assert_true(access_range_sort(&ranges));
	for (uint32_t g = 0; g < GROUPS; g++)
		assert_true(access_range_tree_build(&ranges, &from, g, &f->lines, &f->of[g]));
	assert_int_equal(from * 32, ranges.used);
	access_pile_clear(&ranges);
}

static void random_forest(struct forest *f, struct table_check_random *random)
{
	*f = (struct forest){.count = table_check_random_below(random, NETWORKS_MAX)};
	for (size_t i = 0; i < f->count; i++) {
		const bool v4 = table_check_random_below(random, 2) == 0;
		struct addr a = random_address(random, v4);
		unsigned bits = table_check_random_below(random, v4 ? 33 : 129);
		if (table_check_random_below(random, 3) == 0)
			bits = v4 ? 32 : 128;
		f->networks[i] = (struct network){prefix_of(&a, bits), table_check_random_below(random, GROUPS), (uint32_t)i};
	}
	plant(f);
}

static struct access_range_lines lines_of(const struct access_pile *lines)
{
	static struct access_bytes bytes;
	bytes = access_bytes_over(lines->bytes, lines->used);
	return (struct access_range_lines){&bytes, 0, lines->used / ACCESS_RANGE_LINE};
}

static uint64_t word_at(const uint8_t *bytes)
{
	uint64_t w;
	memcpy(&w, bytes, sizeof w);
	return be64toh(w);
}

static uint32_t find(struct access_range_lines lines, const struct access_range_trees *trees, const struct access_range_key *key)
{
	const struct access_range_trees *const both[] = {trees, trees}; /* one is as good as the other */
	struct access_range_leaves leaves[2];
	access_range_trees_descend(lines, both, 2, key, leaves);
	const uint32_t place = access_range_place_in(lines, &leaves[0], key);
	assert_int_equal(access_range_place_in(lines, &leaves[1], key), place);
	access_range_trees_descend(lines, both, 1, key, leaves);
	assert_int_equal(access_range_place_in(lines, &leaves[0], key), place);
	return place;
}

static uint32_t find_v4(struct access_range_lines lines, const struct access_range_trees *trees, uint32_t address)
{
	return find(lines, trees, &(struct access_range_key){.is_v4 = true, .v4 = address});
}

static uint32_t find_v6(struct access_range_lines lines, const struct access_range_trees *trees, uint64_t high, uint64_t low)
{
	return find(lines, trees, &(struct access_range_key){.high = high, .low = low});
}

static uint32_t found(const struct forest *f, uint32_t group, const struct addr *a)
{
	if (addr_is_v4(a))
		return find_v4(lines_of(&f->lines), &f->of[group], addr_v4(a));
	return find_v6(lines_of(&f->lines), &f->of[group], word_at(a->bytes), word_at(a->bytes + 8));
}

static uint32_t first_that_holds(const struct forest *f, uint32_t group, const struct addr *a)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct network *n = &f->networks[i];
		const bool v4 = n->is.length_bits >= 96 && addr_is_v4(&n->is.base);
		if (n->group == group && v4 == addr_is_v4(a) && prefix_holds(&n->is, a))
			return n->place;
	}
	return ACCESS_NOWHERE;
}

static unsigned check(const struct forest *f, const struct addr *a)
{
	unsigned faults = 0;
	for (uint32_t g = 0; g < GROUPS; g++)
		faults += table_check_number(addr_to_text(a).text, "place", found(f, g, a), first_that_holds(f, g, a));
	return faults;
}

/* The first and the last address of a network and those beside them. */
static unsigned check_edges(const struct forest *f, const struct network *n)
{
	struct addr first = n->is.base, last = n->is.base;
	for (unsigned bit = n->is.length_bits; bit < 128; bit++)
		last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	struct addr before = first, behind = last;
	for (size_t i = 16; i-- > 0 && before.bytes[i]-- == 0;)
		;
	for (size_t i = 16; i-- > 0 && ++behind.bytes[i] == 0;)
		;
	return check(f, &first) + check(f, &last) + check(f, &before) + check(f, &behind);
}

static void the_first_network_that_holds_an_address_is_found(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("range tree");
	static struct forest f;
	unsigned faults = 0;
	for (unsigned round = 0; round < 100 && faults == 0; round++) {
		random_forest(&f, &random);
		for (size_t i = 0; i < f.count; i++)
			faults += check_edges(&f, &f.networks[i]);
		for (unsigned i = 0; i < 1000; i++) {
			struct addr a = random_address(&random, i % 2);
			faults += check(&f, &a);
		}
		access_pile_clear(&f.lines);
	}
	assert_int_equal(faults, 0);
}

static void the_whole_of_a_family_and_its_last_address_are_no_exception(void **state)
{
	(void)state;
	static struct forest f;
	f = (struct forest){.count = 6};
	static const char *const texts[] = {"255.255.255.255/32", "0.0.0.0/0", "0.0.0.0/32", "ffff::/16", "::/0",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"};
	unsigned faults = 0;
	for (size_t i = 0; i < f.count; i++) {
		assert_true(prefix_parse(texts[i], strlen(texts[i]), &f.networks[i].is, NULL));
		f.networks[i].place = (uint32_t)i;
	}
	plant(&f);
	for (size_t i = 0; i < f.count; i++)
		faults += check_edges(&f, &f.networks[i]);
	access_pile_clear(&f.lines);
	assert_int_equal(faults, 0);
}

static void thousands_of_neighbours_make_a_tall_tree(void **state)
{
	(void)state;
	enum { MANY = 20000 };
	struct access_pile ranges = {0}, lines = {0};
	struct access_range_trees trees;
	size_t from = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		struct addr v4 = addr_from_v4(i * 2), v6 = {{0x20, 1, 0, 0, (uint8_t)(i >> 8), (uint8_t)i}};
		struct prefix p = prefix_of(&v4, 32);
		access_range_add(&ranges, 0, &p, i);
		p = prefix_of(&v6, 48);
		access_range_add(&ranges, 0, &p, i);
		v6.bytes[0] = 0x30;
		p = prefix_of(&v6, 80);
		access_range_add(&ranges, 0, &p, i);
	}
	assert_true(access_range_sort(&ranges));
	assert_true(access_range_tree_build(&ranges, &from, 0, &lines, &trees));
	const struct access_range_lines l = lines_of(&lines);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(find_v4(l, &trees, i * 2), i);
		assert_int_equal(find_v4(l, &trees, i * 2 + 1), ACCESS_NOWHERE);
		const uint64_t high = (uint64_t)0x2001 << 48 | (uint64_t)i << 16;
		assert_int_equal(find_v6(l, &trees, high | (i & 0xffff), i), i);
		const uint64_t longer = (uint64_t)0x3001 << 48 | (uint64_t)i << 16;
		assert_int_equal(find_v6(l, &trees, longer, i), i);
		assert_int_equal(find_v6(l, &trees, longer, (uint64_t)1 << 48), ACCESS_NOWHERE);
	}
	access_pile_clear(&ranges);
	access_pile_clear(&lines);
}

static void trees_that_lie_give_some_place_and_stay_inside(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("lying trees");
	for (unsigned round = 0; round < 20000; round++) {
		const size_t count = table_check_random_below(&random, 8);
		unsigned char *lines = malloc(count * ACCESS_RANGE_LINE + 1);
		assert_non_null(lines);
		for (size_t i = 0; i < count * ACCESS_RANGE_LINE; i++)
			lines[i] = (unsigned char)table_check_random_next(&random);
		struct access_bytes bytes = access_bytes_over(lines, count * ACCESS_RANGE_LINE);
		const struct access_range_lines l = {&bytes, 0, count};
		const struct access_range_tree t = {table_check_random_below(&random, 9), table_check_random_below(&random, 9)};
		const struct access_range_trees lying = {t, t, t};
		(void)find_v4(l, &lying, (uint32_t)table_check_random_next(&random));
		(void)find_v6(l, &lying, table_check_random_next(&random), 0);
		const struct access_range_tree huge = {round, UINT32_MAX - table_check_random_below(&random, 9)};
		const struct access_range_trees beyond = {huge, huge, huge};
		assert_int_equal(find_v4(l, &beyond, 1), ACCESS_NOWHERE);
		assert_int_equal(find_v6(l, &beyond, 1, 1), ACCESS_NOWHERE);
		free(lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_network_that_holds_an_address_is_found),
		cmocka_unit_test(the_whole_of_a_family_and_its_last_address_are_no_exception),
		cmocka_unit_test(thousands_of_neighbours_make_a_tall_tree),
		cmocka_unit_test(trees_that_lie_give_some_place_and_stay_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
