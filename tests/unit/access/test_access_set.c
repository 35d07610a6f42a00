/* SPDX-License-Identifier: ISC */
#include "access/access_set.h"

#include "access/access_time.h"
#include "table_check.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct entry_row {
	const char *block, *service, *note;
	int64_t expires_s;
	enum access_verdict verdict;
	const char *line;
};

static const struct entry_row rows[] = {
	{"198.51.100.7", "ALL", "", 0, ACCESS_DENY, "ALL: 198.51.100.7: deny\n"},
	{"198.51.100.0/24", "sshd", "guessing", 1796014800, ACCESS_DENY,
		"sshd: 198.51.100.0/24: expires 20261130T050000Z: note guessing: deny\n"},
	{"2001:db8::/32", "ALL", "at 10:15, twice", 0, ACCESS_GRANT,
		"ALL: [2001:db8::]/32: note at 10\\:15, twice: allow\n"},
	{"2001:db8::1", "vsftpd", "", 951782400, ACCESS_DENY,
		"vsftpd: [2001:db8::1]: expires 20000229T000000Z: deny\n"},
	{"0.0.0.0/0", "sshd", "all of them", 0, ACCESS_DENY,
		"sshd: 0.0.0.0/0.0.0.0: note all of them: deny\n"},
	{"::/0", "sshd", "", 0, ACCESS_DENY, "sshd: [::]/0: deny\n"},
	{"198.51.100.7", "ALL", "=)", 0, ACCESS_GRANT, "ALL: 198.51.100.7: note = =): allow\n"},
	{"198.51.100.7", "ALL", "a=b", 0, ACCESS_GRANT, "ALL: 198.51.100.7: note a=b: allow\n"},
};

static struct access_set_entry entry_of(const struct entry_row *r)
{
	struct access_set_entry e = {.verdict = r->verdict, .expires_s = r->expires_s};
	assert_true(prefix_parse(r->block, strlen(r->block), &e.block, NULL));
	snprintf(e.service, sizeof e.service, "%s", r->service);
	snprintf(e.note, sizeof e.note, "%s", r->note);
	return e;
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_set_entry e = entry_of(&rows[i]), again;
		char text[ACCESS_SET_LINE_SIZE];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		access_set_write(&b, &e);
		if (strcmp(text, rows[i].line) != 0) {
			print_error("got [%s], wanted [%s]\n", text, rows[i].line);
			faults++;
		}
		faults += table_check_number(rows[i].line, "read",
			access_set_read((struct text_slice){text, b.used - 1}, &again), 1);
		faults += table_check_number(rows[i].line, "same", access_set_same(&e, &again), 1);
		faults += table_check_number(rows[i].line, "expires", again.expires_s, e.expires_s);
		faults += table_check_number(rows[i].line, "verdict", again.verdict, e.verdict);
		assert_string_equal(again.note, e.note);
	}
	assert_int_equal(faults, 0);
}

static void what_another_hand_wrote_is_left_alone(void **state)
{
	(void)state;
	static const char *const lines[] = {"", "# a comment", "ALL: 198.51.100.7",
		"ALL: 198.51.100.7: spawn true: deny", "ALL: 198.51.100.7, 198.51.100.8: deny",
		"sshd, vsftpd: 198.51.100.7: deny", "ALL: .example: deny",
		"ALL: 198.51.100.7: expires tomorrow: deny", "ALL EXCEPT sshd: 198.51.100.7: deny",
		"22: 198.51.100.7: deny", "ALL: 198.51.100.7/24: deny"};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(lines); i++) {
		struct access_set_entry e;
		faults += table_check_number(
			lines[i], "read", access_set_read(text_slice_of(lines[i]), &e), 0);
	}
	assert_int_equal(faults, 0);
}

