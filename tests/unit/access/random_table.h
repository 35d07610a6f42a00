/* SPDX-License-Identifier: ISC */
/*
 * random_table - tables of all forms of words, and requests that meet them.
 *
 * Few names and addresses, so that many rules match and come in each other's way.
 */
#ifndef KW_TESTS_RANDOM_TABLE_H
#define KW_TESTS_RANDOM_TABLE_H

#include "access/access_grammar.h"
#include "access/access_request.h"

#include "table_check.h"

#include <stdio.h>

#define RANDOM_TABLE_NOW_S INT64_C(1790000000) /* in 2026 */

struct random_table {
	struct table_check_random random;
	char text[64 << 10];
	size_t used;
	const char *list; /* a path, for words that name a file */
	bool strict;      /* the table says that it is */
};

static inline unsigned random_table_below(struct random_table *t, unsigned limit)
{
	return table_check_random_below(&t->random, limit);
}

static inline void random_table_add(struct random_table *t, const char *text, size_t length)
{
	if (length < sizeof t->text - t->used) {
		memcpy(t->text + t->used, text, length);
		t->used += length;
	}
}

#define RANDOM_TABLE_PICK(t, words) ((words)[random_table_below(t, sizeof(words) / sizeof((words)[0]))])

/* An address of either family, or a text that is a little wrong. */
static inline void random_table_address(struct random_table *t, char *out, size_t size)
{
	static const char *const odd[] = {"unknown", "255.255.255.255", "10.0.0.01", "10.0.1", "::ffff:10.0.0.1",
		"::ffff:a00:1", "fe80::1%lo", "fe80::1", "::1.2.0.7", "::", "0.0.0.0", "host.example", "::ffff:10.0.0.01"};
	const unsigned a = random_table_below(t, 2), b = random_table_below(t, 3), c = random_table_below(t, 4);
	switch (random_table_below(t, 8)) {
	case 0:
		snprintf(out, size, "%s", RANDOM_TABLE_PICK(t, odd));
		break;
	case 1:
	case 2:
		snprintf(out, size, "2001:db8:%x::%x", a, c * 0x4001);
		break;
	default:
		snprintf(out, size, "10.%u.%u.%u", a, b, c * 63 + a);
	}
}

static inline void random_table_name(struct random_table *t, char *out, size_t size)
{
	static const char *const hosts[] = {"a", "mail", "Host", "10", "x-1"};
	static const char *const domains[] = {".example", ".a.example", ".EXAMPLE", ".b.org", "", ".7", "."};
	static const char *const odd[] = {"unknown", "paranoid", "2001:db8::1", "localhost", "10.0.0.0", "a:b", "..a", ".example"};
	if (random_table_below(t, 5) == 0)
		snprintf(out, size, "%s", RANDOM_TABLE_PICK(t, odd));
	else
		snprintf(out, size, "%s%s", RANDOM_TABLE_PICK(t, hosts), RANDOM_TABLE_PICK(t, domains));
}

/* A word that can be looked up. */
static inline void random_table_plain_word(struct random_table *t, char *out, size_t size)
{
	static const char *const texts[] = {".example", ".a.example", ".b.org", ".7", ".0.0", "10.", "10.1.", "10.1.2.", "mail.",
		"a.a.", "a.", "unknown", "PARANOID", ".", "2001", "010.", "10.0.0.01", "..a", "localhost", ".Example"};
	char address[64];
	random_table_address(t, address, sizeof address);
	switch (random_table_below(t, 8)) {
	case 0:
	case 1:
		snprintf(out, size, "%s", RANDOM_TABLE_PICK(t, texts));
		break;
	case 2:
		random_table_name(t, out, size);
		break;
	case 3:
		snprintf(out, size, strchr(address, ':') ? "[%s]/%u" : "%s/%u", address, random_table_below(t, 140) / 4 * 4);
		break;
	case 4:
		snprintf(out, size, "10.%u.0.0/16", random_table_below(t, 2));
		break;
	case 5:
		snprintf(out, size, "10.1.%u.0/255.255.255.0", random_table_below(t, 3));
		break;
	default:
		snprintf(out, size, strchr(address, ':') ? "[%s]" : "%s", address);
	}
}

/* One that is not. */
static inline void random_table_odd_word(struct random_table *t, char *out, size_t size)
{
	static const char *const texts[] = {"KNOWN", "LOCAL", "10.*", "*.example", "h?st*", "joe@ALL", "joe@10.", "@group", "EXCEPT",
		"10.0.0.0/255.0.255.0", "10.0.0.0/8x", "0.0.0.0/0", "[::ffff:10.0.0.1]", "[2001:db8::", "255.255.255.255", "10.1/16", "2001:db8::1", "2001:db8::/32", "::1", "2001:db8:1::5/64",
		"known@.example", "a%b", "[]/", "/nowhere/list", "user@[2001:db8::]/32"};
	if (t->list && random_table_below(t, 8) == 0)
		snprintf(out, size, "%s", t->list);
	else
		snprintf(out, size, "%s", RANDOM_TABLE_PICK(t, texts));
}

