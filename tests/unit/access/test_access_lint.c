/* SPDX-License-Identifier: ISC */
#include "access/access_lint.h"

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

#define DENY ACCESS_LINT_DENIES
#define ALLOW ACCESS_LINT_GRANTS
#define SAME NULL

/* A table, the traps in it, and the table that was meant (SAME: nobody can know more). */
static const struct row {
	const char *name;
	enum access_lint_table table;
	const char *text, *codes, *fixed;
} rows[] = {
	/* nothing */
	{"an empty file", ALLOW, "", "", SAME},
	{"good lines", ALLOW, "# comment\n\n \t\r\nsshd: 192.0.2.1, 192.0.2.0/24\nin.ftpd , vsftpd : [2001:db8::]/32 EXCEPT [2001:db8::7]\n", "", SAME},
	{"a good CRLF file", ALLOW, "sshd: 192.0.2.1\r\n# comment\r\nvsftpd: ALL\r\n", "", SAME},
	{"a good rule of many lines", ALLOW, "sshd: 192.0.2.1, \\\n  192.0.2.2\n", "", SAME},
	{"good options", DENY, "sshd: 192.0.2.1: umask 022 : keepalive : linger 5 : nice : rfc931 5 : banners /etc/b : setenv A b c : deny\n", "", SAME},
	{"a good command", DENY, "sshd: ALL: spawn (echo %h\\: # not a comment | mail root) &\n", "", SAME},
	{"forms that hold", ALLOW, "22: ALL\nsshd@192.0.2.1: 10.\nsshd: 0.0.0.0/0.0.0.0\nvsftpd: [::]/0\n", "", SAME},
	/* the bytes */
	{"a byte order mark", ALLOW, "\xef\xbb\xbfsshd: 192.0.2.1\n", "bom", "sshd: 192.0.2.1\n"},
	{"UTF-16", ALLOW, "\xff\xfes", "utf-16", SAME},
	{"a carriage return behind a backslash", DENY, "sshd: 192.0.2.1, \\\r\n  192.0.2.2\n", "cr-continuation", "sshd: 192.0.2.1, \\\n  192.0.2.2\n"},
	{"no last newline", DENY, "sshd: 192.0.2.1\nvsftpd: ALL", "no-newline", "sshd: 192.0.2.1\nvsftpd: ALL\n"},
	{"a last line that goes on nowhere", DENY, "vsftpd: ALL\\\n", "no-newline", "vsftpd: ALL\n"},
	{"a comment that swallows a rule", DENY, "# old rules \\\nsshd: 192.0.2.1\n", "comment-backslash", "# old rules \nsshd: 192.0.2.1\n"},
	{"a rule of many lines that is a comment", DENY, "# sshd: 192.0.2.1, \\\n   192.0.2.2\nvsftpd: ALL\n", "", SAME},
	{"comments of many lines", DENY, "# one \\\n# two \\\n\nsshd: ALL\n", "", SAME},
	/* comments */
	{"an indented comment", DENY, "  # nobody: ALL\n", "indented-comment", "# nobody: ALL\n"},
	{"a comment behind clients", ALLOW, "sshd: 192.0.2.1 # ALL of them\n", "trailing-comment", "# ALL of them\nsshd: 192.0.2.1\n"},
	{"a comment with a colon", ALLOW, "sshd: 192.0.2.1 # note: home\n", "trailing-comment", "# note: home\nsshd: 192.0.2.1\n"},
	{"a comment behind an option", ALLOW, "sshd: 192.0.2.1 : allow # home: sweet\n", "trailing-comment", "# home: sweet\nsshd: 192.0.2.1 : allow\n"},
	{"a comment instead of options", ALLOW, "sshd: 192.0.2.1 : # home\n", "trailing-comment", "# home\nsshd: 192.0.2.1\n"},
	/* separators */
	{"no colon", DENY, "sshd 192.0.2.1\n", "no-separator", "sshd: 192.0.2.1\n"},
	{"no colon, two daemons", DENY, "sshd, vsftpd ALL\n", "no-separator", "sshd, vsftpd: ALL\n"},
	{"a semicolon", DENY, "sshd; 192.0.2.1\n", "no-separator", "sshd: 192.0.2.1\n"},
	{"an equals sign", DENY, "sshd = 192.0.2.1\n", "no-separator", "sshd: 192.0.2.1\n"},
	{"a sentence", DENY, "deny all of them\n", "no-separator", "# deny all of them\n"},
	{"a word", DENY, "sshd\n", "no-separator", "# sshd\n"},
	{"a bracket in the daemons", DENY, "sshd]: 192.0.2.1\n", "stray-bracket", "sshd: 192.0.2.1\n"},
	{"a bracket that is not closed", DENY, "sshd: [2001:db8::1, 192.0.2.1 : deny\n", "stray-bracket", "sshd: [2001:db8::1], 192.0.2.1 : deny\n"},
	{"a bracket that is not opened", DENY, "sshd: 2001:db8::1]/128\n", "stray-bracket", "sshd: [2001:db8::1]/128\n"},
	{"IPv6 without brackets", DENY, "sshd: 2001:db8::1\n", "bare-ipv6", "sshd: [2001:db8::1]\n"},
	{"IPv6 with a length", DENY, "sshd:2001:db8::/32\n", "bare-ipv6", "sshd:[2001:db8::]/32\n"},
	{"IPv6 with options", DENY, "sshd: ::1, fe80::1%eth0: deny\n", "bare-ipv6 bare-ipv6", "sshd: [::1], [fe80::1%eth0]: deny\n"},
	{"the beginning of an IPv6 address", DENY, "sshd: 2001:db8:\n", "bare-ipv6", "sshd: [2001:db8::]/32\n"},
	{"IPv6 with a star", DENY, "sshd: 2001:db8:*\n", "bare-ipv6", "sshd: [2001:db8::]/32\n"},
	{"IPv6 of a server", DENY, "sshd@2001:db8::1: ALL\n", "bare-ipv6", "sshd@[2001:db8::1]: ALL\n"},
	{"hexadecimal words", DENY, "sshd: beef: deny\n", "needs-dns", SAME},
	{"no clients", DENY, "sshd:\n", "empty-list", "# sshd:\n"},
	{"no daemons", DENY, " : ALL\n", "empty-list", "#  : ALL\n"},
	/* EXCEPT */
	{"EXCEPT first", DENY, "sshd: EXCEPT 192.0.2.1\n", "except-first", "sshd: ALL EXCEPT 192.0.2.1\n"},
	{"EXCEPT last", DENY, "sshd: ALL EXCEPT\n", "except-last", "sshd: ALL\n"},
	{"a client behind EXCEPT", DENY, "sshd: 192.0.2.0/24 EXCEPT 192.0.2.5, 203.0.113.5\n", "except-swallows", "sshd: 192.0.2.0/24 203.0.113.5 EXCEPT 192.0.2.5\n"},
	{"EXCEPT twice", DENY, "sshd: ALL EXCEPT 192.0.2.0/24 EXCEPT 192.0.2.7\n", "except-nested", SAME},
	/* addresses */
	{"host bits", DENY, "sshd: 192.0.2.7/24\n", "host-bits", "sshd: 192.0.2.0/24\n"},
	{"host bits of a mask", DENY, "sshd: 192.0.2.7/255.255.255.0\n", "host-bits", "sshd: 192.0.2.0/255.255.255.0\n"},
	{"a length of 0", DENY, "sshd: 0.0.0.0/0\n", "slash-zero", "sshd: 0.0.0.0/0.0.0.0\n"},
	{"a net of length 0", DENY, "sshd: 10.0.0.0/0\n", "slash-zero", SAME},
	{"a full mask", DENY, "sshd: 192.0.2.7/255.255.255.255\n", "full-mask", "sshd: 192.0.2.7\n"},
	{"a length with junk", DENY, "sshd: 192.0.2.0/24junk\n", "mask-junk", "sshd: 192.0.2.0/24\n"},
	{"a length with a fraction", DENY, "sshd: 192.0.2.0/24.0\n", "mask-junk", "sshd: 192.0.2.0/24\n"},
	{"a length of 33", DENY, "sshd: 192.0.2.0/33\n", "mask-junk", SAME},
	{"a short mask", DENY, "sshd: 192.0.2.0/255.255.255\n", "mask-junk", "sshd: 192.0.2.0/255.255.255.0\n"},
	{"a wildcard mask", DENY, "sshd: 192.0.2.0/0.0.0.255\n", "wildcard-mask", "sshd: 192.0.2.0/24\n"},
	{"an odd mask", DENY, "sshd: 192.0.2.0/255.0.255.0\n", "odd-mask", SAME},
	{"a leading zero", DENY, "sshd: 198.51.100.07\n", "leading-zero", "sshd: 198.51.100.7\n"},
	{"a leading zero of a beginning", DENY, "sshd: 010.1.\n", "leading-zero", "sshd: 10.1.\n"},
	{"a leading zero of a length", DENY, "sshd: 192.0.2.0/024\n", "leading-zero", "sshd: 192.0.2.0/24\n"},
	{"an octal net", DENY, "sshd: 010.0.0.0/8\n", "octal", "sshd: 10.0.0.0/8\n"},
	{"a hexadecimal net", DENY, "sshd: 0x0a.0.0.0/8\n", "octal", "sshd: 10.0.0.0/8\n"},
	{"three fields", DENY, "sshd: 192.0.2\n", "short-address", "sshd: 192.0.2.\n"},
	{"three fields and a length", DENY, "sshd: 192.0.2/24\n", "short-address", "sshd: 192.0.2.0/24\n"},
	{"the address of a network", DENY, "sshd: 192.0.2.0\n", "ends-in-zero", SAME},
	{"a dot behind it", DENY, "sshd: 192.0.2.1.\n", "trailing-dot", "sshd: 192.0.2.1\n"},
	{"a range", DENY, "sshd: 192.0.2.1-192.0.2.9\n", "range", "sshd: 192.0.2.1 192.0.2.2/31 192.0.2.4/30 192.0.2.8/31\n"},
	{"a range of the last field", DENY, "sshd: 192.0.2.8-15\n", "range", "sshd: 192.0.2.8/29\n"},
	{"a field above 255", DENY, "sshd: 192.0.2.256\n", "bad-address", SAME},
	{"five fields", DENY, "sshd: 1.2.3.4.5\n", "bad-address", SAME},
	{"IPv4 in brackets", DENY, "sshd: [192.0.2.1]\n", "ipv4-in-brackets", "sshd: 192.0.2.1\n"},
	{"a mapped address", DENY, "sshd: [::ffff:192.0.2.1], [::ffff:192.0.2.0]/120\n", "mapped-ipv4 mapped-ipv4", "sshd: 192.0.2.1, 192.0.2.0/24\n"},
	{"a length that is none", DENY, "sshd: [2001:db8::]/x\n", "ipv6-length", "sshd: [2001:db8::]\n"},
	{"a length with letters behind", DENY, "sshd: [2001:db8::]/32x\n", "ipv6-length", "sshd: [2001:db8::]/32\n"},
	{"a length inside the brackets", DENY, "sshd: [2001:db8::/32]\n", "ipv6-length", "sshd: [2001:db8::]/32\n"},
	{"a star", ALLOW, "sshd: 10.*, 192.0.*.*\n", "glob-on-names glob-on-names", "sshd: 10., 192.0.\n"},
	{"a star inside", ALLOW, "sshd: 10.*.1\n", "glob-on-names needs-dns", SAME},
	{"the end of an address", ALLOW, "sshd: .7\n", "suffix-on-address", SAME},
	{"a mark", ALLOW, "sshd: \"192.0.2.1\"; vsftpd\n", "stray-mark needs-dns", "sshd: 192.0.2.1 vsftpd\n"},
	{"a misspelt word", ALLOW, "sshd: LOCALL\n", "misspelt-word needs-dns", "sshd: LOCAL\n"},
	{"any", ALLOW, "sshd: any\n", "misspelt-word", "sshd: ALL\n"},
	{"a name", ALLOW, "sshd: .example.com\n", "needs-dns", SAME},
	{"a user", ALLOW, "sshd: root@192.0.2.1\n", "needs-ident", SAME},
	{"two faults in one word", DENY, "sshd: 010.0.0.7/08\n", "octal leading-zero host-bits", "sshd: 10.0.0.0/8\n"},
	{"names after ALL ask nobody", DENY, "sshd: ALL .example.com\n", "", SAME},
	/* daemons */
	{"a path", ALLOW, "/usr/sbin/sshd: ALL\n", "daemon-path", "sshd: ALL\n"},
	{"a netgroup of daemons", ALLOW, "@mine: ALL\n", "daemon-form", SAME},
	{"a port that is none", ALLOW, "65536: ALL\n", "daemon-port", SAME},
	/* options */
	{"a colon at the end", ALLOW, "sshd: ALL:\n", "option-empty", "sshd: ALL\n"},
	{"two colons", ALLOW, "sshd: ALL: : allow\n", "option-empty", "sshd: ALL: allow\n"},
	{"a misspelt option", ALLOW, "sshd: ALL: alow\n", "option-unknown", "sshd: ALL: allow\n"},
	{"no option at all", ALLOW, "sshd: ALL: whatever\n", "option-unknown", SAME},
	{"a value too much", ALLOW, "sshd: ALL: allow yes\n", "option-value", "sshd: ALL: allow\n"},
	{"a value missing", ALLOW, "sshd: ALL: umask\n", "option-value", SAME},
	{"not the last", ALLOW, "sshd: ALL: allow: umask 022\n", "option-order", "sshd: ALL: umask 022 : allow\n"},
	{"two that want to be the last", ALLOW, "sshd: ALL: allow: deny\n", "option-order", SAME},
	{"a colon in a command", DENY, "sshd: ALL: spawn (date +%%H:%%M) &\n", "option-colon", "sshd: ALL: spawn (date +%%H\\:%%M) &\n"},
	{"a command without spawn", DENY, "sshd: ALL: (/bin/true) &\n", "shell-command", "sshd: ALL: spawn (/bin/true) &\n"},
	{"a facility that is not there", DENY, "sshd: ALL: severity authpriv.info\n", "severity-word severity-sticks", "sshd: ALL: severity auth.info\n"},
	{"a level that is not there", DENY, "sshd: ALL: severity warn\n", "severity-word severity-sticks", "sshd: ALL: severity warning\n"},
	{"a user", DENY, "sshd: ALL: user nobody\n", "user-kept", SAME},
	{"aclexec", DENY, "sshd: ALL: aclexec /bin/true\n", "aclexec-sticks", SAME},
	{"spawn without &", DENY, "sshd: ALL: spawn /bin/true\n", "spawn-waits", "sshd: ALL: spawn /bin/true &\n"},
	{"spawn for whom is let in", ALLOW, "sshd: ALL: spawn /bin/true &\n", "spawn-bounded", SAME},
	{"so by an option", DENY, "sshd: ALL: spawn /bin/true & : allow\n", "spawn-bounded", SAME},
	{"and for whom is not", ALLOW, "sshd: ALL: spawn /bin/true & : deny\n", "", SAME},
	{"a bound of its own", ALLOW, "sshd: ALL: trap-limit 100/1m : spawn /bin/true &\n", "option-ours", SAME},
	{"a bound that comes too late", ALLOW, "sshd: ALL: spawn /bin/true & : trap-limit 100/1m\n", "spawn-bounded option-ours", SAME},
	{"a bound for all", ALLOW, "sshd: ALL: trap-limit 100/1m per service : spawn /bin/true &\n", "option-ours spawn-bounded", SAME},
	{"twist", DENY, "in.ftpd: ALL: twist /bin/echo no\n", "twist-stays", SAME},
	{"a letter that is none", DENY, "sshd: ALL: spawn echo %z%%h %h &\n", "percent-letter", SAME},
	{"options of ours", DENY, "sshd: ALL: limit 10/1m : expires 20261130T050000Z\n", "option-ours option-ours", SAME},
	{"the usual forms of ours", DENY, "sshd: ALL: trap-limit 5/1h per service : trap-at-most 64 : trap-time 30s : at-most 9 per network\n",
		"option-ours option-ours option-ours option-ours", SAME},
	{"a day is no time", ALLOW, "sshd: ALL: expires tomorrow\n", "expires-form option-ours", SAME},
	{"nor is a time that is not there", ALLOW, "sshd: ALL: expires 20260231T000000Z\n", "expires-form option-ours", SAME},
	{"an end without a time", ALLOW, "sshd: ALL: expires\n", "expires-form option-ours", SAME},
	{"a limit without a time", DENY, "sshd: ALL: limit 10\n", "limit-form option-ours", SAME},
	{"a limit for whom there is not", DENY, "sshd: ALL: limit 10/1m per host\n", "limit-form option-ours", SAME},
	{"a limit of commands that is too high", DENY, "sshd: ALL: trap-limit 1001/1m\n", "limit-form option-ours", SAME},
	{"at most none", DENY, "sshd: ALL: at-most 0\n", "at-most-form option-ours", SAME},
	{"too many commands at a time", DENY, "sshd: ALL: trap-at-most 65\n", "at-most-form option-ours", SAME},
	{"a time without a unit", DENY, "sshd: ALL: trap-time 60\n", "trap-time-form option-ours", SAME},
	{"a variable that is none", DENY, "sshd: ALL: setenv A=B c\n", "option-value", SAME},
	{"a group that is missing", DENY, "sshd: ALL: user nobody.\n", "option-value user-kept", SAME},
	/* rules among each other */
	{"covered, the other way round", DENY, "ALL: ALL\nsshd: 192.0.2.1: allow\n", "unreachable", "sshd: 192.0.2.1: allow\nALL: ALL\n"},
	{"covered, the same way", DENY, "sshd: 192.0.2.0/24\nsshd: 192.0.2.1\n", "repeated", "sshd: 192.0.2.0/24\n# sshd: 192.0.2.1\n"},
	{"two that are moved keep their order", DENY, "ALL: ALL\nsshd: 192.0.2.1: allow\nsshd: 192.0.2.0/24: allow\n", "unreachable unreachable",
		"sshd: 192.0.2.1: allow\nsshd: 192.0.2.0/24: allow\nALL: ALL\n"},
	/* strict tables */
	{"what a strict table refuses is told with it", DENY, "# knockwatch: strict\nsshd: 192.0.2.1/24\n", "strict-refused host-bits",
		"# knockwatch: strict\nsshd: 192.0.2.0/24\n"},
	{"what only a strict table refuses", ALLOW, "# us\n# knockwatch: strict\n\nsshd: [2001:db8::7]/32\nsshd: MAILHOST\n",
		"strict-refused strict-refused needs-dns", SAME},
	{"a comment that swallows a rule", DENY, "# knockwatch: strict\n# off \\\nsshd: 192.0.2.1\n", "comment-backslash strict-refused",
		"# knockwatch: strict\n# off \nsshd: 192.0.2.1\n"},
	{"a good one", DENY, "# knockwatch: strict\nsshd: 192.0.2.0/24 EXCEPT 192.0.2.7\n", "", SAME},
	{"IPv6 without brackets is for ours alone", DENY, "# knockwatch: strict\nsshd: 2001:db8::7\n", "bare-ipv6",
		"# knockwatch: strict\nsshd: [2001:db8::7]\n"},
	{"a mark that comes late", DENY, "sshd: 192.0.2.1\n# knockwatch: strict\nsshd: [2001:db8::7]/32\n", "strict-late", SAME},
	{"a mark that is none", DENY, "# knockwatch: strickt\nsshd: 192.0.2.1\n", "unknown-mark", SAME},
	/* what is meant */
	{"what is meant is left alone", DENY, "# knockwatch: ok needs-dns\nsshd: .example.com\nvsftpd: .example.com\n", "needs-dns", SAME},
	{"what is meant is not corrected", ALLOW, "# knockwatch: ok glob-on-names, user-kept\nsshd: 10.*: user nobody\n", "", SAME},
};

