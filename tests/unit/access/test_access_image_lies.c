/* SPDX-License-Identifier: ISC */
/*
 * The image of a table, each of its bits flipped in turn: found out, or of no weight for the answer. Then each of its bytes changed
 * and its parts put over each other, with the header's check and the sums put right behind the change, so that the rest is
 * looked at. The bytes stand in memory of exactly their size: built with the address sanitizer, the first read outside ends
 * the test.
 */
#include "access/access_fit.h"
#include "access/access_image.h"
#include "access/access_index.h"
#include "access/access_index_build.h"
#include "access/access_strict.h"

#include "hosts_tables.h"
#include "image_sums.h"
#include "table_check.h"

#include <sys/stat.h>

enum { NOW_S = 1790000000 };

static const char table[] = "sshd: 10.1.2.3, 10.1. [2001:db8::]/32\n"
			    "ALL: .example, host.example mail.: allow\n"
			    "vsftpd sshd: 10.0.0.0/255.0.0.0\\\n [2001:db8::7]\n"
			    "ALL EXCEPT sshd: LOCAL\n"
			    "sshd: 203.0.113.9: expires 20200101T000000Z\n";

static const struct question {
	const char *daemon, *address, *name;
	unsigned number; /* of the rule that answers; 0: none does */
} questions[] = {{"sshd", "10.1.2.3", "", 1}, {"SSHD", "2001:db8::7", "Host.Example", 1}, {"vsftpd", "10.9.9.9", "a.b.example", 2},
	{"vsftpd", "2001:db8::7", "other.org", 4}, {"other", "192.0.2.1", "local", 5}, {"sshd", "203.0.113.9", "x.org", 0}};

/* All of it lies where the header says that the texts are. */
static void check_inside(const struct access_image *x, struct text_slice s)
{
	if (s.length == 0 || x->bytes->memory == NULL)
		return;
	const char *texts = x->bytes->memory + x->header.parts[ACCESS_IMAGE_TEXTS].offset;
	assert_true(s.start >= texts && s.start + s.length <= texts + x->header.parts[ACCESS_IMAGE_TEXTS].size);
}

static void read_place(const struct access_image *x, uint32_t place)
{
	struct access_line line = {.number = 0};
	if (access_image_line_at(x, place, &line))
		check_inside(x, line.text);
	check_inside(x, access_image_word_at(x, place));
}

/* Whatever is in it is read, and what that leads to. */
static void read_everything(struct access_bytes *b)
{
	struct access_image x;
	struct access_image_group g;
	const char *why;
	uint32_t place;
	if (!access_image_look(b, &x, &why))
		return;
	for (uint32_t i = 0; i < x.group_count && access_image_group_at(&x, i, &g); i++) {
		read_place(&x, g.name);
		static const struct access_range_key keys[] = {
			{.is_v4 = true, .v4 = 0x0a010203}, {.high = UINT64_C(0x20010db800000000), .low = 7}};
		for (size_t k = 0; k < 2; k++) {
			const struct access_range_trees *const trees[] = {&g.trees};
			struct access_range_leaves leaves;
			access_range_trees_descend(x.lines, trees, 1, &keys[k], &leaves);
			read_place(&x, access_range_place_in(x.lines, &leaves, &keys[k]));
		}
	}
	for (uint32_t i = 0; access_image_other_at(&x, i, &place); i++)
		read_place(&x, place);
	for (uint32_t i = 0; i <= x.header.parts[ACCESS_IMAGE_TEXTS].size; i++)
		read_place(&x, i);
}

static enum access_found_answer ask(struct access_index *x, const struct question *q, struct access_line *line)
{
	struct access_known known = {.port = {-1, -1}, .now_s = NOW_S};
	snprintf(known.address[0], sizeof known.address[0], "%s", q->address);
	snprintf(known.name[0], sizeof known.name[0], "%s", q->name);
	const struct access_request request = access_request_known(q->daemon, &known);
	const struct access_place at = {.file = hosts_tables_deny, .denies = true};
	struct access_asker asker = access_asker_of(&request);
	struct access_found found = {.line = *line};
	const enum access_found_answer got = access_index_find(x, &asker, &at, &found);
	*line = found.line;
	if (got == ACCESS_FOUND_MATCH)
		assert_true(access_fit_line_matches(line->text, &request, &at));
	if (got == ACCESS_FOUND_MATCH && line->strict)
		assert_int_equal(line->broken, access_strict_text_is_broken(line->text, NULL));
	return got;
}

