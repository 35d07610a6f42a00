/* SPDX-License-Identifier: ISC */
#include "access/access_kept.h"

#include "access/access_index_build.h"
#include "access/access_text.h"

#include "hosts_tables.h"
#include "table_check.h"

struct taken {
	struct access_pile image;
	struct access_bytes bytes;
	struct access_image look;
	struct access_kept kept;
};

/* The rules of hosts.deny, as it is. */
static void take(struct taken *t)
{
	struct stat s;
	const char *why;
	*t = (struct taken){.image = {0}};
	int fd = access_reader_open(hosts_tables_deny);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &s), 0);
	assert_int_equal(access_index_build_from(fd, &s, &t->image), 0);
	close(fd);
	t->bytes = access_bytes_over(t->image.bytes, t->image.used);
	assert_true(access_image_look(&t->bytes, &t->look, &why));
	access_kept_take(&t->kept, &t->look);
}

static void clear(struct taken *t)
{
	access_kept_clear(&t->kept);
	access_pile_clear(&t->image);
}

static unsigned compare_part(const char *row, struct access_list_part cut, struct access_list_part kept)
{
	return table_check_number(row, "the same text", 
		       cut.text.length == kept.text.length && memcmp(cut.text.start, kept.text.start, cut.text.length) == 0, true) +
	       table_check_number(row, "letters", kept.letters, cut.letters);
}

/* Does the list give what cutting its text gives? The texts are of two copies. */
static unsigned compare_list(const char *row, struct text_slice text, struct access_list kept)
{
	struct access_list plain = access_list_of(text);
	struct access_list_word room, unused;
	unsigned faults = 0;
	for (;;) {
		const struct access_list_word *cut = access_list_next(&plain, &room), *word = access_list_next(&kept, &unused);
		faults += table_check_number(row, "one more", word != NULL, cut != NULL);
		if (cut == NULL || word == NULL)
			return faults;
		faults += table_check_number(row, "EXCEPT", word->is_except, cut->is_except);
		faults += table_check_number(row, "host", word->has_host, cut->has_host);
		faults += compare_part(row, cut->part, word->part);
		if (cut->has_host && word->has_host)
			faults += compare_part(row, cut->host, word->host);
	}
}

static void what_is_kept_is_what_would_be_cut(void **state)
{
	static const char *const lines[] = {
		"ALL EXCEPT sshd: *.bad.example",
		"ALL: 10. EXCEPT 10.1.,\t10.2.0.0/16 except joe@[2001:db8::1]",
		"22, in.*d@192.0.2.1: @group /etc/list KNOWN",
		"sshd: a@b@c @a@b [a@b] : spawn echo %a : allow",
		"sshd EXCEPT: ALL EXCEPT",
		": x*",
		"x*:",
		",,: ,",
	};
	(void)state;
	unsigned faults = 0;
	for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct taken t;
		struct access_rule rule;
		char table[128];
		snprintf(table, sizeof table, "a: b\n%s\n", lines[i]);
		hosts_tables_put_text(hosts_tables_deny, table);
		take(&t);
		assert_int_equal(access_rule_split(text_slice_of(lines[i]), &rule), ACCESS_RULE_RULE);
		const struct access_kept_rule *kept = access_kept_at(&t.kept, 0);
		faults += table_check_number(lines[i], "tried", (long long)t.look.others_count, kept != NULL);
		if (kept != NULL) {
			faults += table_check_number(lines[i], "line", kept->line.number, 2);
			faults += table_check_number(lines[i], "options", kept->rule.has_options, rule.has_options);
			faults += compare_list(lines[i], rule.daemons, access_kept_daemons(&t.kept, kept));
			faults += compare_list(lines[i], rule.clients, access_kept_clients(&t.kept, kept));
		}
		clear(&t);
	}
	assert_int_equal(faults, 0);
}

static void words_end_where_the_language_says(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		const char text[] = {'a', (char)c, 'b'};
		struct text_slice list = {text, sizeof text};
		struct access_list_word word;
		assert_true(access_list_cut(&list, &word));
		assert_int_equal(list.length > 0, access_text_is_separator((char)c));
	}
}

