/* SPDX-License-Identifier: ISC */
#include "access/access_index.h"

#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_image_file.h"
#include "access/access_index_build.h"
#include "access/access_mark.h"

#include "hosts_tables.h"
#include "image_sums.h"
#include "random_table.h"

#include <errno.h>
#include <sys/stat.h>

static void make_image(struct access_pile *image)
{
	struct stat s;
	int fd = access_reader_open(hosts_tables_deny);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &s), 0);
	assert_int_equal(access_index_build_from(fd, &s, image), 0);
	close(fd);
}

/* Of the table as it is, whether or not it has settled. */
static struct access_index *make_index(void)
{
	struct access_pile image = {0};
	const char *why;
	make_image(&image);
	struct access_index *x = access_index_over(hosts_tables_deny, image.bytes, image.used, &why);
	assert_non_null(x);
	return x;
}

enum { LOAD_MAX = 64 << 20 };

/* The same as a file. */
static struct access_index *make_index_file(bool often)
{
	struct access_pile image = {0};
	char why[100] = "";
	bool unusable;
	make_image(&image);
	const struct iovec piece = {image.bytes, image.used};
	assert_int_equal(access_image_file_write(hosts_tables_deny, &piece, 1), 0);
	access_pile_clear(&image);
	struct access_index *x = access_index_open(hosts_tables_deny, often ? LOAD_MAX : 0, &unusable, why, sizeof why);
	assert_string_equal(why, "");
	assert_non_null(x);
	return x;
}

static const struct access_place place = {.file = hosts_tables_deny, .denies = true};

/* The first rule that matches, read from the top. */
static bool find_plainly(const struct access_request *q, unsigned *number, uint64_t *offset)
{
	struct access_mark_head head = {.over = false};
	struct access_reader reader;
	struct access_line line = {.number = 0};
	bool found = false;
	int fd = access_reader_open(hosts_tables_deny);
	assert_true(fd >= 0);
	access_reader_init(&reader, fd, 0, 0);
	while (!found && access_reader_next(&reader, &line) == ACCESS_READER_LINE) {
		struct access_place at = place;
		at.line = line.number;
		access_mark_take(&head, line.text);
		at.strict = head.strict;
		found = access_fit_line_matches(line.text, q, &at);
		*number = line.number;
		*offset = line.offset;
	}
	access_reader_clear(&reader);
	close(fd);
	return found;
}

static unsigned odd_questions, questions;

static unsigned compare(struct access_index *x, const char *daemon, const struct access_known *known)
{
	struct access_known plain = *known, looked_up = *known;
	struct access_request q = access_request_known(daemon, &plain), r = access_request_known(daemon, &looked_up);
	q.now_s = r.now_s = RANDOM_TABLE_NOW_S;
	struct access_found matched = {.line.number = 0};
	unsigned number = 0, faults = 0;
	uint64_t offset = 0;
	char row[512];
	snprintf(row, sizeof row, "%s from %.100s, %.100s", daemon, known->address[0], known->name[0]);
	const bool found = find_plainly(&q, &number, &offset);
	struct access_asker asker = access_asker_of(&r);
	const enum access_found_answer got = access_index_find(x, &asker, &place, &matched);
	questions++;
	if (got == ACCESS_FOUND_ODD) {
		odd_questions++;
		return 0;
	}
	faults += table_check_number(row, "answer", got, found ? ACCESS_FOUND_MATCH : ACCESS_FOUND_NONE);
	if (got == ACCESS_FOUND_MATCH && found) {
		faults += table_check_number(row, "line", matched.line.number, number);
		faults += table_check_number(row, "strict", matched.line.strict, access_mark_table_is_strict(hosts_tables_deny));
		faults += table_check_number(row, "offset", (long long)matched.line.offset, (long long)offset);
	}
	faults += table_check_number(
		row, "name asked", looked_up.asked_name[ACCESS_CLIENT], plain.asked_name[ACCESS_CLIENT]);
	faults += table_check_number(row, "user asked", looked_up.asked_user, plain.asked_user);
	return faults;
}

