/* SPDX-License-Identifier: ISC */
/*
 * What a correction opens: nobody who was kept out is let in by it, but whom the words that were written mean.
 *
 * Of each slip it is known what was meant. It is put into a rule that lets in, into one that keeps out, and behind EXCEPT of
 * either, and the tables before and after the correction are asked about clients inside and around it.
 */
#include "access/access_lint.h"

#include "access/access_decision.h"
#include "access/access_rule.h"

#include "hosts_tables.h"
#include "random_table.h"

enum { ROUNDS = 6, CLIENTS = 60, TABLES = 600 };

/* "A" is an address, "B" a later one of its net "N" (a /24), "C" an address of another; "S" is "N" without its last number,
 * "T" without its last two. */
static const struct shape {
	const char *text;
	const char *meant; /* addresses and nets; all else is nobody's */
	bool is_rule;      /* more than a list of clients */
} shapes[] = {
	{"A 22", "A", false},
	{"22", "", false},
	{"127.1", "", false},
	{"S", "N", false},
	{"S/24", "N", false},
	{"N/ 24", "N", false},
	{"N /24", "N", false},
	{"N / 24", "N", false},
	{"N / 24 C", "N C", false},
	{"N 255.255.255.0", "N", false},
	{"N 0.0.0.255", "N", false},
	{"N/0.0.0.255", "N", false},
	{"N/24junk", "N", false},
	{"N/33", "", false},
	{"N/", "", false},
	{"N/0", "", false},
	{"N/, 24", "", false},
	{"A/24", "N", false},
	{"A/32", "A", false},
	{"A/255.255.255.255", "A", false},
	{"A.", "A", false},
	{"A#home", "", false},
	{"A|C", "", false},
	{"A-B", "N", false},
	{"A - B", "N", false},
	{"A to B", "N", false},
	{"B - A", "", false},
	{"\"A\"", "A", false},
	{"A;", "A", false},
	{"[A]", "A", false},
	{"[::ffff:A]", "A", false},
	{"192,0,2,7", "", false},
	{"2001:db8::7", "2001:db8::7", false},
	{"2001:db8::/32", "2001:db8::/32", false},
	{"[2001:db8::/32]", "2001:db8::/32", false},
	{"[2001:db8::]/", "", false},
	{"[2001:db8::]/x", "", false},
	{"[2001:db8::]/129", "", false},
	{"[2001:db8::]/ 32", "2001:db8::/32", false},
	{"[2001:db8::] / 32", "2001:db8::/32", false},
	{"[2001:db8::]/ffff:ffff::", "2001:db8::/32", false},
	{"[2001:db8::7", "2001:db8::7", false},
	{"!A", "", false},
	{"deny", "", false},
	{"A\xc2\xa0" "C", "A C", false},
	{"\xe2\x80\x9c" "A\xe2\x80\x9d", "A", false},
	{"N/24 EXCEPT T0.0/16", "", true},
	{"N/24 EXCEPT ALL", "", true},
	{"N/24 EXCEPT N/24", "", true},
	{"N/24 EXCEPT C", "", true},
	{"N/24 EXCEPT A, C", "", true},
	{"ALL EXCEPT", "", true},
	{"ALL BUT A", "", true},
	{"ALL !A", "", true},
	{"A, \\\n# C, \\\n B", "", true},
	{"A, \\ \n B", "B", true},
	{"A,\n B", "B", true},
	{"A\n B", "B", true},
	{"A # ours", "", true},
	{"A # ours: home", "A", true},
	{"A # all: deny", "", true},
	{"A : severity info # x: deny", "", true},
	{"A : \\\n# severity info : \\\n deny", "", true},
	{"A : expires 2030-11-30T05:00:00Z", "A", true},
	{"A : expires 2030-11-30", "", true},
	{"A :", "A", true},
};

struct place {
	char a[32], b[32], c[32], n[32], s[32], t[32];
};

static struct place place_of(struct table_check_random *r)
{
	struct place p;
	const unsigned x = table_check_random_below(r, 3), y = table_check_random_below(r, 250);
	const unsigned from = 1 + table_check_random_below(r, 120), to = from + 1 + table_check_random_below(r, 120);
	snprintf(p.a, sizeof p.a, "10.%u.%u.%u", x, y, from);
	snprintf(p.b, sizeof p.b, "10.%u.%u.%u", x, y, to);
	snprintf(p.c, sizeof p.c, "10.%u.%u.%u", x, y + 1, from);
	snprintf(p.n, sizeof p.n, "10.%u.%u.0", x, y);
	snprintf(p.s, sizeof p.s, "10.%u.%u", x, y);
	snprintf(p.t, sizeof p.t, "10.%u.", x);
	return p;
}

/* The letter stands by itself: not in a word such as ALL. */
static bool is_letter(const char *text, const char *at)
{
	const bool before = at > text && at[-1] >= 'A' && at[-1] <= 'Z';
	return !before && !(at[1] >= 'A' && at[1] <= 'Z');
}

