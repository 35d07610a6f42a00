/* SPDX-License-Identifier: ISC */
#include "access/access_image.h"

#include "access/access_request.h"

#include "hosts_tables.h"
#include "image_sums.h"
#include "table_check.h"

#include <sys/mman.h>

/* ---- an image of two groups, made by hand ------------------------------------------------------------------ */

static const struct access_line lines[] = {
	{.text = {"sshd: 10.1.2.3, [2001:db8::7]/64:allow", 38}, .offset = 0, .first = 1, .number = 1},
	{.text = {"ALL:.example\r", 13}, .offset = 0x123456789a, .first = 63, .number = 64},
	{.text = {":", 1}, .offset = 64, .first = 4096, .number = UINT32_MAX},
};
enum { LINES = TABLE_CHECK_ROWS(lines), GROUPS = 2, OTHERS = 3 };

struct made {
	struct access_image_header header;
	struct access_pile parts[ACCESS_IMAGE_PARTS];
	struct access_pile sums;
	uint32_t places[LINES];
	char *bytes; /* owned: exactly as many as there are, so that no read behind them goes unseen */
	size_t size;
};

static void fill_parts(struct made *m)
{
	for (uint32_t i = 0; i < GROUPS; i++) {
		const struct access_image_group g = {.name = 100 + i, .all = i};
		access_pile_add_bytes(&m->parts[ACCESS_IMAGE_GROUPS], &g, sizeof g);
	}
	for (uint32_t i = 0; i < OTHERS; i++)
		access_pile_add_bytes(&m->parts[ACCESS_IMAGE_OTHERS], &(uint32_t){1000 + i}, sizeof i);
	memset(access_pile_add(&m->parts[ACCESS_IMAGE_LINES], ACCESS_RANGE_LINE), 1, ACCESS_RANGE_LINE);
	for (unsigned i = 0; i < LINES; i++)
		assert_true(access_image_add_line(&m->parts[ACCESS_IMAGE_TEXTS], &lines[i], &m->places[i]));
}

static void join(struct made *m)
{
	struct iovec pieces[ACCESS_IMAGE_PIECES];
	const unsigned count = access_image_pieces(&m->header, m->parts, &m->sums, pieces);
	assert_in_range(count, 1, ACCESS_IMAGE_PIECES);
	m->size = 0;
	for (unsigned i = 0; i < count; i++)
		m->size += pieces[i].iov_len;
	assert_true(m->size > 0);
	m->bytes = malloc(m->size);
	assert_non_null(m->bytes);
	char *at = m->bytes;
	for (unsigned i = 0; i < count; i++) {
		if (pieces[i].iov_len > 0)
			memcpy(at, pieces[i].iov_base, pieces[i].iov_len);
		at += pieces[i].iov_len;
	}
}

static struct made make(void)
{
	struct made m = {.header = {.seed = 7, .counts = {.rules = LINES}}};
	fill_parts(&m);
	join(&m);
	return m;
}

static void clear(struct made *m)
{
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++)
		access_pile_clear(&m->parts[i]);
	access_pile_clear(&m->sums);
	free(m->bytes);
}

