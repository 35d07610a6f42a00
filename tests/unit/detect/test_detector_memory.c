/* SPDX-License-Identifier: ISC */
/*
 * What a detector remembers over a restart: sources and their scores, not dossiers.
 */
#include "detect/detector.h"

#include "detect/memory_stream.h"
#include "track/source_record.h"

#include "event_maker.h"
#include "table_check.h"

#include <stdio.h>
#include <unistd.h>

struct desk {
	struct detector *detector;
	unsigned scans; /* findings */
};

static void count_scan(void *context, const struct finding *f)
{
	struct desk *k = context;
	k->scans += f->what == FINDING_SCAN;
}

static struct desk *open_desk(size_t bytes, uint64_t seed)
{
	struct desk *k = calloc(1, sizeof *k);
	struct prefix home;
	assert_non_null(k);
	assert_true(prefix_parse("192.0.2.0/24", 12, &home, NULL));
	struct detector_options o = {.memory = memory_plan_make(bytes, 0),
		.hash_seed = seed,
		.on_finding = count_scan,
		.context = k};
	prefix_set_add(&o.home, &home);
	k->detector = detector_create(&o);
	return k;
}

static void close_desk(struct desk *k)
{
	detector_destroy(k->detector);
	free(k);
}

/* The source 198.51.100.`source` knocks on `count` doors from `first` on. */
static void knock(struct desk *k, uint8_t source, uint16_t first, unsigned count, int64_t at_us)
{
	for (unsigned i = 0; i < count; i++) {
		struct event e =
			event_maker_syn("198.51.100.7", 40000, "192.0.2.5", (uint16_t)(first + i));
		e.src.bytes[15] = source;
		e = event_maker_at(e, at_us + i * 1000);
		detector_feed(k->detector, &e, 1);
	}
}

static int open_file(void)
{
	FILE *f = tmpfile();
	assert_non_null(f);
	int fd = dup(fileno(f));
	fclose(f);
	assert_true(fd >= 0);
	return fd;
}

static void rewind_file(int fd)
{
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
}

static void a_scanner_goes_on_after_a_restart(void **state)
{
	(void)state;
	struct desk *before = open_desk(32u << 20, 1), *after = open_desk(32u << 20, 2);
	int fd = open_file();
	knock(before, 7, 100, 3, 0);
	knock(before, 8, 100, 1, EVENT_MAKER_MINUTE);
	assert_true(detector_save_memory(before->detector, fd));
	assert_null(detector_load_memory(after->detector, fd));
	assert_int_equal(before->scans + after->scans, 0);
	knock(after, 8, 200, 2, EVENT_MAKER_HOUR); /* its second and third target */
	assert_int_equal(after->scans, 0);
	knock(after, 7, 200, 1, 2 * EVENT_MAKER_HOUR); /* its fourth */
	assert_int_equal(after->scans, 1);
	close(fd);
	close_desk(before);
	close_desk(after);
}

struct seen {
	double score;
	unsigned count, targets;
};

static void see(void *context, const struct addr *addr, unsigned block_bits, double score,
	unsigned targets, uint32_t packets, int64_t first_s, int64_t last_s)
{
	struct seen *s = context;
	(void)addr;
	assert_int_equal(block_bits, 128);
	assert_true(packets > 0 && first_s <= last_s);
	s->score += score;
	s->targets += targets;
	s->count++;
}

static struct seen walk(struct desk *k)
{
	struct seen s = {0, 0, 0};
	detector_walk_sources(k->detector, see, &s);
	return s;
}

static void every_record_comes_back(void **state)
{
	(void)state;
	struct desk *before = open_desk(32u << 20, 1), *after = open_desk(32u << 20, 2);
	int fd = open_file();
	for (uint8_t source = 1; source <= 100; source++)
		knock(before, source, 100, 2, source * EVENT_MAKER_SECOND);
	struct seen wanted = walk(before);
	assert_int_equal(wanted.count, 100);
	assert_int_equal(wanted.targets, 200);
	assert_true(detector_save_memory(before->detector, fd));
	assert_null(detector_load_memory(after->detector, fd));
	struct seen got = walk(after);
	assert_int_equal(got.count, wanted.count);
	assert_int_equal(got.targets, wanted.targets);
	assert_true(got.score > wanted.score - 1e-6 && got.score < wanted.score + 1e-6);
	close(fd);
	close_desk(before);
	close_desk(after);
}