static void a_note_cannot_become_an_option(void **state)
{
	(void)state;
	struct access_set_entry e = entry_of(&rows[0]), again;
	snprintf(e.note, sizeof e.note, "x: spawn rm -rf /: allow\nALL: ALL: allow\\");
	char text[ACCESS_SET_LINE_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	access_set_write(&b, &e);
	assert_string_equal(text,
		"ALL: 198.51.100.7: note x\\: spawn rm -rf /\\: allow_ALL\\: ALL\\: allow_: deny\n");
	assert_true(access_set_read((struct text_slice){text, b.used - 1}, &again));
	assert_int_equal(again.verdict, ACCESS_DENY);
}

static void a_note_is_kept_in_plain_letters(void **state)
{
	(void)state;
	static const struct {
		const char *told, *kept;
	} notes[] = {
		{"guesses passwords", "guesses passwords"},
		{"  one\n two\t\r\n three ", "one two three"},
		{"\xc3\xbc" "ber", "_ber"},
		{"\xe2\x82\xac\xe2\x82\xac", "__"},
		{"a \xc3\xbc b", "a _ b"},
		{"\x1b[31mred", "_[31mred"},
		{"back\\slash: all", "back_slash: all"},
		{" ", ""},
		{"", ""},
	};
	char kept[ACCESS_SET_NOTE_SIZE], many[2 * ACCESS_SET_NOTE_SIZE + 1] = "";
	for (size_t i = 0; i < TABLE_CHECK_ROWS(notes); i++) {
		assert_true(access_set_take_note(notes[i].told, kept));
		assert_string_equal(kept, notes[i].kept);
	}
	for (size_t i = 0; i + 1 < ACCESS_SET_NOTE_SIZE; i++)
		memcpy(many + 2 * i, "\xc3\xbc", 3);
	assert_true(access_set_take_note(many, kept));
	assert_int_equal(strlen(kept), ACCESS_SET_NOTE_SIZE - 1);
	strcat(many, "x");
	assert_false(access_set_take_note(many, kept));
}

/* An option without a value would deny. */
static void a_note_of_blanks_is_none(void **state)
{
	(void)state;
	static const char *const notes[] = {" ", " \t ", ""};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(notes); i++) {
		struct access_set_entry e = entry_of(&rows[0]);
		char text[ACCESS_SET_LINE_SIZE];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		snprintf(e.note, sizeof e.note, "%s", notes[i]);
		access_set_write(&b, &e);
		assert_string_equal(text, "ALL: 198.51.100.7: deny\n");
	}
}

static void the_longest_entry_fits_its_line(void **state)
{
	(void)state;
	struct access_set_entry e = entry_of(&rows[1]), again;
	char text[ACCESS_SET_LINE_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	static const char block[] = "2001:db8:1111:2222:3333:4444:5555:6660/124";
	assert_true(prefix_parse(block, sizeof block - 1, &e.block, NULL));
	memset(e.service, 'x', sizeof e.service - 1);
	memset(e.note, ':', sizeof e.note - 1);
	e.verdict = ACCESS_GRANT;
	access_set_write(&b, &e);
	assert_false(b.cut);
	assert_true(access_set_read((struct text_slice){text, b.used - 1}, &again));
	assert_string_equal(again.note, e.note);
	assert_true(access_set_same(&again, &e));
}

static void services_are_names_of_daemons(void **state)
{
	(void)state;
	static const char *const good[] = {"ALL", "sshd", "in.ftpd", "vsftpd-2", "my_d"};
	static const char *const bad[] = {"", "22", "KNOWN", "except", "a b", "a:b", "a*", ".d",
		"d.", "@d", "/d", "a@b", "a,b"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(good); i++)
		assert_true(access_set_is_service(good[i]));
	for (size_t i = 0; i < TABLE_CHECK_ROWS(bad); i++)
		assert_false(access_set_is_service(bad[i]));
}

static void only_times_that_there_are_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t seconds; /* -1: it is no time */
	} times[] = {
		{"19700101T000000Z", 0}, {"20000229T000000Z", 951782400}, {"20261130T050000Z", 1796014800},
		{"20241231T235959Z", 1735689599}, {"20241231T235960Z", 1735689600}, {"99991231T235959Z", 253402300799},
		{"20260229T000000Z", -1}, {"20260431T000000Z", -1}, {"20260132T000000Z", -1}, {"20260100T000000Z", -1},
		{"20261301T000000Z", -1}, {"20260001T000000Z", -1}, {"19691231T235959Z", -1}, {"20261130T240000Z", -1},
		{"20261130T056000Z", -1}, {"20261130T050061Z", -1}, {"20261130T050000", -1}, {"20261130T050000z", -1},
		{"20261130 050000Z", -1}, {"2026-11-30T05:00", -1}, {"+0261130T050000Z", -1}, {"20261130T050000ZZ", -1}, {"", -1},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(times); i++) {
		int64_t seconds = -1;
		const bool good = access_time_read(text_slice_of(times[i].text), &seconds);
		faults += table_check_number(times[i].text, "read", good, times[i].seconds >= 0);
		faults += table_check_number(times[i].text, "seconds", seconds, times[i].seconds);
		if (good && strcmp(times[i].text + 13, "60Z") != 0)
			faults += table_check_text(times[i].text, "again", access_time_write(seconds).text, times[i].text);
	}
	assert_int_equal(faults, 0);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static enum access_verdict decide_at(
	const struct access_tables *tables, const char *client, int64_t now_s, unsigned *line)
{
	struct access_known k = {.port = {-1, -1}, .now_s = now_s};
	snprintf(k.address[ACCESS_CLIENT], sizeof k.address[ACCESS_CLIENT], "%s", client);
	struct access_request q = access_request_known("sshd", &k);
	struct access_decision d;
	access_decision_make(tables, &q, (struct access_warning_sink){0}, &d);
	enum access_verdict verdict = d.verdict;
	*line = d.line;
	access_decision_clear(&d);
	return verdict;
}