/* The same in a file that is read in pieces. */
static struct access_bytes in_pieces(const char *bytes, size_t size)
{
	struct access_bytes b;
	hosts_tables_put(hosts_tables_list, bytes, size);
	const int fd = open(hosts_tables_list, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(access_bytes_read_pieces(&b, fd, size));
	return b;
}

static unsigned check_lines(const struct access_image *x, const uint32_t *places)
{
	unsigned faults = 0;
	for (unsigned i = 0; i < LINES; i++) {
		const struct access_line *wanted = &lines[i];
		for (uint32_t c = 0; c < wanted->text.length; c++) {
			struct access_line got = {.number = 0};
			faults += !access_image_line_at(x, places[i] + c, &got);
			faults += got.text.length != wanted->text.length ||
				  memcmp(got.text.start, wanted->text.start, got.text.length) != 0;
			faults += table_check_number("line", "offset", (long long)got.offset, (long long)wanted->offset);
			faults += table_check_number("line", "first", got.first, wanted->first);
			faults += table_check_number("line", "number", got.number, wanted->number);
		}
	}
	return faults;
}

static void check_all(struct access_bytes *bytes, const struct made *m)
{
	static const struct {
		unsigned line, at;
		const char *word;
	} words[] = {{0, 0, "sshd"}, {0, 6, "10.1.2.3"}, {0, 8, ".1.2.3"}, {0, 16, "[2001:db8::7]/64"}, {0, 33, "allow"},
		{0, 4, ""}, {0, 5, ""}, {1, 4, ".example"}, {1, 12, ""}, {2, 0, ""}};
	struct access_image x;
	struct access_image_group g;
	uint32_t other = 0;
	const char *why = "";
	assert_true(access_image_look(bytes, &x, &why));
	assert_null(why);
	assert_int_equal(x.header.seed, 7);
	assert_int_equal(x.group_count, GROUPS);
	assert_int_equal(x.others_count, OTHERS);
	assert_int_equal(x.lines.count, 1);
	assert_int_equal(x.places.bucket_count + x.places.overflow_count, 0);
	for (uint32_t i = 0; i < GROUPS; i++) {
		assert_true(access_image_group_at(&x, i, &g));
		assert_int_equal(g.name, 100 + i);
		assert_int_equal(g.all, i);
	}
	for (uint32_t i = 0; i < OTHERS; i++) {
		assert_true(access_image_other_at(&x, i, &other));
		assert_int_equal(other, 1000 + i);
	}
	assert_int_equal(check_lines(&x, m->places), 0);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(words); i++) {
		char text[64];
		const struct text_slice w = access_image_word_at(&x, m->places[words[i].line] + words[i].at);
		snprintf(text, sizeof text, "%.*s", (int)w.length, w.start);
		faults += table_check_text(words[i].word, "word", text, words[i].word);
	}
	assert_int_equal(faults, 0);
	assert_false(bytes->failed);
}

static void what_was_put_in_comes_out_from_memory_and_in_pieces(void **state)
{
	(void)state;
	struct made m = make();
	struct access_bytes whole = access_bytes_over(m.bytes, m.size), pieces = in_pieces(m.bytes, m.size);
	check_all(&whole, &m);
	check_all(&pieces, &m);
	access_bytes_clear(&pieces);
	clear(&m);
}

static void parts_stand_in_order_with_zeros_between_and_sums_behind(void **state)
{
	(void)state;
	struct made m = make();
	const struct access_image_header *h = (const void *)m.bytes;
	uint64_t end = sizeof *h;
	assert_int_equal(h->size, m.size);
	assert_int_equal(h->check, access_image_header_check(h));
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++) {
		assert_in_range(h->parts[i].offset, end, end + 63);
		for (; end < h->parts[i].offset; end++)
			assert_int_equal(m.bytes[end], 0);
		assert_int_equal(h->parts[i].size, m.parts[i].used);
		end += h->parts[i].size;
	}
	assert_in_range(h->summed, end, end + 63);
	for (; end < h->summed; end++)
		assert_int_equal(m.bytes[end], 0);
	assert_int_equal(h->summed + (h->summed + 511) / 512 * 8, m.size);
	clear(&m);
}

/* ---- what is outside ------------------------------------------------------------------------------------- */

static bool any_at(const struct access_image *x, uint32_t place)
{
	struct access_line line;
	return access_image_line_at(x, place, &line);
}

static void items_and_lines_outside_fail_the_bytes(void **state)
{
	(void)state;
	struct made m = make();
	const uint32_t texts = (uint32_t)m.parts[ACCESS_IMAGE_TEXTS].used;
	const uint32_t places[] = {0, 1, m.places[0] - 1, m.places[1] - 1, m.places[0] + 38, texts - 1, texts, texts + 1, UINT32_MAX};
	const uint32_t numbers[] = {GROUPS, OTHERS, 1 << 26, 1 << 30, UINT32_MAX};
	for (int kind = 0; kind < 2; kind++) {
		struct access_bytes b = kind ? in_pieces(m.bytes, m.size) : access_bytes_over(m.bytes, m.size);
		struct access_image x;
		struct access_image_group g;
		const char *why;
		uint32_t other;
		assert_true(access_image_look(&b, &x, &why));
		for (size_t i = 0; i < TABLE_CHECK_ROWS(numbers); i++) {
			b.failed = false;
			assert_int_equal(access_image_group_at(&x, numbers[i], &g), false);
			assert_true(b.failed);
			b.failed = false;
			assert_int_equal(access_image_other_at(&x, numbers[i], &other), numbers[i] < OTHERS);
			assert_int_equal(b.failed, numbers[i] >= OTHERS);
		}
		for (size_t i = 0; i < TABLE_CHECK_ROWS(places); i++) {
			b.failed = false;
			assert_false(any_at(&x, places[i]));
			assert_true(b.failed);
		}
		assert_int_equal(access_image_word_at(&x, texts).length, 0);
		assert_int_equal(access_image_word_at(&x, UINT32_MAX).length, 0);
		access_bytes_clear(&b);
	}
	clear(&m);
}

