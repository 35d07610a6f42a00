/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_hosts_file.h"

#include "table_check.h"

#include <stdio.h>
#include <unistd.h>

static const char text[] =
	"127.0.0.1 localhost\n"
	"# 192.0.2.9 commented\n"
	"192.0.2.1\tfirst.lan first short # 192.0.2.7 not\n"
	"  192.0.2.2   second.lan   first.lan\n"
	"192.0.2.1 again.lan\n"
	"2001:db8::1 six.lan\n"
	"fe80::1%eth0 near.lan\n"
	"192.0.2.300 broken.lan\n"
	"192.0.2.4\n"
	"192.0.2.10 canon.lan alias.lan\n"
	"192.0.2.11 alias.lan\n"
	"192.0.2.5 last.lan"; /* no newline */

static char path[] = "/tmp/kw-hosts-XXXXXX";

static int write_file(void **state)
{
	(void)state;
	const int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	fputs(text, f);
	return fclose(f);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static struct addr address(const char *from)
{
	struct addr a;
	assert_true(addr_parse(from, strlen(from), &a));
	return a;
}

static void an_address_has_the_first_name_of_its_first_line(void **state)
{
	(void)state;
	static const struct {
		const char *address, *name; /* null: none */
	} rows[] = {
		{"127.0.0.1", "localhost"},
		{"192.0.2.1", "first.lan"},
		{"192.0.2.2", "second.lan"},
		{"2001:db8::1", "six.lan"},
		{"fe80::1", "near.lan"},
		{"192.0.2.5", "last.lan"},
		{"192.0.2.4", NULL},
		{"192.0.2.7", NULL},
		{"192.0.2.9", NULL},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char name[128] = "untouched";
		struct addr a = address(rows[i].address);
		bool found = wrap_hosts_file_name_of(path, &a, name, sizeof name);
		faults += table_check_number(rows[i].address, "found", found, rows[i].name != NULL);
		faults += table_check_text(rows[i].address, "name", name, rows[i].name ? rows[i].name : "untouched");
	}
	assert_int_equal(faults, 0);
}

static void a_name_has_an_address_where_it_is_the_first_one(void **state)
{
	(void)state;
	static const struct {
		const char *name, *address;
		enum wrap_hosts_file_answer answer;
	} rows[] = {
		{"first.lan", "192.0.2.1", WRAP_HOSTS_FILE_HAS},
		{"FIRST.LAN", "192.0.2.1", WRAP_HOSTS_FILE_HAS},
		{"again.lan", "192.0.2.1", WRAP_HOSTS_FILE_HAS},
		{"first.lan", "192.0.2.2", WRAP_HOSTS_FILE_HAS},
		{"short", "192.0.2.1", WRAP_HOSTS_FILE_OTHER},
		{"first.lan", "203.0.113.1", WRAP_HOSTS_FILE_OTHER},
		{"alias.lan", "192.0.2.11", WRAP_HOSTS_FILE_OTHER},
		{"nobody.lan", "192.0.2.1", WRAP_HOSTS_FILE_NOBODY},
		{"broken.lan", "192.0.2.1", WRAP_HOSTS_FILE_NOBODY},
		{"commented", "192.0.2.9", WRAP_HOSTS_FILE_NOBODY},
		{"last.lan", "192.0.2.5", WRAP_HOSTS_FILE_HAS},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct addr a = address(rows[i].address);
		faults += table_check_number(
			rows[i].name, rows[i].address, wrap_hosts_file_has(path, rows[i].name, &a), rows[i].answer);
	}
	assert_int_equal(faults, 0);
}

static void a_file_that_is_not_there_knows_nobody(void **state)
{
	(void)state;
	char name[128];
	struct addr a = address("127.0.0.1");
	assert_false(wrap_hosts_file_name_of("/nowhere/hosts", &a, name, sizeof name));
	assert_int_equal(wrap_hosts_file_has("/nowhere/hosts", "localhost", &a), WRAP_HOSTS_FILE_NOBODY);
}

static void a_name_that_does_not_fit_is_none(void **state)
{
	(void)state;
	char name[9];
	struct addr a = address("192.0.2.1");
	assert_false(wrap_hosts_file_name_of(path, &a, name, sizeof name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_the_first_name_of_its_first_line),
		cmocka_unit_test(a_name_has_an_address_where_it_is_the_first_one),
		cmocka_unit_test(a_file_that_is_not_there_knows_nobody),
		cmocka_unit_test(a_name_that_does_not_fit_is_none),
	};
	return cmocka_run_group_tests(tests, write_file, remove_file);
}