static void the_set_is_asked_first_until_its_entries_expire(void **state)
{
	(void)state;
	char directory[] = "/tmp/kw-set.XXXXXX", set[64], allow[64], deny[64];
	assert_non_null(mkdtemp(directory));
	snprintf(set, sizeof set, "%s/set", directory);
	snprintf(allow, sizeof allow, "%s/allow", directory);
	snprintf(deny, sizeof deny, "%s/deny", directory);
	write_file(set, "sshd: 198.51.100.0/24: expires 20261130T050000Z: note x: deny\n"
			"ALL: 198.51.100.7: note the owner: allow\n");
	write_file(allow, "sshd: ALL\n");
	write_file(deny, "ALL: ALL\n");
	const struct access_tables tables = {.set = set, .allow = allow, .deny = deny};
	unsigned line;
	assert_int_equal(decide_at(&tables, "198.51.100.7", 1796014799, &line), ACCESS_DENY);
	assert_int_equal(line, 1);
	/* Over: the next line of the set, or the next table. */
	assert_int_equal(decide_at(&tables, "198.51.100.7", 1796014800, &line), ACCESS_GRANT);
	assert_int_equal(line, 2);
	assert_int_equal(decide_at(&tables, "198.51.100.8", 1796014800, &line), ACCESS_GRANT);
	assert_int_equal(line, 1);
	/* Who does not know the time takes it for lasting. */
	assert_int_equal(decide_at(&tables, "198.51.100.8", 0, &line), ACCESS_DENY);
	unlink(set);
	assert_int_equal(decide_at(&tables, "198.51.100.8", 0, &line), ACCESS_GRANT);
	unlink(allow);
	unlink(deny);
	rmdir(directory);
}

static void an_entry_ends_however_long_its_note_is(void **state)
{
	(void)state;
	char set[] = "/tmp/kw-set.XXXXXX", text[2 * ACCESS_SET_LINE_SIZE], note[ACCESS_SET_LINE_SIZE];
	int fd = mkstemp(set);
	assert_true(fd >= 0);
	close(fd);
	const struct access_tables tables = {.set = set, .allow = "/no/where", .deny = "/no/where"};
	unsigned line;
	struct access_set_entry e = {.service = "ALL", .verdict = ACCESS_DENY, .expires_s = 1796014800};
	assert_true(prefix_parse("198.51.100.0/24", 15, &e.block, NULL));
	memset(e.note, ':', sizeof e.note - 1);
	struct text_buffer b = text_buffer_over(text, sizeof text);
	access_set_write(&b, &e);
	write_file(set, text);
	assert_int_equal(decide_at(&tables, "198.51.100.7", 1796014799, &line), ACCESS_DENY);
	assert_int_equal(decide_at(&tables, "198.51.100.7", 1796014800, &line), ACCESS_GRANT);
	/* By another hand, longer than those of ours may be. */
	memset(note, 'n', sizeof note - 1);
	note[sizeof note - 1] = '\0';
	snprintf(text, sizeof text, "ALL: ALL: note %s: expires 20261130T050000Z: deny\n", note);
	write_file(set, text);
	assert_int_equal(decide_at(&tables, "198.51.100.7", 1796014799, &line), ACCESS_DENY);
	assert_int_equal(decide_at(&tables, "198.51.100.7", 1796014800, &line), ACCESS_GRANT);
	unlink(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_another_hand_wrote_is_left_alone),
		cmocka_unit_test(a_note_cannot_become_an_option),
		cmocka_unit_test(a_note_is_kept_in_plain_letters),
		cmocka_unit_test(a_note_of_blanks_is_none),
		cmocka_unit_test(the_longest_entry_fits_its_line),
		cmocka_unit_test(services_are_names_of_daemons),
		cmocka_unit_test(only_times_that_there_are_are_read),
		cmocka_unit_test(the_set_is_asked_first_until_its_entries_expire),
		cmocka_unit_test(an_entry_ends_however_long_its_note_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
