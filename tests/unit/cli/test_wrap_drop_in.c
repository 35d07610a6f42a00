/* SPDX-License-Identifier: ISC */
#include "cli/wrap_drop_in.h"

#include "support/table_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct wrap_place place = {.root = "", .directory = "/x/50%", .tcpd = "/x/tcpd"};
static struct systemd_unit unit;
static struct wrap_way way;
static char text[WRAP_DROP_IN_TEXT];

static void read_unit(const char *lines)
{
	unit = (struct systemd_unit){0};
	systemd_unit_take(&unit, "", "/main", text_slice_of(lines), false, false);
	memcpy(unit.before, unit.execs, sizeof unit.before);
	unit.before_count = unit.exec_count;
	unit.has_path_before = unit.has_path;
	memcpy(unit.path_before, unit.path, sizeof unit.path);
}

static const char *make(enum wrap_way_how how, const char *lines)
{
	struct text_buffer out = text_buffer_over(text, sizeof text);
	read_unit(lines);
	way = (struct wrap_way){.kind = WRAP_BY_UNIT, .how = how, .unit = &unit};
	snprintf(way.name, sizeof way.name, "a.service");
	wrap_drop_in_write(&place, &way, &out);
	assert_false(out.cut);
	return text;
}

#define HEAD "# Written by 'knockwatch wrap enable a.service'; 'knockwatch wrap disable a.service' takes it away.\n[Service]\n"

static const struct {
	const char *name;
	enum wrap_way_how how;
	const char *lines, *body;
} rows[] = {
	{"a variable", WRAP_LINKED, "[Service]\nExecStart=/bin/a\n",
		HEAD "Environment=\"LD_LIBRARY_PATH=/x/50%%\"\n"},
	{"one that was set, with its specifiers", WRAP_LINKED, "[Service]\nEnvironment=LD_LIBRARY_PATH=/o/%i\n",
		HEAD "Environment=\"LD_LIBRARY_PATH=/x/50%%:/o/%i\"\n"},
	{"one that was set with a blank", WRAP_LINKED, "[Service]\nEnvironment=\"LD_LIBRARY_PATH=/o o\"\n",
		HEAD "Environment=\"LD_LIBRARY_PATH=/x/50%%:/o o\"\n"},
	{"one that was set to nothing", WRAP_LINKED, "[Service]\nEnvironment=LD_LIBRARY_PATH=\n",
		HEAD "Environment=\"LD_LIBRARY_PATH=/x/50%%\"\n"},
	{"a tcpd", WRAP_TCPD, "[Service]\nExecStart=-/usr/sbin/tcpd /b/in.a  \"b c\" $X\n",
		HEAD "ExecStart=\nExecStart=-/x/tcpd /b/in.a  \"b c\" $X\n"},
	{"a tcpd among others", WRAP_TCPD, "[Service]\nExecStart=/bin/b 1\nExecStart=/usr/sbin/tcpd in.a\n",
		HEAD "ExecStart=\nExecStart=/bin/b 1\nExecStart=/x/tcpd in.a\n"},
};

static void the_file_says_what_is_to_be_set_and_no_more(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char *made = strdup(make(rows[i].how, rows[i].lines));
		faults += table_check_number(rows[i].name, "ours", wrap_drop_in_is_ours(made), true);
		char *sum = strstr(made, "# sum ");
		assert_non_null(sum);
		*sum = '\0';
		faults += table_check_text(rows[i].name, "text", made, rows[i].body);
		free(made);
	}
	assert_int_equal(faults, 0);
}

static void every_other_text_is_not_ours(void **state)
{
	char changed[2048];
	(void)state;
	const char *made = make(WRAP_LINKED, "[Service]\n");
	size_t length = strlen(made);
	assert_true(length + 10 < sizeof changed);
	for (size_t i = 0; i < length; i++) {
		memcpy(changed, made, length + 1);
		changed[i] ^= 1;
		assert_false(wrap_drop_in_is_ours(changed));
		changed[i] = '\0';
		assert_false(wrap_drop_in_is_ours(changed));
	}
	snprintf(changed, sizeof changed, "%sNice=5\n", made);
	assert_false(wrap_drop_in_is_ours(changed));
	snprintf(changed, sizeof changed, "\n%s", made);
	assert_false(wrap_drop_in_is_ours(changed));
	assert_false(wrap_drop_in_is_ours(""));
}

static void the_file_comes_and_goes_with_its_directory(void **state)
{
	char root[64] = "/tmp/knockwatch-drop.XXXXXX", path[PATH_MAX], command[128], old[WRAP_DROP_IN_TEXT];
	struct stat s;
	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(command, sizeof command, "mkdir -p %s/etc/systemd/system", root);
	assert_int_equal(system(command), 0); // NOLINT: a path of ours
	const struct wrap_place here = {.root = root, .directory = "/x", .tcpd = "/x/tcpd"};
	assert_true(wrap_drop_in_path(&here, "a.service", path));
	assert_int_equal(wrap_drop_in_read(path, old), WRAP_DROP_IN_NONE);
	assert_true(wrap_drop_in_put(path, make(WRAP_LINKED, "[Service]\n")));
	assert_int_equal(wrap_drop_in_read(path, old), WRAP_DROP_IN_OURS);
	assert_string_equal(old, text);
	assert_int_equal(stat(path, &s), 0);
	assert_int_equal(s.st_mode & 07777, 0644);
	assert_true(wrap_drop_in_remove(path));
	*strrchr(path, '/') = '\0';
	assert_int_not_equal(stat(path, &s), 0);
	snprintf(command, sizeof command, "rm -r %s", root);
	assert_int_equal(system(command), 0); // NOLINT: a path of ours
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_says_what_is_to_be_set_and_no_more),
		cmocka_unit_test(every_other_text_is_not_ours),
		cmocka_unit_test(the_file_comes_and_goes_with_its_directory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
