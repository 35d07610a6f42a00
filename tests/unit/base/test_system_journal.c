/* SPDX-License-Identifier: ISC */
/* What the journal's own socket would get, read at a socket of ours. */
#include "base/diag.h"
#include "base/system_journal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct scene {
	char directory[64], path[96], stream[64];
	int listener;
};

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat facts;
	assert_non_null(s);
	snprintf(s->directory, sizeof s->directory, "/tmp/kw-journal.XXXXXX");
	assert_non_null(mkdtemp(s->directory));
	snprintf(s->path, sizeof s->path, "%s/socket", s->directory);
	memcpy(address.sun_path, s->path, sizeof s->path);
	s->listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(fstat(STDERR_FILENO, &facts), 0);
	snprintf(s->stream, sizeof s->stream, "%ju:%ju", (uintmax_t)facts.st_dev,
		(uintmax_t)facts.st_ino);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	system_journal_close();
	close(s->listener);
	unlink(s->path);
	rmdir(s->directory);
	free(s);
	return 0;
}

/* The value of a field in the next datagram. */
static const char *heard(struct scene *s, const char *name, bool peek)
{
	static char value[SYSTEM_JOURNAL_BYTES];
	static unsigned char bytes[SYSTEM_JOURNAL_BYTES];
	ssize_t got = recv(s->listener, bytes, sizeof bytes, peek ? MSG_PEEK : 0);
	for (size_t at = 0; got > 0 && at < (size_t)got;) {
		size_t length = strlen(name), size = 0;
		const unsigned char *end = memchr(bytes + at, '\n', (size_t)got - at);
		assert_non_null(end);
		for (int i = 7; i >= 0; i--)
			size = size << 8 | end[1 + i];
		assert_in_range(size, 0, (size_t)(bytes + got - end) - 10);
		assert_int_equal(end[9 + size], '\n');
		if ((size_t)(end - bytes) - at == length && memcmp(bytes + at, name, length) == 0) {
			memcpy(value, end + 9, size);
			value[size] = '\0';
			return value;
		}
		at = (size_t)(end - bytes) + 9 + size + 1;
	}
	return NULL;
}

static void a_message_keeps_its_number_weight_and_fields(void **state)
{
	struct scene *s = *state;
	const struct system_journal_field fields[] = {{"KNOCKWATCH_LEVEL", "4"}};
	struct system_journal_message m = {SYSTEM_JOURNAL_WARNING,
		"95387dfd64634a03b86ff9ebfdf305d7", "two\nlines", fields, 1};
	assert_true(system_journal_open(s->stream, s->path));
	assert_true(system_journal_send(&m));
	assert_string_equal(heard(s, "MESSAGE", true), "two\nlines");
	assert_string_equal(heard(s, "PRIORITY", true), "4");
	assert_string_equal(heard(s, "MESSAGE_ID", true), "95387dfd64634a03b86ff9ebfdf305d7");
	assert_string_equal(heard(s, "SYSLOG_IDENTIFIER", true), "knockwatch");
	assert_string_equal(heard(s, "KNOCKWATCH_LEVEL", false), "4");
}

static void what_the_program_says_goes_there(void **state)
{
	struct scene *s = *state;
	assert_true(system_journal_open(s->stream, s->path));
	errno = EAGAIN;
	diag_warn_as("f4123515dfba4a07a9a504e82817114c", "the sensor is %s", "gone");
	assert_int_equal(errno, EAGAIN);
	assert_string_equal(heard(s, "MESSAGE", true), "the sensor is gone");
	assert_string_equal(heard(s, "PRIORITY", true), "4");
	assert_string_equal(heard(s, "MESSAGE_ID", false), "f4123515dfba4a07a9a504e82817114c");
	diag_error("all is over");
	assert_string_equal(heard(s, "PRIORITY", true), "3");
	assert_null(heard(s, "MESSAGE_ID", false));
}

static void another_stream_than_ours_is_not_the_journal(void **state)
{
	static const char *const others[] = {"", "0:0", "8", "8:", "x:y"};
	struct scene *s = *state;
	struct system_journal_message m = {.weight = SYSTEM_JOURNAL_INFO, .text = "x"};
	assert_false(system_journal_open(NULL, s->path));
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(system_journal_open(others[i], s->path));
	assert_false(system_journal_is_open());
	assert_false(system_journal_send(&m));
	assert_false(system_journal_open(s->stream, s->directory));
}

static void what_is_too_long_or_finds_no_room_is_refused(void **state)
{
	struct scene *s = *state;
	char text[SYSTEM_JOURNAL_BYTES + 1];
	struct system_journal_message m = {.weight = SYSTEM_JOURNAL_INFO, .text = text};
	memset(text, 'a', SYSTEM_JOURNAL_BYTES);
	text[SYSTEM_JOURNAL_BYTES] = '\0';
	assert_true(system_journal_open(s->stream, s->path));
	assert_false(system_journal_send(&m));
	m.text = "short";
	unsigned sent = 0;
	while (system_journal_send(&m) && sent < 1000000) /* nobody reads */
		sent++;
	assert_in_range(sent, 1, 999999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_message_keeps_its_number_weight_and_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_program_says_goes_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			another_stream_than_ours_is_not_the_journal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_too_long_or_finds_no_room_is_refused, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
