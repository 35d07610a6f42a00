/* SPDX-License-Identifier: ISC */
#include "cli/access_stream.h"

#include "base/clock.h"
#include "packed_bytes.h"
#include "table_check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534, TEN = 10, AHEAD = 4 };

static const struct access_file_options options = {.year = 2026};
static const struct wall_time always = {0};

/* ---- a folder of its own, in which everything is found by a short name ------------------------------------- */

static char folder[] = "/tmp/kw-stream-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chmod(folder, 0755) == 0 ? chdir(folder) : -1;
}

static int remove_folder(void **state)
{
	char command[100];
	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command); // NOLINT: a test
}

static void put(const char *path, const void *bytes, size_t size)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

/* Packed, and without its last `cut` bytes. */
static void put_packed(const char *path, enum packed_bytes_form form, const char *text, size_t cut)
{
	struct packed_bytes p = {0};
	packed_bytes_add(&p, form, text, strlen(text));
	put(path, p.bytes, p.size - cut);
	packed_bytes_clear(&p);
}

/* One decision each; the second of a minute names it. */
static const char *log_lines(char text[4096], unsigned from, unsigned count)
{
	size_t used = 0;
	for (unsigned i = from; i < from + count; i++)
		used += (size_t)snprintf(text + used, 4096 - used,
			"Nov 20 14:00:%02u gate sshd[412]: refused connect from 198.51.100.%u (198.51.100.%u)\n", i, i, i);
	return text;
}

static const char *json_line_of(char text[512], const char *day, unsigned number)
{
	snprintf(text, 512,
		"{\"v\":1,\"timestamp\":\"%sT14:00:00.000000Z\",\"id\":\"x\",\"host\":\"gate\",\"event_type\":\"access\","
		"\"src_ip\":\"198.51.100.%u\",\"access\":{\"service\":\"sshd\",\"decision\":\"refused\"}}\n",
		day, number);
	return text;
}

/* The numbers of all decisions, "1 2 3", and what the stream says of itself at the end. */
struct told {
	char numbers[256];
	uint64_t broken;
	unsigned unread;
	bool opened;
	int cause;
	char said[1024]; /* on standard error */
};

static void take_all(struct access_stream *s, struct told *t)
{
	size_t used = 0;
	for (; s->has_head; access_stream_next(s))
		used += (size_t)snprintf(t->numbers + used, sizeof t->numbers - used, used > 0 ? " %u" : "%u",
			(unsigned)s->head.client.bytes[15]);
	access_stream_next(s); /* the end stays the end */
	assert_false(s->has_head);
}

static struct told read_stream(const char *path, struct wall_time since)
{
	struct told t = {.opened = false};
	struct access_stream s;
	FILE *said = tmpfile();
	assert_non_null(said);
	fflush(stderr);
	const int before = dup(STDERR_FILENO);
	dup2(fileno(said), STDERR_FILENO);
	errno = 0;
	t.opened = access_stream_open(&s, path, &options, since, AHEAD);
	t.cause = t.opened ? 0 : errno;
	if (!t.opened)
		assert_false(s.has_head);
	take_all(&s, &t);
	t.broken = s.broken;
	t.unread = s.unread;
	access_stream_close(&s);
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(said);
	t.said[fread(t.said, 1, sizeof t.said - 1, said)] = '\0';
	fclose(said);
	return t;
}

static unsigned check(const char *row, const struct told *t, const char *numbers, uint64_t broken, unsigned unread)
{
	return table_check_text(row, "decisions", t->numbers, numbers) +
	       table_check_number(row, "broken", (long long)t->broken, (long long)broken) +
	       table_check_number(row, "unread", t->unread, unread);
}

/* ---- files ------------------------------------------------------------------------------------------------- */

static void a_file_is_read_plain_or_packed(void **state)
{
	(void)state;
	unsigned faults = 0;
	char text[4096];
	for (enum packed_bytes_form form = 0; form < PACKED_BYTES_FORMS; form++) {
		const char *name = packed_bytes_form_name(form);
		put_packed("log", form, log_lines(text, 1, TEN), 0);
		const struct told t = read_stream("log", always);
		faults += table_check_number(name, "opened", t.opened, true);
		faults += check(name, &t, "1 2 3 4 5 6 7 8 9 10", 0, 0);
		faults += table_check_text(name, "said", t.said, "");
	}
	assert_int_equal(faults, 0);
}