static void fill(const char *text, const struct place *p, struct access_draft *out)
{
	static const char letters[] = "ABCNST";
	const char *const values[] = {p->a, p->b, p->c, p->n, p->s, p->t};
	access_draft_clear(out);
	for (const char *at = text; *at != '\0'; at++) {
		const char *letter = strchr(letters, *at);
		if (letter != NULL && is_letter(text, at))
			access_draft_add_text(out, values[letter - letters]);
		else
			access_draft_add(out, at, 1);
	}
}

static bool is_meant(const char *words, const struct place *p, const char *client)
{
	struct access_draft text = {0};
	struct addr a;
	bool found = false;
	fill(words, p, &text);
	access_draft_add(&text, "", 1);
	assert_true(addr_parse(client, strlen(client), &a));
	for (char *rest = text.text, *word; !found && (word = strsep(&rest, " ")) != NULL;) {
		struct prefix net;
		const bool is_net = strcmp(word, p->n) == 0;
		if (word[0] == '\0')
			continue;
		assert_true(prefix_parse(word, strlen(word), &net, NULL));
		if (is_net)
			net = prefix_of(&net.base, 24);
		found = prefix_holds(&net, &a);
	}
	access_draft_free(&text);
	return found;
}

static bool is_let_in(const char *client)
{
	const struct access_tables tables = {.allow = hosts_tables_allow, .deny = hosts_tables_deny};
	struct access_known known = {.port = {40000, 22}, .accepts = true};
	struct access_decision d;
	snprintf(known.address[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", client);
	snprintf(known.name[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "h.example.org");
	struct access_request q = access_request_known("sshd", &known);
	access_decision_make(&tables, &q, (struct access_warning_sink){NULL, NULL}, &d);
	const bool in = d.verdict == ACCESS_GRANT;
	access_decision_clear(&d);
	return in;
}

static void pick_client(struct table_check_random *r, const struct place *p, char out[64])
{
	const char *const near[] = {p->a, p->b, p->c, p->n, "192.0.2.7", "22.0.0.1", "24.1.2.3", "127.0.0.1", "127.1.2.3",
		"8.8.8.8", "32.0.0.1", "2001:db8::7", "2001:db8::", "2001:db9::7", "::1", "10.0.0.1", "10.2.0.1", "0.0.2.7", "7.7.7.7", "2.0.0.1"};
	const unsigned pick = table_check_random_below(r, 26);
	if (pick < 20)
		snprintf(out, 64, "%s", near[pick]);
	else
		snprintf(out, 64, "%s.%u", p->s, table_check_random_below(r, 256));
}

static void correct(enum access_lint_table table, struct text_slice text, const char *path)
{
	struct access_lint l;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, path, table, text);
	access_lint_finish(&l);
	assert_false(l.failed);
	hosts_tables_put(path, l.files[0]->fixed.text ? l.files[0]->fixed.text : "", l.files[0]->fixed.used);
	access_lint_clear(&l);
}

/* `opens`: who is meant may be let in by the correction, and nobody else. */
static unsigned check_rule(struct table_check_random *r, const struct shape *s, enum access_lint_table table, const char *before,
	bool opens)
{
	const struct place p = place_of(r);
	struct access_draft clients = {0}, text = {0};
	char client[CLIENTS][64];
	bool was_in[CLIENTS];
	unsigned faults = 0;
	const bool grants = table == ACCESS_LINT_GRANTS;
	const char *path = grants ? hosts_tables_allow : hosts_tables_deny;
	fill(s->text, &p, &clients);
	access_draft_printf(&text, "sshd: %s", before);
	access_draft_add_slice(&text, access_draft_slice(&clients));
	access_draft_add_text(&text, "\n");
	/* What cannot be carried out denies as a whole: mended, it lets in whom the rule is for. */
	struct access_rule rule;
	if (before[0] != '\0' && access_rule_split(access_draft_slice(&text), &rule) == ACCESS_RULE_RULE && rule.has_options)
		goto end;
	hosts_tables_put_text(grants ? hosts_tables_deny : hosts_tables_allow, grants ? "ALL: ALL\n" : "");
	hosts_tables_put(path, text.text, text.used);
	for (unsigned i = 0; i < CLIENTS; i++) {
		pick_client(r, &p, client[i]);
		was_in[i] = is_let_in(client[i]);
	}
	correct(table, access_draft_slice(&text), path);
	for (unsigned i = 0; i < CLIENTS && faults == 0; i++) {
		if (was_in[i] || !is_let_in(client[i]) || (opens && is_meant(s->meant, &p, client[i])))
			continue;
		print_error("%s: the correction of %.*s lets in %s\n", path, (int)text.used, text.text, client[i]);
		faults++;
	}
end:
	access_draft_free(&clients);
	access_draft_free(&text);
	return faults;
}

static void a_correction_lets_in_whom_it_says_and_nobody_else(void **state)
{
	struct table_check_random r = table_check_random_start("corrections");
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(shapes); i++) {
		for (unsigned round = 0; round < ROUNDS; round++) {
			faults += check_rule(&r, &shapes[i], ACCESS_LINT_GRANTS, "", true);
			faults += check_rule(&r, &shapes[i], ACCESS_LINT_DENIES, "", false);
			if (shapes[i].is_rule)
				continue;
			faults += check_rule(&r, &shapes[i], ACCESS_LINT_GRANTS, "ALL EXCEPT ", false);
			faults += check_rule(&r, &shapes[i], ACCESS_LINT_DENIES, "ALL EXCEPT ", true);
		}
	}
	assert_int_equal(faults, 0);
}

/* --- any table that keeps out --- */

/* Of these it is said that they deny as they are, or fit others than they should. */
static bool may_let_in(const struct access_lint *l)
{
	static const enum access_lint_code codes[] = {ACCESS_LINT_UNREACHABLE, ACCESS_LINT_BARE_V6, ACCESS_LINT_STRAY_BRACKET,
		ACCESS_LINT_OPTION_EMPTY, ACCESS_LINT_OPTION_UNKNOWN, ACCESS_LINT_OPTION_VALUE, ACCESS_LINT_OPTION_ORDER,
		ACCESS_LINT_GLOB_ON_NAMES, ACCESS_LINT_OCTAL, ACCESS_LINT_NUL, ACCESS_LINT_TRAILING_COMMENT};
	for (unsigned i = 0; i < l->finding_count; i++) {
		for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
			if (l->findings[i].code == codes[c])
				return true;
		}
	}
	return false;
}

