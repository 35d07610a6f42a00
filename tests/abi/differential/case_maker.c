/* SPDX-License-Identifier: ISC */
/*
 * A table is made line by line, most of them rules that could decide about the first caller, so that the tables of
 * a case are seldom silent. Each line is made whole and then, now and then, spoilt: broken by a continuation, ended
 * with CR LF, cut by a NUL, left without its colon.
 */
#include "case_maker.h"

#include "case_world.h"
#include "option_maker.h"
#include "word_maker.h"

#include <stdio.h>
#include <string.h>

struct case_maker {
	struct word_maker words;
	struct access_case *c;
	struct option_limits limits;
	unsigned percent_options; /* of the rules have options */
	bool fragile;             /* lines may be spoilt */
};

static bool chance(struct case_maker *m, unsigned percent)
{
	return word_maker_chance(&m->words, percent);
}

static unsigned below(struct case_maker *m, unsigned limit)
{
	return word_maker_below(&m->words, limit);
}

static void add_text(struct case_file *f, const char *text)
{
	case_file_add(f, text, strlen(text));
}

/* --- callers ------------------------------------------------------------------------------------------- */

static void spoil_address(struct case_maker *m, struct case_caller *a)
{
	static const char *const odd[] = {"", "198.51.100.007", "999.1.1.1", "198.51.100", "2001:DB8::1", "2001:db8:0:0::1", "fe80::7", "::",
		"::ffff:10.1.2.3", "::198.51.100.7", "[2001:db8::1]", "198.51.100.7 ", "ws7.example.net", "1.2.3.4.5", "PARANOID", "Unknown", "."};
	snprintf(a->address, sizeof a->address, "%s", WORD_MAKER_PICK(&m->words, odd));
}

static void spoil_name(struct case_maker *m, struct case_caller *a)
{
	static const char *const odd[] = {"", "evil;rm.example", "$(id).example", "a b.example", "%h.example", "198.51.100.7", "WS7.Example.NET",
		"ALL", "ws7.example.net.", ".", ".example.net", "*.example.net", "x@y", "Unknown", "PARANOID", "\xe4.example", "a\nb", "ws7:example"};
	if (chance(m, 30)) {
		unsigned n = 100 + below(m, 250);
		memset(a->name, 'n', n);
		a->name[n] = '\0';
		for (unsigned i = 9; i < n; i += 10)
			a->name[i] = '.';
		return;
	}
	snprintf(a->name, sizeof a->name, "%s", WORD_MAKER_PICK(&m->words, odd));
}

static void make_caller(struct case_maker *m, struct case_caller *a)
{
	static const char *const daemons[] = {"ALL", "unknown", "22", "in.ftpd@x", "", "KNOWN", "in ftpd", "EXCEPT", "/usr/sbin/sshd", "In.FTPD"};
	const struct world_host *h = &world_hosts[below(m, (unsigned)world_host_count)];
	const struct world_host *s = &world_servers[below(m, (unsigned)world_server_count)];
	const unsigned form = below(m, 100);
	memset(a, 0, sizeof *a);
	a->form = form < 55 ? CALLER_STRINGS : form < 75 ? CALLER_SOCKETS : form < 90 ? CALLER_LOOKUP : CALLER_CTL;
	snprintf(a->daemon, sizeof a->daemon, "%s",
		chance(m, 96) ? word_maker_pick(&m->words, world_daemons, world_daemon_count) : WORD_MAKER_PICK(&m->words, daemons));
	snprintf(a->address, sizeof a->address, "%s", h->address);
	snprintf(a->name, sizeof a->name, "%s", h->name);
	if (chance(m, 80))
		snprintf(a->user, sizeof a->user, "%s", word_maker_pick(&m->words, world_users, world_user_count));
	snprintf(a->server_address, sizeof a->server_address, "%s", s->address);
	snprintf(a->server_name, sizeof a->server_name, "%s", s->name);
	a->port = (int)below(m, 65536);
	a->server_port = chance(m, 70) ? (int)(20 + below(m, 6)) : (int)below(m, 65536);
	if (chance(m, 4))
		spoil_address(m, a);
	if (chance(m, 6))
		spoil_name(m, a);
	if (chance(m, 2))
		memset(a->user, 'u', 20 + below(m, 200));
	if (chance(m, 1))
		memset(a->daemon, 'd', 20 + below(m, 200));
}