/* The caller puts several in order of time: each gives its first decision before anything else is asked. */
static void several_are_read_side_by_side(void **state)
{
	(void)state;
	static const unsigned first[] = {21, 1, 11};
	char text[4096], order[256] = "";
	struct access_stream s[3];
	for (unsigned i = 0; i < 3; i++) {
		char name[16];
		snprintf(name, sizeof name, "log%u", i);
		put_packed(name, i % PACKED_BYTES_FORMS, log_lines(text, first[i], 2), 0);
		assert_true(access_stream_open(&s[i], i == 0 ? "log0" : i == 1 ? "log1" : "log2", &options, always, AHEAD));
		assert_true(s[i].has_head);
	}
	for (;;) {
		struct access_stream *best = NULL;
		for (unsigned i = 0; i < 3; i++) {
			if (s[i].has_head && (best == NULL || s[i].head.time.us < best->head.time.us))
				best = &s[i];
		}
		if (best == NULL)
			break;
		snprintf(order + strlen(order), sizeof order - strlen(order), " %u", (unsigned)best->head.client.bytes[15]);
		access_stream_next(best);
	}
	for (unsigned i = 0; i < 3; i++)
		access_stream_close(&s[i]);
	assert_string_equal(order, " 1 2 11 12 21 22");
}

static void lines_that_are_broken_are_counted(void **state)
{
	(void)state;
	char good[4096], day[512], text[8192];
	const char *access = json_line_of(day, "2026-11-20", 3);
	snprintf(text, sizeof text,
		"%s"
		"Nov 20 14:00:14 gate sshd[413]: refused connect from x (192.0.2.700)\n"
		"Nov 20 14:00:14 gate sshd[413]: Connection closed\n"
		"%.*s\n"
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:00:13.000000Z\",\"event_type\":\"stats\",\"stats\":{}}\n"
		"%s",
		log_lines(good, 1, 2), (int)strlen(access) - 20, access, access);
	put("log", text, strlen(text));
	const struct told t = read_stream("log", always);
	assert_int_equal(check("broken lines", &t, "3 1 2", 2, 0), 0); /* in order of time */
	assert_non_null(strstr(t.said, "log:3: 2 lines could not be read"));
}

/* The second of the minute is the number. */
static size_t put_second(char *text, unsigned second)
{
	return (size_t)sprintf(text, // NOLINT: a line of known length
		"Nov 20 14:00:%02u gate sshd[412]: refused connect from 198.51.100.%u (198.51.100.%u)\n", second, second, second);
}

static void what_comes_late_is_put_in_order_as_far_as_is_read_ahead(void **state)
{
	(void)state;
	static const unsigned seconds[] = {4, 3, 1, 2, 9, 8, 7, 6, 20, 21, 22, 23, 24, 5, 25};
	char text[4096];
	size_t used = 0;
	struct access_stream s;
	char late[64] = "";
	for (size_t i = 0; i < TABLE_CHECK_ROWS(seconds); i++)
		used += put_second(text + used, seconds[i]);
	put("log", text, used);
	const struct told t = read_stream("log", always);
	assert_int_equal(check("late", &t, "1 2 3 4 6 7 8 9 20 21 5 22 23 24 25", 0, 0), 0);
	assert_true(access_stream_open(&s, "log", &options, always, AHEAD));
	for (; s.has_head; access_stream_next(&s)) {
		if (s.is_late)
			sprintf(late + strlen(late), "%u at %u;", (unsigned)s.head.client.bytes[15], (unsigned)s.head_line); // NOLINT
	}
	access_stream_close(&s);
	assert_string_equal(late, "5 at 14;");
}

