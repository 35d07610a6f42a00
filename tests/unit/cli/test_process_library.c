/* SPDX-License-Identifier: ISC */
#include "cli/process_library.h"

#include "support/table_check.h"

#include <unistd.h>

#define MAP "7f00-7f01 r-xp 00000000 08:01 1234                       "

static const struct {
	const char *line;
	const char *path; /* null: no mapping of it */
	bool replaced;
} rows[] = {
	{MAP "/lib/x86_64-linux-gnu/libwrap.so.0.7.6\n", "/lib/x86_64-linux-gnu/libwrap.so.0.7.6", false},
	{MAP "/a b/libwrap.so.0\n", "/a b/libwrap.so.0", false},
	{MAP "/usr/lib/libwrap.so.0.7.6 (deleted)\n", "/usr/lib/libwrap.so.0.7.6", true},
	{MAP "/usr/lib/libwrap.so.01\n", NULL, false},
	{MAP "/usr/lib/xlibwrap.so.0\n", NULL, false},
	{MAP "/libwrap.so.0/libc.so.6\n", NULL, false},
	{"7f00-7f01 rw-p 00000000 00:00 0 \n", NULL, false},
	{"7f00-7f01 rw-p 00000000 00:00 0                          [heap]\n", NULL, false},
	{"", NULL, false},
};

static void a_mapping_is_known_by_the_name_of_its_file(void **state)
{
	static struct process_library p;
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		p = (struct process_library){0};
		bool is = process_library_of_line(rows[i].line, "libwrap.so.0", &p);
		faults += table_check_number(rows[i].line, "is", is, rows[i].path != NULL);
		faults += table_check_text(rows[i].line, "path", p.path, rows[i].path ? rows[i].path : "");
		faults += table_check_number(rows[i].line, "replaced", is && p.replaced, rows[i].replaced);
	}
	assert_int_equal(faults, 0);
}

static void find_us(void *context, const struct process_library *p)
{
	bool *found = context;
	if (p->pid == getpid())
		*found = strstr(p->path, "/libc.so.6") != NULL;
}

static void this_process_has_the_c_library_mapped(void **state)
{
	bool found = false;
	(void)state;
	process_library_each("/proc/self/exe", "libc.so.6", find_us, &found);
	assert_true(found);
	process_library_each("/nowhere", "libc.so.6", find_us, &found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapping_is_known_by_the_name_of_its_file),
		cmocka_unit_test(this_process_has_the_c_library_mapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