/* --- lists --------------------------------------------------------------------------------------------- */

typedef const char *word_source(struct word_maker *m);

static void add_list(struct case_maker *m, word_source *next_word, struct case_file *out)
{
	static const char *const apart[] = {" ", " ", " ", ", ", ", ", ",", " , ", "\t", ",,", "  ", " \r "};
	static const char *const excepts[] = {" EXCEPT ", " EXCEPT ", " EXCEPT ", " except ", " Except ", ",EXCEPT,", " EXCEPT", " EXCEPT EXCEPT "};
	unsigned words = chance(m, 45) ? 1 : chance(m, 3) ? 0 : 1 + below(m, chance(m, 4) ? 20 : 4);
	if (chance(m, 1))
		add_text(out, "EXCEPT ");
	for (unsigned i = 0; i < words; i++) {
		if (i > 0)
			add_text(out, WORD_MAKER_PICK(&m->words, apart));
		add_text(out, next_word(&m->words));
	}
	if (!chance(m, 15))
		return;
	add_text(out, WORD_MAKER_PICK(&m->words, excepts));
	if (!chance(m, 3))
		add_list(m, next_word, out); /* which may have an EXCEPT of its own */
}

/* --- lines --------------------------------------------------------------------------------------------- */

static void add_comment(struct case_maker *m, struct case_file *line)
{
	static const char *const comments[] = {"# comment", "#ALL: ALL", "# ALL: ALL: deny", "#", " # indented", "\t#ALL: ALL", "# ends with \\",
		"#\\", "##: x", " #: ALL", "# [", "# ]: ALL"};
	add_text(line, WORD_MAKER_PICK(&m->words, comments));
}

static void add_blank(struct case_maker *m, struct case_file *line)
{
	static const char *const blanks[] = {"", " ", "\t", "\r", " \t\r ", "\\", "\v", ",", "\f", " \\"};
	add_text(line, WORD_MAKER_PICK(&m->words, blanks));
}

static void add_rule(struct case_maker *m, struct case_file *line)
{
	static const char *const colons[] = {":", ": ", ": ", ": ", " : ", " :", "\t:\t"};
	if (chance(m, 3))
		add_text(line, " ");
	add_list(m, word_maker_daemon, line);
	if (!chance(m, 2))
		add_text(line, WORD_MAKER_PICK(&m->words, colons));
	else
		add_text(line, chance(m, 50) ? " " : "::");
	add_list(m, word_maker_client, line);
	if (chance(m, m->percent_options))
		option_maker_add(&m->words, &m->limits, line);
	if (chance(m, 3))
		add_text(line, chance(m, 50) ? " # trailing" : " # note: more");
	if (chance(m, 3))
		add_text(line, " ");
}

static void insert(struct case_file *line, size_t at, const char *bytes, size_t length)
{
	if (line->length + length > sizeof line->bytes)
		return;
	memmove(line->bytes + at + length, line->bytes + at, line->length - at);
	memcpy(line->bytes + at, bytes, length);
	line->length += length;
}

/* Makes it about as long as a line may be, or much longer. */
static void pad(struct case_maker *m, struct case_file *line)
{
	static const unsigned most[] = {2035, 2048, 4090, 4200, 8190, 9000};
	unsigned wanted = most[below(m, 6)] + below(m, 16);
	size_t colon = 0;
	while (colon < line->length && line->bytes[colon] != ':')
		colon++;
	while (line->length + sizeof CASE_MAKER_PAD < wanted)
		insert(line, m->percent_options == 0 ? line->length : colon, CASE_MAKER_PAD, sizeof CASE_MAKER_PAD - 1);
	while (line->length < wanted)
		case_file_add(line, " ", 1);
}

