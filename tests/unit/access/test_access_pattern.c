/* SPDX-License-Identifier: ISC */
#include "access/access_pattern.h"

#include "access_lab.h"

struct text_row {
	const char *word, *text;
	bool fits;
};

static const struct text_row text_rows[] = {
	{"ALL", "x", true},
	{"all", "x", true},
	{"ALL", "unknown", true},
	{"KNOWN", "x", true},
	{"KNOWN", "unknown", false},
	{"KNOWN", "paranoid", true}, /* for a text; a host must be neither */
	{"UNKNOWN", "unknown", true},
	{"UNKNOWN", "x", false},
	{"PARANOID", "paranoid", true},
	{"sshd", "SSHD", true},
	{"ssh", "sshd", false},
	{"sshd", "ssh", false},
	{".example.org", "host.EXAMPLE.org", true},
	{".example.org", "example.org", false},
	{".example.org", ".example.org", false}, /* must be longer */
	{".7", "198.51.100.7", true},
	{"198.51.", "198.51.100.7", true},
	{"198.51.", "198.51.", true},
	{"198.5.", "198.51.100.7", false},
	{"host.", "Host.example.org", true},
	{".", "host.", true},
	{".", ".", false},
	{"*", "x", true},
	{"?", "x", true},
	{"?", "xy", false},
	{"10.*", "10.0.0.1", true},
	{"10.*", "10.evil.example", true},
	{"*.Example.org", "a.b.eXample.org", true},
	{"*.example.org", ".example.org", true},
	{"h?st.*", "host.example.org", true},
	{"a*b*c", "aXbXbXc", true},
	{"a*b*c", "aXbXbX", false},
	{"*a", "aaa", true},
	{"foo*", "foo", true},
	{"foo**", "foo", false}, /* two stars at the end: at least one letter */
	{"foo**", "foox", true},
	{"foo***", "foo", false},
	{"**", "x", true},
	{"f**o", "fo", true},
	{"*?", "x", true},
	{"?*?", "x", false},
	{".*", ".x", true},
	{".*", "x", false},
	{"[2001:db8::1]", "2001:db8:0::1", true},
	{"[2001:DB8::1]", "2001:db8::1", true},
	{"[2001:db8::1]", "2001:db8::2", false},
	{"[::1]", "::1%1", true},
	{"[10.0.0.1]", "10.0.0.1", false},
	{"[::ffff:10.0.0.1]", "::ffff:10.0.0.1", false},
	{"10.0.0.1", "::ffff:10.0.0.1", true},
	{"::ffff:10.0.0.1", "::ffff:10.0.0.1", false}, /* the text is 10.0.0.1 when it is compared */
	{"::ffff:a00:1", "::ffff:a00:1", true},
	{"[::ffff:10.0.0.1]", "::ffff:a00:1", true},
	{"[", "[", true},
	{"[]", "::", false},
	{"::1]", "::1]", true},
	{"198.51.100.07", "198.51.100.7", false},
	{"\xe4", "\xc4", false},
	{"", "x", false},
};

static void a_word_fits_a_text(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(text_rows); i++) {
		const struct text_row *row = &text_rows[i];
		char name[128];
		snprintf(name, sizeof name, "%s and %s", row->word, row->text);
		faults += table_check_number(name, "fits",
			access_pattern_fits_text(text_slice_of(row->word), row->text), row->fits);
	}
	assert_int_equal(faults, 0);
}

static void a_hard_glob_takes_no_time(void **state)
{
	(void)state;
	char word[20000], text[ACCESS_TEXT_SIZE];
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (size_t i = 0; i < sizeof word - 1; i += 2)
		memcpy(word + i, "*a", 2);
	word[sizeof word - 1] = 'b';
	clock_t start = clock();
	assert_false(access_pattern_fits_text((struct text_slice){word, sizeof word}, text));
	memcpy(word + 200, "*a*a*b", 6);
	assert_false(access_pattern_fits_text((struct text_slice){word, 206}, text));
	assert_true(clock() - start < CLOCKS_PER_SEC / 10);
}

