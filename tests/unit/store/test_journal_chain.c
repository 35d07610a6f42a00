/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"

#include <string.h>

static const char event[] = "{\"v\":1,\"event_type\":\"knock\"}";
static const char head[] = "{\"v\":1,\"event_type\":\"chain\",\"chain\":{\"first\":1}}";

static size_t seal(struct journal_place *place, const char *text, bool is_chain, char *out)
{
	struct journal_hasher *h = journal_hasher_create();
	size_t n = journal_record_seal(h, place, text, strlen(text), is_chain, out);
	journal_hasher_destroy(h);
	return n;
}

static bool follows(const struct journal_record *r, const struct journal_hash *before)
{
	struct journal_hasher *h = journal_hasher_create();
	bool yes = journal_record_follows(r, before, h);
	journal_hasher_destroy(h);
	return yes;
}

/* FIPS 180-4, and what sha256sum says of it. */
static void the_sum_is_sha_256(void **state)
{
	(void)state;
	struct journal_hasher *h = journal_hasher_create();
	struct journal_hash sum;
	journal_hasher_sum(h, NULL, "abc", 3, &sum);
	assert_string_equal(journal_hash_to_text(&sum).text,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	journal_hasher_sum(h, NULL, "", 0, &sum);
	assert_string_equal(journal_hash_to_text(&sum).text,
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	journal_hasher_destroy(h);
}

/* The first record as `printf` and `sha256sum` make it: 32 zero bytes, then the line up to its hash. */
static void a_record_can_be_checked_with_other_tools(void **state)
{
	(void)state;
	struct journal_place place = {0};
	char line[256];
	size_t n = seal(&place, event, false, line);
	assert_int_equal(line[n - 1], '\n');
	line[n - 1] = '\0';
	assert_string_equal(line,
		"{\"v\":1,\"event_type\":\"knock\",\"chain\":{\"seq\":1,\"hash\":"
		"\"965d3700659a9fd1600951a5fdf8044185014f023debe81591d5278de3b3b007\"}}");
}

static void a_sealed_line_is_read_back(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is_chain;
		const char *plain;
	} rows[] = {
		{event, false, "{\"v\":1,\"event_type\":\"knock\""},
		{head, true, "{\"v\":1,\"event_type\":\"chain\",\"chain\":{\"first\":1"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct journal_place place = {.seq = 41}, before = place;
		struct journal_record r;
		char line[256];
		size_t n = seal(&place, rows[i].text, rows[i].is_chain, line);
		assert_true(n <= strlen(rows[i].text) + JOURNAL_TAIL_MAX);
		assert_true(journal_record_read(line, n - 1, &r));
		assert_int_equal(r.place.seq, 42);
		assert_true(journal_hash_equal(&r.place.hash, &place.hash));
		assert_int_equal(r.is_chain_event, rows[i].is_chain);
		assert_int_equal(r.plain_length, strlen(rows[i].plain));
		assert_memory_equal(line, rows[i].plain, r.plain_length);
		assert_true(follows(&r, &before.hash));
		assert_false(follows(&r, &place.hash));
	}
}

static void every_changed_bit_of_a_line_is_seen(void **state)
{
	(void)state;
	struct journal_place place = {0}, before = place;
	struct journal_record r;
	char line[256];
	size_t n = seal(&place, event, false, line) - 1;
	for (size_t i = 0; i < n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			line[i] ^= (char)(1 << bit);
			assert_false(journal_record_read(line, n, &r) && follows(&r, &before.hash));
			line[i] ^= (char)(1 << bit);
		}
	}
	assert_true(journal_record_read(line, n, &r) && follows(&r, &before.hash));
}

static void what_has_not_the_form_is_no_record(void **state)
{
	(void)state;
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	static const struct {
		const char *line;
		bool good;
	} rows[] = {
		{"{\"v\":1,\"chain\":{\"seq\":1,\"hash\":\"" HASH "\"}}", true},
		{"{\"v\":1,\"a\":{\"b\":1,\"seq\":1,\"hash\":\"" HASH "\"}}", true},
		{"{\"v\":1,\"chain\":{\"seq\":999999999999999999,\"hash\":\"" HASH "\"}}", true},
		{"", false},
		{"{}", false},
		{"\"}}", false},
		{HASH "\"}}", false},
		{"{\"v\":2,\"chain\":{\"seq\":1,\"hash\":\"" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":0,\"hash\":\"" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":01,\"hash\":\"" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":-1,\"hash\":\"" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":,\"hash\":\"" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":1234567890123456789,\"hash\":\"" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":1,\"hash\":\"" HASH "\"}} ", false},
		{"{\"v\":1,\"chain\":{\"seq\":1,\"hash\":\"0" HASH "\"}}", false},
		{"{\"v\":1,\"chain\":{\"seq\":1,\"hash\":\"0123456789ABCDEF0123456789abcdef0123456789abcdef"
		 "0123456789abcdef\"}}",
			false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct journal_record r;
		if (journal_record_read(rows[i].line, strlen(rows[i].line), &r) != rows[i].good)
			fail_msg("row %zu: wanted %d", i, rows[i].good);
	}
}

static void the_place_is_read_from_the_end_alone(void **state)
{
	(void)state;
	static const char line[] = "{\"v\":1,\"chain\":{\"seq\":17,\"hash\":\"" HASH "\"}}";
	struct journal_place place;
	size_t all = sizeof line - 1;
	assert_true(journal_place_read(line + 8, all - 8, &place));
	assert_int_equal(place.seq, 17);
	assert_string_equal(journal_hash_to_text(&place.hash).text, HASH);
	assert_false(journal_place_read(line + all - 70, 70, &place));
	assert_false(journal_place_read(line, 0, &place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_is_sha_256),
		cmocka_unit_test(a_record_can_be_checked_with_other_tools),
		cmocka_unit_test(a_sealed_line_is_read_back),
		cmocka_unit_test(every_changed_bit_of_a_line_is_seen),
		cmocka_unit_test(what_has_not_the_form_is_no_record),
		cmocka_unit_test(the_place_is_read_from_the_end_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