static void a_part_that_failed_makes_no_image(void **state)
{
	(void)state;
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++) {
		struct made m = {.size = 0};
		struct iovec pieces[ACCESS_IMAGE_PIECES];
		fill_parts(&m);
		m.parts[i].failed = true;
		assert_int_equal(access_image_pieces(&m.header, m.parts, &m.sums, pieces), 0);
		clear(&m);
	}
}

/* Memory that nobody touches is not taken. */
static void lines_end_at_four_gigabytes(void **state)
{
	(void)state;
	const size_t size = (size_t)5 << 30;
	uint32_t place = 0;
	char *region = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (region == MAP_FAILED)
		skip();
	struct access_pile texts = {.bytes = region, .used = UINT32_MAX - 60, .size = size};
	assert_true(access_image_add_line(&texts, &lines[0], &place));
	assert_memory_equal(region + place, lines[0].text.start, lines[0].text.length);
	assert_false(access_image_add_line(&texts, &lines[0], &place));
	texts = (struct access_pile){.bytes = region, .used = 1, .size = size, .failed = true};
	assert_false(access_image_add_line(&texts, &lines[0], &place));
	munmap(region, size);
}

/* ---- a header that lies ---------------------------------------------------------------------------------- */

static const char *look(const char *bytes, size_t size)
{
	struct access_bytes b = access_bytes_over(bytes, size);
	struct access_image x;
	const char *why = "";
	return access_image_look(&b, &x, &why) ? NULL : why;
}

static void what_is_no_whole_image_is_refused_with_the_reason(void **state)
{
	(void)state;
	struct made m = make();
	static const struct {
		const char *what;
		size_t at;
		uint32_t value; /* of four bytes */
		const char *why;
	} rows[] = {
		{"another file", offsetof(struct access_image_header, magic), 0x7f454c46, "no index"},
		{"an older one", offsetof(struct access_image_header, version), 0, "made by another version"},
		{"a newer one", offsetof(struct access_image_header, version), 1000, "made by another version"},
		{"the other order", offsetof(struct access_image_header, byte_order), 0x04030201, "made by another version"},
		{"a longer one", offsetof(struct access_image_header, size), 1 << 30, "damaged"},
		{"an empty one", offsetof(struct access_image_header, size), 0, "damaged"},
		{"sums elsewhere", offsetof(struct access_image_header, summed), 64, "damaged"},
		{"sums askew", offsetof(struct access_image_header, summed), 1, "damaged"},
		{"sums behind the end", offsetof(struct access_image_header, summed), 1 << 20, "damaged"},
		{"an older one, of the second kind", offsetof(struct access_image_header, version), 2, "made by another version"},
		{"no groups", offsetof(struct access_image_header, parts[ACCESS_IMAGE_GROUPS].size), 0, "damaged"},
	};
	unsigned faults = table_check_text("as it was made", "why", look(m.bytes, m.size), NULL);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char was[4];
		memcpy(was, m.bytes + rows[i].at, sizeof was);
		memcpy(m.bytes + rows[i].at, &rows[i].value, sizeof was);
		image_sums_put_right(m.bytes, m.size);
		faults += table_check_text(rows[i].what, "why", look(m.bytes, m.size), rows[i].why);
		memcpy(m.bytes + rows[i].at, was, sizeof was);
	}
	image_sums_put_right(m.bytes, m.size);
	for (size_t size = 0; size < m.size; size++) {
		char *shorter = malloc(size);
		if (size > 0)
			memcpy(shorter, m.bytes, size);
		const char *wanted = size < sizeof m.header ? "no index" : "damaged";
		faults += table_check_text("a piece of it", "why", look(shorter, size), wanted);
		free(shorter);
	}
	assert_int_equal(faults, 0);
	clear(&m);
}

