/* SPDX-License-Identifier: ISC */
#include "config/config_file.h"

#include "base/memory.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A schema with every type that is checked. */
enum colour { COLOUR_RED, COLOUR_GREEN };

struct row {
	char *name;
	uint16_t number;
};

struct options {
	char *text;
	uint8_t small;
	int32_t signed_number;
	bool flag;
	double real;
	enum colour colour;
	char **words;
	unsigned words_count;
	struct row *rows;
	unsigned rows_count;
};

static const cyaml_strval_t colours[] = {{"red", COLOUR_RED}, {"green", COLOUR_GREEN}};
static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 8)};
static const cyaml_schema_field_t row_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct row, name, 1, 16),
	CYAML_FIELD_UINT("number", CYAML_FLAG_OPTIONAL, struct row, number),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t row_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct row, row_fields)};
static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_STRING_PTR("text", CYAML_FLAG_OPTIONAL, struct options, text, 0, 20),
	CYAML_FIELD_UINT("small", CYAML_FLAG_OPTIONAL, struct options, small),
	CYAML_FIELD_INT("signed_number", CYAML_FLAG_OPTIONAL, struct options, signed_number),
	CYAML_FIELD_BOOL("flag", CYAML_FLAG_OPTIONAL, struct options, flag),
	CYAML_FIELD_FLOAT("real", CYAML_FLAG_OPTIONAL, struct options, real),
	CYAML_FIELD_ENUM("colour", CYAML_FLAG_OPTIONAL, struct options, colour, colours,
		CYAML_ARRAY_LEN(colours)),
	CYAML_FIELD_SEQUENCE("words", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, struct options,
		words, &word, 0, 3),
	CYAML_FIELD_SEQUENCE("rows", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, struct options, rows,
		&row_value, 0, 10),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct options, fields)};

static bool load_text(
	const char *text, size_t length, struct options **out, struct config_faults *faults)
{
	void *data = NULL;
	struct config_file *file = config_file_from_text("a.yaml", text, length, faults);
	bool good = file && config_file_load(file, &schema, &data, NULL, faults);
	config_file_close(file);
	*out = data;
	return good;
}

/* All faults of a text, one a line. */
static void describe(const char *text, size_t length, char *memory, size_t size)
{
	struct text_buffer out = text_buffer_over(memory, size);
	struct config_faults faults;
	struct options *options;
	config_faults_init(&faults);
	bool good = load_text(text, length, &options, &faults);
	assert_int_equal(good, !config_faults_any(&faults));
	for (unsigned i = 0; i < faults.count; i++) {
		config_fault_write(&faults.items[i], &out);
		text_buffer_add(&out, "\n");
	}
	config_faults_clear(&faults);
	config_file_unload(&schema, options, 0);
}

static void a_good_file_fills_the_struct(void **state)
{
	static const char text[] = "text: hello\nsmall: 0xff\nsigned_number: -12\nflag: yes\n"
				   "real: 4.6\ncolour: green\nwords: [a, \"b c\"]\n"
				   "rows:\n  - {name: x, number: 65535}\n  - name: y\n";
	struct config_faults faults;
	struct options *o;
	(void)state;
	config_faults_init(&faults);
	assert_true(load_text(text, strlen(text), &o, &faults));
	assert_string_equal(o->text, "hello");
	assert_int_equal(o->small, 255);
	assert_int_equal(o->signed_number, -12);
	assert_true(o->flag);
	assert_true(o->real > 4.59 && o->real < 4.61);
	assert_int_equal(o->colour, COLOUR_GREEN);
	assert_int_equal(o->words_count, 2);
	assert_string_equal(o->words[1], "b c");
	assert_int_equal(o->rows_count, 2);
	assert_int_equal(o->rows[0].number, 65535);
	assert_string_equal(o->rows[1].name, "y");
	config_file_unload(&schema, o, 0);
}

static void a_file_with_nothing_in_it_gives_zeroes(void **state)
{
	static const char *const texts[] = {"", "\n\n", "# only a remark\n", "---\n", "--- # x\n"};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct config_faults faults;
		struct options *o = NULL;
		config_faults_init(&faults);
		if (!load_text(texts[i], strlen(texts[i]), &o, &faults) || !o || o->text || o->rows)
			fail_msg("text %zu: not an empty struct", i);
		config_file_unload(&schema, o, 0);
	}
}