static void spoil(struct case_maker *m, struct case_file *line)
{
	const size_t at = line->length ? below(m, (unsigned)line->length + 1) : 0;
	switch (below(m, 12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		insert(line, at, "\\\n", 2);
		break;
	case 4:
		insert(line, at, "\\\r\n", 3);
		break;
	case 5:
		insert(line, at, "\r", 1);
		break;
	case 6:
		insert(line, at, "\0", 1);
		break;
	case 7:
		insert(line, at, chance(m, 50) ? "[" : "]", 1);
		break;
	case 8:
		insert(line, at, chance(m, 50) ? ":" : "\\:", chance(m, 50) ? 1 : 2);
		break;
	case 9:
		insert(line, at, "\n", 1);
		break;
	case 10:
		if (line->length)
			line->bytes[at ? at - 1 : 0] = (char)(1 + below(m, 255));
		break;
	default:
		insert(line, at, "\\", 1);
		break;
	}
}

/* --- tables -------------------------------------------------------------------------------------------- */

static void add_line(struct case_maker *m, struct case_file *table, bool carriage_returns)
{
	static struct case_file line;
	const unsigned what = below(m, 100);
	line.length = 0;
	if (what < 4)
		add_comment(m, &line);
	else if (what < 7)
		add_blank(m, &line);
	else
		add_rule(m, &line);
	if (m->fragile && chance(m, 1))
		pad(m, &line);
	if (m->fragile && chance(m, 8))
		spoil(m, &line);
	if (carriage_returns)
		case_file_add(&line, "\r", 1);
	case_file_add(&line, "\n", 1);
	if (table->length + line.length < sizeof table->bytes)
		case_file_add(table, line.bytes, line.length);
}

static void make_table(struct case_maker *m, struct case_file *table)
{
	static const enum file_kind odd[] = {FILE_MISSING, FILE_MISSING, FILE_MISSING, FILE_DIRECTORY, FILE_LOOP, FILE_NOT_DIR};
	const bool carriage_returns = chance(m, 3);
	table->length = 0;
	table->kind = chance(m, 96) ? FILE_TEXT : odd[below(m, 6)];
	if (m->fragile && chance(m, 1))
		add_text(table, "\357\273\277");
	for (unsigned lines = below(m, chance(m, 95) ? 6 : 40); lines > 0; lines--)
		add_line(m, table, carriage_returns);
	if (m->fragile && chance(m, 2) && table->length)
		table->length -= 1 + below(m, 3) % (unsigned)table->length;
}

/* What a /file says: words of hosts, apart by anything that is white. */
static void make_list(struct case_maker *m, struct case_file *list)
{
	static const char *const apart[] = {" ", "\n", "\n", "\t", "\r\n", "\n\n", "\v", "\f", ", ", "\n# ", " EXCEPT "};
	const unsigned odd = below(m, 100);
	list->length = 0;
	list->kind = odd < 90 ? FILE_TEXT : odd < 96 ? FILE_MISSING : odd < 98 ? FILE_DIRECTORY : FILE_LOOP;
	for (unsigned words = below(m, 6); words > 0; words--) {
		const char *word = chance(m, 95) ? word_maker_host(&m->words) : word_maker_client(&m->words);
		if (word[0] == '/' && chance(m, 80))
			continue; /* most files do not name others */
		add_text(list, word);
		add_text(list, WORD_MAKER_PICK(&m->words, apart));
	}
	if (chance(m, 2))
		case_file_add(list, "\0", 1);
}

void case_maker_make(struct access_case *c, uint64_t number)
{
	struct case_maker m = {.c = c};
	m.words.random.state = seeded_random_mix(number);
	for (unsigned i = 0; i < 2; i++)
		c->table[i].length = 0;
	c->rounds = chance(&m, 96) ? 1 : 2 + below(&m, CASE_ROUNDS - 1);
	for (unsigned i = 0; i < c->rounds; i++)
		make_caller(&m, &c->caller[i]);
	m.words.aim = c->caller[0];
	m.percent_options = chance(&m, 70) ? 0 : chance(&m, 50) ? 25 : 80;
	m.fragile = chance(&m, 50);
	c->plain = m.percent_options == 0 && c->rounds == 1;
	m.limits.runs_commands = c->rounds == 1 && chance(&m, 50);
	m.limits.changes_user = c->rounds == 1;
	m.limits.ends_falsely = chance(&m, 50);
	for (unsigned i = 0; i < CASE_LISTS; i++)
		make_list(&m, &c->list[i]);
	make_table(&m, &c->table[TABLE_ALLOW]);
	make_table(&m, &c->table[TABLE_DENY]);
}
