/* SPDX-License-Identifier: ISC */
#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_reader.h"

#include "access_lab.h"

#include <errno.h>

#define S "# knockwatch: strict\n"
#define BROKEN ACCESS_BY_BROKEN_RULE

struct decision_row {
	const char *name;
	const char *allow, *deny; /* null: the file is missing; '$' is the folder */
	const char *client;       /* address */
	enum access_verdict verdict;
	enum access_reason reason;
	const char *place;   /* "allow 1"; null by default */
	const char *options; /* keywords to be carried out */
};

/* The daemon is sshd, the client's name h.example.org, its user root; aclexec fails. */
static const struct decision_row decision_rows[] = {
	{"no tables", NULL, NULL, "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"empty tables", "", "", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"allow goes before deny", "sshd: ALL\n", "ALL: ALL\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE,
		"allow 1", ""},
	{"deny where allow does not match", "ftpd: ALL\n", "ALL: ALL\n", "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_RULE, "deny 1", ""},
	{"no match grants", "ftpd: ALL\n", "ftpd: ALL\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"the first match of a table decides", NULL, "\n#\nsshd: 10.\nsshd: ALL: nice 1\nALL: ALL\n", "198.51.100.7",
		ACCESS_DENY, ACCESS_BY_RULE, "deny 4", "nice "},
	{"both lists must match", NULL, "ftpd: ALL\nsshd: 10.\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT,
		NULL, ""},
	{"a joined line has the number of its last", NULL, "#\nsshd: \\\n198.51.100.7\n", "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_RULE, "deny 3", ""},
	{"deny in hosts.allow", "ALL: ALL: deny\n", NULL, "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "allow 1",
		"deny "},
	{"allow in hosts.deny", NULL, "ALL: ALL: keepalive: allow\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE,
		"deny 1", "keepalive allow "},
	{"a rule without options is passed over where it lacks a colon", NULL, "ALL ALL\nALL: ALL\n", "198.51.100.7",
		ACCESS_DENY, ACCESS_BY_RULE, "deny 2", ""},
	{"an indented comment is a rule", NULL, " # ALL: ALL\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 1",
		""},
	{"a comment behind a rule is a part of it", "sshd: 10. # ALL\n", "ALL: ALL\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_RULE, "allow 1", ""},
	{"a comment swallows the next line", NULL, "# off \\\nALL: ALL\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	{"CRLF files work", NULL, "sshd: 198.51.100.7\r\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 1", ""},
	{"IPv6 without brackets says nothing", NULL, "ALL: 2001:db8::1\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	{"IPv6 without brackets: its rest is read as options", NULL, "ALL: ALL 2001:db8::1\n", "198.51.100.7",
		ACCESS_DENY, ACCESS_BY_OPTION_FAULT, "deny 1", ""},
	{"a mark of UTF-8 hides the first daemon", NULL, "\xef\xbb\xbf" "sshd: ALL\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	/* Faults of options deny, in both tables; what stands before them is carried out. */
	{"an option that is not known", "ALL: ALL: nice: allowd\n", NULL, "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_OPTION_FAULT, "allow 1", "nice "},
	{"an empty option", "ALL: ALL:\n", NULL, "198.51.100.7", ACCESS_DENY, ACCESS_BY_OPTION_FAULT, "allow 1", ""},
	{"an empty option behind the last", "ALL: ALL: nice:\n", NULL, "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_OPTION_FAULT, "allow 1", "nice "},
	/* aclexec. */
	{"a failed aclexec leads to the next table", "ALL: ALL: aclexec x\nALL: ALL\n", "ALL: 198.: severity info\n",
		"198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 1", "severity "},
	{"a failed aclexec in hosts.deny grants", NULL, "ALL: ALL: aclexec x\nALL: ALL\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	{"allow behind a failed aclexec does not grant", "ALL: ALL: aclexec x: allow\n", "ALL: ALL\n", "198.51.100.7",
		ACCESS_DENY, ACCESS_BY_RULE, "deny 1", ""},
	{"deny behind a failed aclexec denies", "ALL: ALL: aclexec x: deny\n", NULL, "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_RULE, "allow 1", "aclexec deny "},
	{"a fault behind a failed aclexec denies", "ALL: ALL: aclexec x: foo\n", NULL, "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_OPTION_FAULT, "allow 1", "aclexec "},
	{"what stands beside a failed aclexec is not carried out", "ALL: ALL: nice: aclexec x: spawn y\n", NULL,
		"198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	/* Where ours differs: docs/access-differences.md. */
	{"the last line needs no newline", NULL, "ALL: ALL", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 1", ""},
	{"a last line without newline leaves the others alone", "ALL: 198.\n#", "ALL: ALL", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_RULE, "allow 1", ""},
	{"a joined line may be cut by the end", NULL, "ALL: ALL\\\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE,
		"deny 1", ""},
	{"a backslash at the end of the table joins with nothing", NULL, "ALL: ALL\\", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE,
		"deny 1", ""},
	{"a folder as hosts.deny denies", NULL, "(folder)", "198.51.100.7", ACCESS_DENY, ACCESS_BY_UNREADABLE, "deny 0",
		""},
	{"a folder as hosts.allow grants nobody", "(folder)", "ALL: ALL\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE,
		"deny 1", ""},
	{"a folder as hosts.allow denies whom no rule lets in", "(folder)", NULL, "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_UNREADABLE, "allow 0", ""},
	{"but not whom hosts.deny lets in", "(folder)", "ALL: ALL: allow\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE,
		"deny 1", "allow "},
	{"a file that cannot be read closes a rule that denies", NULL, "ALL: $/folder\n", "198.51.100.7", ACCESS_DENY,
		ACCESS_BY_RULE, "deny 1", ""},
	{"and opens no rule that grants", "ALL: $/folder\n", NULL, "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL,
		""},
	{"a rule of hosts.allow may deny", "ALL: $/folder: deny\n", NULL, "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE,
		"allow 1", "deny "},
	{"a rule of hosts.deny may grant", NULL, "ALL: $/folder: Allow \n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	{"an allow with an equals sign is one", NULL, "ALL: $/folder: allow =\nALL: ALL\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE,
		"deny 2", ""},
	{"and so is a deny", "ALL: $/folder: deny=\n", NULL, "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "allow 1", "deny "},
	{"a rule with a fault denies", "ALL: $/folder: alow\n", NULL, "198.51.100.7", ACCESS_DENY, ACCESS_BY_OPTION_FAULT, "allow 1", ""},
	{"a twist denies", "ALL: $/folder: severity info: twist x\n", NULL, "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE,
		"allow 1", "severity twist "},
	{"a colon that is none", "ALL: $/folder: spawn a\\:deny\n", NULL, "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT,
		NULL, ""},
	{"a file that is missing closes nothing", NULL, "ALL: $/missing\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	{"a file that names itself ends", NULL, "ALL: $/self\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 1", ""},
};

static void put_table(const char *name, const char *text)
{
	const char *path = access_lab_path_of(name).text;
	unlink(path);
	rmdir(path);
	if (text && strcmp(text, "(folder)") == 0)
		assert_int_equal(mkdir(access_lab_path_of(name).text, 0700), 0);
	else if (text)
		access_lab_write(name, text);
}

static struct access_decision decide(const struct access_request *q, struct access_warning_sink sink)
{
	static struct access_lab_path allow, deny;
	allow = access_lab_path_of("allow");
	deny = access_lab_path_of("deny");
	struct access_decision d;
	access_decision_make(&(struct access_tables){.allow = allow.text, .deny = deny.text}, q, sink, &d);
	return d;
}

static unsigned check_place(const struct decision_row *row, const struct access_decision *d)
{
	char place[300] = "";
	if (d->file)
		snprintf(place, sizeof place, "%s %u", strrchr(d->file, '/') + 1, d->line);
	return table_check_text(row->name, "place", d->file ? place : NULL, row->place) +
	       table_check_number(row->name, "has rule", d->rule != NULL, d->line > 0);
}

static unsigned check_options(const struct decision_row *row, const struct access_decision *d)
{
	char told[128] = "";
	for (unsigned i = 0; i < d->option_count; i++) {
		strcat(told, access_option_keyword(d->options[i].kind));
		strcat(told, " ");
	}
	return table_check_text(row->name, "options", told, row->options);
}

static void tables_decide(void **state)
{
	(void)state;
	unsigned faults = 0;
	put_table("folder", "(folder)");
	access_lab_write("self", "$/self\n");
	for (size_t i = 0; i < TABLE_CHECK_ROWS(decision_rows); i++) {
		const struct decision_row *row = &decision_rows[i];
		put_table("allow", row->allow);
		put_table("deny", row->deny);
		struct access_known k = access_lab_known(row->client, "h.example.org", "root");
		k.accepts = false;
		struct access_request q = access_request_known("sshd", &k);
		struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
		faults += table_check_number(row->name, "verdict", d.verdict, row->verdict);
		faults += table_check_number(row->name, "reason", d.reason, row->reason);
		faults += check_place(row, &d) + check_options(row, &d);
		access_decision_clear(&d);
	}
	put_table("allow", NULL);
	put_table("deny", NULL);
	assert_int_equal(faults, 0);
}

static void an_accepted_aclexec_lets_its_rule_match(void **state)
{
	(void)state;
	put_table("allow", "ALL: ALL: aclexec x\n");
	put_table("deny", "ALL: ALL\n");
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
	assert_int_equal(d.verdict, ACCESS_GRANT);
	assert_string_equal(d.rule, "ALL: ALL: aclexec x");
	access_decision_clear(&d);
	struct access_answers answers = *q.answers;
	answers.accepts = NULL;
	q.answers = &answers;
	d = decide(&q, (struct access_warning_sink){NULL, NULL});
	assert_int_equal(d.verdict, ACCESS_GRANT);
	access_decision_clear(&d);
}

static void a_command_that_does_not_fit_denies(void **state)
{
	(void)state;
	char rule[9000];
	memset(rule, 'x', sizeof rule);
	memcpy(rule, "ALL: ALL: aclexec ", 18);
	access_lab_write_bytes("allow", rule, 18 + 8190);
	put_table("deny", NULL);
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
	assert_int_equal(d.verdict, ACCESS_GRANT);
	access_decision_clear(&d);
	access_lab_write_bytes("allow", rule, 18 + 8191);
	d = decide(&q, (struct access_warning_sink){NULL, NULL});
	assert_int_equal(d.verdict, ACCESS_DENY);
	assert_int_equal(d.reason, ACCESS_BY_OPTION_FAULT);
	access_decision_clear(&d);
}

static void a_line_may_be_long(void **state)
{
	(void)state;
	FILE *f = fopen(access_lab_path_of("deny").text, "w");
	assert_non_null(f);
	fprintf(f, "# %0*d\nsshd: ", 5000, 0);
	for (unsigned i = 0; i < 20000; i++)
		fprintf(f, "10.0.%u.%u%s", i >> 8 & 255, i & 255, i % 100 ? ", " : " \\\n");
	fputs("198.51.100.7\n", f);
	assert_int_equal(fclose(f), 0);
	put_table("allow", NULL);
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
	assert_int_equal(d.verdict, ACCESS_DENY);
	assert_int_equal(d.line, 202);
	access_decision_clear(&d);
}

static struct access_decision decide_in(const char *allow, const char *deny, struct access_warning_sink sink)
{
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	struct access_decision d;
	access_decision_make(&(struct access_tables){.allow = allow, .deny = deny}, &q, sink, &d);
	return d;
}

/* What cannot be read denies, as hosts.deny and, where no rule lets in, as hosts.allow. */
static void check_closed(const char *path, const char *name)
{
	for (unsigned i = 0; i < 2; i++) {
		struct access_lab_heard heard = {0};
		const struct access_warning_sink sink = {access_lab_hear, &heard};
		struct access_decision d = decide_in(i ? path : "/no/where", i ? "/no/where" : path, sink);
		assert_int_equal(d.verdict, ACCESS_DENY);
		assert_int_equal(d.reason, ACCESS_BY_UNREADABLE);
		assert_string_equal(d.file, name ? name : i ? "hosts.allow" : "hosts.deny");
		assert_int_equal(heard.count, 1);
		access_decision_clear(&d);
	}
}

/* A program set its path to null. */
static void a_table_without_a_path_closes(void **state)
{
	(void)state;
	const struct access_warning_sink nobody = {NULL, NULL};
	check_closed(NULL, NULL);
	put_table("allow", "sshd: 198.51.100.7\n");
	put_table("deny", "sshd: 198.51.100.7: allow\n");
	struct access_lab_path allow = access_lab_path_of("allow"), deny = access_lab_path_of("deny");
	struct access_decision d = decide_in(allow.text, NULL, nobody);
	assert_int_equal(d.verdict, ACCESS_GRANT);
	access_decision_clear(&d);
	d = decide_in(NULL, deny.text, nobody);
	assert_int_equal(d.verdict, ACCESS_GRANT);
	access_decision_clear(&d);
	d = decide_in(NULL, NULL, nobody);
	assert_int_equal(d.verdict, ACCESS_DENY);
	assert_string_equal(d.file, "hosts.deny");
	access_decision_clear(&d);
}

static void a_line_without_end_closes(void **state)
{
	(void)state;
	access_lab_write("endless", "");
	assert_int_equal(truncate(access_lab_path_of("endless").text, ACCESS_READER_LINE_MAX + 1), 0);
	const struct access_lab_path path = access_lab_path_of("endless");
	check_closed(path.text, path.text);
}

static void what_is_no_plain_file_closes(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(access_lab_path_of("pipe").text, 0600), 0);
	const struct access_lab_path path = access_lab_path_of("pipe");
	check_closed(path.text, path.text);
	check_closed("/dev/zero", "/dev/zero");
}

struct warning_row {
	const char *deny, *wanted;
};

static const struct warning_row warning_rows[] = {
	{"#\nsshd ALL\n", "2: missing \":\" between daemons and clients"},
	{"(folder)", "0: cannot read it: Is a directory"},
	{"\nALL: ALL: allo\x1bw\n", ""}, /* told by the decision */
	{"ALL: 198.51.100.7\nsshd ALL\n", ""},
	{S "ALL: 10.0.0.1/8\n", "2: denied, for the table is strict and this rule is broken: \"10.0.0.1/8\": bits are set behind the mask; write "
				 "10.0.0.0/8"},
	{S "sshd ALL\n", "2: denied, for the table is strict and this rule is broken: missing \":\" between daemons and clients"},
};

static void what_is_wrong_is_told_once_with_its_line(void **state)
{
	(void)state;
	unsigned faults = 0;
	put_table("allow", NULL);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(warning_rows); i++) {
		struct access_lab_heard heard = {0};
		put_table("deny", warning_rows[i].deny);
		struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
		struct access_request q = access_request_known("sshd", &k);
		struct access_decision d = decide(&q, (struct access_warning_sink){access_lab_hear, &heard});
		faults += table_check_text(warning_rows[i].deny, "warning", heard.last, warning_rows[i].wanted);
		faults += table_check_number(
			warning_rows[i].deny, "warnings", heard.count, warning_rows[i].wanted[0] != '\0');
		access_decision_clear(&d);
	}
	put_table("deny", NULL);
	assert_int_equal(faults, 0);
}

static void one_decision_leaves_nothing_to_the_next(void **state)
{
	(void)state;
	put_table("allow", "ALL: 10.: aclexec x: severity info\n");
	put_table("deny", "ALL: ALL: severity info\n");
	for (unsigned i = 0; i < 3; i++) {
		struct access_known k = access_lab_known(i == 1 ? "10.0.0.1" : "198.51.100.7", NULL, NULL);
		k.accepts = i != 1;
		struct access_request q = access_request_known("sshd", &k);
		struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
		assert_int_equal(d.verdict, ACCESS_DENY);
		assert_int_equal(d.option_count, 1);
		access_decision_clear(&d);
	}
}

/* The same client. */
static const struct decision_row strict_rows[] = {
	{"a good table is as ever", S "ftpd: ALL\nsshd: 198.51.100.0/24: nice 1\n", S "ALL: ALL\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_RULE, "allow 3", "nice "},
	{"no match grants", S "ftpd: ALL\n", S "sshd: 10.\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"the other table is not", S "ALL: 10.\n", "ALL: 10.0.0.1/8\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"a late mark is none", NULL, "ftpd: ALL\n" S "ALL: 10.0.0.1/8\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	/* A broken rule denies whom its daemons concern, in both tables, and what stands before it holds. */
	{"host bits", NULL, S "ALL: 10.0.0.1/8\n", "198.51.100.7", ACCESS_DENY, BROKEN, "deny 2", ""},
	{"in hosts.allow, too", S "sshd: 198.51.100.7/24\nsshd: ALL\n", NULL, "198.51.100.7", ACCESS_DENY, BROKEN, "allow 2", ""},
	{"a rule before it", S "sshd: 198.51.100.7\nsshd: 10.0.0.1/8\n", NULL, "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE, "allow 2",
		""},
	{"a word before it is one of the rule", S "sshd: 198.51.100.7 10.0.0.1/8\n", NULL, "198.51.100.7", ACCESS_DENY, BROKEN, "allow 2",
		""},
	{"another daemon", S "ftpd: 10.0.0.1/8\n", S "ftpd: 10.0.0.1/8\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"daemons that are broken concern all", NULL, S "/usr/sbin/ftpd: 10.\n", "198.51.100.7", ACCESS_DENY, BROKEN, "deny 2", ""},
	{"a rule that is over concerns nobody", NULL, S "ALL: 10.0.0.1/8: expires 20200101T000000Z\n", "198.51.100.7", ACCESS_GRANT,
		ACCESS_BY_DEFAULT, NULL, ""},
	{"a line without a colon", S "sshd 10.\nALL: ALL\n", NULL, "198.51.100.7", ACCESS_DENY, BROKEN, "allow 2", ""},
	{"an indented comment", S " # nothing\n", NULL, "198.51.100.7", ACCESS_DENY, BROKEN, "allow 2", ""},
	{"a comment behind a rule", S "sshd: 10. # not ALL\n", NULL, "198.51.100.7", ACCESS_DENY, BROKEN, "allow 2", ""},
	{"an option of a rule that does not fit", NULL, S "sshd: 10.: dney\n", "198.51.100.7", ACCESS_DENY, BROKEN, "deny 2", ""},
	{"an unknown word", NULL, S "sshd: ALLL\n", "198.51.100.7", ACCESS_DENY, BROKEN, "deny 2", ""},
	{"a comment that swallows a rule", NULL, S "# off \\\nALL: ALL\n", "198.51.100.7", ACCESS_DENY, BROKEN, "deny 3", ""},
	{"options of a broken rule are not carried out", NULL, S "ALL: 10.0.0.1/8: twist x\n", "198.51.100.7", ACCESS_DENY, BROKEN,
		"deny 2", ""},
	/* IPv6 without brackets. */
	{"an address", NULL, S "ALL: 2001:db8::7\n", "2001:db8::7", ACCESS_DENY, ACCESS_BY_RULE, "deny 2", ""},
	{"another address", NULL, S "ALL: 2001:db8::8\n", "2001:db8::7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"a prefix, and an option", S "sshd: 10. 2001:db8::/32: allow\n", "ALL: ALL\n", "2001:db8::7", ACCESS_GRANT, ACCESS_BY_RULE,
		"allow 2", "allow "},
	{"a prefix is not IPv4", NULL, S "ALL: ::/0\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"nor is IPv4 in IPv6", NULL, S "ALL: ::/0\n", "::ffff:198.51.100.7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	{"a prefix that is none", NULL, S "ALL: 2001:db8::/129\n", "198.51.100.7", ACCESS_DENY, BROKEN, "deny 2", ""},
	{"an exception", NULL, S "ALL: ALL EXCEPT 2001:db8::/32\n", "2001:db8::7", ACCESS_GRANT, ACCESS_BY_DEFAULT, NULL, ""},
	/* Files. */
	{"a file of clients", NULL, S "ALL: $/good\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 2", ""},
	{"IPv6 in it", NULL, S "ALL: $/good\n", "2001:db8::7", ACCESS_DENY, ACCESS_BY_RULE, "deny 2", ""},
	{"a comment in it closes a rule that grants", S "ALL: $/comment\n", "ALL: ALL\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE,
		"deny 1", ""},
	{"and keeps one that denies", NULL, S "ALL: $/comment\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 2", ""},
	{"and opens no exception", NULL, S "ALL: ALL EXCEPT $/comment\n", "198.51.100.7", ACCESS_DENY, ACCESS_BY_RULE, "deny 2", ""},
	/* Addresses and names. */
	{"a pattern of addresses", S "ALL: 198.51.*\n", "ALL: ALL\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE, "allow 2", ""},
	{"the end of an address", S "ALL: .7\n", "ALL: ALL\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE, "allow 2", ""},
	{"a name", S "ALL: .example.org\n", "ALL: ALL\n", "198.51.100.7", ACCESS_GRANT, ACCESS_BY_RULE, "allow 2", ""},
};

static void a_strict_table_is_good_or_shut(void **state)
{
	(void)state;
	unsigned faults = 0;
	access_lab_write("good", "10.0.0.0/8 2001:db8::/32\n198.51.100.7");
	access_lab_write("comment", "10.0.0.0/8\n# ALL of us\n");
	for (size_t i = 0; i < TABLE_CHECK_ROWS(strict_rows); i++) {
		const struct decision_row *row = &strict_rows[i];
		put_table("allow", row->allow);
		put_table("deny", row->deny);
		struct access_known k = access_lab_known(row->client, "h.example.org", "root");
		k.now_s = 1790000000;
		struct access_request q = access_request_known("sshd", &k);
		struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
		faults += table_check_number(row->name, "verdict", d.verdict, row->verdict);
		faults += table_check_number(row->name, "reason", d.reason, row->reason);
		faults += table_check_number(row->name, "says why", d.fault.text[0] != '\0', row->reason == BROKEN);
		const char *table = !row->place ? "" : row->place[0] == 'a' ? row->allow : row->deny;
		faults += table_check_number(row->name, "strict", d.strict, strncmp(table, S, strlen(S)) == 0);
		faults += check_place(row, &d) + check_options(row, &d);
		access_decision_clear(&d);
	}
	put_table("allow", NULL);
	put_table("deny", NULL);
	assert_int_equal(faults, 0);
}

/* Names that could be addresses, and the other way round: with the mark they fit nothing. */
static void addresses_match_addresses_and_names_names(void **state)
{
	(void)state;
	static const struct {
		const char *word, *address, *name;
		bool plain, strict, asks_plain, asks_strict;
	} rows[] = {
		{"10.*", "198.51.100.7", "10.evil.example", true, false, true, false},
		{"10.*", "10.1.2.3", "h.example", true, true, false, false},
		{"192.0.2.7*", "198.51.100.7", "192.0.2.7", true, false, true, false},
		{"[2001:db8::1]", "198.51.100.7", "2001:db8::1", true, false, true, false},
		{"192.0.2.7", "198.51.100.7", "192.0.2.7", false, false, false, false},
		{"192.0.2.0/24", "198.51.100.7", "192.0.2.7", false, false, false, false},
		{".7", "198.51.100.8", "host.7", false, false, false, false},
		{"host.example", "host.example", "unknown", true, false, false, true},
		{"mail.*", "mail.example", "unknown", true, false, false, true},
		{".example", "198.51.100.7", "h.example", true, true, true, true},
		{"UNKNOWN", "198.51.100.7", "unknown", true, true, true, true},
		{"UNKNOWN", "unknown", "h.example", true, true, false, false},
		{"u*", "198.51.100.7", "unknown", true, false, true, true},
		{"p*", "198.51.100.7", "paranoid", true, false, true, true},
		{"PARANOID", "198.51.100.7", "paranoid", true, true, true, true},
		{"10.", "10.text", "h.example", true, false, false, false},
	};
	unsigned faults = 0;
	put_table("allow", NULL);
	for (size_t i = 0; i < 2 * TABLE_CHECK_ROWS(rows); i++) {
		const bool strict = i % 2;
		char text[200];
		snprintf(text, sizeof text, "%sALL: %s\n", strict ? S : "", rows[i / 2].word);
		put_table("deny", text);
		struct access_known k = access_lab_known(rows[i / 2].address, rows[i / 2].name, NULL);
		struct access_request q = access_request_known("sshd", &k);
		struct access_decision d = decide(&q, (struct access_warning_sink){NULL, NULL});
		faults += table_check_number(text, rows[i / 2].name, d.verdict, (strict ? rows[i / 2].strict : rows[i / 2].plain) ? ACCESS_DENY : ACCESS_GRANT);
		faults += table_check_number(text, "asked", k.asked_name[ACCESS_CLIENT], strict ? rows[i / 2].asks_strict : rows[i / 2].asks_plain);
		access_decision_clear(&d);
	}
	put_table("deny", NULL);
	assert_int_equal(faults, 0);
}

struct open_row {
	const char *name, *allow, *deny;
	enum access_verdict verdict;
	const char *place;
	bool by_the_name; /* that nobody said it is why */
	bool user_asked;
};

/* sshd, from 198.51.100.7, whose name nobody says; aclexec fails. */
static const struct open_row open_rows[] = {
	{"a rule by name in hosts.deny denies", NULL, "ALL: .example.com\n", ACCESS_DENY, "deny 1", true, false},
	{"one for another daemon does not", NULL, "ftpd: .example.com\n", ACCESS_GRANT, NULL, false, false},
	{"nor one that is over", NULL, "ALL: .example.com: expires 20200101T000000Z\n", ACCESS_GRANT, NULL, false, false},
	{"nor one that grants", NULL, "ALL: .example.com: allow\n", ACCESS_GRANT, NULL, false, false},
	{"a rule by name in hosts.allow grants nobody", "ALL: .example.com\n", "ALL: ALL\n", ACCESS_DENY, "deny 1", false, false},
	{"one that denies denies there, too", "sshd: .example.com : deny\n", NULL, ACCESS_DENY, "allow 1", true, false},
	{"so does a twist", "sshd: .example.com : twist x\n", NULL, ACCESS_GRANT, "allow 1", false, false},
	{"who is let in by address before needs no name", "ALL: 198.51.100.7\n", "ALL: .example.com\n", ACCESS_GRANT, "allow 1",
		false, false},
	{"who is kept out by address is kept out by that", NULL, "ALL: 198.51.100.7 .example.com\n", ACCESS_DENY, "deny 1", false,
		false},
	{"the name does not matter where the address fits behind it", NULL, "ALL: .example.com 198.\n", ACCESS_DENY, "deny 1",
		false, false},
	{"no exception saves", NULL, "ALL: ALL EXCEPT .example.com\n", ACCESS_DENY, "deny 1", true, false},
	{"no exception is passed over", "ALL: ALL EXCEPT .example.com\n", "ALL: ALL\n", ACCESS_DENY, "deny 1", false, false},
	{"UNKNOWN is what it is called", "ALL: UNKNOWN\n", "ALL: ALL\n", ACCESS_GRANT, "allow 1", false, false},
	{"no glob fits what nobody said", "ALL: u*\n", "ALL: ALL\n", ACCESS_DENY, "deny 1", false, false},
	{"nor saves it", NULL, "ALL: ALL EXCEPT u*\n", ACCESS_DENY, "deny 1", true, false},
	{"an allow with an equals sign grants nobody", NULL, "ALL: .example.com: allow=\nALL: ALL\n", ACCESS_DENY, "deny 2", false, false},
	{"a failed aclexec takes the rule back", NULL, "ALL: .example.com: aclexec x\n", ACCESS_GRANT, NULL, false, false},
	{"an IPv6 address in brackets hangs on no name", NULL, "ALL: [2001:db8::1]\n", ACCESS_GRANT, NULL, false, false},
	{"nor hides a rule that does", NULL, "ALL: [2001:db8::1]\nALL: .example.com\n", ACCESS_DENY, "deny 2", true, false},
	{"nor what is tried one by one", NULL, "ALL: [2001:db8::1]\nALL EXCEPT ftpd: ALL EXCEPT 10.\nALL: .example.com\n", ACCESS_DENY,
		"deny 2", false, false},
	{"nobody is asked for a user only to explain", NULL, "ALL: .example.com joe@198.\n", ACCESS_DENY, "deny 1", true, false},
};

static void a_rule_by_name_stays_shut_while_nobody_answers(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(open_rows); i++) {
		const struct open_row *row = &open_rows[i];
		struct access_lab_heard heard = {0};
		put_table("allow", row->allow);
		put_table("deny", row->deny);
		struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
		k.unanswered[ACCESS_CLIENT] = "no server answered";
		k.accepts = false;
		k.now_s = 1790000000;
		struct access_request q = access_request_known("sshd", &k);
		struct access_decision d = decide(&q, (struct access_warning_sink){access_lab_hear, &heard});
		char place[300] = "";
		if (d.file)
			snprintf(place, sizeof place, "%s %u", strrchr(d.file, '/') + 1, d.line);
		faults += table_check_number(row->name, "verdict", d.verdict, row->verdict);
		faults += table_check_text(row->name, "place", d.file ? place : NULL, row->place);
		faults += table_check_text(row->name, "unanswered", d.unanswered, row->by_the_name ? "no server answered" : NULL);
		char warning[120] = "";
		if (row->by_the_name)
			snprintf(warning, sizeof warning, "%u: denied while a name is not known: no server answered", d.line);
		faults += table_check_text(row->name, "warning", heard.last, warning);
		faults += table_check_number(row->name, "user asked", k.asked_user, row->user_asked);
		access_decision_clear(&d);
	}
	put_table("allow", NULL);
	put_table("deny", NULL);
	assert_int_equal(faults, 0);
}

static void one_line_can_be_asked_alone(void **state)
{
	(void)state;
	const struct access_place at = {.file = "deny", .line = 1, .denies = true};
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	assert_true(access_fit_line_matches(text_slice_of("sshd: 198.: allowd"), &q, &at));
	assert_false(access_fit_line_matches(text_slice_of("sshd: 10."), &q, &at));
	assert_false(access_fit_line_matches(text_slice_of("#sshd: ALL"), &q, &at));
	assert_false(access_fit_line_matches(text_slice_of("sshd ALL"), &q, &at));
	assert_true(access_fit_line_matches(text_slice_of("ALL: /etc"), &q, &at));
	assert_false(access_fit_line_matches(text_slice_of("ALL: /etc : allow"), &q, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_decide),
		cmocka_unit_test(an_accepted_aclexec_lets_its_rule_match),
		cmocka_unit_test(a_command_that_does_not_fit_denies),
		cmocka_unit_test(a_line_may_be_long),
		cmocka_unit_test(a_table_without_a_path_closes),
		cmocka_unit_test(a_line_without_end_closes),
		cmocka_unit_test(what_is_no_plain_file_closes),
		cmocka_unit_test(what_is_wrong_is_told_once_with_its_line),
		cmocka_unit_test(one_decision_leaves_nothing_to_the_next),
		cmocka_unit_test(a_strict_table_is_good_or_shut),
		cmocka_unit_test(addresses_match_addresses_and_names_names),
		cmocka_unit_test(a_rule_by_name_stays_shut_while_nobody_answers),
		cmocka_unit_test(one_line_can_be_asked_alone),
	};
	return cmocka_run_group_tests(tests, access_lab_open, access_lab_close);
}