static void every_fault_is_told_with_its_place(void **state)
{
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{"small: 256\n",
			"a.yaml:1:8: \"small\" must be a number from 0 to 255, not \"256\"\n"},
		{"small: -1\n",
			"a.yaml:1:8: \"small\" must be a number from 0 to 255, not \"-1\"\n"},
		{"small: 010\n",
			"a.yaml:1:8: \"small\" must be a number from 0 to 255, not \"010\"\n"},
		{"small: 5x\n",
			"a.yaml:1:8: \"small\" must be a number from 0 to 255, not \"5x\"\n"},
		{"small:\n",
			"a.yaml:1:7: \"small\" must be a number from 0 to 255, found nothing\n"},
		{"small: [1]\n", "a.yaml:1:8: \"small\" must be a single value, found a list\n"},
		{"flag: off\n", "a.yaml:1:7: \"flag\" must be true or false, not \"off\"\n"},
		{"flag: False\n", "a.yaml:1:7: \"flag\" must be true or false, not \"False\"\n"},
		{"real: nan\n",
			"a.yaml:1:7: \"real\" must be a number such as 12 or 4.6, not \"nan\"\n"},
		{"colour: gren\n", "a.yaml:1:9: \"colour\" must be one of red, green (did you mean "
				   "\"green\"?), not \"gren\"\n"},
		{"text: [\n",
			"a.yaml:2:1: not YAML: did not find expected node content while parsing "
			"a flow node\n"},
		{"words: a\n", "a.yaml:1:8: \"words\" must be a list, such as [a, b], not \"a\"\n"},
		{"words: [a, b, c, d, e]\n", "a.yaml:1:18: a list of more than 3 items\n"},
		{"words: [abcdefghi]\n",
			"a.yaml:1:9: expected a text of at most 8 bytes, not \"abcdefghi\"\n"},
		{"rows:\n- number: 1\n", "a.yaml:2:3: the key \"name\" is missing here\n"},
		{"rows:\n- x\n", "a.yaml:2:3: expected a mapping (key: value), not \"x\"\n"},
		{"- a\n", "a.yaml:1:1: expected a mapping (key: value), found a list\n"},
		{"text: a\ntext: b\n",
			"a.yaml:2:1: \"text\" stands here a second time (first in line 1)\n"},
		{"  txet: a\n", "a.yaml:1:3: unknown key \"txet\"; did you mean \"text\"?\n"},
		{"rows:\n- {name: a, zzzzzz: 1}\n",
			"a.yaml:2:13: unknown key \"zzzzzz\"; known here: name, number\n"},
		{"a: &x [1]\n",
			"a.yaml:1:4: an anchor (&name) is not supported; write the value out\n"},
		{"a: *x\n", "a.yaml:1:4: an alias (*name) is not supported; write the value out\n"},
		{"text: !80\n", "a.yaml:1:7: a value that begins with ! must stand in quotes\n"},
		{"? [a]\n: b\n", "a.yaml:1:3: a key must be a single word\n"},
		{"text: a\n---\ntext: b\n",
			"a.yaml:2:1: a second document (---); a file holds one\n"},
		{"text: \"a\\0b\"\n", "a.yaml:1:7: a text must not hold a NUL byte\n"},
		{"text: \x1b[2J\n",
			"a.yaml:1:7: not a text file in UTF-8 (control characters are not "
			"allowed)\n"},
		{"text: \xff\n",
			"a.yaml:1:7: not a text file in UTF-8 (invalid leading UTF-8 octet)\n"},
		{"\xff\xfet", "a.yaml:1:1: text in UTF-16, expected UTF-8\n"},
		{"\"a\\e\\\"\": 1\n",
			"a.yaml:1:1: unknown key \"a\\x1b\"\"; known here: text, small, "
			"signed_number, flag, real, colour, words, rows\n"},
		{"txt: 1\nsmall: x\nrows:\n- nam: 1\n",
			"a.yaml:1:1: unknown key \"txt\"; did you mean \"text\"?\n"
			"a.yaml:2:8: \"small\" must be a number from 0 to 255, not \"x\"\n"
			"a.yaml:4:3: unknown key \"nam\"; did you mean \"name\"?\n"
			"a.yaml:4:3: the key \"name\" is missing here\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char got[2048];
		describe(rows[i].text, strlen(rows[i].text), got, sizeof got);
		if (strcmp(got, rows[i].wanted) != 0)
			fail_msg("%s\ngot    %swanted %s", rows[i].text, got, rows[i].wanted);
	}
}

