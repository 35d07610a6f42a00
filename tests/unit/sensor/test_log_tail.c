/* SPDX-License-Identifier: ISC */
#include "sensor/log_tail.h"

#include "base/diag.h"
#include "base/memory.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory of its own for each test, removed afterwards. */
struct desk {
	char directory[64], path[96];
	struct name_table *names;
	struct access_queue decisions;
	struct log_tail *tail;
	struct event events[256];
};

static int set_up(void **state)
{
	struct desk *d = memory_calloc(1, sizeof *d);
	strcpy(d->directory, "/tmp/kw_log_tail_XXXXXX");
	if (!mkdtemp(d->directory))
		return -1;
	snprintf(d->path, sizeof d->path, "%s/kern.log", d->directory);
	d->names = name_table_create();
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;
	char line[128];
	log_tail_close(d->tail);
	name_table_destroy(d->names);
	snprintf(line, sizeof line, "rm -rf '%s'", d->directory);
	int result = system(line);
	free(d);
	return result;
}

static void start(struct desk *d, bool from_start)
{
	char error[256] = "";
	d->tail = log_tail_open(
		&(struct log_tail_options){d->path, from_start, d->names, &d->decisions}, error, sizeof error);
	if (!d->tail)
		fail_msg("%s", error);
}

/* Line number `n` is a knock whose ports carry the number. */
static int write_knock(int fd, unsigned n)
{
	char line[256];
	int length = snprintf(line, sizeof line,
		"Nov 20 14:09:%02u minnie kernel: [12345.678901] IN=eth0 OUT= SRC=198.51.100.7 "
		"DST=192.0.2.1 "
		"LEN=40 TOS=0x00 PREC=0x00 TTL=50 ID=1 PROTO=TCP SPT=%u DPT=%u WINDOW=1024 "
		"RES=0x00 SYN "
		"URGP=0\n",
		n % 60, n >> 16, n & 0xffff);
	return write(fd, line, (size_t)length) == length ? 0 : -1;
}

static unsigned number_of(const struct event *e)
{
	return (unsigned)e->src_port << 16 | e->dst_port;
}