static void a_file_that_is_cut_is_read_to_there_and_said(void **state)
{
	(void)state;
	unsigned faults = 0;
	char text[4096];
	for (enum packed_bytes_form form = PACKED_BYTES_GZIP; form < PACKED_BYTES_FORMS; form++) {
		const char *name = packed_bytes_form_name(form);
		put_packed("cut.log", form, log_lines(text, 1, TEN), 1);
		const struct told t = read_stream("cut.log", always);
		faults += table_check_number(name, "opened", t.opened, true);
		faults += table_check_number(name, "unread", t.unread, 1);
		faults += table_check_number(name, "says which file", strstr(t.said, "cut.log") != NULL, true);
	}
	put_packed("cut.log", PACKED_BYTES_GZIP, log_lines(text, 1, TEN), 4);
	const struct told t = read_stream("cut.log", always);
	faults += check("a cut gzip", &t, "1 2 3 4 5 6 7 8 9 10", 0, 1);
	assert_int_equal(faults, 0);
}

static void what_cannot_be_opened_is_said_with_its_cause(void **state)
{
	(void)state;
	static const struct {
		const char *what, *path;
		int cause;
	} rows[] = {
		{"not there", "no/where", ENOENT},
		{"below a file", "plain/x", ENOTDIR},
		{"a folder without a journal", "empty", ENOENT},
		{"forbidden", "forbidden", EACCES},
		{"a forbidden journal", "closed", EACCES},
	};
	unsigned faults = 0;
	put("plain", "", 0);
	put("forbidden", "", 0);
	chmod("forbidden", 0);
	mkdir("empty", 0755);
	mkdir("closed", 0755);
	mkdir("closed/journal", 0700);
	const bool is_root = geteuid() == 0;
	if (is_root)
		assert_int_equal(seteuid(NOBODY), 0);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		if (rows[i].cause == EACCES && !is_root)
			continue; /* who made them may read them */
		const struct told t = read_stream(rows[i].path, always);
		faults += table_check_number(rows[i].what, "opened", t.opened, false);
		faults += table_check_number(rows[i].what, "errno", t.cause, rows[i].cause);
		faults += check(rows[i].what, &t, "", 0, 1);
		faults += table_check_number(rows[i].what, "said", strncmp(t.said, "knockwatch: error: access log: ", 31), 0);
		faults += table_check_number(rows[i].what, "names it", strstr(t.said, rows[i].path) != NULL, true);
	}
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(faults, 0);
}

static void an_empty_file_has_no_decision(void **state)
{
	(void)state;
	put("log", "", 0);
	const struct told t = read_stream("log", always);
	assert_true(t.opened);
	assert_int_equal(check("empty", &t, "", 0, 0), 0);
}

/* ---- a journal --------------------------------------------------------------------------------------------- */

static void put_day(const char *state, const char *day, enum packed_bytes_form form, unsigned number, size_t cut)
{
	char path[PATH_MAX], text[512];
	snprintf(path, sizeof path, "%s", state);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "%s/journal", state);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "%s/journal/%s.jsonl%s", state, day, form == PACKED_BYTES_ZSTD ? ".zst" : "");
	put_packed(path, form, json_line_of(text, day, number), cut);
}

static struct wall_time at(int year, int month, int day, int seconds)
{
	return wall_time_from_parts(clock_days_from_civil(year, month, day) * 86400 + seconds, 0);
}

static void a_journal_is_read_day_by_day_and_those_before_are_left_out(void **state)
{
	(void)state;
	const struct {
		const char *what;
		struct wall_time since;
		const char *numbers;
	} rows[] = {
		{"from the beginning", always, "1 2 3 4"},
		{"from before it", at(2020, 1, 1, 0), "1 2 3 4"},
		{"the first second of a day", at(2026, 11, 20, 0), "2 3 4"},
		{"the last second of a day", at(2026, 11, 20, 86399), "2 3 4"},
		{"a day that is not there", at(2026, 11, 21, 40000), "3 4"},
		{"the last day", at(2026, 12, 1, 0), "4"},
		{"after it", at(2026, 12, 2, 0), ""},
	};
	unsigned faults = 0;
	/* Made in another order than they are read. */
	put_day("state", "2026-11-22", PACKED_BYTES_PLAIN, 3, 0);
	put_day("state", "2026-12-01", PACKED_BYTES_PLAIN, 4, 0);
	put_day("state", "2026-11-19", PACKED_BYTES_ZSTD, 1, 0);
	put_day("state", "2026-11-20", PACKED_BYTES_ZSTD, 2, 0);
	put("state/journal/notes.txt", "not ours", 8);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		const struct told t = read_stream(i % 2 ? "state" : "state/", rows[i].since);
		faults += table_check_number(rows[i].what, "opened", t.opened, true);
		faults += check(rows[i].what, &t, rows[i].numbers, 0, 0);
		faults += table_check_text(rows[i].what, "said", t.said, "");
	}
	assert_int_equal(faults, 0);
}

