/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_name.h"

#include "table_check.h"

#include <stdio.h>
#include <unistd.h>

static char nsswitch[] = "/tmp/kw-nsswitch-XXXXXX", hosts[] = "/tmp/kw-hosts-XXXXXX";

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_files(void **state)
{
	(void)state;
	const int a = mkstemp(nsswitch), b = mkstemp(hosts);
	if (a < 0 || b < 0)
		return -1;
	close(a);
	close(b);
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	return unlink(nsswitch) | unlink(hosts);
}

static void the_order_of_sources_is_the_one_of_nsswitch_conf(void **state)
{
	(void)state;
	static const struct {
		const char *text, *order; /* f, d, c: files, DNS, C library */
	} rows[] = {
		{"", "fd"},
		{"passwd: files\n", "fd"},
		{"hosts: files dns\n", "fd"},
		{"hosts:\tdns files\n", "df"},
		{"hosts: files\n", "f"},
		{"#hosts: files\nhosts: dns\n", "d"},
		{"hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname\n", "fd"},
		{"hosts: files [NOTFOUND=return] dns\n", "f"},
		{"hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n", "df"},
		{"hosts: files ldap dns\n", "c"},
		{"hosts: files dns # and nis\n", "fd"},
		{"hosts: nis\n", "c"},
		{"hosts:\n", ""},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		write_text(nsswitch, rows[i].text);
		const struct wrap_name_order order = wrap_name_read_order(nsswitch);
		char got[WRAP_NAME_ORDER_MAX + 1] = "";
		for (unsigned k = 0; k < order.count; k++)
			got[k] = "fdc"[order.sources[k]];
		faults += table_check_text(rows[i].text, "order", got, rows[i].order);
	}
	assert_int_equal(wrap_name_read_order("/nowhere").count, 2);
	assert_int_equal(faults, 0);
}

/* The DNS of a test: one name for every address, and what it answers when asked for the name. */
static enum wrap_dns_result first, second;
static const char *dns_name;
static unsigned first_asked, second_asked, second_seconds;

static enum wrap_dns_result name_of(const struct addr *a, unsigned seconds, char name[WRAP_DNS_NAME_SIZE])
{
	(void)a;
	first_asked++;
	assert_int_equal(seconds, WRAP_NAME_FIRST_SECONDS);
	if (first == WRAP_DNS_YES)
		snprintf(name, WRAP_DNS_NAME_SIZE, "%s", dns_name);
	return first;
}

static enum wrap_dns_result has(const char *name, const struct addr *a, unsigned seconds)
{
	(void)a;
	assert_string_equal(name, dns_name);
	second_asked++;
	second_seconds = seconds;
	return second;
}

static const struct wrap_name_sources sources = {nsswitch, hosts, name_of, has};

static const char hosts_text[] = "198.51.100.1 file.lan other.lan\n203.0.113.9 taken.lan\n";

struct name_row {
	const char *what, *order, *address;
	enum wrap_dns_result first;
	const char *name;
	enum wrap_dns_result second;
	const char *text;
	unsigned first_asked, second_asked;
	bool unanswered;
};

#define YES WRAP_DNS_YES
#define NO WRAP_DNS_NO
#define BAD WRAP_DNS_BAD
#define FAILED WRAP_DNS_FAILED

