/* SPDX-License-Identifier: ISC */
#include "access/access_lint_code.h"

#include <assert.h>

#define NOTE ACCESS_LINT_NOTE
#define WARNING ACCESS_LINT_WARNING
#define FAULT ACCESS_LINT_FAULT

static const struct access_lint_words words[ACCESS_LINT_CODES] = {
	[ACCESS_LINT_UNREADABLE] = {"unreadable", FAULT, "the table cannot be read",
		"{}. As hosts.allow it lets nobody in, as hosts.deny it keeps everybody out that hosts.allow does not name."},
	[ACCESS_LINT_DIRECTORY] = {"directory", FAULT, "the table is a directory",
		"The original opens it, reads nothing, and takes it for an empty table: as hosts.deny it keeps nobody out. "
		"knockwatch's library takes it for a table that cannot be read. Put a plain file in its place."},
	[ACCESS_LINT_UTF16] = {"utf-16", FAULT, "the file is UTF-16",
		"Every second byte is a NUL, and the rest of a line behind a NUL is lost: none of the rules holds. "
		"Save it as plain text (iconv -f UTF-16 -t UTF-8)."},
	[ACCESS_LINT_BINARY] = {"binary", FAULT, "the file is no text",
		"It holds bytes that no text has; none of its lines was looked at. The table is a plain text file."},
	[ACCESS_LINT_BOM] = {"bom", FAULT, "a byte order mark stands before the first line",
		"The mark is invisible but belongs to the first word: a comment is no comment, a daemon has another name. "
		"An editor put it there."},
	[ACCESS_LINT_NUL] = {"nul-byte", FAULT, "a NUL byte in the line",
		"What stands behind it is lost up to the end of the line, the line's end too, so that the next line becomes a "
		"part of this one."},
	[ACCESS_LINT_CR_CONTINUATION] = {"cr-continuation", FAULT, "the line is not continued",
		"It ends in backslash, carriage return, newline (as files from Windows do). Only a backslash right before the "
		"newline continues a line: the rule ends here, with a backslash as a client, and the next line stands alone."},
	[ACCESS_LINT_CONTINUATION] = {"continuation", FAULT, "the line is not continued",
		"Only a backslash right before the end of a line continues it, and no blank may stand behind it. The rule ends here, and "
		"\"{}\", the next line, is no rule: it does nothing."},
	[ACCESS_LINT_NO_NEWLINE] = {"no-newline", FAULT, "the last line has no newline at its end",
		"The original does not read such a line: in hosts.allow it lets nobody in, in hosts.deny everybody is kept out that "
		"was not matched before. knockwatch's library reads it."},

	[ACCESS_LINT_STRICT_REFUSED] = {"strict-refused", FAULT, "the table is strict, and this is refused",
		"{}. knockwatch's library denies whom the daemons of such a rule concern, in hosts.allow too. The original takes it as "
		"it always did."},
	[ACCESS_LINT_STRICT_LATE] = {"strict-late", FAULT, "the mark comes too late",
		"\"{}\" counts only before the first rule: this table is not strict."},
	[ACCESS_LINT_UNKNOWN_MARK] = {"unknown-mark", WARNING, "no such mark",
		"\"{}\" says nothing to anybody. There are \"# knockwatch: strict\" and \"# knockwatch: ok NAME ...\"."},
	[ACCESS_LINT_TOO_LONG] = {"too-long", FAULT, "the line is longer than 2046 characters",
		"The original stops here and reads no rule behind it, even where the line is a comment: hosts.allow ends here, "
		"hosts.deny keeps everybody out that was not matched before. knockwatch's library reads lines of up to 16 MiB."},
	[ACCESS_LINT_COMMENT_BACKSLASH] = {"comment-backslash", FAULT,
		"the comment swallows the next line",
		"Lines are joined before comments are looked for: with the backslash at the end of the comment, the rule \"{}\" "
		"is a part of it and does not hold."},
	[ACCESS_LINT_INDENTED_COMMENT] = {"indented-comment", FAULT,
		"a comment must begin in the first column",
		"With blanks before the # this is a rule for a daemon called \"#\": whatever its words say is taken for daemons, "
		"clients and options."},
	[ACCESS_LINT_TRAILING_COMMENT] = {"trailing-comment", FAULT,
		"there are no comments behind a rule",
		"Each word behind \"{}\" is one more pattern (the word ALL fits everybody), and a colon in it begins options, which "
		"deny if they are none. A comment needs a line of its own."},
	[ACCESS_LINT_NO_SEPARATOR] = {"no-separator", FAULT, "no colon between daemons and clients",
		"The line is no rule: it is skipped, with nothing but a line in the system log to tell."},
	[ACCESS_LINT_FIELDS_SWAPPED] = {"fields-swapped", FAULT, "the client stands before the colon",
		"Services stand before the first colon, clients behind it: \"{}\" is taken for a service, which there is not. Write it the other "
		"way round, as in sshd: 192.0.2.7."},
	[ACCESS_LINT_NON_ASCII] = {"non-ascii", FAULT, "a character that is none of the language",
		"\"{}\" has a character that only looks like one of a table, or cannot be seen at all: the word fits nothing. Editors and web "
		"pages make quotation marks, dashes, colons and blanks of this kind. Names are written in ASCII (xn--)."},
	[ACCESS_LINT_STRAY_BRACKET] = {"stray-bracket", FAULT, "a bracket has no partner",
		"While brackets do not match, a colon separates nothing: with \"{}\" the line is no rule, or has no options."},
	[ACCESS_LINT_BARE_V6] = {"bare-ipv6", FAULT, "an IPv6 address without brackets",
		"The first colon of \"{}\" ends the list of clients, and the rest is taken for an option: the address fits nobody, "
		"and an option that is none denies. In a strict table knockwatch's library reads it as the address that it is."},
	[ACCESS_LINT_EMPTY_LIST] = {"empty-list", FAULT, "a list without a word",
		"An empty list of {} fits nobody, so this rule never holds. If all were meant, write ALL."},

	[ACCESS_LINT_EXCEPT_FIRST] = {"except-first", FAULT, "nothing stands before EXCEPT",
		"Nobody, with exceptions, is nobody: this list never fits. All but those behind it were probably meant."},
	[ACCESS_LINT_EXCEPT_LAST] = {"except-last", WARNING, "nothing stands behind EXCEPT",
		"There is no exception then. Either a word was lost here, or EXCEPT may go."},
	[ACCESS_LINT_EXCEPT_SWALLOWS] = {"except-swallows", WARNING,
		"all that stands behind EXCEPT is an exception",
		"\"{}\" is taken as an exception, though nothing before EXCEPT covers it, so it does nothing. It was probably "
		"meant as one more client, and belongs before EXCEPT."},
	[ACCESS_LINT_EXCEPT_NESTED] = {"except-nested", NOTE, "an exception from an exception",
		"a EXCEPT b EXCEPT c is a EXCEPT (b EXCEPT c): who fits c is in again. If that was not meant, write the "
		"exceptions behind one EXCEPT."},
	[ACCESS_LINT_EXCEPT_ALL] = {"except-all", FAULT, "the exception takes all that stands before it",
		"What stands behind EXCEPT takes all of \"{}\" away again: as it is here it fits nobody."},
	[ACCESS_LINT_NEGATION] = {"negation", FAULT, "this is no exception",
		"\"{}\" is a name like any other here, and excepts nobody: whoever stands before it is in, all of ALL too. All but one are "
		"written ALL EXCEPT 192.0.2.7."},
	[ACCESS_LINT_BESIDE_ALL] = {"beside-all", WARNING, "ALL and other words",
		"ALL fits everybody: \"{}\" beside it does nothing. If only the other words were meant, ALL has to go; if all but those were, "
		"write EXCEPT between."},

	[ACCESS_LINT_HOST_BITS] = {"host-bits", FAULT, "bits are set behind the mask",
		"The original compares the client's address under the mask with the net as it is written: \"{}\" fits nobody."},
	[ACCESS_LINT_SLASH_ZERO] = {"slash-zero", FAULT, "a length of 0",
		"The original takes /0 for a mask that it cannot read: \"{}\" fits nobody, not everybody. 0.0.0.0/0.0.0.0 is all of IPv4, "
		"ALL is everybody."},
	[ACCESS_LINT_FULL_MASK] = {"full-mask", FAULT, "the mask 255.255.255.255",
		"The original takes this mask for an error: \"{}\" fits nobody. The address alone is what was meant."},
	[ACCESS_LINT_MASK_JUNK] = {"mask-junk", FAULT, "the mask is none",
		"\"{}\": a length is a number from 1 to 32, a mask has four fields. The original reads the digits in front and ignores "
		"the rest, or the pattern fits nobody."},
	[ACCESS_LINT_WILDCARD_MASK] = {"wildcard-mask", FAULT,
		"the mask is inverted, as routers write it",
		"Here a mask has ones where the address counts: \"{}\" fits nobody."},
	[ACCESS_LINT_ODD_MASK] = {"odd-mask", NOTE, "the ones of the mask are not in a row",
		"\"{}\" holds as it is written, but hardly anybody means it."},
	[ACCESS_LINT_LEADING_ZERO] = {"leading-zero", FAULT, "a number begins with 0",
		"Single addresses are compared as text, and no address has a leading zero: \"{}\" fits nobody (in a length the zero "
		"is ignored)."},
	[ACCESS_LINT_OCTAL] = {"octal", FAULT, "a number is read as octal or hexadecimal",
		"In a net, a number that begins with 0 is octal, one that begins with 0x hexadecimal: \"{}\" may be "
		"another net than it seems."},
	[ACCESS_LINT_SHORT_ADDRESS] = {"short-address", FAULT,
		"the address has less than four fields",
		"\"{}\" fits nobody: a net needs all four fields, the beginning of an address a dot at its end."},
	[ACCESS_LINT_NET_IN_PIECES] = {"net-in-pieces", FAULT, "a net is one word",
		"Words stand apart by blanks: \"{}\" are patterns of their own, and the net is none of them. A net is written without a blank, "
		"as in 192.0.2.0/24."},
	[ACCESS_LINT_ENDS_IN_ZERO] = {"ends-in-zero", NOTE, "the address of a network",
		"\"{}\" fits this one address only. If the network was meant, leave the zeros away and end in a dot, or write its "
		"length."},
	[ACCESS_LINT_TRAILING_DOT] = {"trailing-dot", FAULT, "a dot behind a whole address",
		"A pattern that ends in a dot is the beginning of an address; nothing begins with \"{}\"."},
	[ACCESS_LINT_RANGE] = {"range", FAULT, "there are no ranges of addresses",
		"\"{}\" is compared as a name and fits nobody. Networks can say it."},
	[ACCESS_LINT_BAD_ADDRESS] = {"bad-address", FAULT, "not an address",
		"\"{}\" looks like an address and is none: it fits nobody."},
	[ACCESS_LINT_V4_IN_BRACKETS] = {"ipv4-in-brackets", FAULT, "an IPv4 address in brackets",
		"Brackets are for IPv6: \"{}\" fits nobody."},
	[ACCESS_LINT_MAPPED_V4] = {"mapped-ipv4", FAULT, "an IPv4 address as IPv6",
		"A client of IPv4 is compared as one, also where a socket of IPv6 took its call: \"{}\" fits nobody."},
	[ACCESS_LINT_V6_LENGTH] = {"ipv6-length", FAULT, "the length behind the brackets is none",
		"\"{}\": a length is a number from 0 to 128 behind the bracket. What is no number counts as 0, and that is all of IPv6."},
	[ACCESS_LINT_V6_HOST_BITS] = {"ipv6-host-bits", NOTE, "bits are set behind the length",
		"They are not looked at, so that \"{}\" fits the whole network; a strict table refuses it."},
	[ACCESS_LINT_ZONE] = {"zone", NOTE, "an address with its interface",
		"The interface is not compared: \"{}\" fits the address on every link, and nobody while the host has no interface of this name."},
	[ACCESS_LINT_GLOB_ON_NAMES] = {"glob-on-names", FAULT,
		"a pattern of addresses that fits names, too",
		"\"{}\" is compared with the client's DNS name as well, and its owner can choose that: who owns a name that it fits, as "
		"10.0.0.1.evil.example fits 10.*, is in. In a strict table knockwatch's library compares it with addresses only."},
	[ACCESS_LINT_GLOB_ALL] = {"glob-all", WARNING, "a pattern that fits everybody",
		"\"{}\" fits every address: * all of them, *.* all of IPv4. If everybody was meant, write ALL."},
	[ACCESS_LINT_SHELL_PATTERN] = {"shell-pattern", FAULT, "a pattern of another language",
		"\"{}\" is compared as a name and fits nobody: there are * and ? only, no lists in brackets or braces, no | and no ^. Write the "
		"addresses one by one, or their net: 192.0.2.0/28."},
	[ACCESS_LINT_NAME_DOT] = {"name-dot", FAULT, "a dot behind a name",
		"A pattern that ends in a dot is the beginning of a name: \"{}\" fits no name that ends so, but all that begin so, as in "
		"example.com.evil.example, and who owns that zone chooses the name. Leave the last dot away."},
	[ACCESS_LINT_SUFFIX_ON_ADDRESS] = {"suffix-on-address", WARNING, "the end of an address",
		"\"{}\" fits every address whose text ends like this, in any network. The beginning of an address ends in a dot; a "
		"single one is written in full."},
	[ACCESS_LINT_STRAY_MARK] = {"stray-mark", FAULT, "a mark that does not belong to the word",
		"Words stand apart by blanks and commas alone; with its mark \"{}\" fits nobody."},
	[ACCESS_LINT_MISSPELT_WORD] = {"misspelt-word", FAULT, "no such word",
		"\"{}\" is none of ALL, LOCAL, KNOWN, UNKNOWN, PARANOID and EXCEPT, and is taken for a name: it fits nobody."},
	[ACCESS_LINT_OPTION_AS_CLIENT] = {"option-as-client", FAULT, "an option where the clients belong",
		"\"{}\" stands in the list of clients, is taken for a name, and fits nobody. Options stand behind a second colon: "
		"sshd: ALL: deny. A rule of hosts.allow lets in without one, a rule of hosts.deny keeps out."},
	[ACCESS_LINT_NEEDS_DNS] = {"needs-dns", NOTE, "the rule asks the DNS",
		"To compare \"{}\" the client's name is asked for, and the service waits while no server answers: 10 seconds a question "
		"with the original, 5 for all with knockwatch's library. In hosts.deny the original then lets the client in; "
		"knockwatch's library keeps it out. The DNS of the client's network says what its name is."},
	[ACCESS_LINT_NEEDS_IDENT] = {"needs-ident", NOTE,
		"the rule asks the client who its user is",
		"For \"{}\" the client's own ident service is asked; it says what it likes, and the service waits up to 10 seconds for "
		"it. In hosts.deny a client that does not answer is let in."},

	[ACCESS_LINT_LIST_MISSING] = {"list-missing", WARNING, "the file of clients does not exist",
		"\"{}\" is read at each decision; a file that does not exist fits nobody, and nothing tells so."},
	[ACCESS_LINT_LIST_UNREADABLE] = {"list-unreadable", FAULT,
		"the file of clients cannot be read",
		"\"{}\": in hosts.deny the original then lets everybody in. knockwatch's library keeps everybody out there."},
	[ACCESS_LINT_LIST_LOOP] = {"list-loop", FAULT, "the file of clients names itself",
		"\"{}\" leads back to itself: the original reads on until it crashes. knockwatch's library stops after eight."},
	[ACCESS_LINT_LIST_COMMENT] = {"list-comment", FAULT,
		"there are no comments in a file of clients",
		"Each word of it is one more pattern, from \"{}\" to the end of the line; the word ALL fits everybody."},
	[ACCESS_LINT_LIST_COMMA] = {"list-comma", FAULT, "a comma in a file of clients",
		"There, words stand apart by blanks and newlines only: \"{}\" is one word and fits nobody."},
	[ACCESS_LINT_LIST_EXCEPT] = {"list-except", FAULT, "EXCEPT in a file of clients",
		"There it is a name like any other: \"{}\" excepts nobody, and what stands behind it is in. EXCEPT belongs into the "
		"rule: /file EXCEPT /others."},
	[ACCESS_LINT_LIST_USER] = {"list-user", FAULT, "a user in a file of clients",
		"user@host is for rules only; in a file \"{}\" fits nobody."},

	[ACCESS_LINT_DAEMON_PATH] = {"daemon-path", FAULT,
		"a daemon is named without its directory",
		"Daemons are compared by the last part of their path: \"{}\" fits none."},
	[ACCESS_LINT_DAEMON_FORM] = {"daemon-form", FAULT, "this word is for clients only",
		"In the list of daemons \"{}\" is a name like any other and fits none."},
	[ACCESS_LINT_DAEMON_PORT] = {"daemon-port", FAULT, "there is no such port",
		"A number above 65535 is taken for a name: \"{}\" fits no daemon."},
	[ACCESS_LINT_PORT_FORM] = {"port-form", FAULT, "a port is its number alone",
		"\"{}\" is taken for a name and fits no daemon. Write the number, without a protocol, and each port of a range for itself: "
		"20 21."},
	[ACCESS_LINT_COMMENT_MARK] = {"comment-mark", FAULT, "a comment begins with #",
		"\"{}\" is a daemon like any other here, and the words behind it are live: the line is a rule. A comment has a # in the first "
		"column."},
	[ACCESS_LINT_DAEMON_UNKNOWN] = {"daemon-unknown", WARNING, "no such daemon on this host",
		"No program and no service of inetd, xinetd or systemd is called \"{}\". The name is that of the program's file, "
		"or one that its configuration chose (stunnel, socat)."},
	[ACCESS_LINT_DAEMON_UNWRAPPED] = {"daemon-unwrapped", WARNING,
		"the daemon does not read this table",
		"\"{}\" does not use libwrap, and neither inetd, xinetd nor systemd start it through tcpd: this rule does nothing for "
		"it. A firewall rule, or tcpd before it, would."},

	[ACCESS_LINT_OPTION_EMPTY] = {"option-empty", FAULT, "an empty option",
		"A colon with nothing behind it is an option without a name, which denies, in hosts.allow too."},
	[ACCESS_LINT_OPTION_UNKNOWN] = {"option-unknown", FAULT, "no such option",
		"\"{}\" is no option of the language: whom this rule fits is denied, in hosts.allow too."},
	[ACCESS_LINT_OPTION_VALUE] = {"option-value", FAULT,
		"the option's value is wrong, missing or too much",
		"\"{}\" cannot be carried out: whom this rule fits is denied, in hosts.allow too."},
	[ACCESS_LINT_OPTION_ORDER] = {"option-order", FAULT, "this option must be the last one",
		"Nothing may stand behind \"{}\": whom this rule fits is denied, in hosts.allow too."},
	[ACCESS_LINT_OPTION_COLON] = {"option-colon", FAULT, "a colon inside a value",
		"The colon before \"{}\" ends the option, and what is behind it is taken for the next one, which is none and denies. A colon "
		"inside a value is written with a backslash before it."},
	[ACCESS_LINT_OPTION_OURS] = {"option-ours", NOTE, "an option of knockwatch",
		"The original library does not know \"{}\", and denies whom this rule fits."},
	[ACCESS_LINT_EXPIRES_FORM] = {"expires-form", FAULT, "not a point in time",
		"\"{}\" cannot be carried out: whom this rule fits is denied, in hosts.allow too, and the rule never ends. A time is "
		"written in UTC and without colons, as in expires 20261130T050000Z."},
	[ACCESS_LINT_EXPIRES_PAST] = {"expires-past", WARNING, "the rule has ended",
		"\"{}\" is over: the rule does nothing any more. It can go, or needs another time."},
	[ACCESS_LINT_LIMIT_FORM] = {"limit-form", FAULT, "not a number in a time",
		"\"{}\" cannot be carried out: whom this rule fits is denied, in hosts.allow too. Write how many in which time (s, m, h, d; "
		"30 days at most), as in limit 10/1m, and \"per network\" or \"per service\" behind it where not each source is meant. "
		"A trap-limit is 1000 at most."},
	[ACCESS_LINT_AT_MOST_FORM] = {"at-most-form", FAULT, "not a number of clients or commands",
		"\"{}\" cannot be carried out: whom this rule fits is denied, in hosts.allow too. Write a number up to 1000, as in at-most 10, "
		"and \"per network\" or \"per service\" behind it where not each source is meant; behind trap-at-most a number up to 64 alone."},
	[ACCESS_LINT_TRAP_TIME_FORM] = {"trap-time-form", FAULT, "not a length of time",
		"\"{}\" cannot be carried out: whom this rule fits is denied, in hosts.allow too. Write a number and s, m, h or d, as in "
		"trap-time 60s; 30 days at most."},
	[ACCESS_LINT_SHELL_COMMAND] = {"shell-command", FAULT, "a command without spawn",
		"\"{}\" is the old form of hosts_access(5) without options; here each field is an option and begins with a keyword. "
		"Whom this rule fits is denied."},
	[ACCESS_LINT_SEVERITY_WORD] = {"severity-word", FAULT, "no such facility or level",
		"\"{}\": facilities are kern, user, mail, daemon, auth, lpr, news, uucp, cron and local0 to local7; levels emerg, alert, "
		"crit, err, warning, notice, info and debug. Whom this rule fits is denied."},
	[ACCESS_LINT_SEVERITY_STICKS] = {"severity-sticks", NOTE, "severity stays set",
		"With the original, \"{}\" holds for all later decisions of a daemon that keeps running, too. With knockwatch's library "
		"for this one alone."},
	[ACCESS_LINT_USER_KEPT] = {"user-kept", WARNING, "the original does not change the user",
		"In Debian's library \"{}\" does nothing but in tcpdmatch: the service goes on as root. knockwatch's library and tcpd "
		"change it, or refuse."},
	[ACCESS_LINT_USER_UNKNOWN] = {"user-unknown", FAULT, "no such user or group on this host",
		"\"{}\" is not there, so that the option cannot be carried out: whom this rule fits is denied, in hosts.allow too. A number is "
		"taken for a name."},
	[ACCESS_LINT_ACLEXEC_STICKS] = {"aclexec-sticks", WARNING,
		"a failed aclexec disables later rules",
		"With the original, once \"{}\" has failed, later rules with options do not fit any more, for other clients too. "
		"With knockwatch's library each decision stands alone."},
	[ACCESS_LINT_SPAWN_WAITS] = {"spawn-waits", WARNING, "the service waits for the command",
		"The client, and with some daemons everybody, waits until \"{}\" has ended. With & at its end it does not."},
	[ACCESS_LINT_SPAWN_BOUNDED] = {"spawn-bounded", NOTE, "the command does not run for every connection",
		"The original runs \"{}\" for each client that is let in; knockwatch's library once a minute for each source, and 30 times "
		"a minute in all. Before it, trap-limit says otherwise: \"trap-limit 100/1m\" for a source, \"trap-limit 1000/1m per "
		"service\" for all."},
	[ACCESS_LINT_TWIST_STAYS] = {"twist-stays", WARNING, "twist in a daemon that keeps running",
		"\"{}\" puts a command in the daemon's place, which works once, under inetd with stream sockets. A daemon that stays "
		"refuses it, and the client is denied without it."},
	[ACCESS_LINT_PERCENT_LETTER] = {"percent-letter", WARNING, "no such % letter",
		"\"{}\" becomes nothing. There are %a %A %c %d %h %H %n %N %p %r %R %s %u; a percent sign itself is %%."},
	[ACCESS_LINT_NOBODY_DENIED] = {"nobody-denied", WARNING, "hosts.deny keeps nobody out",
		"\"{}\" lets some clients in, but whom no rule fits may enter, too, and no rule keeps anybody out: everybody enters. If only "
		"those were meant, write the line ALL: ALL into hosts.deny, after a look at whether hosts.allow lets yourself in."},
	[ACCESS_LINT_PERCENT_DATE] = {"percent-date", WARNING, "a format of date in a command",
		"In a rule %d is the daemon, %H the server, and so on: date never sees \"{}\" as it is written. For a percent sign of the "
		"command write two."},
	[ACCESS_LINT_TRAP_LATE] = {"trap-late", FAULT, "a bound behind its command",
		"\"{}\" is for commands that stand behind it in the rule, and none does: it bounds nothing. It belongs before spawn or twist."},
	[ACCESS_LINT_FILE_MISSING] = {"file-missing", WARNING, "the option's file is not on this host",
		"\"{}\" is not there: the command does nothing, no banner is sent."},

	[ACCESS_LINT_UNREACHABLE] = {"unreachable", FAULT, "the rule is never reached",
		"Whom it fits is decided before, by {}, and the other way round. The first rule that fits decides."},
	[ACCESS_LINT_REPEATED] = {"repeated", WARNING, "the rule is never reached",
		"Whom it fits is decided before, by {}, in the same way. It can go."},
};

const struct access_lint_words *access_lint_code_words(enum access_lint_code code)
{
	assert(code < ACCESS_LINT_CODES);
	return &words[code];
}

enum access_lint_code access_lint_code_of(struct text_slice name)
{
	unsigned code = 0;
	while (code < ACCESS_LINT_CODES && !text_slice_equals(name, words[code].name))
		code++;
	return (enum access_lint_code)code;
}

const char *access_lint_level_name(enum access_lint_level level)
{
	static const char *const names[ACCESS_LINT_LEVELS] = {"note", "warning", "fault"};
	assert(level < ACCESS_LINT_LEVELS);
	return names[level];
}
