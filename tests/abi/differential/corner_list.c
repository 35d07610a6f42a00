/* SPDX-License-Identifier: ISC */
/*
 * If a corner says nothing of its caller, it is user joe of ws7.example.net, 198.51.100.7, who comes to in.ftpd of
 * www.example.org, 192.0.2.10, port 21. Most corners stand in hosts.deny: what matches is denied.
 */
#include "corner_list.h"

#include "case_maker.h"

#include <stdio.h>
#include <string.h>

#define TEXT(literal) {FILE_TEXT, literal, sizeof(literal) - 1}
#define KIND(kind) {kind, NULL, 0}
#define BOTH(verdict) .original = CORNER_##verdict, .ours = CORNER_##verdict
#define SIX .address = "2001:db8::1", .client_name = "six.example.net"
#define STRANGER .address = "192.0.2.1", .client_name = "unknown"

static void long_rule_last(struct access_case *c);
static void long_comment_first(struct access_case *c);
static void longest_rule(struct access_case *c);
static void two_decisions(struct access_case *c);
static void then_a_stranger(struct access_case *c);
static void list_of_itself(struct access_case *c);
static void list_is_directory(struct access_case *c);
static void list_with_long_word(struct access_case *c);
static void long_name(struct access_case *c);
static void longest_netgroup(struct access_case *c);
static void longer_netgroup(struct access_case *c);
static void many_letters(struct access_case *c);