static void a_list_that_has_except_may_have_it(void **state)
{
	(void)state;
	assert_true(access_list_may_except(text_slice_of("a EXCEPT b")));
	assert_true(access_list_may_except(text_slice_of("eXcEpT")));
	assert_true(access_list_may_except(text_slice_of("example.x,except")));
	assert_false(access_list_may_except(text_slice_of("")));
	assert_false(access_list_may_except(text_slice_of("x")));
	assert_false(access_list_may_except(text_slice_of("xcept EXCEP")));
	assert_false(access_list_may_except(text_slice_of("mail.example.com 10. xx X ex")));
}

static void a_broken_rule_of_a_strict_table_is_not_kept(void **state)
{
	struct taken t;
	(void)state;
	hosts_tables_put_text(hosts_tables_deny, "# knockwatch: strict\nsshd: *.example.com\nsshd: 10.1.2.300\nnone\nsshd: LOCAL\n");
	take(&t);
	assert_int_equal(t.look.others_count, 4);
	unsigned kept = 0;
	for (uint32_t other = 0; other < 4; other++)
		kept += access_kept_at(&t.kept, other) != NULL;
	assert_int_equal(kept, 2);
	clear(&t);
}

static void a_rule_of_many_daemons_is_kept_once(void **state)
{
	struct taken t;
	(void)state;
	hosts_tables_put_text(hosts_tables_deny, "ALL: *.a\nsshd, vsftpd, in.telnetd: *.b\nvsftpd: *.c\n");
	take(&t);
	assert_int_equal(t.look.others_count, 5);
	assert_int_equal(t.kept.rules.used, 3 * sizeof(struct access_kept_rule));
	for (uint32_t other = 0; other < 5; other++) {
		uint32_t place;
		struct access_line line;
		assert_true(access_image_other_at(&t.look, other, &place));
		assert_true(access_image_line_at(&t.look, place, &line));
		assert_non_null(access_kept_at(&t.kept, other));
		assert_int_equal(access_kept_at(&t.kept, other)->line.number, line.number);
	}
	clear(&t);
}

static void no_more_is_kept_than_there_is_room_for(void **state)
{
	enum { RULES = 5000, WORDS = 40000 };
	char *text = malloc(RULES * 32 + WORDS * 4);
	struct taken t;
	(void)state;
	assert_non_null(text);
	char *at = text;
	for (unsigned i = 0; i < RULES; i++)
		at += sprintf(at, "ALL: *.a%u.example\n", i);
	hosts_tables_put_text(hosts_tables_deny, text);
	take(&t);
	assert_int_equal(t.look.others_count, RULES);
	assert_non_null(access_kept_at(&t.kept, 1000));
	assert_null(access_kept_at(&t.kept, RULES - 1));
	assert_null(access_kept_at(&t.kept, UINT32_MAX));
	assert_true(t.kept.rules.used + t.kept.words.used < ACCESS_KEPT_BYTES + 1024);
	clear(&t);
	at = text + sprintf(text, "ALL: *");
	for (unsigned i = 0; i < WORDS; i++)
		at += sprintf(at, " a");
	sprintf(at, "\nALL: *.b\n");
	hosts_tables_put_text(hosts_tables_deny, text);
	take(&t);
	assert_int_equal(t.look.others_count, 2);
	assert_null(access_kept_at(&t.kept, 0));
	assert_true(t.kept.words.used < ACCESS_KEPT_BYTES + 1024);
	clear(&t);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_what_would_be_cut),
		cmocka_unit_test(words_end_where_the_language_says),
		cmocka_unit_test(a_list_that_has_except_may_have_it),
		cmocka_unit_test(a_broken_rule_of_a_strict_table_is_not_kept),
		cmocka_unit_test(a_rule_of_many_daemons_is_kept_once),
		cmocka_unit_test(no_more_is_kept_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