static void a_memory_of_another_size_takes_the_records(void **state)
{
	(void)state;
	static const size_t sizes[] = {24u << 20, 40u << 20, 200u << 20};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct desk *before = open_desk(32u << 20, 1), *after = open_desk(sizes[i], 2);
		int fd = open_file();
		for (uint8_t source = 1; source <= 100; source++)
			knock(before, source, 100, 3, source * EVENT_MAKER_SECOND);
		knock(before, 200, 100, 1, EVENT_MAKER_HOUR);
		assert_true(detector_save_memory(before->detector, fd));
		assert_null(detector_load_memory(after->detector, fd));
		assert_int_equal(walk(after).count, 100);
		assert_int_equal(walk(after).targets, 300);
		knock(after, 7, 200, 1, 2 * EVENT_MAKER_HOUR);
		assert_int_equal(after->scans, 1);
		close(fd);
		close_desk(before);
		close_desk(after);
	}
}

static void the_file_grows_with_what_is_in_it(void **state)
{
	(void)state;
	struct desk *k = open_desk(76u << 20, 1);
	int fd = open_file();
	assert_true(detector_save_memory(k->detector, fd));
	off_t empty = lseek(fd, 0, SEEK_END);
	assert_in_range(empty, 1, 100);
	for (uint8_t source = 1; source <= 200; source++)
		knock(k, source, 100, source % 2 ? 1 : 2, source * EVENT_MAKER_SECOND);
	assert_int_equal(ftruncate(fd, 0), 0);
	rewind_file(fd);
	assert_true(detector_save_memory(k->detector, fd));
	assert_in_range(lseek(fd, 0, SEEK_END), empty + 100 * (8 + 61), empty + 100 * (8 + 3 + 61));
	close(fd);
	close_desk(k);
}

static void what_was_loaded_is_saved_alike(void **state)
{
	(void)state;
	struct desk *before = open_desk(32u << 20, 1), *after = open_desk(32u << 20, 2);
	int first = open_file(), second = open_file();
	for (uint8_t source = 1; source <= 200; source++)
		knock(before, source, 100, source % 4u + 1, source * EVENT_MAKER_SECOND);
	assert_true(detector_save_memory(before->detector, first));
	assert_null(detector_load_memory(after->detector, first));
	assert_true(detector_save_memory(after->detector, second));
	off_t size = lseek(first, 0, SEEK_END);
	assert_int_equal(lseek(second, 0, SEEK_END), size);
	/* All but the time in the head, the sum, and what a record loses with its story. */
	for (off_t at = 18; at < size - 4; at++) {
		uint8_t a, b;
		assert_int_equal(pread(first, &a, 1, at), 1);
		assert_int_equal(pread(second, &b, 1, at), 1);
		if (a != b && (a & SOURCE_FLAG_BLOCK) != b)
			fail_msg("byte %lld: %02x, wanted %02x", (long long)at, b, a);
	}
	close(first);
	close(second);
	close_desk(before);
	close_desk(after);
}

struct broken_row {
	const char *name;
	off_t cut;   /* bytes of the file that are left; negative = off its end; 0 = all */
	off_t spoil; /* byte that is changed; negative = none */
	const char *said;
};

static const struct broken_row broken_rows[] = {
	{"cut in the head", 20, -1, "is damaged or cut short"},
	{"cut to a sum's length", 4, -1, "is damaged or cut short"},
	{"cut below a sum", 3, -1, "is damaged or cut short"},
	{"cut at its last byte", -1, -1, "is damaged or cut short"},
	{"another magic", 0, 0, "is damaged or cut short"},
	{"a spoiled key", 0, 20, "is damaged or cut short"},
	{"a spoiled record", 0, 80, "is damaged or cut short"},
};