const struct corner corner_list[] = {
	/* --- order and files --------------------------------------------------------------------------- */
	{"no rule at all grants", BOTH(GRANTED)},
	{"a match in hosts.allow grants, whatever hosts.deny says", .allow = TEXT("ALL: ALL\n"), .deny = TEXT("ALL: ALL\n"), BOTH(GRANTED)},
	{"a match in hosts.deny denies", .deny = TEXT("ALL: ALL\n"), BOTH(DENIED)},
	{"the first match of a table decides", .allow = TEXT("ALL: ALL: deny\nALL: ALL: allow\n"), BOTH(DENIED)},
	{"a missing hosts.allow is an empty one", .allow = KIND(FILE_MISSING), .deny = TEXT("ALL: ALL\n"), BOTH(DENIED)},
	{"a missing hosts.deny is an empty one", .deny = KIND(FILE_MISSING), BOTH(GRANTED)},
	{"a hosts.allow that is a link to itself denies with ours", .allow = KIND(FILE_LOOP), .original = CORNER_GRANTED,
		.ours = CORNER_DENIED, .row = "table-unreadable"},
	{"a hosts.deny that is a link to itself denies", .deny = KIND(FILE_LOOP), BOTH(DENIED)},
	{"a hosts.deny below a plain file denies", .deny = KIND(FILE_NOT_DIR), BOTH(DENIED)},
	{"a hosts.allow below a plain file matches nobody", .allow = KIND(FILE_NOT_DIR), .deny = TEXT("ALL: ALL\n"), BOTH(DENIED)},
	{"a hosts.deny that is a directory denies with ours", .deny = KIND(FILE_DIRECTORY), .original = CORNER_GRANTED, .ours = CORNER_DENIED,
		.row = "table-unreadable"},
	{"a hosts.allow that is a directory denies whom no rule lets in, with ours", .allow = KIND(FILE_DIRECTORY), .original = CORNER_GRANTED,
		.ours = CORNER_DENIED, .row = "table-unreadable"},
	{"a hosts.allow that is a directory matches nobody", .allow = KIND(FILE_DIRECTORY), .deny = TEXT("ALL: ALL\n"), BOTH(DENIED)},

	/* --- lines ------------------------------------------------------------------------------------- */
	{"a backslash before the newline joins lines", .deny = TEXT("ALL: \\\nALL\n"), BOTH(DENIED)},
	{"joining puts nothing between", .deny = TEXT("in.f\\\ntpd: 198.51.\\\n100.7\n"), BOTH(DENIED)},
	{"a comment that ends in a backslash swallows the next line", .deny = TEXT("# x \\\nALL: ALL\n"), BOTH(GRANTED)},
	{"a backslash before CR LF does not join", .deny = TEXT("ALL: \\\r\nALL\n"), BOTH(GRANTED)},
	{"lines may end in CR LF", .deny = TEXT("ALL: ALL\r\n"), BOTH(DENIED)},
	{"a '#' that is not in the first column begins a rule", .deny = TEXT(" #ALL: ALL\n"), .daemon = "#ALL", BOTH(DENIED)},
	{"an indented comment with a word ALL is a rule for all", .deny = TEXT(" # ALL: ALL\n"), BOTH(DENIED)},
	{"words of a trailing comment are patterns", .deny = TEXT("sshd: 10.0.0.1\nin.ftpd: 10.0.0.1 # not ALL\n"), BOTH(DENIED)},
	{"a colon in a trailing comment begins the options", .allow = TEXT("ALL: ALL # note: home\n"), BOTH(DENIED)},
	{"a line of blanks is nothing", .deny = TEXT(" \t \r\n"), BOTH(GRANTED)},
	{"a NUL byte takes the rest of its line, and the next line is glued on", .deny = TEXT("ALL: A\0x\nLL\n"), BOTH(DENIED),
		.row = "line-number-after-nul"},
	{"a byte order mark belongs to the first daemon", .deny = TEXT("\357\273\277in.ftpd: ALL\n"), BOTH(GRANTED)},
	{"a last hosts.deny line without newline is a rule with ours; the original denies everybody", .deny = TEXT("sshd: ALL"),
		.original = CORNER_DENIED, .ours = CORNER_GRANTED, .row = "last-line-without-newline"},
	{"a last hosts.allow line without newline is a rule with ours", .allow = TEXT("ALL: ALL"), .deny = TEXT("ALL: ALL\n"),
		.original = CORNER_DENIED, .ours = CORNER_GRANTED, .row = "last-line-without-newline"},
	{"a last comment without newline is a comment with ours", .deny = TEXT("sshd: ALL\n# end"), .original = CORNER_DENIED,
		.ours = CORNER_GRANTED, .row = "last-line-without-newline"},
	{"a rule before a last line without newline still decides", .allow = TEXT("ALL: ALL\nx"), .deny = TEXT("ALL: ALL"), BOTH(GRANTED)},
	{"a line of 2046 letters is read", .arrange = longest_rule, BOTH(DENIED)},
	{"a longer line is read by ours", .arrange = long_rule_last, .original = CORNER_DENIED, .ours = CORNER_GRANTED, .row = "long-line"},
	{"a long comment is a comment with ours", .arrange = long_comment_first, .original = CORNER_DENIED, .ours = CORNER_GRANTED,
		.row = "long-line"},

	/* --- strict tables ------------------------------------------------------------------------------ */
	{"a good table that says it is strict is read by both", .deny = TEXT("# knockwatch: strict\nALL: 198.51.100.0/24\n"), BOTH(DENIED)},
	{"a broken rule of a strict table denies with ours", .deny = TEXT("# knockwatch: strict\nALL: 10.0.0.1/8\n"),
		.original = CORNER_GRANTED, .ours = CORNER_DENIED, .row = "strict"},
	{"so does one in hosts.allow", .allow = TEXT("# knockwatch: strict\nALL: 198.51.100.0/24x\n"), .deny = TEXT("ALL: 10.\n"),
		.original = CORNER_GRANTED, .ours = CORNER_DENIED, .row = "strict"},
	{"and a comment behind a rule", .allow = TEXT("# knockwatch: strict\nALL: 198.51.100.7 # home\n"), .original = CORNER_GRANTED,
		.ours = CORNER_DENIED, .row = "strict"},
	{"a rule for another daemon is not looked at", .deny = TEXT("# knockwatch: strict\nsshd: 10.0.0.1/8\n"), BOTH(GRANTED)},
	{"a mark behind a rule is a comment", .deny = TEXT("sshd: ALL\n# knockwatch: strict\nALL: 10.0.0.1/8\n"), BOTH(GRANTED)},
	{"IPv6 without brackets is read in a strict table by ours", .deny = TEXT("# knockwatch: strict\nALL: 2001:db8::1\n"), SIX,
		.original = CORNER_GRANTED, .ours = CORNER_DENIED, .row = "strict"},
	{"a glob of digits is not compared with the name in a strict table by ours", .allow = TEXT("# knockwatch: strict\nALL: 10.*\n"),
		.deny = TEXT("ALL: ALL\n"), .address = "198.51.100.20", .client_name = "10.evil.example", .original = CORNER_GRANTED,
		.ours = CORNER_DENIED, .row = "strict"},

	/* --- fields ------------------------------------------------------------------------------------- */
	{"a line without a colon is skipped", .deny = TEXT("ALL ALL\nALL: ALL\n"), BOTH(DENIED)},
	{"colons in brackets do not separate", .deny = TEXT("ALL: [2001:db8::1]\n"), SIX, BOTH(DENIED)},
	{"a bracket that is not closed hides the colons behind it", .deny = TEXT("[x: ALL\n"), BOTH(GRANTED)},
	{"a stray closing bracket hides the colons behind it", .deny = TEXT("ALL]: ALL\nALL]x[: ALL\n"), BOTH(GRANTED)},
	{"an unclosed bracket among the clients makes options part of the last word", .deny = TEXT("ALL: ALL [x: allow\n"), BOTH(DENIED)},
	{"an empty list of clients never matches", .deny = TEXT("ALL:\nALL: :\n"), BOTH(GRANTED)},
	{"an empty list of daemons never matches", .deny = TEXT(": ALL\n"), BOTH(GRANTED)},
	{"commas, blanks, tabs and CRs all separate", .deny = TEXT("sshd,,in.ftpd\t,x: 10.1.1.1\r198.51.100.7\n"), BOTH(DENIED)},
	{"a second colon with nothing behind it is an empty option, which denies", .allow = TEXT("ALL: ALL:\n"), BOTH(DENIED)},
	{"so is one with a blank behind it", .allow = TEXT("ALL: ALL: \n"), BOTH(DENIED)},

	/* --- EXCEPT --------------------------------------------------------------------------------------- */
	{"EXCEPT takes away", .deny = TEXT("ALL: ALL EXCEPT 198.51.100.7\n"), BOTH(GRANTED)},
	{"EXCEPT in small letters takes away", .deny = TEXT("ALL: ALL except .example.net\n"), BOTH(GRANTED)},
	{"a EXCEPT b EXCEPT c is a EXCEPT (b EXCEPT c)", .deny = TEXT("ALL: ALL EXCEPT .example.net EXCEPT ws7.example.net\n"), BOTH(DENIED)},
	{"a list that begins with EXCEPT never matches", .deny = TEXT("ALL: EXCEPT 10.1.1.1\n"), BOTH(GRANTED)},
	{"EXCEPT at the end takes nothing away", .deny = TEXT("ALL: ALL EXCEPT\n"), BOTH(DENIED)},
	{"all words behind EXCEPT belong to the exception", .deny = TEXT("ALL: ALL EXCEPT 10.1.1.1 198.51.100.7\n"), BOTH(GRANTED)},
	{"daemons have exceptions too", .deny = TEXT("ALL EXCEPT in.ftpd: ALL\n"), BOTH(GRANTED)},

	/* --- daemons -------------------------------------------------------------------------------------- */
	{"a daemon's name may be in any case", .deny = TEXT("IN.FTPD: ALL\n"), BOTH(DENIED)},
	{"a number is the server's port", .deny = TEXT("21: ALL\n"), BOTH(DENIED)},
	{"a port may have a sign and zeros", .deny = TEXT("+0021: ALL\n"), BOTH(DENIED)},
	{"another port is not ours", .deny = TEXT("22: ALL\n"), BOTH(GRANTED)},
	{"a port matches nobody without a socket", .deny = TEXT("21: ALL\n"), .form = CALLER_STRINGS, BOTH(GRANTED)},
	{"a port matches nobody with hosts_ctl", .deny = TEXT("21: ALL\n"), .form = CALLER_CTL, BOTH(GRANTED)},
	{"a number above 65535 is a name", .deny = TEXT("65557: ALL\n"), .daemon = "65557", BOTH(DENIED)},
	{"the name of a service is no port", .deny = TEXT("ftp: ALL\n"), BOTH(GRANTED)},
	{"a daemon may be given by a glob", .deny = TEXT("in.*: ALL\n"), BOTH(DENIED)},
	{"a daemon may be given by its ending", .deny = TEXT(".ftpd: ALL\n"), BOTH(DENIED)},
	{"a daemon may be given by its beginning", .deny = TEXT("in.: ALL\n"), BOTH(DENIED)},
	{"KNOWN is every daemon but unknown", .deny = TEXT("KNOWN: ALL\n"), BOTH(DENIED)},
	{"KNOWN is not the daemon unknown", .deny = TEXT("KNOWN: ALL\n"), .daemon = "unknown", BOTH(GRANTED)},
	{"daemon@host compares the server's address", .deny = TEXT("in.ftpd@192.0.2.10: ALL\n"), BOTH(DENIED)},
	{"daemon@host compares the server's name", .deny = TEXT("ALL@.example.org: ALL\n"), BOTH(DENIED)},
	{"daemon@net/mask compares the server's address", .deny = TEXT("in.ftpd@192.0.2.0/24: ALL\n"), BOTH(DENIED)},
	{"daemon@[v6] compares the server's address", .deny = TEXT("in.ftpd@[2001:db8:5::10]: ALL\n"), .server = "2001:db8:5::10", SIX,
		BOTH(DENIED)},
	{"port@host is both", .deny = TEXT("21@192.0.2.11: ALL\n"), BOTH(GRANTED)},
	{"a /file is no daemon", .deny = TEXT("/mnt/f0: ALL\n"), .list = TEXT("in.ftpd\n"), BOTH(GRANTED)},
	{"an @netgroup is no daemon", .deny = TEXT("@friends: ALL\n"), BOTH(GRANTED)},

	/* --- hosts: names and strings --------------------------------------------------------------------- */
	{"a name may be in any case", .deny = TEXT("ALL: WS7.Example.NET\n"), BOTH(DENIED)},
	{"an ending matches", .deny = TEXT("ALL: .example.net\n"), BOTH(DENIED)},
	{"an ending does not match itself", .deny = TEXT("ALL: .example.net\n"), .client_name = "example.net", BOTH(GRANTED)},
	{"an ending is compared with the address, too", .deny = TEXT("ALL: .7\n"), BOTH(DENIED)},
	{"a beginning matches the address", .deny = TEXT("ALL: 198.51.100.\n"), BOTH(DENIED)},
	{"a beginning of digits is not compared with the name", .deny = TEXT("ALL: 10.\n"), .address = "198.51.100.20",
		.client_name = "10.evil.example", BOTH(GRANTED)},
	{"a beginning with letters is compared with the name", .deny = TEXT("ALL: ws7.\n"), BOTH(DENIED)},
	{"a glob of digits is compared with the name, too", .allow = TEXT("ALL: 10.*\n"), .deny = TEXT("ALL: ALL\n"),
		.address = "198.51.100.20", .client_name = "10.evil.example", BOTH(GRANTED)},
	{"a glob goes before a leading dot", .deny = TEXT("ALL: .example.*\n"), BOTH(GRANTED)},
	{"'?' is one letter", .deny = TEXT("ALL: ws?.example.net\n"), BOTH(DENIED)},
	{"'?' is not none", .deny = TEXT("ALL: ws7?.example.net\n"), BOTH(GRANTED)},
	{"leading zeros count", .deny = TEXT("ALL: 198.51.100.07\n"), BOTH(GRANTED)},
	{"an @netgroup matches by name", .deny = TEXT("ALL: @friends\n"), .form = CALLER_SOCKETS, BOTH(DENIED)},
	{"a netgroup's name has its case", .deny = TEXT("ALL: @Friends\n"), .form = CALLER_SOCKETS, BOTH(GRANTED)},
	{"the name is looked up for a netgroup of 255 letters", .form = CALLER_LOOKUP, .arrange = longest_netgroup, BOTH(GRANTED),
		.shows = "name \"ws7.example.net\""},
	{"one of 256 is no netgroup with ours", .form = CALLER_LOOKUP, .arrange = longer_netgroup, BOTH(GRANTED), .row = "netgroup-length"},
	{"a netgroup of another domain does not match", .deny = TEXT("ALL: @elsewhere\n"), .form = CALLER_SOCKETS, BOTH(GRANTED)},
	{"LOCAL is a name without a dot", .deny = TEXT("ALL: LOCAL\n"), .address = "10.1.2.4", .client_name = "printer", BOTH(DENIED)},
	{"LOCAL is no unknown name", .deny = TEXT("ALL: LOCAL\n"), STRANGER, BOTH(GRANTED)},
	{"LOCAL is no paranoid name", .deny = TEXT("ALL: LOCAL\n"), .client_name = "paranoid", BOTH(GRANTED)},
	{"KNOWN needs a name", .deny = TEXT("ALL: KNOWN\n"), STRANGER, BOTH(GRANTED)},
	{"KNOWN needs a name that leads back", .deny = TEXT("ALL: KNOWN\n"), .client_name = "paranoid", BOTH(GRANTED)},
	{"KNOWN needs an address", .deny = TEXT("ALL: KNOWN\n"), .form = CALLER_STRINGS, .address = "unknown", BOTH(GRANTED)},
	{"KNOWN is who has both", .deny = TEXT("ALL: KNOWN\n"), BOTH(DENIED)},
	{"UNKNOWN is a name that is not known", .deny = TEXT("ALL: UNKNOWN\n"), STRANGER, BOTH(DENIED)},
	{"UNKNOWN is an address that is not known", .deny = TEXT("ALL: UNKNOWN\n"), .form = CALLER_STRINGS, .address = "unknown", BOTH(DENIED)},
	{"PARANOID is a name that does not lead back", .deny = TEXT("ALL: PARANOID\n"), .client_name = "paranoid", BOTH(DENIED)},
	{"UNKNOWN is not PARANOID", .deny = TEXT("ALL: UNKNOWN\n"), .client_name = "paranoid", BOTH(GRANTED)},
	{"ALL is everybody, even who is not known at all", .deny = TEXT("ALL: ALL\n"), .form = CALLER_CTL, .address = "unknown",
		.client_name = "unknown", .user = "unknown", BOTH(DENIED)},
	{"a name that an address rule does not need is not looked up", .deny = TEXT("ALL: 198.51.100.7\n"), .form = CALLER_LOOKUP,
		BOTH(DENIED), .shows = "name \"\" "},
	{"a name that a rule needs is looked up", .deny = TEXT("ALL: .example.net\n"), .form = CALLER_LOOKUP, BOTH(DENIED),
		.shows = "name \"ws7.example.net\""},
	{"a name like an address is paranoid", .deny = TEXT("ALL: PARANOID\n"), .form = CALLER_LOOKUP, .address = "198.51.100.32", BOTH(DENIED)},
	{"a name whose first name is another is paranoid", .deny = TEXT("ALL: PARANOID\n"), .form = CALLER_LOOKUP,
		.address = "198.51.100.35", BOTH(DENIED)},
	{"localhost is believed", .deny = TEXT("ALL: localhost\n"), .form = CALLER_LOOKUP, .address = "127.0.0.1", BOTH(DENIED)},
	{"a name is cut after 127 letters", .arrange = long_name, BOTH(DENIED)},

	/* --- hosts: networks -------------------------------------------------------------------------------- */
	{"net/length", .deny = TEXT("ALL: 198.51.100.0/24\n"), BOTH(DENIED)},
	{"net/mask", .deny = TEXT("ALL: 198.51.100.0/255.255.255.0\n"), BOTH(DENIED)},
	{"a net with bits of the host never matches", .deny = TEXT("ALL: 198.51.100.7/24\n"), BOTH(GRANTED)},
	{"a mask of 255.255.255.255 never matches", .deny = TEXT("ALL: 198.51.100.7/255.255.255.255\n"), BOTH(GRANTED)},
	{"a length of 32 matches", .deny = TEXT("ALL: 198.51.100.7/32\n"), BOTH(DENIED)},
	{"a length of 0 never matches", .deny = TEXT("ALL: 0.0.0.0/0\n"), BOTH(GRANTED)},
	{"a mask of 0.0.0.0 matches all", .deny = TEXT("ALL: 0.0.0.0/0.0.0.0\n"), BOTH(DENIED)},
	{"a length of 33 never matches", .deny = TEXT("ALL: 198.51.100.7/33\n"), BOTH(GRANTED)},
	{"what stands behind a length's digits is ignored", .deny = TEXT("ALL: 198.51.100.0/24junk\n"), BOTH(DENIED)},
	{"a length with a zero in front is decimal", .deny = TEXT("ALL: 198.51.100.0/024\n"), BOTH(DENIED)},
	{"a length with a dot is a length", .deny = TEXT("ALL: 198.51.100.0/24.0\n"), BOTH(DENIED)},
	{"a net may be octal and hexadecimal", .deny = TEXT("ALL: 0xc6.063.100.0/24\n"), BOTH(DENIED)},
	{"a single address may not", .deny = TEXT("ALL: 0xc6.063.100.7\n"), BOTH(GRANTED)},
	{"a mask may have holes", .deny = TEXT("ALL: 198.0.100.7/255.0.255.255\n"), BOTH(DENIED)},
	{"a net of three numbers never matches", .deny = TEXT("ALL: 198.51.100/24\n"), BOTH(GRANTED)},

	/* --- hosts: IPv6 ------------------------------------------------------------------------------------- */
	{"[v6] matches, however it is written", .deny = TEXT("ALL: [2001:0DB8:0:0::0001]\n"), SIX, BOTH(DENIED)},
	{"[v6]/length", .deny = TEXT("ALL: [2001:db8::]/32\n"), SIX, BOTH(DENIED)},
	{"bits of the host are allowed in [v6]/length", .deny = TEXT("ALL: [2001:db8::7]/32\n"), SIX, BOTH(DENIED)},
	{"[v6]/0 is all of IPv6", .deny = TEXT("ALL: [::]/0\n"), SIX, BOTH(DENIED)},
	{"[v6]/0 is not IPv4", .deny = TEXT("ALL: [::]/0\n"), BOTH(GRANTED)},
	{"a length that is no number is 0", .deny = TEXT("ALL: [::7]/junk\n"), SIX, BOTH(DENIED)},
	{"a length that is not there is 0", .deny = TEXT("ALL: [::7]/\n"), SIX, BOTH(DENIED)},
	{"a length of 129 never matches", .deny = TEXT("ALL: [2001:db8::1]/129\n"), SIX, BOTH(GRANTED)},
	{"IPv4 in brackets never matches", .deny = TEXT("ALL: [198.51.100.7]\n"), BOTH(GRANTED)},
	{"IPv6 without brackets splits the line", .deny = TEXT("ALL: 2001:db8::1\n"), SIX, BOTH(GRANTED)},
	{"an IPv4 client of an IPv6 socket is an IPv4 client", .deny = TEXT("ALL: 198.51.100.7\n"), .address = "::ffff:198.51.100.7", BOTH(DENIED)},
	{"[::ffff:v4]/length never matches", .deny = TEXT("ALL: [::ffff:198.51.100.0]/120\n"), .address = "::ffff:198.51.100.7", BOTH(GRANTED)},
	{"net/length matches an IPv4 client of an IPv6 socket", .deny = TEXT("ALL: 198.51.100.0/24\n"), .address = "::ffff:198.51.100.7",
		BOTH(DENIED)},
	{"a zone is ignored", .deny = TEXT("ALL: [fe80::7]\n"), .address = "fe80::7%lo", .client_name = "unknown", BOTH(DENIED)},

	/* --- /files ---------------------------------------------------------------------------------------------- */
	{"a /file lists hosts", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("10.1.1.1\n198.51.100.7\n"), BOTH(DENIED)},
	{"a /file that does not exist matches nobody", .deny = TEXT("ALL: /mnt/none\n"), BOTH(GRANTED)},
	{"a /file needs no newline at its end", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("198.51.100.7"), BOTH(DENIED)},
	{"words of a comment in a /file are patterns", .allow = TEXT("ALL: /mnt/f0\n"), .deny = TEXT("ALL: ALL\n"),
		.list = TEXT("# ALL trusted hosts\n10.1.1.1\n"), BOTH(GRANTED)},
	{"a comma in a /file does not separate", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("10.1.1.1,198.51.100.7\n"), BOTH(GRANTED)},
	{"EXCEPT in a /file is a word", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("ALL EXCEPT 198.51.100.7\n"), BOTH(DENIED)},
	{"user@host in a /file matches nobody", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("joe@198.51.100.7\n"), BOTH(GRANTED)},
	{"IPv6 without brackets works in a /file", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("2001:db8::1\n"), SIX, BOTH(DENIED)},
	{"a glob over IPv6 works in a /file", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("2001:db8:*\n"), SIX, BOTH(DENIED)},
	{"v6/length without brackets does not work in a /file", .deny = TEXT("ALL: /mnt/f0\n"), .list = TEXT("2001:db8::/32\n"), SIX,
		BOTH(GRANTED)},
	{"user@/file asks both", .deny = TEXT("ALL: joe@/mnt/f0\n"), .list = TEXT("198.51.100.7\n"), BOTH(DENIED)},
	{"a directory as /file matches in hosts.deny with ours", .arrange = list_is_directory, .original = CORNER_GRANTED,
		.ours = CORNER_DENIED, .row = "list-file-unreadable"},
	{"a /file that names itself ends; the original crashes", .arrange = list_of_itself, .original = CORNER_LOST, .ours = CORNER_DENIED,
		.row = "list-file-unreadable"},
	{"a word of 9000 letters in a /file is a word; the original overruns its stack", .arrange = list_with_long_word,
		.original = CORNER_LOST, .ours = CORNER_DENIED, .row = "list-file-long-word"},

	/* --- users ------------------------------------------------------------------------------------------------- */
	{"user@host needs both", .deny = TEXT("ALL: joe@198.51.100.7\n"), BOTH(DENIED)},
	{"another user is not meant", .deny = TEXT("ALL: root@198.51.100.7\n"), BOTH(GRANTED)},
	{"ALL@host takes any user", .deny = TEXT("ALL: ALL@198.51.100.7\n"), .user = "unknown", BOTH(DENIED)},
	{"KNOWN@host takes who is known", .deny = TEXT("ALL: KNOWN@198.51.100.7\n"), .user = "unknown", BOTH(GRANTED)},
	{"UNKNOWN@host takes who is not", .deny = TEXT("ALL: UNKNOWN@ALL\n"), .user = "unknown", BOTH(DENIED)},
	{"a user may be given by a glob", .deny = TEXT("ALL: j?e@ALL\n"), BOTH(DENIED)},
	{"a leading '@' is a netgroup, the next one of a user", .deny = TEXT("ALL: joe@@friends\n"), BOTH(DENIED)},

	/* --- options ------------------------------------------------------------------------------------------------ */
	{"allow in hosts.deny grants", .deny = TEXT("ALL: ALL: allow\n"), BOTH(GRANTED)},
	{"deny in hosts.allow denies", .allow = TEXT("ALL: ALL: DENY\n"), BOTH(DENIED)},
	{"a vertical tab or a form feed at an end of an option is white space", .allow = TEXT("ALL: ALL: umask \v077\f:\vallow \v\n"),
		BOTH(GRANTED)},
	{"not behind its word", .allow = TEXT("ALL: ALL: umask\v077\n"), BOTH(DENIED)},
	{"allow must be the last", .allow = TEXT("ALL: ALL: allow: umask 022\n"), BOTH(DENIED)},
	{"an unknown option denies, in hosts.allow too", .allow = TEXT("ALL: ALL: alow\n"), BOTH(DENIED)},
	{"a value that is missing denies", .allow = TEXT("ALL: ALL: umask\n"), BOTH(DENIED)},
	{"a value too many denies", .allow = TEXT("ALL: ALL: allow x\n"), BOTH(DENIED)},
	{"keyword=value", .allow = TEXT("ALL: ALL: umask=077\n"), BOTH(GRANTED)},
	{"severity", .allow = TEXT("ALL: ALL: severity mail.info\n"), BOTH(GRANTED)},
	{"severity with a facility that is not listed denies", .allow = TEXT("ALL: ALL: severity authpriv.info\n"), BOTH(DENIED)},
	{"severity warn denies", .allow = TEXT("ALL: ALL: severity warn\n"), BOTH(DENIED)},
	{"spawn runs a command with %-letters", .allow = TEXT("ALL: ALL: spawn echo %a %d %h %u %% %r >>$KW_OUT\n"), BOTH(GRANTED),
		.shows = "198.51.100.7 in.ftpd ws7.example.net joe % 40000"},
	{"what a shell would take for its own becomes '_'", .allow = TEXT("ALL: ALL: spawn echo %h >>$KW_OUT\n"),
		.client_name = "a;b$(c)'d.example", BOTH(GRANTED), .shows = "a_b__c__d.example"},
	{"twist speaks to the client and ends the process", .deny = TEXT("ALL: ALL: twist echo 421 %d\n"), .original = CORNER_LOST,
		.ours = CORNER_LOST, .shows = "421 in.ftpd"},
	{"twist must be the last", .deny = TEXT("ALL: ALL: twist true: allow\n"), BOTH(DENIED)},
	{"twist in a process that stays denies", .allow = TEXT("ALL: ALL: twist true\n"), .arrange = two_decisions, .original = CORNER_LOST,
		.ours = CORNER_LOST},
	{"aclexec that ends well matches", .deny = TEXT("ALL: ALL: aclexec true\n"), BOTH(DENIED)},
	{"aclexec that ends badly does not match, and the table is over", .allow = TEXT("ALL: ALL: aclexec false\nALL: ALL\n"),
		.deny = TEXT("ALL: ALL\n"), BOTH(DENIED)},
	{"an aclexec that failed does not stick with ours", .allow = TEXT("ALL: ALL: aclexec false\n"),
		.deny = TEXT("ALL: ALL: severity info\n"), .original = CORNER_GRANTED, .ours = CORNER_DENIED, .row = "aclexec-sticks"},
	{"an aclexec that failed for one client is forgotten for the next with ours",
		.allow = TEXT("ALL: 198.51.100.7: aclexec false\n"), .deny = TEXT("ALL: 192.0.2.1: severity info\n"), .arrange = then_a_stranger,
		.original = CORNER_GRANTED, .ours = CORNER_DENIED, .row = "aclexec-sticks"},
	{"rfc931 without a socket leaves the user", .allow = TEXT("ALL: ALL: rfc931 5\n"), .form = CALLER_STRINGS, BOTH(GRANTED)},
	{"rfc931 of 0 seconds denies", .allow = TEXT("ALL: ALL: rfc931 0\n"), BOTH(DENIED)},
	{"banners", .allow = TEXT("ALL: ALL: banners /mnt/banners\n"), .daemon = "sshd", BOTH(GRANTED),
		.shows = "Hello joe@ws7.example.net (198.51.100.7),"},
	{"banners that are not there deny nobody", .allow = TEXT("ALL: ALL: banners /mnt/none\n"), BOTH(GRANTED)},
	{"setenv", .allow = TEXT("ALL: ALL: setenv KW_A from %c\n"), BOTH(GRANTED), .shows = "KW_A=from joe@ws7.example.net"},
	{"a colon with a backslash is a colon", .allow = TEXT("ALL: ALL: setenv KW_A a\\:b\n"), BOTH(GRANTED), .shows = "KW_A=a:b"},
	{"umask above 0777 denies", .allow = TEXT("ALL: ALL: umask 1000\n"), BOTH(DENIED)},
	{"nice without a value is 10", .allow = TEXT("ALL: ALL: nice\n"), BOTH(GRANTED)},
	{"linger below 0 denies", .allow = TEXT("ALL: ALL: linger -1\n"), BOTH(DENIED)},
	{"keepalive", .allow = TEXT("ALL: ALL: keepalive\n"), BOTH(GRANTED)},
	{"user drops with ours; the original stays root", .allow = TEXT("ALL: ALL: user nobody\n"), BOTH(GRANTED), .row = "user-dropped"},
	{"a user who is not there denies", .allow = TEXT("ALL: ALL: user nosuchuser\n"), BOTH(DENIED)},
	{"a group who is not there denies", .allow = TEXT("ALL: ALL: group nosuchgroup\n"), BOTH(DENIED)},
	{"what was done before a fault stays done", .allow = TEXT("ALL: ALL: setenv KW_A done: alow\n"), BOTH(DENIED), .shows = "KW_A=done"},
	{"a command that grows too long is not run", .arrange = many_letters, .original = CORNER_LOST, .ours = CORNER_DENIED,
		.row = "expansion-too-long"},
};
const size_t corner_list_count = sizeof corner_list / sizeof *corner_list;