static int open_log(const struct desk *d)
{
	int fd = open(d->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	return fd;
}

static void append(const struct desk *d, unsigned first, unsigned count)
{
	int fd = open_log(d);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(write_knock(fd, first + i), 0);
	close(fd);
}

static void append_text(const struct desk *d, const char *text, size_t length)
{
	int fd = open_log(d);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
}

static void rename_log(const struct desk *d, const char *from, const char *to)
{
	char old[192], new[192];
	snprintf(old, sizeof old, "%s/%s", d->directory, from);
	snprintf(new, sizeof new, "%s/%s", d->directory, to);
	assert_int_equal(rename(old, new), 0);
}

/* Reads on until there is no more; the numbers must follow each other from `first`. */
static void expect(struct desk *d, unsigned first, unsigned count)
{
	unsigned got = 0;
	do {
		size_t n = log_tail_read(d->tail, d->events, 256);
		for (size_t i = 0; i < n; i++, got++) {
			if (number_of(&d->events[i]) != first + got)
				fail_msg("line %u: got number %u, wanted %u", got,
					number_of(&d->events[i]), first + got);
		}
	} while (log_tail_is_behind(d->tail));
	if (got != count)
		fail_msg("got %u lines from number %u on, wanted %u", got, first, count);
}

static void it_starts_at_the_end(void **state)
{
	struct desk *d = *state;
	append(d, 1, 10);
	start(d, false);
	expect(d, 0, 0);
	append(d, 11, 3);
	expect(d, 11, 3);
	expect(d, 0, 0);
}

/* A queue that is full is a reason to wait, not to lose. */
static void decisions_wait_for_a_place_in_the_queue(void **state)
{
	struct desk *d = *state;
	const unsigned lines = ACCESS_QUEUE_MOST + 10;
	start(d, true);
	for (unsigned i = 0; i < lines; i++) {
		char line[128];
		int n = snprintf(line, sizeof line,
			"Nov 20 14:09:40 minnie sshd[%u]: refused connect from 198.51.100.7 "
			"(198.51.100.7)\n",
			i + 1);
		append_text(d, line, (size_t)n);
	}
	append(d, 1, 3);
	unsigned taken = 0;
	size_t knocks = 0;
	for (unsigned call = 0; call < 3; call++) {
		const struct access_event *a;
		knocks += log_tail_read(d->tail, d->events, 256);
		while ((a = access_queue_take(&d->decisions)) != NULL)
			assert_int_equal(a->pid, ++taken);
	}
	assert_int_equal(taken, lines);
	assert_int_equal(knocks, 3);
	assert_int_equal(log_tail_report(d->tail)->events, lines + 3);
}

static void it_starts_at_the_beginning_if_asked(void **state)
{
	struct desk *d = *state;
	append(d, 1, 1000);
	start(d, true);
	expect(d, 1, 1000);
	assert_string_equal(name_table_name(d->names, d->events[0].iface), "eth0");
	assert_string_equal(name_table_name(d->names, d->events[0].host), "minnie");
	assert_int_equal(d->events[0].origin, EVENT_ORIGIN_LOG);
}

static void a_line_in_pieces_is_one_line(void **state)
{
	struct desk *d = *state;
	char line[256];
	append(d, 7, 1);
	int fd = open(d->path, O_RDONLY);
	ssize_t length = read(fd, line, sizeof line);
	close(fd);
	assert_int_equal(truncate(d->path, 20), 0); /* opened in the middle of a line: not ours */
	start(d, false);
	append_text(d, line + 20, (size_t)length - 20);
	expect(d, 0, 0);
	for (ssize_t i = 0; i < length; i++) {
		append_text(d, line + i, 1);
		expect(d, 7, i == length - 1 ? 1 : 0);
	}
}

static void a_renamed_file_is_read_to_its_end(void **state)
{
	struct desk *d = *state;
	append(d, 1, 5);
	start(d, false);
	int slow_writer = open_log(d);
	append(d, 6, 5);
	rename_log(d, "kern.log", "kern.log.1");
	assert_int_equal(write_knock(slow_writer, 11), 0);
	expect(d, 6, 6);
	append(d, 12, 1); /* makes the new file */
	expect(d, 12, 1);
	assert_int_equal(write_knock(slow_writer, 13), 0); /* the writer has not reopened yet */
	expect(d, 13, 1);
	append(d, 14, 1);
	expect(d, 14, 1);
	close(slow_writer);
	assert_int_equal(log_tail_report(d->tail)->rotations, 1);
}

static void several_rotations_between_two_looks_lose_nothing(void **state)
{
	struct desk *d = *state;
	append(d, 1, 1);
	start(d, true);
	expect(d, 1, 1);
	unsigned next = 2;
	for (int round = 0; round < 5; round++) {
		append(d, next, 10); /* a chain as logrotate makes it */
		next += 10;
		for (int i = 5; i > 0; i--) {
			char from[32], to[32];
			snprintf(from, sizeof from, i == 1 ? "kern.log" : "kern.log.%d", i - 1);
			snprintf(to, sizeof to, "kern.log.%d", i);
			if (i - 1 <= round)
				rename_log(d, from, to);
		}
		usleep(20000); /* the clock of the file system ticks every 4 ms */
	}
	append(d, next, 10);
	expect(d, 2, 60);
	assert_int_equal(log_tail_report(d->tail)->rotations, 5);
}

static void a_truncated_file_is_read_from_its_beginning(void **state)
{
	struct desk *d = *state;
	append(d, 1, 100);
	start(d, true);
	expect(d, 1, 100);
	for (unsigned round = 0; round < 3; round++) { /* copytruncate */
		assert_int_equal(truncate(d->path, 0), 0);
		append(d, 200 + round, 1);
		expect(d, 200 + round, 1);
	}
	assert_int_equal(log_tail_report(d->tail)->truncations, 3);
	assert_int_equal(log_tail_report(d->tail)->rotations, 0);
}

static void copy_log(const struct desk *d, const char *to)
{
	char line[256];
	snprintf(line, sizeof line, "cp '%s' '%s/%s'", d->path, d->directory, to);
	assert_int_equal(system(line), 0);
}

static void what_is_in_the_copy_of_a_truncated_file_is_read_once(void **state)
{
	struct desk *d = *state;
	append(d, 1, 100);
	start(d, false);
	append(d, 101, 10);
	expect(d, 101, 10);
	append(d, 111, 10); /* not read before the file is gone */
	copy_log(d, "kern.log.1");
	assert_int_equal(truncate(d->path, 0), 0);
	append(d, 121, 5);
	expect(d, 111, 15);
	rename_log(d, "kern.log.1", "kern.log.2");
	copy_log(d, "kern.log.1"); /* all of it was read */
	assert_int_equal(truncate(d->path, 0), 0);
	append(d, 126, 2);
	expect(d, 126, 2);
	copy_log(d, "kern.log.3"); /* a person's own copy, and then a rotation of the other kind */
	rename_log(d, "kern.log", "kern.log.4");
	append(d, 128, 1);
	expect(d, 128, 1);
	usleep(300000); /* another look for missed generations */
	expect(d, 0, 0);
	assert_int_equal(log_tail_report(d->tail)->truncations, 2);
	assert_int_equal(log_tail_report(d->tail)->rotations, 1);
}

static void a_deleted_file_is_waited_for(void **state)
{
	struct desk *d = *state;
	start(d, false);
	expect(d, 0, 0); /* not there yet */
	append(d, 1, 3);
	expect(d, 1, 3);
	assert_int_equal(unlink(d->path), 0);
	expect(d, 0, 0);
	append(d, 4, 3);
	expect(d, 4, 3);
	assert_int_equal(unlink(d->path), 0); /* deleted and made anew between two looks */
	append(d, 7, 3);
	expect(d, 7, 3);
}

static void the_directory_may_come_later_and_again(void **state)
{
	struct desk *d = *state;
	assert_int_equal(rmdir(d->directory), 0);
	start(d, false);
	expect(d, 0, 0);
	for (unsigned round = 0; round < 2; round++) {
		assert_int_equal(mkdir(d->directory, 0700), 0);
		append(d, 1 + round, 1);
		expect(d, 1 + round, 1);
		assert_int_equal(unlink(d->path), 0);
		assert_int_equal(rmdir(d->directory), 0);
		expect(d, 0, 0);
	}
	assert_int_equal(mkdir(d->directory, 0700), 0);
}

static void a_line_without_end_is_read_by_its_head_and_skipped(void **state)
{
	struct desk *d = *state;
	size_t size = 3 * LOG_TAIL_LINE_MAX + 17;
	char *junk = memory_calloc(1, size);
	memset(junk, 'A', size);
	append(d, 1, 1);
	start(d, true);
	append_text(d, junk, size);
	expect(d, 1, 1);
	append_text(d, junk, size);
	expect(d, 0, 0);
	append_text(d, "\n", 1);
	append(d, 2, 1);
	expect(d, 2, 1);
	assert_int_equal(log_tail_report(d->tail)->too_long, 1);
	assert_int_equal(log_tail_report(d->tail)->lines, 3);
	assert_int_equal(log_tail_report(d->tail)->other, 1);
	free(junk);
}

static void what_is_no_file_is_refused(void **state)
{
	struct desk *d = *state;
	char error[256];
	const struct log_tail_options options = {d->path, false, d->names, NULL};
	assert_int_equal(mkdir(d->path, 0700), 0);
	assert_null(log_tail_open(&options, error, sizeof error));
	assert_non_null(strstr(error, "is not a file that can be followed"));
	assert_int_equal(rmdir(d->path), 0);
	assert_int_equal(mkfifo(d->path, 0600), 0);
	assert_null(log_tail_open(&options, error, sizeof error));
	assert_non_null(strstr(error, "is not a file that can be followed"));
}

static void writing_wakes_the_reader(void **state)
{
	struct desk *d = *state;
	append(d, 1, 1);
	start(d, false);
	expect(d, 0, 0);
	struct pollfd ready = {log_tail_fd(d->tail), POLLIN, 0};
	if (ready.fd < 0)
		skip();
	assert_int_equal(poll(&ready, 1, 0), 0);
	append(d, 2, 1);
	assert_int_equal(poll(&ready, 1, 1000), 1);
	expect(d, 2, 1);
	assert_int_equal(poll(&ready, 1, 0), 0);
}

static void the_group_of_a_closed_file_is_told(void **state)
{
	struct desk *d = *state;
	gid_t group = 0;
	append(d, 1, 1);
	start(d, false);
	assert_int_equal(chmod(d->path, 0644), 0);
	assert_false(log_tail_group(d->tail, &group));
	assert_int_equal(chmod(d->path, 0640), 0);
	assert_true(log_tail_group(d->tail, &group));
	assert_int_equal(group, getegid());
}

/* --- a writer that rotates as fast as it can --- */

enum { ROTATIONS = 1000, LINES = 20, ALL = ROTATIONS * LINES };

struct writer {
	const struct desk *desk;
	bool failed;
	atomic_bool ended;
};

/* Writes in pieces as a real writer does not, so that a look may fall into the middle of a line. */
static void *write_and_rotate(void *context)
{
	struct writer *w = context;
	char rotated[160];
	for (unsigned i = 0; i < ROTATIONS && !w->failed; i++) {
		int fd = open(w->desk->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
		for (unsigned k = 0; k < LINES; k++)
			w->failed = write_knock(fd, i * LINES + k) < 0 || w->failed;
		close(fd);
		if (i + 1 == ROTATIONS)
			break;
		snprintf(rotated, sizeof rotated, "%s.%u", w->desk->path, i + 1);
		w->failed = rename(w->desk->path, rotated) < 0 || w->failed;
	}
	w->ended = true;
	return NULL;
}

static void a_thousand_rotations_lose_and_double_nothing(void **state)
{
	struct desk *d = *state;
	static unsigned char times[ALL];
	struct writer writer = {.desk = d};
	memset(times, 0, sizeof times);
	start(d, true);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, write_and_rotate, &writer), 0);
	unsigned got = 0, looks = 0, quiet = 0;
	while (quiet < 20) {
		struct pollfd ready = {log_tail_fd(d->tail), POLLIN, 0};
		size_t n = log_tail_read(d->tail, d->events, 256);
		for (size_t i = 0; i < n; i++) {
			assert_true(number_of(&d->events[i]) < ALL);
			times[number_of(&d->events[i])]++;
		}
		got += (unsigned)n;
		looks++;
		quiet = n > 0 || !writer.ended ? 0 : quiet + 1;
		if (n == 0 && !log_tail_is_behind(d->tail))
			(void)poll(&ready, 1, 50);
	}
	pthread_join(thread, NULL);
	unsigned lost = 0, doubled = 0;
	for (unsigned i = 0; i < ALL; i++) {
		lost += times[i] == 0;
		doubled += times[i] > 1;
	}
	print_message("%u lines in %u looks, %u rotations seen\n", got, looks,
		(unsigned)log_tail_report(d->tail)->rotations);
	assert_false(writer.failed);
	assert_int_equal(lost, 0);
	assert_int_equal(doubled, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_starts_at_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			it_starts_at_the_beginning_if_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			decisions_wait_for_a_place_in_the_queue, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_line_in_pieces_is_one_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_renamed_file_is_read_to_its_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			several_rotations_between_two_looks_lose_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_truncated_file_is_read_from_its_beginning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_in_the_copy_of_a_truncated_file_is_read_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_deleted_file_is_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_directory_may_come_later_and_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_line_without_end_is_read_by_its_head_and_skipped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(writing_wakes_the_reader, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_group_of_a_closed_file_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_thousand_rotations_lose_and_double_nothing, set_up, tear_down),
	};
	diag_set_quiet(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
