/* SPDX-License-Identifier: ISC */
#include "access/access_lint.h"

#include "lint_rows.h"
#include "table_check.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is found, line by line, the worst of a line first. */
static void list_codes(const struct access_lint *l, struct access_draft *out)
{
	for (unsigned i = 0; i < l->finding_count; i++) {
		const struct access_lint_finding *f = &l->findings[i];
		if (out->used > 0)
			access_draft_add_text(out, " ");
		access_draft_add_text(out, access_lint_code_words(f->code)->name);
	}
}

static struct text_slice fixed_of(const struct access_lint *l)
{
	return access_draft_slice(&l->files[0]->fixed);
}

static unsigned check_row(const struct lint_row *r)
{
	struct access_lint l, again;
	struct access_draft codes = {0};
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", r->table, text_slice_of(r->text));
	access_lint_finish(&l);
	list_codes(&l, &codes);
	unsigned faults = table_check_text(r->name, "found", codes.text ? codes.text : "", r->codes);
	faults += table_check_text(r->name, "fixed", l.files[0]->fixed.text ? l.files[0]->fixed.text : "", r->fixed ? r->fixed : r->text);
	faults += table_check_number(r->name, "out of memory", l.failed, false);
	faults += table_check_number(r->name, "something is to be corrected", l.files[0]->change_count > 0, r->fixed != NULL);
	/* What was corrected is not corrected again, and has no fault. */
	access_lint_init(&again, NULL, NULL);
	access_lint_add_bytes(&again, "t", r->table, fixed_of(&l));
	access_lint_finish(&again);
	faults += table_check_number(r->name, "corrected again", again.files[0]->change_count, 0);
	if (r->fixed != NULL) {
		faults += table_check_number(r->name, "faults left", again.counts[ACCESS_LINT_FAULT], 0);
		/* Zones are the original's, and are refused. */
		faults += table_check_number(r->name, "refused if strict", again.files[0]->refused, strstr(r->text, "%eth0") != NULL);
	}
	access_lint_clear(&again);
	access_lint_clear(&l);
	access_draft_free(&codes);
	return faults;
}

static void a_table_that_is_not_strict_says_what_it_would_refuse(void **state)
{
	(void)state;
	static const char text[] = "sshd: 10.0.0.1/8\nsshd: [2001:db8::7]/32 192.0.2.1/24\nsshd: 192.0.2.7\nsshd ALL\n";
	struct access_lint l;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", DENY, text_slice_of(text));
	access_lint_finish(&l);
	assert_false(l.files[0]->strict);
	assert_int_equal(l.files[0]->refused, 3);
	access_lint_clear(&l);
}

static void each_trap_is_found_and_corrected(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(lint_rows); i++)
		faults += check_row(&lint_rows[i]);
	assert_int_equal(faults, 0);
}

static void every_code_has_words_and_a_row(void **state)
{
	/* Those that need files or a host have tests of their own. */
	static const char others[] = " unreadable directory nul-byte list-missing list-unreadable list-loop list-comment list-comma list-except "
				     "list-user daemon-unknown daemon-unwrapped too-long nobody-denied user-unknown expires-past file-missing ";
	unsigned faults = 0;
	(void)state;
	for (unsigned code = 0; code < ACCESS_LINT_CODES; code++) {
		const struct access_lint_words *w = access_lint_code_words((enum access_lint_code)code);
		assert_non_null(w->name);
		assert_non_null(w->text);
		assert_int_equal(access_lint_code_of(text_slice_of(w->name)), code);
		bool found = false;
		for (size_t i = 0; i < TABLE_CHECK_ROWS(lint_rows) && !found; i++)
			found = strstr(lint_rows[i].codes, w->name) != NULL;
		if (!found && strstr(others, w->name) == NULL) {
			print_error("%s: no row has it\n", w->name);
			faults++;
		}
	}
	assert_int_equal(access_lint_code_of(text_slice_of("no-such")), ACCESS_LINT_CODES);
	assert_int_equal(faults, 0);
}

static void a_line_that_is_too_long_becomes_several(void **state)
{
	struct access_lint l;
	struct access_draft text = {0};
	(void)state;
	access_draft_add_text(&text, "sshd: ");
	for (unsigned i = 0; i < 400; i++)
		access_draft_printf(&text, "198.51.%u.%u, ", i / 200, i % 200 + 1);
	access_draft_add_text(&text, "192.0. EXCEPT 192.0.2.1 : umask 022\n# ");
	for (unsigned i = 0; i < 500; i++)
		access_draft_add_text(&text, "words ");
	access_draft_add_text(&text, "\n");
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_DENIES, access_draft_slice(&text));
	access_lint_finish(&l);
	assert_int_equal(l.finding_count, 2);
	unsigned rules = 0, addresses = 0;
	for (char *rest = l.files[0]->fixed.text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		assert_in_range(strlen(line), 0, 2046);
		bool rule = strncmp(line, "sshd: 198.51.", 13) == 0;
		rules += rule;
		if (rule)
			assert_non_null(strstr(line, "EXCEPT 192.0.2.1 : umask 022"));
		else if (line[0] != '\0')
			assert_int_equal(line[0], '#');
		for (const char *at = line; (at = strstr(at, "198.51.")) != NULL; at++)
			addresses++;
	}
	assert_in_range(rules, 3, 5);
	assert_int_equal(addresses, 400);
	access_lint_clear(&l);
	access_draft_free(&text);
}