static void ask_many(unsigned tables, unsigned lines, unsigned odd)
{
	static struct random_table t;
	unsigned faults = 0;
	t = (struct random_table){.random = table_check_random_start("index"), .list = hosts_tables_list};
	hosts_tables_put_text(hosts_tables_list, "10.0.2. .b.org\n[2001:db8:1::]/64");
	questions = odd_questions = 0;
	for (unsigned i = 0; i < tables && faults == 0; i++) {
		t.strict = i % 4 > 1;
		random_table_fill(&t, 1 + random_table_below(&t, lines), random_table_below(&t, 2) ? odd : 0);
		hosts_tables_put(hosts_tables_deny, t.text, t.used);
		struct access_index *x = i % 3 == 0 ? make_index() : make_index_file(i % 3 == 1);
		for (unsigned n = 0; n < 60 && faults == 0; n++) {
			struct access_known known;
			const char *daemon;
			random_table_request(&t, &daemon, &known);
			faults = compare(x, daemon, &known);
		}
		access_index_close(x);
	}
	if (faults > 0)
		print_error("the table was:\n%.*s\n", (int)t.used, t.text);
	print_message("%u questions, %u left to the plain table\n", questions, odd_questions);
	assert_int_equal(faults, 0);
	assert_true(odd_questions < questions / 4);
}

static void the_answer_is_the_plain_tables_in_small_tables(void **state)
{
	(void)state;
	ask_many(400, 6, 20);
}

static void the_answer_is_the_plain_tables_in_larger_ones(void **state)
{
	(void)state;
	ask_many(120, 150, 6);
}

static void the_answer_is_the_plain_tables_where_most_rules_are_tried(void **state)
{
	(void)state;
	ask_many(100, 40, 60);
}

static void a_strict_table_with_a_hidden_line_has_no_index(void **state)
{
	(void)state;
	static const char *const texts[] = {"# knockwatch: strict\n# \\\nALL: ALL\n", "# knockwatch: strict\nALL: 10.\\\n # x\n"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(texts); i++) {
		struct access_pile image = {0};
		struct stat s;
		hosts_tables_put_text(hosts_tables_deny, texts[i]);
		int fd = access_reader_open(hosts_tables_deny);
		assert_int_equal(fstat(fd, &s), 0);
		errno = 0;
		assert_int_equal(access_index_build_from(fd, &s, &image), i == 0 ? -1 : 0);
		assert_int_equal(errno, i == 0 ? EILSEQ : 0);
		access_pile_clear(&image);
		close(fd);
	}
}

static enum access_found_answer ask(struct access_index *x, const char *daemon, const char *address, struct access_line *line)
{
	struct access_known known = {.port = {-1, -1}, .now_s = RANDOM_TABLE_NOW_S};
	snprintf(known.address[0], sizeof known.address[0], "%s", address);
	const struct access_request q = access_request_known(daemon, &known);
	struct access_asker asker = access_asker_of(&q);
	struct access_found found = {.line = *line};
	const enum access_found_answer got = access_index_find(x, &asker, &place, &found);
	*line = found.line;
	return got;
}

static void many_names_of_many_daemons_find_their_first_rule(void **state)
{
	(void)state;
	enum { RULES = 3000 };
	static char text[RULES * 64];
	size_t used = 0;
	unsigned faults = 0;
	for (unsigned i = 0; i < RULES; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "d%u%s: h%u.example .s%u.example\n", i % 500,
			i % 7 ? "" : ", ALL", i % 1200, i % 100);
	hosts_tables_put(hosts_tables_deny, text, used);
	struct access_index *x = make_index();
	for (unsigned i = 0; i < 2000 && faults == 0; i++) {
		struct access_known known = {.port = {-1, -1}};
		char daemon[16];
		snprintf(daemon, sizeof daemon, "D%u", i % 510);
		snprintf(known.address[0], sizeof known.address[0], "10.0.0.1");
		snprintf(known.name[0], sizeof known.name[0], i % 2 ? "h%u.example" : "x.S%u.example", i * 7 % 1300);
		faults = compare(x, daemon, &known);
	}
	access_index_close(x);
	assert_int_equal(faults, 0);
}

static void a_rule_that_is_over_hides_none(void **state)
{
	(void)state;
	struct access_line line = {.number = 0};
	static const char past[] = "expires 20200101T000000Z", future[] = "expires 20300101T000000Z";
	static const char *const words[] = {"10.1.0.1", "10.1.0.1 10.9.9.9", "[2001:db8::1] 10.1.0.1", "10.1.", "10.0.0.0/8",
		"host.example 10.1.0.1", "ALL", ".1 x"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(words); i++) {
		char text[512];
		snprintf(text, sizeof text, "ALL: %s: %s\nsshd: %s: %s\nALL: %s: %s: deny\nALL: %s\n", words[i], past, words[i],
			past, words[i], future, words[i]);
		hosts_tables_put_text(hosts_tables_deny, text);
		struct access_index *x = make_index_file(i % 2);
		assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_MATCH);
		assert_int_equal(line.number, 3);
		access_index_close(x);
	}
}