static unsigned check_row(const struct row *r)
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
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static void every_code_has_words_and_a_row(void **state)
{
	/* Those that need files or a host have tests of their own. */
	static const char others[] = " unreadable directory nul-byte list-missing list-unreadable list-loop list-comment list-comma list-except "
				     "list-user daemon-unknown daemon-unwrapped too-long ";
	unsigned faults = 0;
	(void)state;
	for (unsigned code = 0; code < ACCESS_LINT_CODES; code++) {
		const struct access_lint_words *w = access_lint_code_words((enum access_lint_code)code);
		assert_non_null(w->name);
		assert_non_null(w->text);
		assert_int_equal(access_lint_code_of(text_slice_of(w->name)), code);
		bool found = false;
		for (size_t i = 0; i < TABLE_CHECK_ROWS(rows) && !found; i++)
			found = strstr(rows[i].codes, w->name) != NULL;
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
	access_draft_add_text(&text, "ALL EXCEPT 192.0.2.1 : umask 022\n# ");
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
	const struct access_lint_host host = {know_one, NULL};
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
		cmocka_unit_test(a_nul_byte_is_taken_out_and_the_line_is_back),
		cmocka_unit_test(a_rule_of_one_table_is_covered_by_the_other),
		cmocka_unit_test(changes_are_the_lines_that_differ),
		cmocka_unit_test(files_of_clients_are_judged_by_their_own_rules),
		cmocka_unit_test(a_table_that_is_none_is_told),
		cmocka_unit_test(what_the_host_knows_of_daemons_is_told),
		cmocka_unit_test(the_words_of_a_finding_are_printable),
	};
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
