/* SPDX-License-Identifier: ISC */
#include "cli/systemd_unit.h"
#include "cli/unit_words.h"

#include "support/table_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *text;
	const char *words[5];
} word_rows[] = {
	{"", {0}},
	{"  \t ", {0}},
	{"a b\tc", {"a", "b", "c"}},
	{"\"a b\" 'c \"d'", {"a b", "c \"d"}},
	{"a\\ b \\\"c", {"a b", "\"c"}},
	{"A=\"b c\" d", {"A=b c", "d"}},
	{"\"open end", {"open end"}},
	{"\\", {"\\"}},
	{"a\\x20b", {"a\\x20b"}},
	{"\"\" b", {"", "b"}},
};

static void words_are_apart_as_systemd_has_them(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(word_rows); i++) {
		const char *rest = word_rows[i].text;
		char word[64];
		unsigned n = 0;
		while (unit_words_next(&rest, word, sizeof word)) {
			faults += table_check_text(word_rows[i].text, "word", word, word_rows[i].words[n]);
			n += word_rows[i].words[n] != NULL;
		}
		faults += table_check_text(word_rows[i].text, "end", NULL, word_rows[i].words[n]);
	}
	assert_int_equal(faults, 0);
}

static void what_is_quoted_is_read_back(void **state)
{
	static const char *const texts[] = {"plain", "a b", "a\"b\\c", "/x y:/z", "'"};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(texts); i++) {
		char memory[64], word[64];
		struct text_buffer out = text_buffer_over(memory, sizeof memory);
		unit_words_add_quoted(&out, texts[i], true);
		const char *rest = memory;
		faults += table_check_number(texts[i], "read", unit_words_next(&rest, word, sizeof word), true);
		faults += table_check_text(texts[i], "word", word, texts[i]);
	}
	assert_int_equal(faults, 0);
}

static void lines_are_joined_and_numbered(void **state)
{
	static const char text[] = "# one\n\nA=b \\\n# in between\n  c\n;x\nD=e\\\n";
	struct text_slice rest = {text, sizeof text - 1};
	char line[sizeof text];
	unsigned next = 1, number = 0;
	(void)state;
	assert_true(unit_words_line(&rest, line, &next, &number));
	assert_string_equal(line, "A=b  c");
	assert_int_equal(number, 3);
	assert_true(unit_words_line(&rest, line, &next, &number));
	assert_string_equal(line, "D=e");
	assert_int_equal(number, 7);
	assert_false(unit_words_line(&rest, line, &next, &number));
}

static struct systemd_unit *unit;

static void take(const char *text, bool ours, bool after)
{
	systemd_unit_take(unit, "", after ? "/after" : ours ? "/ours" : "/main", text_slice_of(text), ours, after);
}

static int fresh(void **state)
{
	(void)state;
	unit = calloc(1, sizeof *unit);
	return unit ? 0 : -1;
}

static int gone(void **state)
{
	(void)state;
	free(unit);
	return 0;
}

static void a_line_that_starts_a_program_is_cut_into_its_parts(void **state)
{
	(void)state;
	take("[Unit]\nExecStart=/not/here\n[Service]\nExecStart = @-/usr/sbin/x name  one \"two three\"\n"
	     "ExecStartPre=/not/this\n",
		false, false);
	assert_int_equal(unit->exec_count, 1);
	assert_string_equal(unit->execs[0].program, "/usr/sbin/x");
	assert_string_equal(unit->execs[0].prefix, "@-");
	assert_string_equal(unit->execs[0].called, "name");
	assert_string_equal(unit->execs[0].second, "one");
	assert_string_equal(systemd_unit_served(&unit->execs[0]), "name");
	assert_string_equal(unit->execs[0].rest, " name  one \"two three\"");
	assert_int_equal(unit->execs[0].line, 4);
	take("[Service]\nExecStart=\nExecStart=tcpd in.x\n", false, false);
	assert_int_equal(unit->exec_count, 1);
	assert_string_equal(unit->execs[0].program, "tcpd");
	assert_string_equal(unit->execs[0].second, "in.x");
	assert_string_equal(systemd_unit_served(&unit->execs[0]), "in.x");
	take("[Service]\nExecStart=\nExecStart=@/b/tcpd tcpd in.y\n", false, false);
	assert_string_equal(systemd_unit_served(&unit->execs[0]), "in.y");
	assert_false(unit->cut);
}

static void more_than_is_kept_is_said(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= SYSTEMD_UNIT_EXECS; i++)
		take("[Service]\nExecStart=/bin/x\n", false, false);
	assert_int_equal(unit->exec_count, SYSTEMD_UNIT_EXECS);
	assert_true(unit->cut);
}