static void what_fits_is_filled_in_in_spite_of_faults(void **state)
{
	static const struct {
		const char *text;
		const char *kept; /* the text's value; null = none */
		unsigned words, rows;
	} rows[] = {
		{"text: a\nunknown: {x: [1, 2]}\nwords: [b, c]\n", "a", 2, 0},
		{"text: a\nsmall: many\nwords: [b]\n", "a", 1, 0},
		{"words: [much-too-long]\nsmall: 3\ntext: a\n", "a", 0, 0},
		{"text: a\ntext: b\nwords: [b]\n", NULL, 1, 0},
		{"rows: [{number: 1}]\ntext: a\n", "a", 0, 0},
		{"rows: [{name: n, else: 1}, {name: m}]\ntext: a\n", "a", 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config_faults faults;
		struct options *o;
		config_faults_init(&faults);
		assert_false(load_text(rows[i].text, strlen(rows[i].text), &o, &faults));
		assert_int_equal(faults.count, 1);
		assert_non_null(o);
		if (rows[i].kept == NULL)
			assert_null(o->text);
		else
			assert_string_equal(o->text, rows[i].kept);
		assert_int_equal(o->words_count, rows[i].words);
		assert_int_equal(o->rows_count, rows[i].rows);
		config_file_unload(&schema, o, 0);
		config_faults_clear(&faults);
	}
	struct options *none;
	struct config_faults faults;
	config_faults_init(&faults);
	assert_false(load_text("[a, b]", 6, &none, &faults));
	assert_null(none);
	config_faults_clear(&faults);
}

static void nesting_is_bounded(void **state)
{
	char text[100000], got[512];
	(void)state;
	memset(text, '[', sizeof text);
	describe(text, sizeof text, got, sizeof got);
	assert_string_equal(
		got, "a.yaml:1:17: nested deeper than a configuration may be (16 levels)\n");
}

static void the_number_of_values_is_bounded(void **state)
{
	const size_t items = CONFIG_OUTLINE_NODES + 10;
	char *text = memory_calloc(items, 4), got[512];
	(void)state;
	for (size_t i = 0; i < items; i++)
		memcpy(text + 4 * i, "- a\n", 4);
	describe(text, 4 * items, got, sizeof got);
	assert_string_equal(
		got, "a.yaml:50000:3: more values than a configuration may have (50,000)\n");
	free(text);
}

static void faults_beyond_the_room_are_counted(void **state)
{
	char text[64 * (CONFIG_FAULTS_MAX + 5)];
	struct text_buffer out = text_buffer_over(text, sizeof text);
	struct config_faults faults;
	struct options *options;
	(void)state;
	for (unsigned i = 0; i < CONFIG_FAULTS_MAX + 5; i++)
		text_buffer_printf(&out, "wrong_key_%u: 1\n", i);
	config_faults_init(&faults);
	assert_false(load_text(text, out.used, &options, &faults));
	assert_int_equal(faults.count, CONFIG_FAULTS_MAX);
	assert_int_equal(faults.untold, 5);
	config_file_unload(&schema, options, 0);
	config_faults_clear(&faults);
	assert_false(config_faults_any(&faults));
}

static void faults_found_later_point_at_their_value(void **state)
{
	static const char text[] = "words:\n  - a\n  - b\ntext: x\n";
	struct config_faults faults;
	char memory[256];
	struct text_buffer out = text_buffer_over(memory, sizeof memory);
	(void)state;
	config_faults_init(&faults);
	struct config_file *file = config_file_from_text("a.yaml", text, strlen(text), &faults);
	const struct config_outline *outline = config_file_outline(file);
	const struct config_outline_node *words =
		config_outline_member(outline, config_outline_root(outline), "words");
	config_file_fault(file, config_outline_item(outline, words, 1), &faults, "bad");
	config_file_fault(file, NULL, &faults, "also bad");
	config_fault_write(&faults.items[0], &out);
	config_fault_write(&faults.items[1], &out);
	assert_string_equal(memory, "a.yaml:3:5: bada.yaml: also bad");
	assert_null(config_outline_item(outline, words, 2));
	assert_null(config_outline_member(outline, words, "words"));
	config_faults_clear(&faults);
	config_file_close(file);
}

static void what_is_no_configuration_file_is_refused(void **state)
{
	char directory[] = "/tmp/kw-config-XXXXXX", large[64], pipe_path[64], missing[64];
	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(large, sizeof large, "%s/large", directory);
	snprintf(pipe_path, sizeof pipe_path, "%s/pipe", directory);
	snprintf(missing, sizeof missing, "%s/missing", directory);
	int fd = open(large, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 100 << 20), 0);
	close(fd);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	const struct {
		const char *path, *wanted;
	} rows[] = {
		{directory, "is a directory, expected a file"},
		{large, "104857600 bytes, more than the 1 MiB a configuration may have"},
		{pipe_path, "is not a regular file"},
		{missing, "cannot be opened: No such file or directory"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config_faults faults;
		config_faults_init(&faults);
		assert_null(config_file_open(rows[i].path, &faults));
		assert_int_equal(faults.count, 1);
		assert_string_equal(faults.items[0].text, rows[i].wanted);
		config_faults_clear(&faults);
	}
	unlink(large);
	unlink(pipe_path);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file_fills_the_struct),
		cmocka_unit_test(a_file_with_nothing_in_it_gives_zeroes),
		cmocka_unit_test(every_fault_is_told_with_its_place),
		cmocka_unit_test(what_fits_is_filled_in_in_spite_of_faults),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(the_number_of_values_is_bounded),
		cmocka_unit_test(faults_beyond_the_room_are_counted),
		cmocka_unit_test(faults_found_later_point_at_their_value),
		cmocka_unit_test(what_is_no_configuration_file_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