enum { NO_ASKING = 0, ASKS_NAME = 1, ASKS_USER = 2 };

struct client_row {
	const char *list, *address, *name, *user;
	bool fits;
	unsigned asks;
};

static const struct client_row client_rows[] = {
	/* What is looked up, and what is not. */
	{"198.51.100.7", "198.51.100.7", "h.example.org", "root", true, NO_ASKING},
	{"198.51.100.8", "198.51.100.7", "h.example.org", "root", false, NO_ASKING},
	{"198.51.100.", "198.51.100.7", "h.example.org", "root", true, NO_ASKING},
	{"198.51.101. .8 10", "198.51.100.7", "h.example.org", "root", false, NO_ASKING},
	{"198.51.100.0/24", "198.51.100.7", "h.example.org", "root", true, NO_ASKING},
	{"a/b [::]/0", "198.51.100.7", "h.example.org", "root", false, NO_ASKING},
	{"ALL", "198.51.100.7", "h.example.org", "root", true, NO_ASKING},
	{"198.51.*", "198.51.100.7", "h.example.org", "root", true, NO_ASKING},
	{"[2001:db8::1]", "2001:db8::1", "h.example.org", "root", true, NO_ASKING},
	{"[2001:db8::1]", "2001:db8::2", "h.example.org", "root", false, ASKS_NAME},
	{"h.example.org", "198.51.100.7", "h.example.org", "root", true, ASKS_NAME},
	{"*.example.org", "198.51.100.7", "h.example.org", "root", true, ASKS_NAME},
	{".example.org", "198.51.100.7", "h.example.org", "root", true, ASKS_NAME},
	{"10.*", "198.51.100.7", "10.evil.example", "root", true, ASKS_NAME},
	{"LOCAL", "198.51.100.7", "host", "root", true, ASKS_NAME},
	{"local", "198.51.100.7", "h.example.org", "root", false, ASKS_NAME},
	{"LOCAL", "198.51.100.7", NULL, "root", false, ASKS_NAME},
	{"LOCAL", "198.51.100.7", "paranoid", "root", false, ASKS_NAME},
	{"KNOWN", "198.51.100.7", "h.example.org", "root", true, ASKS_NAME},
	{"KNOWN", "198.51.100.7", NULL, "root", false, ASKS_NAME},
	{"KNOWN", "198.51.100.7", "paranoid", "root", false, ASKS_NAME},
	{"KNOWN", NULL, "h.example.org", "root", false, ASKS_NAME},
	{"UNKNOWN", "198.51.100.7", NULL, "root", true, ASKS_NAME},
	{"UNKNOWN", NULL, "h.example.org", "root", true, NO_ASKING},
	{"PARANOID", "198.51.100.7", "paranoid", "root", true, ASKS_NAME},
	{"ALL", NULL, NULL, NULL, true, NO_ASKING},
	{"@group", "198.51.100.7", "h.example.org", "root", false, ASKS_NAME},
	{"@", "198.51.100.7", "h.example.org", "root", false, ASKS_NAME},
	/* Users, after hosts. */
	{"root@ALL", "198.51.100.7", "h.example.org", "root", true, ASKS_USER},
	{"root@198.51.100.8", "198.51.100.7", "h.example.org", "root", false, NO_ASKING},
	{"r*t@.example.org", "198.51.100.7", "h.example.org", "root", true, ASKS_NAME | ASKS_USER},
	{"KNOWN@ALL", "198.51.100.7", "h.example.org", NULL, false, ASKS_USER},
	{"UNKNOWN@ALL", "198.51.100.7", "h.example.org", NULL, true, ASKS_USER},
	{"ALL@ALL", "198.51.100.7", "h.example.org", NULL, true, ASKS_USER},
	{"root@", "198.51.100.7", "h.example.org", "root", false, NO_ASKING},
	{"@root@ALL", "198.51.100.7", "h.example.org", "@root", true, ASKS_USER},
	{"a@root@ALL", "198.51.100.7", "h.example.org", "a", false, ASKS_NAME},
	{"root@[2001:db8::1]", "2001:db8::1", "h.example.org", "root", true, ASKS_USER},
	{"[root@ALL]", "198.51.100.7", "h.example.org", "[root", false, ASKS_NAME},
	/* Lists and exceptions. */
	{"", "198.51.100.7", NULL, NULL, false, NO_ASKING},
	{"1.2.3.4, 198.51.100.7", "198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"ALL EXCEPT 198.51.100.7", "198.51.100.7", NULL, NULL, false, NO_ASKING},
	{"ALL except 198.51.100.8", "198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"1. EXCEPT 198.51.100.7", "198.51.100.7", NULL, NULL, false, NO_ASKING},
	{"ALL EXCEPT 198. EXCEPT 198.51.", "198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"ALL EXCEPT 198. EXCEPT 198.51. EXCEPT .7", "198.51.100.7", NULL, NULL, false, NO_ASKING},
	{"ALL EXCEPT 10. EXCEPT ALL", "198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"EXCEPT ALL", "198.51.100.7", NULL, NULL, false, NO_ASKING},
	{"ALL EXCEPT", "198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"ALL EXCEPT EXCEPT ALL", "198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"ALL EXCEPT 10., 198.", "198.51.100.7", NULL, NULL, false, NO_ASKING},
	/* Addresses that are IPv4 in IPv6. */
	{"198.51.100.7", "::ffff:198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"198.51.100.0/24", "::FFFF:198.51.100.7", NULL, NULL, true, NO_ASKING},
	{"[::ffff:198.51.100.7]/128", "::ffff:198.51.100.7", NULL, NULL, false, NO_ASKING},
	{"[::]/0", "::ffff:198.51.100.7", NULL, NULL, false, NO_ASKING},
};

static void clients_fit_and_only_what_is_needed_is_asked(void **state)
{
	(void)state;
	const struct access_place at = {.file = "hosts.allow", .line = 1};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(client_rows); i++) {
		const struct client_row *row = &client_rows[i];
		struct access_known k = access_lab_known(row->address, row->name, row->user);
		struct access_request q = access_request_known("sshd", &k);
		char name[128];
		snprintf(name, sizeof name, "%s and %s", row->list, row->address ? row->address : "unknown");
		faults += table_check_number(name, "fits",
			access_pattern_fits_client(text_slice_of(row->list), &q, &at), row->fits);
		unsigned asks = (k.asked_name[ACCESS_CLIENT] ? ASKS_NAME : 0) | (k.asked_user ? ASKS_USER : 0);
		faults += table_check_number(name, "asks", asks, row->asks);
		faults += table_check_number(name, "asks the server's", k.asked_name[ACCESS_SERVER], false);
	}
	assert_int_equal(faults, 0);
}

struct daemon_row {
	const char *list, *daemon;
	int port; /* of the server; -1: not known */
	bool fits;
};

static const struct daemon_row daemon_rows[] = {
	{"sshd", "sshd", 22, true},
	{"SSHD", "sshd", 22, true},
	{"ftpd sshd", "sshd", 22, true},
	{"ALL EXCEPT sshd", "sshd", 22, false},
	{"22", "sshd", 22, true},
	{"23", "sshd", 22, false},
	{"022", "sshd", 22, true},
	{"+22", "sshd", 22, true},
	{"4294967318", "sshd", 22, true}, /* cut to 32 bits */
	{"22", "sshd", -1, false},
	{"22", "22", -1, false}, /* a number is a port, not a name */
	{"0", "sshd", -1, false},
	{"65536", "65536", 22, true}, /* no port: a name */
	{"22x", "22x", 22, true},
	{"-1", "-1", 22, true},
	{"ssh", "sshd", 22, false},
	{"s*d", "sshd", 22, true},
	{"in.", "in.ftpd", 22, true},
	{".ftpd", "in.ftpd", 22, true},
	{"KNOWN", "sshd", 22, true},
	{"KNOWN", "", 22, false},
	{"unknown", "", 22, true},
	{"LOCAL", "sshd", 22, false},
	{"LOCAL", "local", 22, true},
	{"sshd@192.0.2.1", "sshd", 22, true},
	{"sshd@192.0.2.2", "sshd", 22, false},
	{"22@192.0.2.0/24", "sshd", 22, true},
	{"sshd@server.example.net", "sshd", 22, true},
	{"sshd@LOCAL", "sshd", 22, false},
	{"sshd@", "sshd", 22, false},
	{"@sshd", "@sshd", 22, true},
	{"/etc/passwd", "/etc/passwd", 22, true}, /* no file here, only a text */
	{"sshd@[::1]", "sshd", 22, false},
};

static void daemons_fit_by_name_port_and_server(void **state)
{
	(void)state;
	const struct access_place at = {.file = "hosts.allow", .line = 1};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(daemon_rows); i++) {
		const struct daemon_row *row = &daemon_rows[i];
		struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
		k.port[ACCESS_SERVER] = row->port;
		struct access_request q = access_request_known(row->daemon, &k);
		faults += table_check_number(row->list, "fits",
			access_pattern_fits_daemon(text_slice_of(row->list), &q, &at), row->fits);
	}
	assert_int_equal(faults, 0);
}

struct file_row {
	const char *list;     /* '$' is the folder */
	bool grants, denies;  /* does it fit in a rule that does so? */
	const char *warning;  /* begins so, null if there is none */
};

static const struct file_row file_rows[] = {
	{"$/good", true, true, NULL},
	{"$/other", false, false, NULL},
	{"root@$/good", true, true, NULL},
	{"$/missing", false, false, NULL},
	{"$/names_good", true, true, NULL},
	{"$/no_newline", true, true, NULL},
	{"$/comment", true, true, NULL},  /* "# ALL hosts" opens */
	{"$/comma", false, false, NULL},  /* "198.51.100.7," is one word */
	{"$/user", false, false, NULL},   /* "root@198.51.100.7" is one text */
	{"$/except", true, true, NULL},   /* EXCEPT is a word like any other */
	{"$/bare6", false, false, NULL},
	{"$/names_missing", false, false, NULL},
	{"$/folder", false, true, "cannot read $/folder: Is a directory"},
	{"$/good/x", false, true, "cannot read $/good/x: Not a directory"},
	{"$/names_folder", false, true, "cannot read $/folder: Is a directory"},
	{"$/pipe", false, true, "cannot read $/pipe: it is no plain file"},
	{"$/self", false, true, "cannot read $/self: it names itself"},
	{"$/ring_a", false, true, "cannot read $/ring_a: it names itself"},
	{"$/deep1", true, true, NULL},
	{"$/deep0", false, true, "cannot read $/deep8: files name files more than eight deep"},
	{"$/wide", false, true, "cannot read $/other: too many files are named by files"},
	{"$/long_word", false, true, "cannot read $/long_word: File too large"},
	/* Behind EXCEPT the other way round. */
	{"ALL EXCEPT $/folder", false, true, "cannot read $/folder: Is a directory"},
	{"ALL EXCEPT $/missing", true, true, NULL},
	{"ALL EXCEPT $/good", false, false, NULL},
	{"ALL EXCEPT ALL EXCEPT $/folder", false, true, "cannot read $/folder: Is a directory"},
	{"root@$/folder", false, true, "cannot read $/folder: Is a directory"},
};

static void in_folder(const char *text, char *out, size_t size)
{
	size_t used = 0;
	for (; *text && used + 64 < size; text++) {
		if (*text == '$')
			used += (size_t)snprintf(out + used, size - used, "%s", access_lab_folder);
		else
			out[used++] = *text;
	}
	out[used] = '\0';
}

static void write_files(void)
{
	static char word[9000];
	access_lab_write("good", "10.0.0.0/8\n198.51.100.7 192.0.2.\n");
	access_lab_write("other", "10.0.0.0/8\nhost\n");
	access_lab_write("names_good", "$/other $/good\n");
	access_lab_write("names_missing", "$/missing\n");
	access_lab_write("no_newline", "198.51.100.7");
	access_lab_write("comment", "# ALL hosts\n");
	access_lab_write("comma", "198.51.100.7, 198.51.100.8\n");
	access_lab_write("user", "root@198.51.100.7\n");
	access_lab_write("except", "ALL EXCEPT 198.51.100.7\n");
	access_lab_write("bare6", "2001:db8::/32\n");
	access_lab_write("names_folder", "$/folder\n");
	access_lab_write("self", "$/self\n");
	access_lab_write("ring_a", "10. $/ring_b\n");
	access_lab_write("ring_b", "10. $/ring_a\n");
	if (mkdir(access_lab_path_of("folder").text, 0700) != 0)
		fail_msg("no folder");
	if (mkfifo(access_lab_path_of("pipe").text, 0600) != 0)
		fail_msg("no pipe");
	access_lab_write("deep8", "198.51.100.7\n");
	for (unsigned i = 0; i < 8; i++) {
		char name[16], text[32];
		snprintf(name, sizeof name, "deep%u", i);
		snprintf(text, sizeof text, "$/deep%u\n", i + 1);
		access_lab_write(name, text);
	}
	FILE *wide = fopen(access_lab_path_of("wide").text, "w");
	assert_non_null(wide);
	for (unsigned i = 0; i < 1024; i++)
		fprintf(wide, "%s/other\n", access_lab_folder);
	assert_int_equal(fclose(wide), 0);
	memset(word, 'a', sizeof word);
	access_lab_write_bytes("long_word", word, sizeof word);
}

static void a_file_of_patterns_never_opens_by_a_fault(void **state)
{
	(void)state;
	unsigned faults = 0;
	write_files();
	for (size_t i = 0; i < TABLE_CHECK_ROWS(file_rows); i++) {
		const struct file_row *row = &file_rows[i];
		char list[512], wanted[600], heard_text[600];
		in_folder(row->list, list, sizeof list);
		in_folder(row->warning ? row->warning : "", wanted, sizeof wanted);
		for (unsigned denies = 0; denies < 2; denies++) {
			struct access_lab_heard heard = {0};
			const struct access_place at = {.file = "hosts.allow", .line = 3, .denies = denies,
				.sink = {access_lab_hear, &heard}};
			struct access_known k = access_lab_known("198.51.100.7", "h.example.org", "root");
			struct access_request q = access_request_known("sshd", &k);
			faults += table_check_number(row->list, denies ? "denies" : "grants",
				access_pattern_fits_client(text_slice_of(list), &q, &at),
				denies ? row->denies : row->grants);
			faults += table_check_number(row->list, "warned", heard.count > 0, row->warning != NULL);
			strcpy(heard_text, heard.count ? heard.last + 3 : "");
			faults += table_check_text(row->list, "warning", heard_text, wanted);
		}
	}
	assert_int_equal(faults, 0);
}

static bool is_friend(void *self, const char *group, const char *name)
{
	(void)self;
	return strcmp(group, "Friends") == 0 && strcmp(name, "h.example.org") == 0;
}

static void a_netgroup_is_asked_by_name(void **state)
{
	(void)state;
	const struct access_place at = {.file = "hosts.allow", .line = 1};
	struct access_known k = access_lab_known("198.51.100.7", "h.example.org", NULL);
	struct access_request q = access_request_known("sshd", &k);
	struct access_answers answers = *q.answers;
	answers.in_netgroup = is_friend;
	q.answers = &answers;
	assert_true(access_pattern_fits_client(text_slice_of("@Friends"), &q, &at));
	assert_false(access_pattern_fits_client(text_slice_of("@friends"), &q, &at));
	assert_true(access_pattern_fits_host(text_slice_of("@Friends"), &q, ACCESS_CLIENT, &at));
	assert_false(access_pattern_fits_host(text_slice_of("@Friends"), &q, ACCESS_SERVER, &at));
	char long_group[400];
	memset(long_group, 'a', sizeof long_group - 1);
	long_group[0] = '@';
	long_group[sizeof long_group - 1] = '\0';
	assert_false(access_pattern_fits_client(text_slice_of(long_group), &q, &at));
}

struct open_row {
	const char *list;
	int denies, grants; /* does it fit where the rule denies, where it grants */
	int asked;
};

/* The client is 198.51.100.7; nobody says what its name is. */
static const struct open_row open_rows[] = {
	/* A name could be any. */
	{".example.com", 1, 0, 1},
	{"h.example.com", 1, 0, 1},
	{"h.", 1, 0, 1},
	{"*.example.com", 1, 0, 1},
	{"LOCAL", 1, 0, 1},
	{"KNOWN", 1, 0, 1},
	{"PARANOID", 1, 0, 1},
	{"@friends", 1, 0, 1},
	{"root@.example.com", 1, 0, 1},
	{"joe@.example.com", 0, 0, 1},
	/* What it is called now, and what no name changes. */
	{"UNKNOWN", 1, 1, 1},
	{"*", 1, 1, 0},
	{"ALL", 1, 1, 0},
	{"198.51.100.7", 1, 1, 0},
	{"198.51.100.8", 0, 0, 0},
	{"198.51.100.0/24", 1, 1, 0},
	{"10.0.0.0/8", 0, 0, 0},
	{"[2001:db8::]/32", 0, 0, 0},
	{".7 10.", 1, 1, 0},
	{".8 10.", 0, 0, 0},
	{"10. .example.com", 1, 0, 1},
	{".example.com 198.51.100.7", 1, 1, 1},
	/* Exceptions are counted to the other side. */
	{"ALL EXCEPT .example.com", 1, 0, 1},
	{"ALL EXCEPT 10.", 1, 1, 0},
	{"ALL EXCEPT UNKNOWN", 0, 0, 1},
	{"ALL EXCEPT LOCAL", 1, 0, 1},
	{"ALL EXCEPT @friends", 1, 0, 1},
	{"ALL EXCEPT 198.51.100.7 .example.com", 0, 0, 0},
	/* No name is an address. */
	{"[2001:db8::1]", 0, 0, 1},
	{"ALL EXCEPT [2001:db8::1]", 1, 1, 1},
	{".example.com EXCEPT h.example.com", 1, 0, 1},
	{"198. EXCEPT .example.com EXCEPT h.example.com", 1, 0, 1},
	{"10. EXCEPT .example.com", 0, 0, 0},
	{"ALL EXCEPT .example.com EXCEPT ALL", 1, 1, 1},
	{"ALL EXCEPT 198. EXCEPT .example.com", 1, 0, 1},
	/* And in files. */
	{"$/names", 1, 0, 1},
	{"ALL EXCEPT $/names", 1, 0, 1},
};

static void a_name_that_nobody_says_never_opens(void **state)
{
	(void)state;
	unsigned faults = 0;
	access_lab_write("names", "10. .example.com\n");
	for (size_t i = 0; i < TABLE_CHECK_ROWS(open_rows); i++) {
		const struct open_row *row = &open_rows[i];
		char list[512];
		in_folder(row->list, list, sizeof list);
		for (unsigned denies = 0; denies < 2; denies++) {
			const struct access_place at = {.file = "hosts.allow", .line = 3, .denies = denies};
			struct access_known k = access_lab_known("198.51.100.7", NULL, "root");
			k.unanswered[ACCESS_CLIENT] = "no answer";
			struct access_request q = access_request_known("sshd", &k);
			faults += table_check_number(row->list, denies ? "denies" : "grants",
				access_pattern_fits_client(text_slice_of(list), &q, &at),
				denies ? row->denies : row->grants);
			faults += table_check_number(row->list, "asked", k.asked_name[ACCESS_CLIENT], row->asked);
		}
	}
	assert_int_equal(faults, 0);
}

/*
 * At its worst, whatever the name is: a rule by name that denies must fit if it fits for any name, and one that grants only if it
 * fits for all of them. The names are chosen so that each word fits one and does not fit another.
 */
static void no_name_is_worse_than_none(void **state)
{
	(void)state;
	static const char *const words[] = {".example.com", "h.example.com", "ALL", "198.51.100.7", "10.", "LOCAL", "KNOWN",
		"g.*", "EXCEPT", "EXCEPT", ".com"};
	static const char *const names[] = {"h.example.com", "g.example.com", "h.example.org", "local", "g.net"};
	struct table_check_random random = table_check_random_start("open names");
	for (unsigned round = 0; round < 20000; round++) {
		char list[200] = "";
		for (unsigned n = 1 + table_check_random_below(&random, 6); n > 0; n--) {
			strcat(list, words[table_check_random_below(&random, TABLE_CHECK_ROWS(words))]);
			strcat(list, " ");
		}
		for (unsigned denies = 0; denies < 2; denies++) {
			const struct access_place at = {.file = "x", .line = 1, .denies = denies};
			struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
			k.unanswered[ACCESS_CLIENT] = "no answer";
			struct access_request q = access_request_known("sshd", &k);
			const bool fits = access_pattern_fits_client(text_slice_of(list), &q, &at);
			for (size_t i = 0; i < TABLE_CHECK_ROWS(names); i++) {
				struct access_known other = access_lab_known("198.51.100.7", names[i], NULL);
				struct access_request r = access_request_known("sshd", &other);
				const bool with_name = access_pattern_fits_client(text_slice_of(list), &r, &at);
				if (denies ? with_name && !fits : fits && !with_name)
					fail_msg("'%s' in a rule that %s: %s", list, denies ? "denies" : "grants", names[i]);
			}
		}
	}
}

static void a_server_whose_name_nobody_says_is_as_a_client(void **state)
{
	(void)state;
	for (unsigned denies = 0; denies < 2; denies++) {
		const struct access_place at = {.file = "hosts.allow", .line = 3, .denies = denies};
		struct access_known k = access_lab_known("198.51.100.7", "h.example.com", NULL);
		k.name[ACCESS_SERVER][0] = '\0';
		k.unanswered[ACCESS_SERVER] = "no answer";
		struct access_request q = access_request_known("sshd", &k);
		assert_int_equal(access_pattern_fits_daemon(text_slice_of("sshd@www.example.com"), &q, &at), denies);
		assert_int_equal(access_pattern_fits_daemon(text_slice_of("ALL EXCEPT sshd@www.example.com"), &q, &at), denies);
		assert_false(access_pattern_fits_daemon(text_slice_of("ftpd@www.example.com"), &q, &at));
		assert_true(access_pattern_fits_daemon(text_slice_of("sshd@192.0.2.1"), &q, &at));
		assert_true(access_pattern_fits_client(text_slice_of("h.example.com"), &q, &at));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_fits_a_text),
		cmocka_unit_test(a_hard_glob_takes_no_time),
		cmocka_unit_test(clients_fit_and_only_what_is_needed_is_asked),
		cmocka_unit_test(daemons_fit_by_name_port_and_server),
		cmocka_unit_test(a_file_of_patterns_never_opens_by_a_fault),
		cmocka_unit_test(a_netgroup_is_asked_by_name),
		cmocka_unit_test(a_name_that_nobody_says_never_opens),
		cmocka_unit_test(no_name_is_worse_than_none),
		cmocka_unit_test(a_server_whose_name_nobody_says_is_as_a_client),
	};
	return cmocka_run_group_tests(tests, access_lab_open, access_lab_close);
}
