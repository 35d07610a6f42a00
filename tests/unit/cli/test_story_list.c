/* SPDX-License-Identifier: ISC */
#include "cli/story_list.h"

#include "sample_incident.h"
#include "table_check.h"

#include <malloc.h>

enum { BYTES = 256 * 1024 };

static const struct incident_json_names names = {"host", "eth0"};

/* Story `number` of this level, told as closed. */
static struct incident closed(unsigned number, int level)
{
	struct incident in = sample_incident_numbered(number);
	in.state = INCIDENT_CLOSE;
	in.level = level;
	in.first.us += number;
	return in;
}

/* What a person would read. */
static char *print(struct story_list *l, unsigned most)
{
	char *text = NULL;
	size_t size = 0;
	struct page page = {.out = open_memstream(&text, &size), .zone = TIME_TEXT_UTC};
	assert_non_null(page.out);
	story_list_print(l, &page, most);
	fclose(page.out);
	return text;
}

static unsigned count_of(const char *text, const char *part)
{
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

static void the_memory_holds_however_many_come(void **state)
{
	(void)state;
	size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
	struct story_list *l = story_list_create(BYTES);
	for (unsigned n = 1; n <= 20000; n++) {
		struct incident in = closed(n, 1 + (int)(n % 5));
		story_list_add(l, &in, &names);
		size_t held = mallinfo2().uordblks + mallinfo2().hblkhd - before;
		if (held > BYTES + 8192) /* its own head, and what malloc rounds up */
			fail_msg("after %u stories: %zu bytes", n, held);
	}
	assert_int_equal(story_list_count(l), 20000);
	story_list_destroy(l);
	story_list_destroy(NULL);
}

static void the_most_serious_win(void **state)
{
	(void)state;
	struct story_list *l = story_list_create(BYTES);
	for (unsigned n = 1; n <= 2000; n++) {
		struct incident in = closed(n, 2);
		story_list_add(l, &in, &names);
	}
	for (unsigned n = 2001; n <= 2020; n++) {
		struct incident in = closed(n, 4);
		story_list_add(l, &in, &names);
	}
	assert_int_equal(story_list_count(l), 2020);
	char *text = print(l, 0);
	assert_int_equal(count_of(text, "severe"), 20);
	assert_in_range(count_of(text, "suspicious"), 50, 1000);
	assert_int_equal(count_of(text, "more than the memory holds"), 1);
	free(text);
	story_list_destroy(l);
}

static void a_story_is_kept_as_it_was_told_last(void **state)
{
	(void)state;
	struct story_list *l = story_list_create(BYTES);
	struct incident in = closed(1, 2), other = closed(2, 3);
	story_list_add(l, &in, &names);
	story_list_add(l, &other, &names);
	in.level = 4;
	story_list_add(l, &in, &names);
	assert_int_equal(story_list_count(l), 2);
	other.level = 0;
	story_list_add(l, &other, &names);
	assert_int_equal(story_list_count(l), 1);
	in.state = INCIDENT_UPDATE; /* no end: it does not count */
	in.level = 5;
	story_list_add(l, &in, &names);
	char *text = print(l, 40);
	assert_int_equal(count_of(text, "severe"), 1);
	assert_int_equal(count_of(text, "critical"), 0);
	free(text);
	story_list_destroy(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_memory_holds_however_many_come),
		cmocka_unit_test(the_most_serious_win),
		cmocka_unit_test(a_story_is_kept_as_it_was_told_last),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