/* --- what does not fit into a row ------------------------------------------------------------------- */

static void add_text(struct case_file *f, const char *text)
{
	case_file_add(f, text, strlen(text));
}

static void pad_until(struct case_file *f, size_t length)
{
	while (f->length + sizeof CASE_MAKER_PAD - 1 <= length)
		add_text(f, CASE_MAKER_PAD);
	while (f->length < length)
		add_text(f, " ");
}

static void longest_rule(struct access_case *c)
{
	case_file_set(&c->table[TABLE_DENY], "ALL:");
	pad_until(&c->table[TABLE_DENY], 2042);
	add_text(&c->table[TABLE_DENY], " ALL\n");
	c->table[TABLE_DENY].bytes[2041] = ' ';
	memmove(c->table[TABLE_DENY].bytes + 2042, "ALL\n", 4);
	c->table[TABLE_DENY].length = 2046;
}

static void long_rule_last(struct access_case *c)
{
	case_file_set(&c->table[TABLE_DENY], "sshd: ALL");
	pad_until(&c->table[TABLE_DENY], 2047);
	add_text(&c->table[TABLE_DENY], "\n");
}

static void long_comment_first(struct access_case *c)
{
	case_file_set(&c->table[TABLE_DENY], "#");
	pad_until(&c->table[TABLE_DENY], 5000);
	add_text(&c->table[TABLE_DENY], "\nsshd: ALL\n");
}

