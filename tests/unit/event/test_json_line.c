/* SPDX-License-Identifier: ISC */
/*
 * The judge is jansson: what it writes for a tree of the same values is what we must write, byte for
 * byte, and it must read back the text that went in.
 */
#include "event/json_line.h"

#include "base/text_buffer.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9))

static const char *expect(const struct json_line *j, json_t *tree)
{
	char *wanted = json_dumps(tree, FLAGS);
	if (strcmp(j->text, wanted) != 0)
		fail_msg("got    %s\nwanted %s", j->text, wanted);
	assert_int_equal(strlen(j->text), j->used);
	free(wanted);
	json_decref(tree);
	return j->text;
}

static void members_come_in_the_order_of_the_calls(void **state)
{
	(void)state;
	struct json_line j;
	struct addr a = addr_from_v4(0xc6336414);
	json_line_init(&j);
	for (int turn = 0; turn < 2; turn++) { /* a used writer begins afresh */
		json_line_start(&j);
		json_line_put_count(&j, "v", 1);
		json_line_put_time(&j, "t", (struct wall_time){INT64_C(1795183380120311)});
		json_line_put_day(&j, "day", 20777);
		json_line_open_list(&j, "list");
		json_line_put_text(&j, NULL, "[");
		json_line_put_text(&j, NULL, "{");
		json_line_open_object(&j, NULL);
		json_line_put_addr(&j, "a", &a);
		json_line_close(&j);
		json_line_put_count(&j, NULL, UINT64_MAX);
		json_line_close(&j);
		json_line_open_object(&j, "none");
		json_line_close(&j);
		json_line_put_bool(&j, "yes", true);
		json_line_put_bool(&j, "no", false);
		json_line_close(&j);
		expect(&j, json_pack("{s:i, s:s, s:s, s:[s, s, {s:s}, I], s:{}, s:b, s:b}", "v", 1,
				   "t", "2026-11-20T14:03:00.120311Z", "day", "2026-11-20", "list",
				   "[", "{", "a", "198.51.100.20", (json_int_t)INT64_MAX, "none",
				   "yes", 1, "no", 0));
	}
	json_line_clear(&j);
}

static void what_has_no_value_leaves_no_trace(void **state)
{
	(void)state;
	struct json_line j;
	json_line_init(&j);
	json_line_start(&j);
	json_line_put_text(&j, "null", NULL);
	json_line_put_text(&j, "empty", "");
	json_line_put_addr(&j, "none", &(struct addr){{0}});
	json_line_put_real(&j, "nan", NAN);
	json_line_put_real(&j, "infinite", -INFINITY);
	json_line_open_list(&j, "list");
	json_line_open_list(&j, NULL);
	json_line_close(&j);
	json_line_close(&j);
	json_line_put_count(&j, "last", 0);
	json_line_open_list(&j, "list");
	json_line_close(&j);
	json_line_close(&j);
	assert_string_equal(j.text, "{\"last\":0}");
	json_line_clear(&j);
}

/* What is read from a text: itself where it has nothing but printable ASCII and `kept`, else its escaped form. */
static json_t *tree_of_text(const char *text, const char *kept)
{
	size_t length = strlen(text), size = 4 * length + 1, used = 0;
	char *clean = malloc(size);
	bool odd = false;
	for (size_t i = 0; i < length; i++)
		odd |= (text[i] < ' ' || text[i] > '~') && strchr(kept, text[i]) == NULL;
	for (size_t i = 0; odd && i < length; i++) {
		struct text_buffer b = text_buffer_over(clean + used, size - used);
		if (strchr(kept, text[i]) != NULL)
			text_buffer_add_bytes(&b, &text[i], 1);
		else
			text_buffer_add_escaped(&b, &text[i], 1);
		used += b.used;
	}
	json_t *tree = json_pack("{s:s}", "key", odd ? clean : text);
	free(clean);
	return tree;
}

/* What is read from an item: itself, or its escaped form, cut, where it is not UTF-8. */
static json_t *tree_of_item(const char *text)
{
	json_t *value = json_string(text);
	if (value == NULL) {
		char clean[JSON_LINE_TEXT_MAX];
		struct text_buffer b = text_buffer_over(clean, sizeof clean);
		size_t length = strlen(text);
		text_buffer_add_escaped(&b, text, length < sizeof clean ? length : sizeof clean);
		value = json_string(clean);
	}
	return json_pack("{s:[o]}", "key", value);
}

/* Apart from DEL, which jansson leaves as it is, the bytes are equal. */
static void check_line(struct json_line *j, const char *text, json_t *wanted)
{
	json_line_close(j);
	for (const char *c = j->text; *c; c++)
		assert_in_range(*c, 0x20, 0x7e);
	json_t *read = json_loads(j->text, JSON_REJECT_DUPLICATES, NULL);
	if (read == NULL || !json_equal(read, wanted))
		fail_msg("%s is not the text that went in", j->text);
	if (strchr(text, 0x7f) == NULL)
		expect(j, json_incref(wanted));
	json_decref(read);
	json_decref(wanted);
	json_line_start(j);
}

/* `text` as the only member: a text, lines, and an item. */
static void check_text(const char *text)
{
	struct json_line j = {0};
	json_line_start(&j);
	json_line_put_text(&j, "key", text);
	check_line(&j, text, tree_of_text(text, ""));
	json_line_put_lines(&j, "key", text);
	check_line(&j, text, tree_of_text(text, "\n\t"));
	json_line_open_list(&j, "key");
	json_line_put_item(&j, text);
	json_line_close(&j);
	check_line(&j, text, tree_of_item(text));
	json_line_clear(&j);
}