static inline void random_table_daemon(struct random_table *t, char *out, size_t size)
{
	static const char *const certain[] = {"ALL", "sshd", "SSHD", "vsftpd", "in.telnetd", "all", "other"};
	static const char *const odd[] = {"22", "s*", ".telnetd", "in.", "sshd@10.0.0.1", "ALL@[2001:db8::]/32", "EXCEPT", "KNOWN",
		"70000", "3proxy", "@g"};
	snprintf(out, size, "%s",
		random_table_below(t, 12) == 0 ? RANDOM_TABLE_PICK(t, odd) : RANDOM_TABLE_PICK(t, certain));
}

/* A client of whatever form; of a strict table mostly one that it takes. */
static inline void random_table_client(struct random_table *t, unsigned odd, char *out, size_t size)
{
	do {
		if (random_table_below(t, 100) < odd)
			random_table_odd_word(t, out, size);
		else if (random_table_below(t, 60) == 0)
			snprintf(out, size, "ALL");
		else
			random_table_plain_word(t, out, size);
	} while (t->strict && !access_grammar_takes_client(text_slice_of(out)) && random_table_below(t, 200) > 0);
}

static inline void random_table_any_daemon(struct random_table *t, char *out, size_t size)
{
	do {
		random_table_daemon(t, out, size);
	} while (t->strict && !access_grammar_takes_daemon(text_slice_of(out)) && random_table_below(t, 50) > 0);
}

/* One line with its end; `odd` of a hundred words are not of a certain form. */
static inline void random_table_line(struct random_table *t, unsigned odd)
{
	static const char *const others[] = {"# ALL: ALL\n", "\n", " \t\r\n", "#\\\n", "no separator\n", " # x: 10.\n", "ALL: ]\n",
		": 10.\n", "sshd:\n"};
	static const char *const gaps[] = {" ", ", ", ",", "\t", " \\\n", "\r "};
	static const char *const ends[] = {"\n", "\n", "\n", "\r\n", ": allow\n", ": Expires 20200101T000000Z: deny\n",
		": expires 20300101T000000Z\n", ": spawn echo 10. : deny\n", "\\\n\n", ""};
	char word[160];
	if (random_table_below(t, 10) == 0) {
		/* Of a strict table the comments, mostly; the one that hides the next line has no index. */
		const char *line = t->strict && random_table_below(t, 40) > 0 ? "# x: 10.\n" : RANDOM_TABLE_PICK(t, others);
		line = t->strict && strcmp(line, "#\\\n") == 0 ? "\n" : line;
		random_table_add(t, line, strlen(line));
		return;
	}
	for (unsigned n = random_table_below(t, 8) ? 1 : random_table_below(t, 4); n > 0; n--) {
		random_table_any_daemon(t, word, sizeof word);
		random_table_add(t, word, strlen(word));
		random_table_add(t, " ", n > 1);
	}
	random_table_add(t, ": ", 2);
	const unsigned most = random_table_below(t, 16) ? 6 : 40;
	for (unsigned n = random_table_below(t, 3) ? 1 : random_table_below(t, most); n > 0; n--) {
		random_table_client(t, odd, word, sizeof word);
		random_table_add(t, word, strlen(word));
		const char *gap = RANDOM_TABLE_PICK(t, gaps);
		random_table_add(t, gap, strlen(gap));
	}
	if (random_table_below(t, 40) == 0 && !t->strict)
		random_table_add(t, "\0x", 2);
	const char *end = RANDOM_TABLE_PICK(t, ends);
	random_table_add(t, end, strlen(end));
}

static inline void random_table_fill(struct random_table *t, unsigned lines, unsigned odd)
{
	static const char mark[] = "# of the test\n\n# knockwatch: strict\n";
	t->used = 0;
	random_table_add(t, mark, t->strict ? sizeof mark - 1 : 0);
	while (lines-- > 0)
		random_table_line(t, odd);
}

static inline void random_table_request(struct random_table *t, const char **daemon, struct access_known *out)
{
	static const char *const daemons[] = {"sshd", "vsftpd", "in.telnetd", "sSHd", "nobody", "unknown", "22"};
	*out = (struct access_known){.port = {random_table_below(t, 2) ? 22 : -1, 22}};
	*daemon = RANDOM_TABLE_PICK(t, daemons);
	random_table_address(t, out->address[ACCESS_CLIENT], sizeof out->address[0]);
	snprintf(out->address[ACCESS_SERVER], sizeof out->address[0], "10.0.0.1");
	random_table_name(t, out->name[ACCESS_CLIENT], sizeof out->name[0]);
	if (random_table_below(t, 8) == 0) {
		snprintf(out->name[ACCESS_CLIENT], sizeof out->name[0], "%s", random_table_below(t, 3) ? "" : "paranoid");
		out->unanswered[ACCESS_CLIENT] = "no server answered";
	}
	snprintf(out->user, sizeof out->user, "%s", random_table_below(t, 2) ? "joe" : "");
	out->accepts = true;
}

#endif
