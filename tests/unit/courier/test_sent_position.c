/* SPDX-License-Identifier: ISC */
#include "courier/sent_position.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/kw-sent.XXXXXX";

static int begin(void **state)
{
	(void)state;
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	char path[64];
	snprintf(path, sizeof path, "%s/%s", directory, SENT_POSITION_FILE);
	unlink(path);
	return rmdir(directory);
}

static void what_was_written_is_read(void **state)
{
	(void)state;
	struct sent_position out, in = {.place = {.seq = UINT64_C(1) << 40},
					  .to = "logs.example.org:6514",
					  .state = "waiting",
					  .why = "logs.example.org: Connection refused",
					  .at = wall_time_from_parts(1700000000, 5),
					  .pid = 77};
	bool running;
	memset(in.place.hash.bytes, 0xab, sizeof in.place.hash.bytes);
	assert_false(sent_position_look(directory, &out, &running));
	int fd = sent_position_open(directory, getuid(), getgid());
	assert_true(fd >= 0);
	assert_false(sent_position_read_fd(fd, &out));
	assert_int_equal(out.place.seq, 0);
	assert_true(sent_position_write(fd, &in));
	assert_true(sent_position_look(directory, &out, &running));
	assert_true(running);
	assert_true(out.place.seq == in.place.seq && out.at.us == in.at.us && out.pid == 77);
	assert_true(journal_hash_equal(&out.place.hash, &in.place.hash));
	assert_string_equal(out.why, in.why);
	in.why[0] = '\0'; /* a shorter one leaves nothing of the longer */
	assert_true(sent_position_write(fd, &in));
	assert_true(sent_position_read_fd(fd, &out));
	assert_string_equal(out.why, "");
	assert_int_equal(sent_position_open(directory, getuid(), getgid()), -1);
	assert_int_equal(errno, EAGAIN);
	close(fd);
	assert_true(sent_position_look(directory, &out, &running));
	assert_false(running);
}

static void what_makes_no_sense_is_no_position(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "{}", "nonsense", "{\"seq\":5}",
		"{\"seq\":5,\"hash\":\"12\"}",
		"{\"seq\":-1,\"hash\":\"abababababababababababababababababababababababababababababababab\"}"};
	struct sent_position out;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_false(sent_position_parse(texts[i], strlen(texts[i]), &out));
		assert_true(out.place.seq == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(what_makes_no_sense_is_no_position),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