static const struct name_row name_rows[] = {
	{"a name that leads back", "files dns", "198.51.100.7", YES, "a.example", YES, "a.example", 1, 1, false},
	{"a name that does not", "files dns", "198.51.100.7", YES, "a.example", NO, "paranoid", 1, 1, false},
	{"no second answer", "files dns", "198.51.100.7", YES, "a.example", FAILED, "paranoid", 1, 1, true},
	{"no name", "files dns", "198.51.100.7", NO, "", YES, "unknown", 1, 0, false},
	{"no answer", "files dns", "198.51.100.7", FAILED, "", YES, "unknown", 1, 0, true},
	{"an odd name", "files dns", "198.51.100.7", BAD, "", YES, "paranoid", 1, 0, false},
	{"a name like an address", "files dns", "198.51.100.7", YES, "10.1.2.3", YES, "paranoid", 1, 0, false},
	{"a name like a short address", "files dns", "198.51.100.7", YES, "127.1", YES, "paranoid", 1, 0, false},
	{"a name like a number", "files dns", "198.51.100.7", YES, "0x7f000001", YES, "paranoid", 1, 0, false},
	{"a file's name is believed", "files dns", "198.51.100.1", YES, "a.example", NO, "file.lan", 0, 0, false},
	{"the DNS first", "dns files", "198.51.100.1", YES, "a.example", YES, "a.example", 1, 1, false},
	{"the DNS first, without a name", "dns files", "198.51.100.1", NO, "file.lan", NO, "file.lan", 1, 1, false},
	{"a name that the file gives to another", "files dns", "198.51.100.7", YES, "taken.lan", YES, "paranoid", 1, 0, false},
	{"a file's other name, and nobody answers", "dns files", "198.51.100.1", YES, "other.lan", FAILED, "paranoid", 1, 1, true},
	{"a file's other name", "dns files", "198.51.100.1", YES, "other.lan", NO, "paranoid", 1, 1, false},
	{"a file's name where the DNS fails", "dns files", "198.51.100.1", FAILED, "file.lan", NO, "file.lan", 1, 1, false},
	{"no file has it and nobody answers", "dns files", "198.51.100.7", FAILED, "", NO, "unknown", 1, 0, true},
	{"a file's first name, after the DNS", "dns files", "198.51.100.1", YES, "file.lan", FAILED, "file.lan", 1, 1, false},
	{"files only", "files", "198.51.100.7", YES, "a.example", YES, "unknown", 0, 0, false},
	{"localhost for a stranger", "files dns", "198.51.100.7", YES, "localhost", NO, "paranoid", 1, 1, false},
};

static void a_name_is_believed_where_it_leads_back(void **state)
{
	(void)state;
	unsigned faults = 0;
	write_text(hosts, hosts_text);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(name_rows); i++) {
		const struct name_row *r = &name_rows[i];
		char order[100];
		struct wrap_name name;
		struct addr a;
		snprintf(order, sizeof order, "hosts: %s\n", r->order);
		write_text(nsswitch, order);
		assert_true(addr_parse(r->address, strlen(r->address), &a));
		first = r->first;
		second = r->second;
		dns_name = r->name;
		first_asked = second_asked = 0;
		wrap_name_find(&sources, &a, &name);
		faults += table_check_text(r->what, "name", name.text, r->text);
		faults += table_check_number(r->what, "first asked", first_asked, r->first_asked);
		faults += table_check_number(r->what, "second asked", second_asked, r->second_asked);
		faults += table_check_number(r->what, "unanswered", name.unanswered, r->unanswered);
		faults += table_check_number(
			r->what, "told why", name.why[0] != '\0', name.result == WRAP_NAME_PARANOID || name.unanswered);
	}
	assert_int_equal(faults, 0);
	assert_in_range(second_seconds, 1, WRAP_NAME_SECONDS);
}

/* getaddrinfo and getnameinfo know localhost in every way. */
static void what_only_the_c_library_knows_it_is_asked(void **state)
{
	(void)state;
	struct wrap_name name;
	const struct addr a = addr_from_v4(0x7f000001);
	write_text(nsswitch, "hosts: files nis\n");
	first_asked = 0;
	wrap_name_find(&sources, &a, &name);
	assert_int_equal(first_asked, 0);
	assert_string_equal(name.text, "localhost");
	const struct addr b = addr_from_v4(0xc0000201);
	wrap_name_find(&sources, &b, &name);
	assert_true(name.result == WRAP_NAME_UNKNOWN || name.result == WRAP_NAME_PARANOID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_sources_is_the_one_of_nsswitch_conf),
		cmocka_unit_test(a_name_is_believed_where_it_leads_back),
		cmocka_unit_test(what_only_the_c_library_knows_it_is_asked),
	};
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