static void the_last_assignment_counts(void **state)
{
	(void)state;
	take("[Service]\nEnvironment=A=b LD_LIBRARY_PATH=/one\nEnvironment=\"LD_LIBRARY_PATH=/two:/three\" C=d\n",
		false, false);
	assert_true(unit->has_path);
	assert_string_equal(unit->path, "/two:/three");
	take("[Service]\nEnvironment=\n", false, false);
	assert_false(unit->has_path);
	assert_string_equal(unit->path_after, "");
	take("[Service]\nEnvironment=XLD_LIBRARY_PATH=/one\n", false, true);
	assert_string_equal(unit->path_after, "");
	take("[Service]\nEnvironment=LD_LIBRARY_PATH=/late\n", false, true);
	assert_string_equal(unit->path_after, "/after");
}

static void what_would_undo_ours_is_found(void **state)
{
	(void)state;
	take("[Service]\nUnsetEnvironment=A LD_LIBRARY_PATH\nRootDirectory=/srv\nEnvironmentFile=-/nowhere\n",
		false, false);
	assert_string_equal(unit->path_unset, "/main");
	assert_string_equal(unit->root_directory, "/srv");
	assert_string_equal(unit->path_file, "");
	take("[Service]\nUnsetEnvironment=\nRootDirectory=/\n", false, false);
	assert_string_equal(unit->path_unset, "");
	assert_string_equal(unit->root_directory, "");
}

/* --- a host --- */

static char root[64];

static void put(const char *path, const char *text)
{
	char full[256];
	snprintf(full, sizeof full, "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	FILE *out = fopen(full, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static char told[1024];

static bool note(void *context, const struct systemd_unit *u)
{
	struct text_buffer *out = context;
	text_buffer_printf(out, "%s %s %s %s%s|", u->name,
		u->exec_count ? u->execs[0].program : "-", u->has_path_before ? u->path_before : "-",
		u->has_path ? u->path : "-", u->has_ours ? " ours" : "");
	return true;
}

static void drop_ins_are_read_in_the_order_of_their_names(void **state)
{
	char path[256], command[128];
	(void)state;
	snprintf(root, sizeof root, "/tmp/knockwatch-units.XXXXXX");
	assert_non_null(mkdtemp(root));
	put("/lib/systemd/system/a.service", "[Service]\nExecStart=/lib/a\n");
	put("/lib/systemd/system/b.service", "[Service]\nExecStart=/lib/b\n");
	put("/etc/systemd/system/a.service", "[Service]\nExecStart=/etc/a\n");
	put("/lib/systemd/system/b.service.d/10-x.conf", "[Service]\nEnvironment=LD_LIBRARY_PATH=/masked\n");
	put("/etc/systemd/system/b.service.d/10-x.conf", "[Service]\nEnvironment=LD_LIBRARY_PATH=/x\n");
	put("/etc/systemd/system/b.service.d/" SYSTEMD_UNIT_DROP_IN,
		"[Service]\nEnvironment=LD_LIBRARY_PATH=/ours:/x\n");
	put("/etc/systemd/system/b.service.d/ignored.txt", "[Service]\nExecStart=\n");
	snprintf(path, sizeof path, "%s/etc/systemd/system/alias.service", root);
	assert_int_equal(symlink("a.service", path), 0);
	snprintf(path, sizeof path, "%s/etc/systemd/system/masked.service", root);
	assert_int_equal(symlink("/dev/null", path), 0);
	put("/lib/systemd/system/masked.service", "[Service]\nExecStart=/lib/masked\n");
	struct text_buffer out = text_buffer_over(told, sizeof told);
	systemd_unit_each(root, note, &out);
	assert_string_equal(told, "a.service /etc/a - -|b.service /lib/b /x /ours:/x ours|");
	snprintf(command, sizeof command, "rm -r '%s'", root);
	assert_int_equal(system(command), 0); // NOLINT: a path of ours
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_apart_as_systemd_has_them),
		cmocka_unit_test(what_is_quoted_is_read_back),
		cmocka_unit_test(lines_are_joined_and_numbered),
		cmocka_unit_test_setup_teardown(
			a_line_that_starts_a_program_is_cut_into_its_parts, fresh, gone),
		cmocka_unit_test_setup_teardown(more_than_is_kept_is_said, fresh, gone),
		cmocka_unit_test_setup_teardown(the_last_assignment_counts, fresh, gone),
		cmocka_unit_test_setup_teardown(what_would_undo_ours_is_found, fresh, gone),
		cmocka_unit_test(drop_ins_are_read_in_the_order_of_their_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
