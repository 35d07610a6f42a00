/* SPDX-License-Identifier: ISC */
/*
 * The image of a table, each of its bytes changed in turn and its parts put over each other. The header's check is put right
 * behind the change, so that the rest is looked at. The bytes stand in memory of exactly their size: built with the
 * address sanitizer, the first read outside ends the test.
 */
#include "access/access_fit.h"
#include "access/access_image.h"
#include "access/access_index.h"
#include "access/access_index_build.h"

#include "hosts_tables.h"
#include "table_check.h"

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

static void put_check_right(char *bytes)
{
	struct access_image_header h;
	memcpy(&h, bytes, sizeof h);
	h.check = access_image_header_check(&h);
	memcpy(bytes, &h, sizeof h);
}

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
	struct access_line line;
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
		read_place(&x, access_range_tree_find_v4(x.lines, g.trees.v4, 0x0a010203));
		read_place(&x, access_range_tree_find_v6(x.lines, g.trees.v6, UINT64_C(0x20010db800000000), 7));
	}
	for (uint32_t i = 0; access_image_other_at(&x, i, &place); i++)
		read_place(&x, place);
	for (uint32_t i = 0; i <= x.header.parts[ACCESS_IMAGE_TEXTS].size; i++)
		read_place(&x, i);
}

static enum access_index_answer ask(struct access_index *x, const struct question *q, struct access_line *line)
{
	struct access_known known = {.port = {-1, -1}, .now_s = NOW_S};
	snprintf(known.address[0], sizeof known.address[0], "%s", q->address);
	snprintf(known.name[0], sizeof known.name[0], "%s", q->name);
	const struct access_request request = access_request_known(q->daemon, &known);
	const struct access_place at = {.file = hosts_tables_deny, .denies = true};
	struct access_asker asker = access_asker_of(&request);
	const enum access_index_answer got = access_index_find(x, &asker, &at, line);
	if (got == ACCESS_INDEX_MATCH)
		assert_true(access_fit_line_matches(line->text, &request, &at));
	return got;
}

/* Who asks gets a rule of the table that matches, or none; its text is the table's own. */
static void ask_all(const char *bytes, size_t size)
{
	const char *why;
	char *copy = malloc(size);
	struct access_line line;
	assert_non_null(copy);
	memcpy(copy, bytes, size);
	struct access_index *x = access_index_over(hosts_tables_deny, copy, size, &why);
	for (size_t i = 0; x != NULL && i < TABLE_CHECK_ROWS(questions); i++) {
		if (ask(x, &questions[i], &line) != ACCESS_INDEX_MATCH)
			continue;
		assert_in_range(line.offset, 0, sizeof table - 1);
		assert_true(line.offset == 0 || table[line.offset - 1] == '\n');
		assert_int_equal(memcmp(line.text.start, table + line.offset, strcspn(table + line.offset, "\\\n")), 0);
	}
	access_index_close(x);
}

static void make_index_of_table(struct access_pile *image)
{
	struct stat s;
	hosts_tables_put_text(hosts_tables_deny, table);
	const int fd = access_reader_open(hosts_tables_deny);
	assert_true(fd >= 0 && fstat(fd, &s) == 0);
	assert_int_equal(access_index_build_from(fd, &s, image), 0);
	close(fd);
}

static void an_image_as_it_was_made_answers(void **state)
{
	(void)state;
	struct access_pile image = {0};
	struct access_line line;
	const char *why;
	unsigned faults = 0;
	make_index_of_table(&image);
	struct access_index *x = access_index_over(hosts_tables_deny, image.bytes, image.used, &why);
	assert_non_null(x);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(questions); i++) {
		const struct question *q = &questions[i];
		line.number = 0;
		const enum access_index_answer got = ask(x, q, &line);
		faults += table_check_number(q->address, "answer", got, q->number ? ACCESS_INDEX_MATCH : ACCESS_INDEX_NONE);
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
	access_pile_clear(&image);
	for (size_t i = 0; i < size * TABLE_CHECK_ROWS(flips); i++) {
		const size_t at = i / TABLE_CHECK_ROWS(flips);
		const bool in_header = at < sizeof(struct access_image_header);
		bytes[at] = (char)(bytes[at] ^ flips[i % TABLE_CHECK_ROWS(flips)]);
		if (in_header)
			assert_false(is_image(bytes, size));
		struct access_image_header was;
		memcpy(&was, bytes, sizeof was);
		put_check_right(bytes);
		struct access_bytes whole = access_bytes_over(bytes, size);
		read_everything(&whole);
		ask_all(bytes, size);
		memcpy(bytes, &was, sizeof was);
		bytes[at] = (char)(bytes[at] ^ flips[i % TABLE_CHECK_ROWS(flips)]);
	}
	assert_true(is_image(bytes, size));
	free(bytes);
}

static void so_it_is_in_a_file_that_is_read_in_pieces(void **state)
{
	(void)state;
	struct access_pile image = {0};
	make_index_of_table(&image);
	for (size_t at = 0; at < image.used; at++) {
		image.bytes[at] = (char)(image.bytes[at] ^ 0xff);
		struct access_image_header was;
		memcpy(&was, image.bytes, sizeof was);
		put_check_right(image.bytes);
		struct access_bytes pieces;
		hosts_tables_put(hosts_tables_list, image.bytes, image.used);
		const int fd = open(hosts_tables_list, O_RDONLY | O_CLOEXEC);
		assert_true(access_bytes_read_pieces(&pieces, fd, image.used));
		read_everything(&pieces);
		access_bytes_clear(&pieces);
		memcpy(image.bytes, &was, sizeof was);
		image.bytes[at] = (char)(image.bytes[at] ^ 0xff);
	}
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
	struct access_image_header *h = (void *)bytes, was = *h;
	for (int part = 0; part < ACCESS_IMAGE_PARTS; part++) {
		for (uint64_t offset = 0; offset < image.used; offset += 64) {
			h->parts[part].offset = offset;
			h->parts[part].size = (image.used - offset) / 64 * 64;
			put_check_right(bytes);
			struct access_bytes whole = access_bytes_over(bytes, image.used);
			read_everything(&whole);
			ask_all(bytes, image.used);
			*h = was;
		}
	}
	free(bytes);
	access_pile_clear(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_as_it_was_made_answers),
		cmocka_unit_test(each_byte_may_be_any_other_and_nothing_outside_is_read),
		cmocka_unit_test(so_it_is_in_a_file_that_is_read_in_pieces),
		cmocka_unit_test(parts_that_overlap_lead_to_wrong_places_inside),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
