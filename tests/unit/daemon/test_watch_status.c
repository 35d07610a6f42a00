/* SPDX-License-Identifier: ISC */
#include "daemon/watch_status.h"

#include "priv/state_lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void what_is_written_is_read(void **state)
{
	(void)state;
	char directory[] = "/tmp/kw_watch_status_XXXXXX", error[256], line[STATE_LOCK_LINE_MAX];
	struct watch_status s = {.last_event = wall_time_from_parts(1700000000, 250000)};
	struct status_watch w = {0};
	bool held;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(
		state_lock_take(directory, &s.lock, error, sizeof error), STATE_LOCK_TAKEN);
	s.listening = "eth0, /var/log/\"odd\".log";
	struct sensor_frame_senders senders = {.list = {{"192.0.2.1", 7, 5, 1}}, .count = 1};
	s.senders = &senders;
	watch_status_begin(&s, "minnie");
	assert_true(state_lock_look(directory, &held, line, sizeof line));
	watch_status_read(line, &w);
	assert_true(held);
	assert_int_equal(w.pid, getpid());
	assert_int_equal(w.since.us, s.since.us);
	assert_true(w.heard.us >= w.since.us);
	assert_int_equal(w.last_event.us, s.last_event.us);
	assert_string_equal(w.listening, s.listening);
	assert_int_equal(w.packets, 0);
	assert_true(w.peak_memory_bytes > 100000);
	assert_false(w.ended);
	assert_int_equal(w.senders_count, 1);
	assert_string_equal(w.senders[0].name, "192.0.2.1");
	assert_int_equal(w.senders[0].lines, 7);
	assert_int_equal(w.senders[0].events, 5);
	assert_int_equal(w.senders[0].lost, 1);
	watch_status_write(&s, NULL,
		&(struct stats_json_extra){.host = "minnie", .lost_kernel = 3, .skipped_lines = 4},
		true);
	assert_true(state_lock_look(directory, &held, line, sizeof line));
	watch_status_read(line, &w);
	assert_int_equal(w.lost, 3);
	assert_int_equal(w.skipped_lines, 4);
	assert_true(w.ended);
	close(s.lock);
	snprintf(line, sizeof line, "%s/%s", directory, STATE_LOCK_FILE);
	unlink(line);
	rmdir(directory);
}

static const char *const strange_lines[] = {
	"",
	"{",
	"[]",
	"1234",
	"{\"watch\":[]}",
	"{\"watch\":{\"pid\":\"7\",\"since\":12,\"listening\":{}}}",
	"{\"watch\":{\"pid\":-7,\"since\":\"yesterday or so\"},\"stats\":7,\"timestamp\":null}",
	"{\"watch\":{\"pid\":7},\"watch\":{\"pid\":8}}",
};

static void a_strange_line_tells_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof strange_lines / sizeof strange_lines[0]; i++) {
		struct status_watch w = {0};
		watch_status_read(strange_lines[i], &w);
		if (w.pid != 0 || w.since.us != 0 || w.heard.us != 0 || w.listening[0] != '\0')
			fail_msg("%s: got pid %llu, wanted nothing", strange_lines[i],
				(unsigned long long)w.pid);
	}
}

static void without_a_lock_nothing_is_written(void **state)
{
	(void)state;
	struct watch_status s = {.lock = -1};
	watch_status_begin(&s, "minnie");
	assert_true(s.since.us > 0);
}

/* The line may come from anybody with the user of the watch; who is refused may be root at a terminal. */
static void a_refusal_is_printable_whatever_the_holder_says(void **state)
{
	(void)state;
	char directory[] = "/tmp/kw_watch_status_XXXXXX", error[256], said[8192], path[96];
	int lock, kept = dup(STDERR_FILENO);
	FILE *words = tmpfile();
	assert_non_null(words);
	assert_non_null(mkdtemp(directory));
	assert_int_equal(state_lock_take(directory, &lock, error, sizeof error), STATE_LOCK_TAKEN);
	assert_true(state_lock_write(lock,
		"{\"watch\":{\"pid\":4711,\"listening\":\"eth0\\u001b[31m\\nforged \\u202e\"}}"));
	dup2(fileno(words), STDERR_FILENO);
	watch_status_say_held(directory);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(words);
	size_t size = fread(said, 1, sizeof said - 1, words);
	said[size] = '\0';
	fclose(words);
	assert_non_null(strstr(said, "(pid 4711, "));
	assert_non_null(strstr(said, "on eth0\\x1b[31m\\x0aforged "));
	assert_true(size > 0 && said[size - 1] == '\n');
	for (size_t i = 0; i + 1 < size; i++)
		assert_in_range(said[i], 0x20, 0x7e);
	close(lock);
	snprintf(path, sizeof path, "%s/%s", directory, STATE_LOCK_FILE);
	unlink(path);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_strange_line_tells_nothing),
		cmocka_unit_test(a_refusal_is_printable_whatever_the_holder_says),
		cmocka_unit_test(without_a_lock_nothing_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
