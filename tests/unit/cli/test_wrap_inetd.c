/* SPDX-License-Identifier: ISC */
#include "cli/wrap_inetd.h"

#include "support/table_check.h"

#define OURS "/x/tcpd"
#define LINE "a stream tcp nowait root "

static const struct {
	const char *name, *text;
	unsigned line;
	enum wrap_inetd_result result;
	const char *changed; /* null: nothing is written */
} rows[] = {
	{"a tcpd is changed for ours", LINE "/usr/sbin/tcpd in.a  -w\n", 1, WRAP_INETD_DONE,
		WRAP_INETD_MARK LINE "/usr/sbin/tcpd in.a  -w\n" LINE OURS " in.a  -w\n"},
	{"what is around it stays", "# x\r\n" LINE "/usr/sbin/tcpd /b/in.a\n\ty\n", 2, WRAP_INETD_DONE,
		"# x\r\n" WRAP_INETD_MARK LINE "/usr/sbin/tcpd /b/in.a\n" LINE OURS " /b/in.a\n\ty\n"},
	{"a last line needs no newline", LINE "/usr/sbin/tcpd in.a", 1, WRAP_INETD_DONE,
		WRAP_INETD_MARK LINE "/usr/sbin/tcpd in.a\n" LINE OURS " in.a"},
	{"a program without a tcpd gets ours", LINE "/b/in.a in.a -w\n", 1, WRAP_INETD_DONE,
		WRAP_INETD_MARK LINE "/b/in.a in.a -w\n" LINE OURS " /b/in.a -w\n"},
	{"ours is there", LINE OURS " in.a\n", 1, WRAP_INETD_ALREADY, NULL},
	{"another name cannot be given", LINE "/b/in.a other\n", 1, WRAP_INETD_NAMED, NULL},
	{"a comment is no service", "#" LINE "/b/in.a in.a\n", 1, WRAP_INETD_NO_LINE, NULL},
	{"no such line", LINE "/b/in.a in.a\n", 2, WRAP_INETD_NO_LINE, NULL},
	{"nor this one", LINE "/b/in.a in.a\n", 0, WRAP_INETD_NO_LINE, NULL},
	{"an empty file", "", 1, WRAP_INETD_NO_LINE, NULL},
};

/* The number of the line that is ours now. */
static unsigned line_behind(unsigned line)
{
	return line + 1;
}

static void a_line_is_changed_and_put_back_byte_for_byte(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_draft out = {0}, back = {0};
		enum wrap_inetd_result result =
			wrap_inetd_enable(text_slice_of(rows[i].text), rows[i].line, OURS, &out);
		faults += table_check_number(rows[i].name, "result", result, rows[i].result);
		access_draft_add(&out, "", 1);
		if (rows[i].changed) {
			faults += table_check_text(rows[i].name, "text", out.text, rows[i].changed);
			result = wrap_inetd_disable(
				text_slice_of(out.text), line_behind(rows[i].line), OURS, &back);
			access_draft_add(&back, "", 1);
			faults += table_check_number(rows[i].name, "back", result, WRAP_INETD_DONE);
			faults += table_check_text(rows[i].name, "as it was", back.text, rows[i].text);
		} else {
			faults += table_check_number(rows[i].name, "written", (long)out.used, 1);
		}
		access_draft_free(&out);
		access_draft_free(&back);
	}
	assert_int_equal(faults, 0);
}

static const struct {
	const char *name, *text;
	unsigned line;
	enum wrap_inetd_result result;
	const char *changed;
} back_rows[] = {
	{"without the comment it is somebody else's", LINE OURS " in.a\n", 1, WRAP_INETD_FOREIGN, NULL},
	{"another comment is none", "# x\n" LINE OURS " in.a\n", 2, WRAP_INETD_FOREIGN, NULL},
	{"nothing of ours", LINE "/usr/sbin/tcpd in.a\n", 1, WRAP_INETD_ALREADY, NULL},
	{"changed words stay", WRAP_INETD_MARK LINE "/usr/sbin/tcpd in.a\n" LINE OURS " in.a -new\n", 2,
		WRAP_INETD_DONE, LINE "/usr/sbin/tcpd in.a -new\n"},
	{"and another program", WRAP_INETD_MARK LINE "/b/in.a in.a\n" LINE OURS " /b/in.c -new\n", 2,
		WRAP_INETD_DONE, LINE "/b/in.c in.c -new\n"},
	{"an old line that is none", WRAP_INETD_MARK "?\n" LINE OURS " /b/in.a\n", 2, WRAP_INETD_DONE,
		LINE "/b/in.a in.a\n"},
};

static void what_somebody_changed_since_is_kept(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(back_rows); i++) {
		struct access_draft out = {0};
		enum wrap_inetd_result result = wrap_inetd_disable(
			text_slice_of(back_rows[i].text), back_rows[i].line, OURS, &out);
		faults += table_check_number(back_rows[i].name, "result", result, back_rows[i].result);
		access_draft_add(&out, "", 1);
		faults += table_check_text(back_rows[i].name, "text", out.text,
			back_rows[i].changed ? back_rows[i].changed : "");
		access_draft_free(&out);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_changed_and_put_back_byte_for_byte),
		cmocka_unit_test(what_somebody_changed_since_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