/* Who asks gets a rule of the table that matches, or none; its text is the table's own. */
static void ask_all(const char *bytes, size_t size)
{
	const char *why;
	char *copy = malloc(size);
	struct access_line line = {.number = 0};
	assert_non_null(copy);
	memcpy(copy, bytes, size);
	struct access_index *x = access_index_over(hosts_tables_deny, copy, size, &why);
	for (size_t i = 0; x != NULL && i < TABLE_CHECK_ROWS(questions); i++) {
		if (ask(x, &questions[i], &line) != ACCESS_FOUND_MATCH)
			continue;
		assert_in_range(line.offset, 0, sizeof table - 1);
		assert_true(line.offset == 0 || table[line.offset - 1] == '\n');
		assert_int_equal(memcmp(line.text.start, table + line.offset, strcspn(table + line.offset, "\\\n")), 0);
	}
	access_index_close(x);
}

static void make_index_of(const char *text, struct access_pile *image)
{
	struct stat s;
	hosts_tables_put_text(hosts_tables_deny, text);
	const int fd = access_reader_open(hosts_tables_deny);
	assert_true(fd >= 0 && fstat(fd, &s) == 0);
	assert_int_equal(access_index_build_from(fd, &s, image), 0);
	close(fd);
}

static void make_index_of_table(struct access_pile *image)
{
	make_index_of(table, image);
}

static void an_image_as_it_was_made_answers(void **state)
{
	(void)state;
	struct access_pile image = {0};
	struct access_line line = {.number = 0};
	const char *why;
	unsigned faults = 0;
	make_index_of_table(&image);
	struct access_index *x = access_index_over(hosts_tables_deny, image.bytes, image.used, &why);
	assert_non_null(x);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(questions); i++) {
		const struct question *q = &questions[i];
		line.number = 0;
		const enum access_found_answer got = ask(x, q, &line);
		faults += table_check_number(q->address, "answer", got, q->number ? ACCESS_FOUND_MATCH : ACCESS_FOUND_NONE);
		if (q->number > 0)
			faults += table_check_number(q->address, "line", line.number, q->number);
	}
	access_index_close(x);
	assert_int_equal(faults, 0);
}

static bool is_image(const char *bytes, size_t size)
{
	struct access_bytes b = access_bytes_over(bytes, size);
	struct access_image x;
	const char *why;
	return access_image_look(&b, &x, &why);
}

/* ---- accidents ------------------------------------------------------------------------------------------- */

static void no_flipped_bit_of_an_image_in_memory_goes_unseen(void **state)
{
	(void)state;
	struct access_pile image = {0};
	make_index_of_table(&image);
	for (size_t bit = 0; bit < image.used * 8; bit++) {
		image.bytes[bit / 8] = (char)(image.bytes[bit / 8] ^ 1 << bit % 8);
		assert_false(is_image(image.bytes, image.used));
		image.bytes[bit / 8] = (char)(image.bytes[bit / 8] ^ 1 << bit % 8);
	}
	assert_true(is_image(image.bytes, image.used));
	access_pile_clear(&image);
}

/* The table, with so many rules behind it that its image is read in pieces by who asks once. */
static void make_index_of_longer_table(struct access_pile *image)
{
	static char text[20000];
	size_t used = (size_t)snprintf(text, sizeof text, "%s", table);
	for (unsigned i = 0; i < 120; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "sshd: 198.18.%u.0/24, n%u.test\n", i, i);
	make_index_of(text, image);
	hosts_tables_put(hosts_tables_deny_index, image->bytes, image->used);
	assert_int_equal(chmod(hosts_tables_deny_index, 0644), 0);
}

/* One question to the file, by who asks once or by who loads it. True: it answered; then it was right. */
static bool answers_rightly(const struct question *q, uint64_t load_max)
{
	char why[100];
	bool unusable;
	struct access_line line = {.number = 0};
	struct access_index *x = access_index_open(hosts_tables_deny, load_max, &unusable, why, sizeof why);
	if (x == NULL) {
		assert_true(unusable);
		return false;
	}
	const enum access_found_answer got = ask(x, q, &line);
	if (got == ACCESS_FOUND_STALE) {
		assert_true(access_index_is_damaged(x));
	} else {
		assert_int_equal(got, q->number ? ACCESS_FOUND_MATCH : ACCESS_FOUND_NONE);
		assert_true(q->number == 0 || line.number == q->number);
	}
	access_index_close(x);
	return got != ACCESS_FOUND_STALE;
}

static void a_flipped_bit_of_a_file_is_seen_or_of_no_weight(void **state)
{
	(void)state;
	enum { LOADED = 1 << 20 };
	struct access_pile image = {0};
	size_t stale = 0, answered = 0;
	make_index_of_longer_table(&image);
	assert_true(image.used > 6000);
	int fd = open(hosts_tables_deny_index, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t at = 0; at < image.used; at++) {
		const char flipped = (char)(image.bytes[at] ^ 1 << at % 8);
		assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at), 1);
		for (size_t i = 0; i < TABLE_CHECK_ROWS(questions); i++) {
			const bool answer = answers_rightly(&questions[i], 0);
			answered += answer;
			stale += !answer;
		}
		assert_false(answers_rightly(&questions[0], LOADED));
		assert_int_equal(pwrite(fd, &image.bytes[at], 1, (off_t)at), 1);
	}
	assert_true(stale > 0 && answered > 0);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(questions); i++)
		assert_true(answers_rightly(&questions[i], i % 2 ? LOADED : 0));
	close(fd);
	access_pile_clear(&image);
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
}