static bool is_told_so(const char *address)
{
	struct addr a;
	return addr_parse(address, strlen(address), &a) && strcmp(address, "255.255.255.255") != 0 &&
	       strcmp(addr_to_text(&a).text, address) == 0;
}

/* A client as sockets tell it, of whose name something is known: what is no address is compared with names that nobody could say,
 * and then denies. */
static void pick_request(struct random_table *t, const char **daemon, struct access_known *known)
{
	do {
		random_table_request(t, daemon, known);
		known->unanswered[ACCESS_CLIENT] = NULL;
	} while (!is_told_so(known->address[ACCESS_CLIENT]));
}

static unsigned check_table(struct random_table *t)
{
	struct access_known known[CLIENTS];
	const char *daemons[CLIENTS];
	enum access_verdict before[CLIENTS];
	struct access_lint l;
	unsigned faults = 0;
	const struct access_tables tables = {.deny = hosts_tables_deny};
	hosts_tables_put(hosts_tables_deny, t->text, t->used);
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned i = 0; i < CLIENTS && faults == 0; i++) {
			struct access_decision d;
			if (turn == 0)
				pick_request(t, &daemons[i], &known[i]);
			struct access_request q = access_request_known(daemons[i], &known[i]);
			access_decision_make(&tables, &q, (struct access_warning_sink){NULL, NULL}, &d);
			if (turn == 0)
				before[i] = d.verdict;
			else if (before[i] == ACCESS_DENY && d.verdict == ACCESS_GRANT)
				faults = 1;
			access_decision_clear(&d);
			if (faults > 0)
				print_error("%s from %s (%s) is let in by the correction of\n%.*s\nto\n%s\n", daemons[i],
					known[i].address[ACCESS_CLIENT], known[i].name[ACCESS_CLIENT], (int)t->used, t->text,
					l.files[0]->fixed.text);
		}
		if (turn > 0)
			break;
		access_lint_init(&l, NULL, NULL);
		access_lint_add_bytes(&l, hosts_tables_deny, ACCESS_LINT_DENIES, (struct text_slice){t->text, t->used});
		access_lint_finish(&l);
		if (l.files[0]->change_count == 0 || may_let_in(&l))
			break;
		hosts_tables_put(hosts_tables_deny, l.files[0]->fixed.text, l.files[0]->fixed.used);
	}
	access_lint_clear(&l);
	return faults;
}

static void a_table_that_keeps_out_still_does_so(void **state)
{
	static struct random_table t;
	unsigned faults = 0;
	(void)state;
	t = (struct random_table){.random = table_check_random_start("tables")};
	for (unsigned i = 0; i < TABLES && faults < 3; i++) {
		/* A rule that lets in, and an exception, may let in more by a correction, as the first test has it. */
		do {
			random_table_fill(&t, 1 + random_table_below(&t, 8), 30);
			t.text[t.used] = '\0';
		} while (strstr(t.text, ": allow") != NULL || strstr(t.text, "EXCEPT") != NULL);
		faults += check_table(&t);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_correction_lets_in_whom_it_says_and_nobody_else),
		cmocka_unit_test(a_table_that_keeps_out_still_does_so),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
