/* SPDX-License-Identifier: ISC */
#include "report/access_table.h"

#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct access_event make(const char *service, const char *client, enum event_access access)
{
	struct access_event a;
	access_event_clear(&a);
	a.time = (struct wall_time){INT64_C(1795183780120311)}; /* 2026-11-20 14:09:40 */
	a.access = (uint8_t)access;
	(void)addr_parse(client, strlen(client), &a.client);
	ACCESS_EVENT_SET(&a, service, text_slice_of(service));
	return a;
}

static void a_decision_is_a_line(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct access_event refused = make("sshd", "192.0.2.7", EVENT_ACCESS_REFUSED);
	struct access_event granted = make("in.fingerd", "2001:db8::7", EVENT_ACCESS_GRANTED);
	struct access_event unmatched = make("vsftpd", "192.0.2.9", EVENT_ACCESS_GRANTED);
	ACCESS_EVENT_SET(&refused, table, text_slice_of("/etc/hosts.deny"));
	ACCESS_EVENT_SET(&refused, user, text_slice_of("root"));
	ACCESS_EVENT_SET(&refused, host, text_slice_of("gate"));
	refused.line = 3;
	unmatched.why = ACCESS_WHY_DEFAULT;
	struct access_event doubtful = make("sshd", "192.0.2.8", EVENT_ACCESS_REFUSED);
	ACCESS_EVENT_SET(&doubtful, table, text_slice_of("/etc/hosts.deny"));
	doubtful.has_uid = doubtful.unvouched = 1;
	doubtful.uid = 65534;
	granted.time.us -= INT64_C(365) * 86400 * CLOCK_US_PER_S;
	access_table_print_head(&s->page);
	access_table_print_row(&s->page, &refused, "here");
	access_table_print_row(&s->page, &granted, "here");
	access_table_print_row(&s->page, &unmatched, "here");
	access_table_print_row(&s->page, &doubtful, "here");
	sheet_expect(s,
		"time              host     service     client              verdict rule\n"
		"20 Nov 14:09:40   gate     sshd        root@192.0.2.7      refused hosts.deny:3\n"
		"20 Nov 2025 14:09 here     in.fingerd  2001:db8::7         granted\n"
		"20 Nov 14:09:40   here     vsftpd      192.0.2.9           granted default\n"
		"20 Nov 14:09:40   here     sshd        192.0.2.8           refused by uid 65534\n");
}

static void long_and_hostile_texts_stay_in_their_columns(void **state)
{
	(void)state;
	static const unsigned widths[] = {80, 100, 200};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		struct sheet *s = sheet_make(widths[i]);
		struct access_event a = make("x", "192.0.2.7", EVENT_ACCESS_REFUSED);
		memset(a.service, 's', sizeof a.service - 1);
		memset(a.user, '\x1b', sizeof a.user - 1);
		memset(a.name, '\n', sizeof a.name - 1);
		memset(a.host, 'h', sizeof a.host - 1);
		memset(a.table, 't', sizeof a.table - 1);
		a.line = UINT32_MAX;
		access_table_print_head(&s->page);
		access_table_print_row(&s->page, &a, "here");
		sheet_expect_tidy(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decision_is_a_line),
		cmocka_unit_test(long_and_hostile_texts_stay_in_their_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