static void two_decisions(struct access_case *c)
{
	c->caller[1] = c->caller[0];
	c->rounds = 2;
}

static void then_a_stranger(struct access_case *c)
{
	two_decisions(c);
	snprintf(c->caller[1].address, CASE_WORD_SIZE, "192.0.2.1");
	snprintf(c->caller[1].name, CASE_WORD_SIZE, "unknown");
}

static void list_of_itself(struct access_case *c)
{
	case_file_set(&c->table[TABLE_DENY], "ALL: /mnt/f0\n");
	case_file_set(&c->list[0], "10.1.1.1 /mnt/f0\n");
}

static void list_is_directory(struct access_case *c)
{
	case_file_set(&c->table[TABLE_DENY], "ALL: /mnt/f0\n");
	c->list[0].kind = FILE_DIRECTORY;
}

static void list_with_long_word(struct access_case *c)
{
	case_file_set(&c->table[TABLE_DENY], "ALL: /mnt/f0\n");
	case_file_set(&c->list[0], "");
	for (unsigned i = 0; i < 9000; i++)
		add_text(&c->list[0], "w");
	add_text(&c->list[0], "\n198.51.100.7\n");
}

static void long_name(struct access_case *c)
{
	memset(c->caller[0].name, 'n', 300);
	c->caller[0].name[300] = '\0';
	case_file_set(&c->table[TABLE_DENY], "ALL: ");
	case_file_add(&c->table[TABLE_DENY], c->caller[0].name, 127);
	add_text(&c->table[TABLE_DENY], "\n");
}