static void a_rule_that_is_over_and_says_the_same_many_times_is_no_question_for_an_index(void **state)
{
	enum { WORDS = 20000 };
	char *text = malloc(WORDS * 12 + 64), *at = text + sprintf(text, "ALL:");
	struct access_line line = {.number = 0};
	(void)state;
	for (unsigned i = 0; i < WORDS; i++)
		at += sprintf(at, " 10.1.0.1");
	sprintf(at, ": expires 20200101T000000Z\nALL: 10.1.0.1\n");
	hosts_tables_put_text(hosts_tables_deny, text);
	for (unsigned often = 0; often < 2; often++) {
		struct access_index *x = make_index_file(often);
		assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_ODD);
		access_index_close(x);
	}
	free(text);
}

/* The end is looked for in options of any length, and with every length of the note before it. */
static void a_long_rule_ends_too(void **state)
{
	(void)state;
	struct access_line line = {.number = 0};
	static char note[5000], text[6000];
	memset(note, 'n', sizeof note - 1);
	for (size_t length = 400; length < sizeof note; length += length < 520 ? 1 : 1000) {
		snprintf(text, sizeof text, "ALL: 10.1.0.1: note %.*s: expires 20200101T000000Z\nALL: 10.1.0.1\n", (int)length,
			note);
		hosts_tables_put_text(hosts_tables_deny, text);
		struct access_index *x = make_index_file(length % 2);
		assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_MATCH);
		assert_int_equal(line.number, 2);
		access_index_close(x);
	}
}

static void a_file_that_shrinks_is_stale_to_who_reads_it_in_pieces(void **state)
{
	(void)state;
	static char text[60000];
	struct access_line line = {.number = 0};
	size_t used = 0;
	for (unsigned i = 0; i < 2000; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "ALL: 10.%u.%u.0/24\n", i / 256, i % 256);
	hosts_tables_put(hosts_tables_deny, text, used);
	struct access_index *x = make_index_file(false);
	assert_int_equal(ask(x, "sshd", "10.7.200.1", &line), ACCESS_FOUND_MATCH);
	assert_int_equal(line.number, 7 * 256 + 201);
	assert_int_equal(truncate(hosts_tables_deny_index, 1000), 0);
	assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_STALE);
	assert_true(access_index_is_damaged(x));
	access_index_close(x);
	/* whoever loaded it does not care */
	x = make_index_file(true);
	assert_true(access_index_is_loaded(x));
	assert_int_equal(truncate(hosts_tables_deny_index, 0), 0);
	for (unsigned i = 0; i < 2000; i++) {
		char address[20];
		snprintf(address, sizeof address, "10.%u.%u.9", i / 256, i % 256);
		assert_int_equal(ask(x, "sshd", address, &line), ACCESS_FOUND_MATCH);
		assert_int_equal(line.number, i + 1);
	}
	assert_int_equal(ask(x, "sshd", "10.8.0.1", &line), ACCESS_FOUND_NONE);
	access_index_close(x);
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
}

static void an_edit_is_seen_at_once(void **state)
{
	(void)state;
	struct access_line line = {.number = 0};
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\nALL: 10.2.\n");
	struct access_index *x = make_index();
	assert_int_equal(ask(x, "sshd", "10.2.0.1", &line), ACCESS_FOUND_MATCH);
	assert_int_equal(line.number, 2);
	assert_memory_equal(line.text.start, "ALL: 10.2.", line.text.length);
	assert_int_equal(ask(x, "sshd", "10.3.0.1", &line), ACCESS_FOUND_NONE);
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\nALL: 10.2.\n\n");
	assert_int_equal(ask(x, "sshd", "10.3.0.1", &line), ACCESS_FOUND_STALE);
	access_index_close(x);

	x = make_index();
	assert_int_equal(unlink(hosts_tables_deny), 0);
	assert_int_equal(ask(x, "sshd", "10.2.0.1", &line), ACCESS_FOUND_STALE);
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\nALL: 10.2.\n\n");
	assert_int_equal(ask(x, "sshd", "10.2.0.1", &line), ACCESS_FOUND_STALE);
	access_index_close(x);
}

static void under_load_an_edit_is_seen_within_a_tick(void **state)
{
	(void)state;
	struct access_line line = {.number = 0};
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\n");
	struct access_index *x = make_index();
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_MATCH);
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.22.\n");
	usleep(25000);
	assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_STALE);
	access_index_close(x);
}