static void what_stands_behind_a_line_that_nobody_reads_is_kept(void **state)
{
	struct access_lint l;
	struct access_draft text = {0};
	(void)state;
	access_draft_add_text(&text, "sshd: 192.0.2.7/24\nsshd: 192.0.2.1");
	while (text.used < (size_t)20 << 20)
		access_draft_add_text(&text, ", \\\n    192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5, 192.0.2.6");
	access_draft_add_text(&text, "\nALL: ALL\n");
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_DENIES, access_draft_slice(&text));
	access_lint_finish(&l);
	assert_false(l.failed);
	assert_int_equal(l.finding_count, 2);
	assert_int_equal(l.findings[0].code, ACCESS_LINT_UNREADABLE);
	assert_int_equal(l.files[0]->fixed.used, text.used);
	assert_memory_equal(l.files[0]->fixed.text, "sshd: 192.0.2.0/24\nsshd: 192.0.2.1, \\\n", 37);
	assert_memory_equal(l.files[0]->fixed.text + text.used - 10, "\nALL: ALL\n", 10);
	access_lint_clear(&l);
	access_draft_free(&text);
}

static void a_nul_byte_is_taken_out_and_the_line_is_back(void **state)
{
	static const char text[] = "sshd: 192.0.2.1\0 192.0.2.2\nvsftpd: ALL\n";
	struct access_lint l;
	(void)state;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_DENIES, (struct text_slice){text, sizeof text - 1});
	access_lint_finish(&l);
	assert_int_equal(l.finding_count, 1);
	assert_int_equal(l.findings[0].code, ACCESS_LINT_NUL);
	assert_int_equal(l.findings[0].line, 1);
	assert_string_equal(l.files[0]->fixed.text, "sshd: 192.0.2.1 192.0.2.2\nvsftpd: ALL\n");
	access_lint_clear(&l);
}

static void a_rule_of_one_table_is_covered_by_the_other(void **state)
{
	struct access_lint l;
	(void)state;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "hosts.allow", ACCESS_LINT_GRANTS, text_slice_of("sshd: ALL\n"));
	access_lint_add_bytes(&l, "hosts.deny", ACCESS_LINT_DENIES, text_slice_of("sshd: 192.0.2.1\nALL: ALL\n"));
	access_lint_finish(&l);
	assert_int_equal(l.finding_count, 1);
	assert_int_equal(l.findings[0].code, ACCESS_LINT_UNREACHABLE);
	assert_string_equal(l.findings[0].word, "line 1 of hosts.allow");
	assert_int_equal(l.files[1]->change_count, 0);
	access_lint_clear(&l);
}

static void changes_are_the_lines_that_differ(void **state)
{
	struct access_lint l;
	(void)state;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_DENIES,
		text_slice_of("# one\nsshd: 192.0.2.7/24\nvsftpd: 192.0.2.1, \\\n  192.0.2.02\n# five\nin.ftpd: ALL"));
	access_lint_finish(&l);
	assert_int_equal(l.files[0]->change_count, 2);
	assert_int_equal(l.files[0]->changes[0].first, 2);
	assert_int_equal(l.files[0]->changes[0].count, 3);
	assert_int_equal(l.files[0]->changes[1].first, 6);
	assert_string_equal(l.files[0]->fixed.text, "# one\nsshd: 192.0.2.0/24\nvsftpd: 192.0.2.1, \\\n  192.0.2.2\n# five\nin.ftpd: ALL\n");
	assert_int_equal(l.fixable, 3);
	access_lint_clear(&l);
}

/* --- files --- */

static char directory[64];

static void write_file(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static int make_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof directory, "/tmp/kw-lint.XXXXXX");
	return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", directory);
	return system(command); /* NOLINT(cert-env33-c) a path of our own */
}