static void netgroup_of(struct access_case *c, unsigned letters)
{
	case_file_set(&c->table[TABLE_DENY], "ALL: @");
	for (unsigned i = 0; i < letters; i++)
		add_text(&c->table[TABLE_DENY], "g");
	add_text(&c->table[TABLE_DENY], "\n");
}

static void longest_netgroup(struct access_case *c)
{
	netgroup_of(c, 255);
}

static void longer_netgroup(struct access_case *c)
{
	netgroup_of(c, 256);
}

static void many_letters(struct access_case *c)
{
	case_file_set(&c->table[TABLE_ALLOW], "ALL: ALL: setenv KW_A ");
	for (unsigned i = 0; i < 1000; i++)
		add_text(&c->table[TABLE_ALLOW], "%a");
	add_text(&c->table[TABLE_ALLOW], "\n");
}

/* --- the case ------------------------------------------------------------------------------------------- */

static void set_file(struct case_file *f, const struct corner_text *text)
{
	f->kind = text->kind;
	f->length = 0;
	if (text->bytes)
		case_file_add(f, text->bytes, text->length);
}

static void set_word(char word[CASE_WORD_SIZE], const char *text, const char *usual)
{
	snprintf(word, CASE_WORD_SIZE, "%s", text ? text : usual);
}

void corner_list_make(const struct corner *k, struct access_case *c)
{
	struct case_caller *a = &c->caller[0];
	memset(c, 0, sizeof *c);
	set_file(&c->table[TABLE_ALLOW], &k->allow);
	set_file(&c->table[TABLE_DENY], &k->deny);
	set_file(&c->list[0], &k->list);
	for (unsigned i = 1; i < CASE_ALL_LISTS; i++)
		c->list[i].kind = FILE_MISSING;
	c->rounds = 1;
	a->form = k->form == CALLER_USUAL ? CALLER_SOCKETS : k->form;
	set_word(a->daemon, k->daemon, "in.ftpd");
	set_word(a->address, k->address, "198.51.100.7");
	set_word(a->name, k->client_name, "ws7.example.net");
	set_word(a->user, k->user, "joe");
	set_word(a->server_address, k->server, "192.0.2.10");
	set_word(a->server_name, k->server_name, "www.example.org");
	a->port = 40000;
	a->server_port = k->server_port ? k->server_port : 21;
	if (k->arrange)
		k->arrange(c);
}