static void a_day_that_cannot_be_read_is_counted_and_the_next_one_read(void **state)
{
	(void)state;
	unsigned faults = 0;
	put_day("hurt", "2026-11-19", PACKED_BYTES_PLAIN, 1, 0);
	put_day("hurt", "2026-11-20", PACKED_BYTES_ZSTD, 2, 3);   /* cut */
	put_day("hurt", "2026-11-21", PACKED_BYTES_PLAIN, 3, 30); /* its line is broken */
	mkdir("hurt/journal/2026-11-22.jsonl", 0755);
	put_day("hurt", "2026-11-23", PACKED_BYTES_PLAIN, 5, 0);
	const struct told t = read_stream("hurt", always);
	faults += table_check_number("hurt", "opened", t.opened, true);
	faults += check("hurt", &t, "1 2 5", 1, 2);
	faults += table_check_number("hurt", "names the cut day", strstr(t.said, "2026-11-20") != NULL, true);
	faults += table_check_number("hurt", "names the folder", strstr(t.said, "2026-11-22") != NULL, true);
	assert_int_equal(faults, 0);
}

/* No symbolic link is followed in a journal, and no pipe waited for. */
static void only_plain_files_are_days(void **state)
{
	(void)state;
	unsigned faults = 0;
	char text[512];
	put_day("odd", "2026-11-19", PACKED_BYTES_PLAIN, 1, 0);
	put("elsewhere", json_line_of(text, "2026-11-20", 2), strlen(json_line_of(text, "2026-11-20", 2)));
	assert_int_equal(symlink("../../elsewhere", "odd/journal/2026-11-20.jsonl"), 0);
	assert_int_equal(mkfifo("odd/journal/2026-11-21.jsonl", 0600), 0);
	put_day("odd", "2026-11-22", PACKED_BYTES_PLAIN, 4, 0);
	const struct told t = read_stream("odd", always);
	faults += check("odd", &t, "1 4", 0, 2);
	assert_int_equal(faults, 0);
}

static void an_empty_journal_has_no_decision(void **state)
{
	(void)state;
	mkdir("new", 0755);
	mkdir("new/journal", 0755);
	const struct told t = read_stream("new", always);
	assert_true(t.opened);
	assert_int_equal(check("new", &t, "", 0, 0), 0);
}

static void a_stream_that_is_closed_early_leaves_nothing_open(void **state)
{
	(void)state;
	char text[4096];
	struct access_stream s;
	put_packed("log", PACKED_BYTES_GZIP, log_lines(text, 1, TEN), 0);
	put_day("state", "2026-11-19", PACKED_BYTES_PLAIN, 1, 0);
	const int next = dup(0);
	close(next);
	for (int i = 0; i < 3; i++) {
		(void)access_stream_open(&s, i == 0 ? "log" : i == 1 ? "state" : "no/where", &options, always, AHEAD);
		access_stream_close(&s);
	}
	const int now = dup(0);
	close(now);
	assert_int_equal(now, next);
}

int main(void)
{
	alarm(60); /* what waits for a pipe waits for ever */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_plain_or_packed),
		cmocka_unit_test(several_are_read_side_by_side),
		cmocka_unit_test(lines_that_are_broken_are_counted),
		cmocka_unit_test(what_comes_late_is_put_in_order_as_far_as_is_read_ahead),
		cmocka_unit_test(a_file_that_is_cut_is_read_to_there_and_said),
		cmocka_unit_test(what_cannot_be_opened_is_said_with_its_cause),
		cmocka_unit_test(an_empty_file_has_no_decision),
		cmocka_unit_test(a_journal_is_read_day_by_day_and_those_before_are_left_out),
		cmocka_unit_test(a_day_that_cannot_be_read_is_counted_and_the_next_one_read),
		cmocka_unit_test(only_plain_files_are_days),
		cmocka_unit_test(an_empty_journal_has_no_decision),
		cmocka_unit_test(a_stream_that_is_closed_early_leaves_nothing_open),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
