/* SPDX-License-Identifier: ISC */
/*
 * Two rooms that know nothing of each other share a file.
 */
#include "config/config_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The first room has one text; its size is odd, so that the second's words have to be aligned. */
struct tide_words {
	char *every;
	uint8_t level;
};

struct tide {
	int64_t every_us;
	uint8_t level;
};

static void tide_init(void *options)
{
	*(struct tide *)options = (struct tide){.every_us = 5000000, .level = 3};
}

static void tide_clear(void *options)
{
	*(struct tide *)options = (struct tide){0};
}

static void tide_read(struct config_reading *r, void *words, void *options)
{
	struct tide_words *w = words;
	struct tide *t = options;
	config_reading_duration(r, "every", w->every, 1000000, &t->every_us);
	if (w->level)
		t->level = w->level;
}

static const cyaml_schema_field_t tide_fields[] = {
	CYAML_FIELD_STRING_PTR("every", CYAML_FLAG_OPTIONAL, struct tide_words, every, 1, 32),
	CYAML_FIELD_UINT("level", CYAML_FLAG_OPTIONAL, struct tide_words, level),
	CYAML_FIELD_END,
};

static const struct config_part_key no_keys[] = {{0}};

static const struct config_part tide_part = {tide_fields, sizeof(struct tide_words),
	sizeof(struct tide), tide_init, tide_clear, tide_read, no_keys};

/* The second has a list and a size, and owns memory. */
struct moon_words {
	char **seas;
	unsigned seas_count;
	char *room;
};

struct moon {
	char *name;
	unsigned seas;
	uint64_t bytes;
};

static unsigned moons_alive;

static void moon_init(void *options)
{
	*(struct moon *)options = (struct moon){.name = strdup("luna"), .bytes = 7};
	moons_alive++;
}

static void moon_clear(void *options)
{
	struct moon *m = options;
	moons_alive -= m->name != NULL;
	free(m->name);
	*m = (struct moon){0};
}

static void moon_read(struct config_reading *r, void *words, void *options)
{
	struct moon_words *w = words;
	struct moon *m = options;
	m->seas = w->seas_count;
	config_reading_size(r, "room", w->room, 1024, 1 << 20, "from 1K to 1M", &m->bytes);
	if (w->seas_count > 0) {
		free(m->name);
		m->name = config_reading_take(&w->seas[0]);
	}
}

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 64)};
static const cyaml_schema_field_t moon_fields[] = {
	CYAML_FIELD_SEQUENCE("seas", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, struct moon_words,
		seas, &word, 0, 8),
	CYAML_FIELD_STRING_PTR("room", CYAML_FLAG_OPTIONAL, struct moon_words, room, 1, 32),
	CYAML_FIELD_END,
};

static const struct config_part moon_part = {moon_fields, sizeof(struct moon_words),
	sizeof(struct moon), moon_init, moon_clear, moon_read, no_keys};

static struct tide tide;
static struct moon moon;
static struct config_origins origins;

static bool load(const char *text, char *told, size_t size)
{
	static const struct config_part *const parts[] = {&tide_part, &moon_part};
	void *const options[] = {&tide, &moon};
	struct config_faults faults;
	struct text_buffer out = text_buffer_over(told, size);
	config_faults_init(&faults);
	struct config_file *file = config_file_from_text("p.yaml", text, strlen(text), &faults);
	bool good = config_parts_load(parts, options, 2, file, &origins, &faults);
	for (unsigned i = 0; i < faults.count; i++) {
		config_fault_write(&faults.items[i], &out);
		text_buffer_add(&out, "\n");
	}
	config_file_close(file);
	config_faults_clear(&faults);
	return good;
}

static int set_up(void **state)
{
	(void)state;
	moons_alive = 0;
	origins.count = 0;
	tide_init(&tide);
	moon_init(&moon);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	moon_clear(&moon);
	return moons_alive == 0 ? 0 : -1;
}

static void each_room_gets_its_own(void **state)
{
	char told[512];
	(void)state;
	assert_true(load("seas: [imbrium, nubium]\nlevel: 4\nroom: 64K\n", told, sizeof told));
	assert_int_equal(tide.level, 4);
	assert_int_equal(tide.every_us, 5000000);
	assert_int_equal(moon.seas, 2);
	assert_string_equal(moon.name, "imbrium");
	assert_int_equal(moon.bytes, 65536);
	assert_int_equal(config_origins_line(&origins, "seas"), 1);
	assert_int_equal(config_origins_line(&origins, "room"), 3);
	assert_int_equal(config_origins_line(&origins, "every"), 0);
}

static void what_is_left_out_is_the_default_again(void **state)
{
	char told[512];
	(void)state;
	assert_true(load("level: 4\nroom: 64K\n", told, sizeof told));
	assert_true(load("# nothing\n", told, sizeof told));
	assert_int_equal(tide.level, 3);
	assert_int_equal(moon.bytes, 7);
	assert_int_equal(origins.count, 0);
}

static void a_fault_in_one_room_keeps_all_as_they_were(void **state)
{
	char told[512];
	(void)state;
	assert_true(load("seas: [imbrium]\n", told, sizeof told));
	assert_false(load("level: 5\nevery: 3x\nroom: 1\nsea: [x]\n", told, sizeof told));
	assert_string_equal(told,
		"p.yaml:4:1: unknown key \"sea\"; did you mean \"seas\"?\n"
		"p.yaml:2:8: \"every\" must be a duration such as 90s, 30m, 1h30m or 7d, not \"3x\"\n"
		"p.yaml:3:7: \"room\" must be from 1K to 1M, not \"1\"\n");
	assert_int_equal(tide.level, 3);
	assert_string_equal(moon.name, "imbrium");
	assert_int_equal(config_origins_line(&origins, "seas"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_room_gets_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_left_out_is_the_default_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_fault_in_one_room_keeps_all_as_they_were, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