/* Written over in place and not yet finished, or cut. */
static void a_half_written_file_is_no_index(void **state)
{
	(void)state;
	struct access_pile image = {0};
	make_index_of_longer_table(&image);
	char *half = calloc(1, image.used);
	assert_non_null(half);
	for (size_t end = 0; end < image.used; end += 1 + end / 16) {
		memcpy(half, image.bytes, end);
		for (int cut = 0; cut < 2; cut++) {
			hosts_tables_put(hosts_tables_deny_index, half, cut ? end : image.used);
			for (size_t i = 0; i < TABLE_CHECK_ROWS(questions); i++)
				(void)answers_rightly(&questions[i], 0);
			assert_false(answers_rightly(&questions[0], 1 << 20));
		}
	}
	free(half);
	access_pile_clear(&image);
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
}

/* ---- lies ------------------------------------------------------------------------------------------------ */

static const unsigned char flips[] = {0x01, 0x80, 0xff};

static void each_byte_may_be_any_other_and_nothing_outside_is_read(void **state)
{
	(void)state;
	struct access_pile image = {0};
	make_index_of_table(&image);
	const size_t size = image.used;
	char *bytes = malloc(size); /* of exactly this size */
	assert_non_null(bytes);
	memcpy(bytes, image.bytes, size);
	for (size_t i = 0; i < size * TABLE_CHECK_ROWS(flips); i++) {
		const size_t at = i / TABLE_CHECK_ROWS(flips);
		const bool in_header = at < sizeof(struct access_image_header);
		bytes[at] = (char)(bytes[at] ^ flips[i % TABLE_CHECK_ROWS(flips)]);
		if (in_header)
			assert_false(is_image(bytes, size));
		image_sums_put_right(bytes, size);
		struct access_bytes whole = access_bytes_over(bytes, size);
		read_everything(&whole);
		ask_all(bytes, size);
		memcpy(bytes, image.bytes, size);
	}
	assert_true(is_image(bytes, size));
	free(bytes);
	access_pile_clear(&image);
}

static void so_it_is_in_a_file_that_is_read_in_pieces(void **state)
{
	(void)state;
	struct access_pile image = {0};
	make_index_of_table(&image);
	char *bytes = malloc(image.used);
	assert_non_null(bytes);
	for (size_t at = 0; at < image.used; at++) {
		memcpy(bytes, image.bytes, image.used);
		bytes[at] = (char)(bytes[at] ^ 0xff);
		image_sums_put_right(bytes, image.used);
		struct access_bytes pieces;
		hosts_tables_put(hosts_tables_list, bytes, image.used);
		const int fd = open(hosts_tables_list, O_RDONLY | O_CLOEXEC);
		assert_true(access_bytes_read_pieces(&pieces, fd, image.used));
		read_everything(&pieces);
		access_bytes_clear(&pieces);
	}
	free(bytes);
	access_pile_clear(&image);
}

/* Each part in the place of each other, and over the header: wrong, and inside. */
static void parts_that_overlap_lead_to_wrong_places_inside(void **state)
{
	(void)state;
	struct access_pile image = {0};
	make_index_of_table(&image);
	char *bytes = malloc(image.used);
	assert_non_null(bytes);
	memcpy(bytes, image.bytes, image.used);
	struct access_image_header *h = (void *)bytes;
	for (int part = 0; part < ACCESS_IMAGE_PARTS; part++) {
		for (uint64_t offset = 0; offset < image.used; offset += 64) {
			h->parts[part].offset = offset;
			h->parts[part].size = offset < h->summed ? h->summed - offset : 0;
			image_sums_put_right(bytes, image.used);
			struct access_bytes whole = access_bytes_over(bytes, image.used);
			read_everything(&whole);
			ask_all(bytes, image.used);
			memcpy(bytes, image.bytes, image.used);
		}
	}
	free(bytes);
	access_pile_clear(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_as_it_was_made_answers),
		cmocka_unit_test(no_flipped_bit_of_an_image_in_memory_goes_unseen),
		cmocka_unit_test(a_flipped_bit_of_a_file_is_seen_or_of_no_weight),
		cmocka_unit_test(a_half_written_file_is_no_index),
		cmocka_unit_test(each_byte_may_be_any_other_and_nothing_outside_is_read),
		cmocka_unit_test(so_it_is_in_a_file_that_is_read_in_pieces),
		cmocka_unit_test(parts_that_overlap_lead_to_wrong_places_inside),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