static void a_line_that_is_not_in_the_table_is_no_answer(void **state)
{
	(void)state;
	struct access_pile image = {0};
	struct access_line line = {.number = 0};
	struct stat s;
	const char *why;
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.1.\n");
	int fd = access_reader_open(hosts_tables_deny);
	assert_int_equal(fstat(fd, &s), 0);
	assert_int_equal(access_index_build_from(fd, &s, &image), 0);
	close(fd);
	/* the same index for another table */
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.2.\n");
	assert_int_equal(stat(hosts_tables_deny, &s), 0);
	struct access_image_header *h = (void *)image.bytes;
	h->table = access_image_table_of(&s);
	image_sums_put_right(image.bytes, image.used);
	struct access_index *x = access_index_over(hosts_tables_deny, image.bytes, image.used, &why);
	assert_non_null(x);
	assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_STALE);
	access_index_close(x);
}

static void a_built_index_is_opened_until_the_table_changes(void **state)
{
	(void)state;
	static const char text[] = "sshd: 10.1.\nALL: [2001:db8::]/32\n# no rule\nALL: LOCAL\n";
	struct access_index_counts counts;
	struct access_line line = {.number = 0};
	char why[100] = "";
	bool unusable;
	hosts_tables_put_text(hosts_tables_deny, text);
	assert_int_equal(access_index_build(hosts_tables_deny, &counts), 0);
	assert_int_equal(counts.rules, 3);
	assert_int_equal(counts.entries, 2);
	assert_int_equal(counts.others, 1);
	struct access_index *x = access_index_open(hosts_tables_deny, LOAD_MAX, &unusable, why, sizeof why);
	assert_string_equal(why, "");
	assert_non_null(x);
	assert_int_equal(ask(x, "sshd", "10.1.0.1", &line), ACCESS_FOUND_MATCH);
	assert_int_equal(ask(x, "vsftpd", "10.1.0.1", &line), ACCESS_FOUND_NONE);
	assert_int_equal(ask(x, "vsftpd", "2001:db8::5", &line), ACCESS_FOUND_MATCH);
	assert_int_equal(line.number, 2);
	access_index_close(x);
	hosts_tables_put_text(hosts_tables_deny, text);
	assert_null(access_index_open(hosts_tables_deny, LOAD_MAX, &unusable, why, sizeof why));
	assert_string_equal(why, "the table was changed since");
	assert_false(unusable);
}

static void what_cannot_be_read_or_written_is_not_built(void **state)
{
	(void)state;
	char path[160];
	snprintf(path, sizeof path, "%s/nothing/hosts.deny", hosts_tables_directory);
	assert_int_equal(access_index_build(path, NULL), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access_index_build(hosts_tables_directory, NULL), -1);
	struct access_pile image = {0};
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.\n");
	usleep(30000);
	assert_int_equal(access_index_build_image(hosts_tables_deny, 4, &image), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(access_index_build_image(hosts_tables_deny, 100, &image), 0);
	access_pile_clear(&image);
	hosts_tables_put_text(hosts_tables_deny, "ALL: 10.\n");
	assert_int_equal(access_index_build_image(hosts_tables_deny, 100, &image), -1);
	assert_int_equal(errno, EAGAIN);
	access_pile_clear(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_strict_table_with_a_hidden_line_has_no_index),
		cmocka_unit_test(the_answer_is_the_plain_tables_in_small_tables),
		cmocka_unit_test(the_answer_is_the_plain_tables_in_larger_ones),
		cmocka_unit_test(the_answer_is_the_plain_tables_where_most_rules_are_tried),
		cmocka_unit_test(many_names_of_many_daemons_find_their_first_rule),
		cmocka_unit_test(a_rule_that_is_over_hides_none),
		cmocka_unit_test(a_rule_that_is_over_and_says_the_same_many_times_is_no_question_for_an_index),
		cmocka_unit_test(a_long_rule_ends_too),
		cmocka_unit_test(a_file_that_shrinks_is_stale_to_who_reads_it_in_pieces),
		cmocka_unit_test(an_edit_is_seen_at_once),
		cmocka_unit_test(under_load_an_edit_is_seen_within_a_tick),
		cmocka_unit_test(a_line_that_is_not_in_the_table_is_no_answer),
		cmocka_unit_test(a_built_index_is_opened_until_the_table_changes),
		cmocka_unit_test(what_cannot_be_read_or_written_is_not_built),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
