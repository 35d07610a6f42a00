/* SPDX-License-Identifier: ISC */
#include "access/access_expand.h"

#include "access_lab.h"

struct expand_row {
	const char *text, *wanted;
	bool given;  /* name and user are known before */
	bool asks_name, asks_user;
};

static const struct expand_row expand_rows[] = {
	{"plain $(text) `x` ;", "plain $(text) `x` ;", false, false, false},
	{"%a %A", "198.51.100.7 192.0.2.1", false, false, false},
	{"%d %p", "sshd 0", false, false, false},
	{"%h", "198.51.100.7", false, false, false},
	{"%h", "h.example.org", true, true, false},
	{"%n", "h.example.org", false, true, false},
	{"%u", "ro_ot", false, false, true},
	{"%c", "198.51.100.7", false, false, false},
	{"%c", "ro_ot@h.example.org", true, true, true},
	{"%H %N %s", "server.example.net server.example.net sshd@server.example.net", true, true, false},
	{"%r %R", "40000 22", false, false, false},
	{"100%%", "100%", false, false, false},
	{"%", "%", false, false, false},
	{"a%", "a%", false, false, false},
	{"%%a", "%a", false, false, false},
	{"<%q>", "<>", false, false, false},
	{"% x", "x", false, false, false},
};

/* Known before: as where the program gave them itself. */
static const char *given(void *self, enum access_side side)
{
	const struct access_known *k = self;
	return k->name[side][0] ? k->name[side] : ACCESS_UNKNOWN;
}

static bool yes_user(void *self)
{
	(void)self;
	return true;
}

static const char *only_asked(void *self, enum access_side side)
{
	const struct access_known *k = self;
	return k->asked_name[side] ? given(self, side) : NULL;
}

static bool no_user(void *self)
{
	const struct access_known *k = self;
	return k->asked_user;
}

static void letters_are_expanded_and_only_n_and_u_ask(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(expand_rows); i++) {
		const struct expand_row *row = &expand_rows[i];
		const struct access_place at = {.file = "hosts.allow", .line = 1};
		struct access_known k = access_lab_known("198.51.100.7", "h.example.org", "ro ot");
		struct access_request q = access_request_known("sshd", &k);
		struct access_answers answers = *q.answers;
		answers.name_so_far = row->given ? given : only_asked;
		answers.has_user = row->given ? yes_user : no_user;
		q.answers = &answers;
		char memory[256];
		struct text_buffer b = text_buffer_over(memory, sizeof memory);
		assert_true(access_expand(&b, text_slice_of(row->text), &q, &at));
		faults += table_check_text(row->text, "text", memory, row->wanted);
		if (!row->given) {
			faults += table_check_number(
				row->text, "asks name", k.asked_name[ACCESS_CLIENT], row->asks_name);
			faults += table_check_number(row->text, "asks user", k.asked_user, row->asks_user);
		}
	}
	assert_int_equal(faults, 0);
}

static void nothing_of_a_client_reaches_a_shell(void **state)
{
	(void)state;
	const struct access_place at = {.file = "hosts.allow", .line = 1};
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	for (unsigned i = 1; i < ACCESS_TEXT_SIZE; i++)
		k.user[i - 1] = (char)i;
	struct access_request q = access_request_known("sshd", &k);
	char memory[256];
	struct text_buffer b = text_buffer_over(memory, sizeof memory);
	assert_true(access_expand(&b, text_slice_of("%u"), &q, &at));
	for (const char *c = memory; *c; c++)
		assert_true((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			    strchr("!@%-_=+:,./", *c));
	assert_int_equal(strlen(memory), ACCESS_TEXT_SIZE - 1);
}

static void what_does_not_fit_is_told(void **state)
{
	(void)state;
	const struct access_place at = {.file = "hosts.allow", .line = 1};
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	char memory[13];
	struct text_buffer b = text_buffer_over(memory, sizeof memory);
	assert_true(access_expand(&b, text_slice_of("%a"), &q, &at));
	b = text_buffer_over(memory, sizeof memory);
	assert_false(access_expand(&b, text_slice_of("x%a"), &q, &at));
	b = text_buffer_over(memory, sizeof memory);
	assert_false(access_expand(&b, text_slice_of("0123456789abc"), &q, &at));
}

static void an_unknown_letter_is_told(void **state)
{
	(void)state;
	struct access_lab_heard heard = {0};
	const struct access_place at = {.file = "f", .line = 7, .sink = {access_lab_hear, &heard}};
	struct access_known k = access_lab_known("198.51.100.7", NULL, NULL);
	struct access_request q = access_request_known("sshd", &k);
	char memory[64];
	struct text_buffer b = text_buffer_over(memory, sizeof memory);
	assert_true(access_expand(&b, text_slice_of("%\n"), &q, &at));
	assert_string_equal(heard.last, "7: unknown letter behind '%': \\x0a");
}

struct client_row {
	const char *name, *user, *wanted;
};

static const struct client_row client_rows[] = {
	{"h.example.org", "root", "root@h.example.org"},
	{"h.example.org", NULL, "h.example.org"},
	{"h.example.org", "unknown", "h.example.org"},
	{"paranoid", "root", "root@198.51.100.7"},
	{"unknown", NULL, "198.51.100.7"},
	{NULL, NULL, "198.51.100.7"},
};

static void a_client_is_named_as_well_as_is_known(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(client_rows); i++) {
		const struct client_row *row = &client_rows[i];
		struct access_known k = access_lab_known("198.51.100.7", row->name, row->user);
		struct access_request q = access_request_known("sshd", &k);
		char memory[256];
		struct text_buffer b = text_buffer_over(memory, sizeof memory);
		access_expand_client(&b, &q);
		faults += table_check_text(row->wanted, "client", memory, row->wanted);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_expanded_and_only_n_and_u_ask),
		cmocka_unit_test(nothing_of_a_client_reaches_a_shell),
		cmocka_unit_test(what_does_not_fit_is_told),
		cmocka_unit_test(an_unknown_letter_is_told),
		cmocka_unit_test(a_client_is_named_as_well_as_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
