/* SPDX-License-Identifier: ISC */
/*
 * What a detector remembers over a restart: sources and their scores, not dossiers.
 */
#include "detect/detector.h"

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
	rewind_file(fd);
	assert_true(detector_load_memory(after->detector, fd));
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
	rewind_file(fd);
	assert_true(detector_load_memory(after->detector, fd));
	struct seen got = walk(after);
	assert_int_equal(got.count, wanted.count);
	assert_int_equal(got.targets, wanted.targets);
	assert_true(got.score > wanted.score - 1e-6 && got.score < wanted.score + 1e-6);
	close(fd);
	close_desk(before);
	close_desk(after);
}

struct broken_row {
	const char *name;
	size_t memory_bytes; /* of the detector that loads */
	off_t cut;           /* bytes of the file that are left; negative = all */
	off_t spoil;         /* byte that is changed; negative = none */
};

static const struct broken_row broken_rows[] = {
	{"another size", 40u << 20, -1, -1},
	{"an empty file", 32u << 20, 0, -1},
	{"cut in the head", 32u << 20, 20, -1},
	{"cut in the first table", 32u << 20, 100000, -1},
	{"cut at its last byte", 32u << 20, -2, -1},
	{"another program's file", 32u << 20, -1, 0},
};

static void break_file(int fd, const struct broken_row *row)
{
	off_t size = lseek(fd, 0, SEEK_END);
	if (row->cut >= 0)
		assert_int_equal(ftruncate(fd, row->cut), 0);
	if (row->cut == -2)
		assert_int_equal(ftruncate(fd, size - 1), 0);
	if (row->spoil >= 0)
		assert_int_equal(pwrite(fd, "?", 1, row->spoil), 1);
	rewind_file(fd);
}

static void a_file_that_does_not_fit_changes_nothing(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(broken_rows); i++) {
		const struct broken_row *row = &broken_rows[i];
		struct desk *before = open_desk(32u << 20, 1),
			    *after = open_desk(row->memory_bytes, 2);
		int fd = open_file();
		knock(before, 7, 100, 3, 0);
		assert_true(detector_save_memory(before->detector, fd));
		break_file(fd, row);
		knock(after, 9, 100, 3, 0);
		faults += table_check_number(
			row->name, "loaded", detector_load_memory(after->detector, fd), false);
		faults += table_check_number(row->name, "records", walk(after).count, 1);
		knock(after, 9, 200, 1, EVENT_MAKER_HOUR);
		faults += table_check_number(row->name, "scan found", after->scans, 1);
		close(fd);
		close_desk(before);
		close_desk(after);
	}
	assert_int_equal(faults, 0);
}

static void what_cannot_be_written_is_said(void **state)
{
	(void)state;
	struct desk *k = open_desk(32u << 20, 1);
	assert_false(detector_save_memory(k->detector, -1));
	assert_false(detector_load_memory(k->detector, -1));
	close_desk(k);
	detector_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scanner_goes_on_after_a_restart),
		cmocka_unit_test(every_record_comes_back),
		cmocka_unit_test(a_file_that_does_not_fit_changes_nothing),
		cmocka_unit_test(what_cannot_be_written_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