static const struct file_row {
	const char *name, *list, *rule, *codes, *fixed;
} file_rows[] = {
	{"good", "192.0.2.1\n2001:db8::1 [2001:db8::]/32\n", "sshd: /list\n", "", SAME},
	{"needs no last newline", "192.0.2.1", "sshd: /list\n", "", SAME},
	{"comments", "192.0.2.1 # ALL\n# trusted\n192.0.2.2\n", "sshd: /list\n", "list-comment list-comment", "192.0.2.1\n\n192.0.2.2\n"},
	{"commas", "192.0.2.1,192.0.2.2\n", "sshd: /list\n", "list-comma", "192.0.2.1 192.0.2.2\n"},
	{"EXCEPT", "192.0.2.0/24 EXCEPT 192.0.2.1\n", "sshd: /list\n", "list-except", SAME},
	{"a user", "root@192.0.2.1\n", "sshd: /list\n", "list-user", SAME},
	{"a net of IPv6", "2001:db8::/32\n", "sshd: /list\n", "bare-ipv6", "[2001:db8::]/32\n"},
	{"host bits", "192.0.2.7/24\n", "sshd: /list\n", "host-bits", "192.0.2.0/24\n"},
	{"in a strict table", "2001:db8::/32 MAILHOST\n", "# knockwatch: strict\nsshd: /list\n", "strict-refused bare-ipv6 needs-dns", "[2001:db8::]/32 MAILHOST\n"},
	{"itself", "/list\n", "sshd: /list\n", "list-loop", SAME},
	{"missing", "", "sshd: /nowhere\n", "list-missing", SAME},
	{"a directory", "", "sshd: /.\n", "list-unreadable", SAME},
};

static void files_of_clients_are_judged_by_their_own_rules(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(file_rows); i++) {
		const struct file_row *r = &file_rows[i];
		struct access_draft codes = {0};
		struct access_lint l;
		write_file("list", r->list);
		access_lint_init(&l, NULL, directory);
		access_lint_add_bytes(&l, "t", ACCESS_LINT_GRANTS, text_slice_of(r->rule));
		access_lint_finish(&l);
		list_codes(&l, &codes);
		faults += table_check_text(r->name, "found", codes.text ? codes.text : "", r->codes);
		if (r->fixed != NULL)
			faults += table_check_text(r->name, "fixed", l.files[1]->fixed.text, r->fixed);
		access_draft_free(&codes);
		access_lint_clear(&l);
	}
	assert_int_equal(faults, 0);
}

static void a_table_that_is_none_is_told(void **state)
{
	struct access_lint l;
	char path[128];
	(void)state;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_file(&l, directory, ACCESS_LINT_DENIES);
	snprintf(path, sizeof path, "%s/nowhere", directory);
	access_lint_add_file(&l, path, ACCESS_LINT_DENIES);
	snprintf(path, sizeof path, "%s/list/nowhere", directory);
	write_file("list", "");
	access_lint_add_file(&l, path, ACCESS_LINT_DENIES);
	access_lint_finish(&l);
	assert_int_equal(l.finding_count, 2);
	assert_int_equal(l.findings[0].code, ACCESS_LINT_DIRECTORY);
	assert_int_equal(l.files[1]->error, ENOENT);
	assert_int_equal(l.findings[1].code, ACCESS_LINT_UNREADABLE);
	access_lint_clear(&l);
}

static enum access_lint_code know_one(void *self, struct text_slice name, struct access_draft *hint)
{
	(void)self;
	if (text_slice_equals(name, "ssh"))
		access_draft_add_text(hint, "sshd");
	return text_slice_equals(name, "sshd") ? ACCESS_LINT_CODES
	       : text_slice_equals(name, "vsftpd") ? ACCESS_LINT_DAEMON_UNWRAPPED
						   : ACCESS_LINT_DAEMON_UNKNOWN;
}

static void what_the_host_knows_of_daemons_is_told(void **state)
{
	const struct access_lint_host host = {.know_daemon = know_one};
	struct access_lint l;
	struct access_draft codes = {0};
	(void)state;
	access_lint_init(&l, &host, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_GRANTS, text_slice_of("sshd 10.1.2.3\nssh@192.0.2.1: 192.0.2.1\nvsftpd, 22, in.*: 10.\n"));
	access_lint_finish(&l);
	list_codes(&l, &codes);
	assert_string_equal(codes.text, "no-separator daemon-unknown daemon-unwrapped");
	assert_string_equal(l.files[0]->fixed.text, "sshd: 10.1.2.3\nsshd@192.0.2.1: 192.0.2.1\nvsftpd, 22, in.*: 10.\n");
	access_draft_free(&codes);
	access_lint_clear(&l);
}

static bool lacks_one(void *self, enum access_lint_fact fact, struct text_slice name)
{
	(void)self;
	return text_slice_equals(name, fact == ACCESS_LINT_FACT_USER ? "nosuch" : fact == ACCESS_LINT_FACT_GROUP ? "nosuchgroup" : "/no/such");
}