static void parts_that_lie_outside_or_crooked_are_refused(void **state)
{
	(void)state;
	struct made m = make();
	const uint64_t end = m.size / 64 * 64;
	const struct {
		const char *what;
		uint64_t offset, size;
	} rows[] = {
		{"behind the end", end + 64, 0},
		{"over the end", end, 64 * (uint64_t)64},
		{"everywhere", 64, UINT64_MAX - 63},
		{"around once", UINT64_MAX - 63, 128},
		{"crooked", 4, 0},
		{"of half an item", 0, 65},
	};
	unsigned faults = 0;
	for (int part = 0; part < ACCESS_IMAGE_PARTS; part++) {
		for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
			struct access_image_header *h = (void *)m.bytes, was = *h;
			if (part == ACCESS_IMAGE_TEXTS && rows[i].size == 65)
				continue; /* an item of it is a byte */
			h->parts[part].offset = rows[i].offset;
			h->parts[part].size = rows[i].size;
			image_sums_put_right(m.bytes, m.size);
			faults += table_check_text(rows[i].what, "why", look(m.bytes, m.size), "damaged");
			*h = was;
		}
	}
	image_sums_put_right(m.bytes, m.size);
	faults += table_check_text("as it was made", "why", look(m.bytes, m.size), NULL);
	assert_int_equal(faults, 0);
	clear(&m);
}

static void every_byte_of_the_header_counts_in_its_check(void **state)
{
	(void)state;
	struct access_image_header h = {.seed = 7};
	const uint64_t before = access_image_header_check(&h);
	unsigned char *bytes = (unsigned char *)&h;
	for (size_t i = 0; i < sizeof h; i++) {
		bytes[i] ^= 1;
		assert_int_equal(access_image_header_check(&h) == before, i >= offsetof(struct access_image_header, check));
		bytes[i] ^= 1;
	}
}

/* ---- the small things ------------------------------------------------------------------------------------ */

static void a_table_is_the_same_while_nothing_of_it_changed(void **state)
{
	(void)state;
	const struct stat s = {.st_ino = 1, .st_size = 2, .st_ctim = {3, 4}, .st_mtim = {5, 6}, .st_dev = 7};
	const struct access_image_table a = access_image_table_of(&s);
	struct stat changed[] = {s, s, s, s, s, s, s};
	changed[0].st_ino++;
	changed[1].st_size++;
	changed[2].st_ctim.tv_sec--;
	changed[3].st_ctim.tv_nsec++;
	changed[4].st_mtim.tv_sec--;
	changed[5].st_mtim.tv_nsec++;
	changed[6].st_dev++; /* is another after a restart */
	for (size_t i = 0; i < TABLE_CHECK_ROWS(changed); i++) {
		const struct access_image_table b = access_image_table_of(&changed[i]);
		assert_int_equal(access_image_table_same(&a, &b), i == 6);
		assert_int_equal(access_image_table_same(&b, &a), i == 6);
		assert_true(access_image_table_same(&b, &b));
	}
}

static void a_set_of_lengths_has_those_that_were_added(void **state)
{
	(void)state;
	for (size_t added = 0; added < ACCESS_TEXT_SIZE; added++) {
		uint64_t set[2] = {0, 0};
		access_image_lengths_add(set, added);
		for (size_t i = 0; i < ACCESS_TEXT_SIZE; i++)
			assert_int_equal(access_image_lengths_have(set, i), i == added);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_in_comes_out_from_memory_and_in_pieces),
		cmocka_unit_test(parts_stand_in_order_with_zeros_between_and_sums_behind),
		cmocka_unit_test(items_and_lines_outside_fail_the_bytes),
		cmocka_unit_test(a_part_that_failed_makes_no_image),
		cmocka_unit_test(lines_end_at_four_gigabytes),
		cmocka_unit_test(what_is_no_whole_image_is_refused_with_the_reason),
		cmocka_unit_test(parts_that_lie_outside_or_crooked_are_refused),
		cmocka_unit_test(every_byte_of_the_header_counts_in_its_check),
		cmocka_unit_test(a_table_is_the_same_while_nothing_of_it_changed),
		cmocka_unit_test(a_set_of_lengths_has_those_that_were_added),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