static void break_file(int fd, const struct broken_row *row)
{
	off_t size = lseek(fd, 0, SEEK_END);
	if (row->cut != 0)
		assert_int_equal(ftruncate(fd, row->cut > 0 ? row->cut : size + row->cut), 0);
	if (row->spoil >= 0)
		assert_int_equal(pwrite(fd, "?", 1, row->spoil), 1);
}

static void a_broken_file_changes_nothing(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(broken_rows); i++) {
		const struct broken_row *row = &broken_rows[i];
		struct desk *before = open_desk(32u << 20, 1), *after = open_desk(32u << 20, 2);
		int fd = open_file();
		knock(before, 7, 100, 3, 0);
		assert_true(detector_save_memory(before->detector, fd));
		break_file(fd, row);
		knock(after, 9, 100, 3, 0);
		const char *fault = detector_load_memory(after->detector, fd);
		faults += table_check_text(row->name, "said", fault ? fault : "nothing", row->said);
		faults += table_check_number(row->name, "records", walk(after).count, 1);
		knock(after, 9, 200, 1, EVENT_MAKER_HOUR);
		faults += table_check_number(row->name, "scan found", after->scans, 1);
		close(fd);
		close_desk(before);
		close_desk(after);
	}
	assert_int_equal(faults, 0);
}

/* A file of these numbers, with a right sum. */
static const char *load_made(uint64_t magic, uint64_t version, uint64_t key, uint64_t places,
	uint64_t cells, uint64_t records)
{
	struct memory_writer w;
	struct desk *k = open_desk(32u << 20, 1);
	int fd = open_file();
	memory_writer_init(&w, fd);
	memory_writer_put(&w, magic, 8);
	memory_writer_put(&w, version, 2);
	memory_writer_put(&w, 0, 8);
	for (int i = 0; i < 3; i++)
		memory_writer_put(&w, key, 8);
	memory_writer_put(&w, places, 8);
	memory_writer_put(&w, cells, 8);
	memory_writer_put(&w, records, 8);
	memory_writer_put_small(&w, 5); /* a cell's gap, and the cell */
	memory_writer_put(&w, 77, 8);
	assert_true(memory_writer_end(&w));
	const char *fault = detector_load_memory(k->detector, fd);
	assert_int_equal(walk(k).count, 0);
	close(fd);
	close_desk(k);
	return fault;
}

static void numbers_that_lie_are_refused(void **state)
{
	(void)state;
	const uint64_t magic = UINT64_C(0x6b77736f75726365);
	assert_null(load_made(magic, 2, 1, 6, 1, 0));
	assert_string_equal(
		load_made(1, 2, 1, 6, 1, 0), "is no memory of sources, or an older version's");
	assert_string_equal(load_made(magic, 3, 1, 6, 1, 0), "was written by another version");
	assert_string_equal(load_made(magic, 2, 2, 6, 1, 0), "is damaged"); /* an even key */
	assert_string_equal(
		load_made(magic, 2, 1, 5, 1, 0), "is damaged"); /* behind the last place */
	assert_string_equal(
		load_made(magic, 2, 1, 6, 2, 0), "is damaged"); /* more cells than there are */
	assert_string_equal(load_made(magic, 2, 1, 6, UINT64_MAX, 0), "is damaged");
	assert_string_equal(load_made(magic, 2, 1, 6, 1, UINT64_MAX), "is damaged");
	assert_string_equal(
		load_made(magic, 2, 1, 6, 0, 0), "is damaged"); /* something is left over */
}

static void what_cannot_be_written_is_said(void **state)
{
	(void)state;
	struct desk *k = open_desk(32u << 20, 1);
	assert_false(detector_save_memory(k->detector, -1));
	assert_string_equal(detector_load_memory(k->detector, -1), "cannot be read");
	close_desk(k);
	detector_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scanner_goes_on_after_a_restart),
		cmocka_unit_test(every_record_comes_back),
		cmocka_unit_test(a_memory_of_another_size_takes_the_records),
		cmocka_unit_test(the_file_grows_with_what_is_in_it),
		cmocka_unit_test(what_was_loaded_is_saved_alike),
		cmocka_unit_test(a_broken_file_changes_nothing),
		cmocka_unit_test(numbers_that_lie_are_refused),
		cmocka_unit_test(what_cannot_be_written_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