static void hostile_texts_are_written_as_jansson_writes_them(void **state)
{
	(void)state;
	static const char *const texts[] = {"plain", "\"", "\\", "/", "a\"b\\c", "\x7f",
		"\b\f\n\r\t\v", "\x1b[31mred\x1b[0m", "\xc3\xa9t\xc3\xa9", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xed\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc2\x80", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe0\xa0\x80",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xff", "\xfe\xff", "\x80", "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(",
		"\xe2\x28\xa1", "0123456789abcdef\"", "0123456789abcde\"",
		"0123456789abcdef\x80\"\\", "0123456789abcdef0123456789ABCDE\n",
		"</script>\xe2\x80\xa8", "\xc2\x9b", "\",\"level\":5,\"x\":\""};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		check_text(texts[i]);
	for (int byte = 1; byte < 256; byte++) {
		for (size_t place = 0; place < 18; place++) {
			char text[] = "abcdefghijklmnopqr";
			text[place] = (char)byte;
			check_text(text);
		}
	}
}

/* What is not looked at, and is moved in pieces, comes out as what is. */
static void plain_texts_and_words_of_any_length_are_written_as_texts(void **state)
{
	(void)state;
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	for (size_t length = 0; length < sizeof letters; length++) {
		char word[sizeof letters];
		struct json_line plain = {0}, text = {0};
		memcpy(word, letters, length);
		word[length] = '\0';
		json_line_start(&plain);
		json_line_put_plain(&plain, word, letters, length);
		json_line_put_word(&plain, word, word);
		json_line_close(&plain);
		json_line_start(&text);
		json_line_put_text(&text, word, word);
		json_line_put_text(&text, word, word);
		json_line_close(&text);
		assert_string_equal(plain.text, text.text);
		assert_int_equal(plain.used, length == 0 ? 2 : 4 * length + 13);
		json_line_clear(&plain);
		json_line_clear(&text);
	}
}

static void random_texts_are_written_as_jansson_writes_them(void **state)
{
	(void)state;
	static const char alphabet[] =
		"aZ09 \"\\/\n\x01\x7f\x80\xbf\xc2\xc3\xe0\xa0\xed\x9f\xf0\x90\xf4\x8f";
	unsigned seed = 20261128;
	for (int round = 0; round < 20000; round++) {
		char text[40];
		size_t length = (size_t)rand_r(&seed) % sizeof text;
		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[(size_t)rand_r(&seed) % (sizeof alphabet - 1)];
		text[length] = '\0';
		if (length > 0)
			check_text(text);
	}
}

static void a_long_text_is_whole_but_an_item_that_had_to_be_escaped(void **state)
{
	(void)state;
	enum { LENGTH = 100000 };
	char *text = malloc(LENGTH + 1);
	memset(text, '\n', LENGTH);
	text[LENGTH] = '\0';
	check_text(text);
	memset(text, 'a', LENGTH);
	check_text(text);
	text[5] = '\xff';
	check_text(text);
	memset(text, '\xff', LENGTH);
	check_text(text);
	free(text);
}

static void check_real(double value)
{
	struct json_line j;
	json_line_init(&j);
	json_line_start(&j);
	json_line_put_real(&j, "r", value);
	json_line_close(&j);
	expect(&j, json_pack("{s:f}", "r", value));
	json_line_clear(&j);
}

static void floats_have_the_form_that_jansson_gives_them(void **state)
{
	(void)state;
	static const double values[] = {0, -0.0, 1, -1, 0.5, 0.1, 0.999999, 0.9999999, 0.9999999999,
		0.000001, 0.000099, 0.0001, 0.000101, 0.00012345, 1e-5, 1e-10, 1e-300, 1e5,
		999.999999, 999.9999999, 1000, 123456.789, 1e8, 999999999, 1e9, 1e15, 1e16, 1e17,
		1e100, -2.5e-7, DBL_MAX, DBL_MIN, DBL_EPSILON, 1.0 / 3, 2.0 / 3, 100, 120.5,
		4294.967296, 0.7, 4.6};
	unsigned seed = 7;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		check_real(values[i]);
	for (int i = 0; i < 1000000; i += 37)
		check_real(i / 1e6);
	for (int i = 0; i < 50000; i++)
		check_real(0.1 + 0.9 * rand_r(&seed) / (double)RAND_MAX);
	for (int i = 1; i < 100000;
		i += 3) /* as near to the middle between two as a double can be */
		check_real(0.1 + (i + 0.5) * 1e-9);
	for (int i = 0; i < 20000; i++)
		check_real(ldexp(rand_r(&seed) / (double)RAND_MAX, (int)(rand_r(&seed) % 80) - 40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_in_the_order_of_the_calls),
		cmocka_unit_test(what_has_no_value_leaves_no_trace),
		cmocka_unit_test(hostile_texts_are_written_as_jansson_writes_them),
		cmocka_unit_test(plain_texts_and_words_of_any_length_are_written_as_texts),
		cmocka_unit_test(random_texts_are_written_as_jansson_writes_them),
		cmocka_unit_test(a_long_text_is_whole_but_an_item_that_had_to_be_escaped),
		cmocka_unit_test(floats_have_the_form_that_jansson_gives_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