static void what_the_host_lacks_and_what_is_over_is_told(void **state)
{
	static const char text[] = "sshd: 9.: user nosuch\nsshd: 10.: user nobody.nosuchgroup\nsshd: 11.: group nosuchgroup\n"
				   "sshd: 12.: user nobody.nosuch\nsshd: 13.: expires 20261130T050000Z\nsshd: 14.: expires 20261130T050001Z\n"
				   "sshd: 15.: spawn (/no/such -l @%h) &\nsshd: 16.: banners /no/such\nsshd: 17.: spawn /no/such%d &\n";
	const struct access_lint_host host = {.lacks = lacks_one, .now_s = 1796014800};
	struct access_lint l;
	struct access_draft codes = {0};
	(void)state;
	access_lint_init(&l, &host, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_DENIES, text_slice_of(text));
	access_lint_finish(&l);
	for (unsigned i = 0; i < l.finding_count; i++) {
		if (l.findings[i].code == ACCESS_LINT_USER_UNKNOWN || l.findings[i].code == ACCESS_LINT_EXPIRES_PAST ||
			l.findings[i].code == ACCESS_LINT_FILE_MISSING)
			access_draft_printf(&codes, "%u %s, ", l.findings[i].line, l.findings[i].word);
	}
	assert_string_equal(codes.text, "1 nosuch, 2 nosuchgroup, 3 nosuchgroup, 5 expires 20261130T050000Z, 7 /no/such, 8 /no/such, ");
	assert_int_equal(l.files[0]->change_count, 0);
	access_draft_free(&codes);
	access_lint_clear(&l);
}

static void a_host_that_keeps_nobody_out_is_told_once(void **state)
{
	static const struct {
		const char *allow, *deny;
		bool told;
	} pairs[] = {
		{"sshd: 192.0.2.7\nvsftpd: .example.com\n", "", true},
		{"sshd: 192.0.2.7\n", "# of the package\n\n", true},
		{"sshd: ALL EXCEPT 192.0.2.7\n", "", true},
		{"# of the package\n", "# of the package\n", false},
		{"sshd: 192.0.2.7\n", "vsftpd: ALL\n", false},
		{"sshd: 192.0.2.7\nALL: ALL: deny\n", "", false},
		{"ALL: ALL: severity info\n", "", false},
		{"sshd: 192.0.2.7\n", NULL, false},
		{"sshd: 192.0.2.7\n", "# knockwatch: ok nobody-denied\n", false},
	};
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(pairs); i++) {
		struct access_lint l;
		unsigned told = 0;
		access_lint_init(&l, NULL, NULL);
		access_lint_add_bytes(&l, "hosts.allow", ACCESS_LINT_GRANTS, text_slice_of(pairs[i].allow));
		if (pairs[i].deny != NULL)
			access_lint_add_bytes(&l, "hosts.deny", ACCESS_LINT_DENIES, text_slice_of(pairs[i].deny));
		access_lint_finish(&l);
		for (unsigned f = 0; f < l.finding_count; f++)
			told += l.findings[f].code == ACCESS_LINT_NOBODY_DENIED;
		if (told != pairs[i].told)
			fail_msg("%s and %s: told %u times", pairs[i].allow, pairs[i].deny, told);
		access_lint_clear(&l);
	}
}

static void the_words_of_a_finding_are_printable(void **state)
{
	struct access_lint l;
	struct access_draft text = {0};
	(void)state;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", ACCESS_LINT_DENIES, text_slice_of("sshd: [\x1b\x5bz\xff]\n"));
	access_lint_finish(&l);
	assert_in_range(l.finding_count, 1, 9);
	access_lint_write_words(&l.findings[0], &text);
	for (size_t i = 0; i < text.used; i++)
		assert_in_range(text.text[i], 0x20, 0x7e);
	access_draft_free(&text);
	access_lint_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_trap_is_found_and_corrected),
		cmocka_unit_test(a_table_that_is_not_strict_says_what_it_would_refuse),
		cmocka_unit_test(every_code_has_words_and_a_row),
		cmocka_unit_test(a_line_that_is_too_long_becomes_several),
		cmocka_unit_test(what_stands_behind_a_line_that_nobody_reads_is_kept),
		cmocka_unit_test(a_nul_byte_is_taken_out_and_the_line_is_back),
		cmocka_unit_test(a_rule_of_one_table_is_covered_by_the_other),
		cmocka_unit_test(changes_are_the_lines_that_differ),
		cmocka_unit_test(files_of_clients_are_judged_by_their_own_rules),
		cmocka_unit_test(a_table_that_is_none_is_told),
		cmocka_unit_test(what_the_host_knows_of_daemons_is_told),
		cmocka_unit_test(what_the_host_lacks_and_what_is_over_is_told),
		cmocka_unit_test(a_host_that_keeps_nobody_out_is_told_once),
		cmocka_unit_test(the_words_of_a_finding_are_printable),
	};
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
