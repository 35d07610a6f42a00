/* SPDX-License-Identifier: ISC */
#include "report/story_text.h"

#include "../store/sample_incident.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char meaning[] =
	"Someone looked for every service of this host. Usual on the Internet.";

static void the_short_form_tells_what_matters(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident in = sample_incident();
	story_text_print(&s->page,
		&(struct story_text){
			.incident = &in, .number = 12, .meaning = meaning, .advice = "Nothing."});
	sheet_expect(s,
		"!!  severe     198.51.100.20 scanned 1,024 ports on 203.0.113.5 (#12)\n"
		"    XMAS scan of 1,024 ports on one host, with the packets nmap -sX sends\n"
		"    when       20 Nov 14:02:11 – 14:09:40 UTC (7 m 29 s), still going\n"
		"    ports      tcp 1-1024 (1,991 packets)\n"
		"    answered   tcp 22, 80 were open to it; it has not come back to them\n"
		"    why        100 or more targets; found open ports\n"
		"    meaning    Someone looked for every service of this host. Usual on the\n"
		"               Internet.\n"
		"    do         Nothing.\n");
}

static void the_full_form_tells_everything(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident in = sample_incident();
	in.state = INCIDENT_CLOSE;
	in.slow = true;
	in.signature = "port-sweep";
	in.reference = "https://example.org/sweep";
	story_text_print_full(
		&s->page, &(struct story_text){.incident = &in, .names = {"minnie", "eth0"}});
	sheet_expect(s,
		"!!  severe     198.51.100.20 scanned 1,024 ports on 203.0.113.5\n"
		"    XMAS scan of 1,024 ports on one host, with the packets nmap -sX sends\n"
		"    when       20 Nov 14:02:11 – 14:09:40 UTC (7 m 29 s); slow on purpose or by\n"
		"               nature\n"
		"    kind       scan, vertical, xmas\n"
		"    extent     1,024 targets on 1 host, TCP\n"
		"    ports      tcp 1-1024 (1,991 packets)\n"
		"    answered   tcp 22, 80 were open to it; it has not come back to them\n"
		"    tool       nmap; packets as nmap -sX sends them\n"
		"    signature  port-sweep – https://example.org/sweep\n"
		"    spoofable  yes: nothing proved that the address is real\n"
		"    confidence 0.999999\n"
		"    why        100 or more targets; found open ports\n"
		"    seen by    minnie, eth0, from packet\n"
		"    id         01M7WM7HNRASZJ2NBSJ30X0X6C\n");
}

/* Neither six digits nor the arithmetic of doubles turns a test into certainty. */
static void confidence_is_never_certainty(void **state)
{
	(void)state;
	static const double values[] = {0.9999996, 0.99999999, 1};
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct sheet *s = sheet_make(80);
		struct incident in = sample_incident();
		in.confidence = values[i];
		story_text_print_full(&s->page, &(struct story_text){.incident = &in});
		assert_non_null(strstr(sheet_text(s), "    confidence more than 0.999999\n"));
		sheet_free(s);
	}
}

static struct incident make_group(void)
{
	static struct incident_member members[4];
	struct incident in = sample_incident();
	members[0] = (struct incident_member){
		sample_addr("192.0.2.1"), INCIDENT_MEMBER_REAL, "came back to an open port"};
	members[1] =
		(struct incident_member){sample_addr("192.0.2.2"), INCIDENT_MEMBER_DECOY, NULL};
	members[2] =
		(struct incident_member){sample_addr("2001:db8::3"), INCIDENT_MEMBER_UNKNOWN, NULL};
	members[3] =
		(struct incident_member){sample_addr("192.0.2.3"), INCIDENT_MEMBER_UNKNOWN, NULL};
	in.src = (struct addr){{0}};
	in.src_prefix = (struct prefix){0};
	in.kind = INCIDENT_KIND_DISTRIBUTED;
	in.level = 5;
	in.state = INCIDENT_OPEN;
	in.members = members;
	in.members_shown = 4;
	in.sources_count = 40;
	in.answered_ranges = 1;
	in.returned = true;
	in.why = NULL;
	return in;
}

static void a_group_names_a_few_of_its_sources(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident in = make_group();
	story_text_print(&s->page, &(struct story_text){.incident = &in});
	sheet_expect(s,
		"!!! critical   40 sources together scanned 1,024 ports on 203.0.113.5\n"
		"    XMAS scan of 1,024 ports on one host, with the packets nmap -sX sends\n"
		"    when       20 Nov 14:02:11 – 14:09:40 UTC (7 m 29 s)\n"
		"    ports      tcp 1-1024 (1,991 packets)\n"
		"    answered   tcp 22 was open to it; it has come back to it\n"
		"    sources    192.0.2.1 (real: came back to an open port), 192.0.2.2 (decoy),\n"
		"               2001:db8::3 and 37 more\n");
}

static void a_bare_incident_is_told_without_gaps(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident in = {.src = sample_addr("192.0.2.1"), .packets = 1, .sources_count = 1};
	in.first = in.last = sample_time("2025-11-20T14:02:11Z");
	in.kind = INCIDENT_KIND_LATE_REPLY;
	story_text_print(&s->page, &(struct story_text){.incident = &in});
	sheet_expect(s, ".   explained  192.0.2.1 answered this host too late\n"
			"    when       20 Nov 2025 14:02:11 UTC\n"
			"    sent       1 packet\n");
}

static void no_line_is_wider_than_the_page(void **state)
{
	(void)state;
	static const unsigned widths[] = {40, 60, 80, 120};
	static struct port_range many[200];
	for (unsigned i = 0; i < 200; i++)
		many[i] = (struct port_range){
			PORT_SET_TCP, (uint16_t)(i * 300), (uint16_t)(i * 300 + i)};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		const struct incident all[] = {sample_incident(), make_group()};
		for (size_t j = 0; j < 2; j++) {
			struct sheet *s = sheet_make(widths[i]), *full = sheet_make(widths[i]);
			struct incident in = all[j];
			in.ports = in.answered = many;
			in.port_ranges = in.answered_ranges = 200;
			in.ports_count = 60000;
			in.signature = in.tool = in.into = "a\033[31m\nname";
			struct story_text story = {
				&in, {"host\x07", "eth\x80"}, 7, meaning, meaning};
			story_text_print(&s->page, &story);
			story_text_print_full(&full->page, &story);
			sheet_expect_tidy(s);
			sheet_expect_tidy(full);
		}
	}
}

static void without_utf8_everything_is_ascii(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident in = sample_incident();
	s->page.terminal.utf8 = false;
	story_text_print(&s->page, &(struct story_text){.incident = &in});
	for (const char *c = sheet_text(s); *c; c++)
		assert_in_range(*c, '\n', '~');
	assert_non_null(strstr(sheet_text(s), "14:02:11 - 14:09:40"));
	sheet_free(s);
}

static void changes_are_listed_in_order(void **state)
{
	(void)state;
	struct store_change rows[] = {
		{sample_time("2026-11-20T14:02:11Z"), INCIDENT_OPEN, 2, "vertical", NULL},
		{sample_time("2026-11-20T14:09:40Z"), INCIDENT_UPDATE, 4, "block", NULL},
		{sample_time("2026-11-21T15:00:00Z"), INCIDENT_CLOSE, 4, "block", NULL},
	};
	struct sheet *s = sheet_make(80);
	story_text_print_changes(&s->page, &(struct store_changes){rows, 3});
	sheet_expect(s, "    20 Nov 14:02       open    ?   suspicious vertical\n"
			"    20 Nov 14:09       update  !!  severe     block\n"
			"    21 Nov 15:00       close   !!  severe     block\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_short_form_tells_what_matters),
		cmocka_unit_test(the_full_form_tells_everything),
		cmocka_unit_test(confidence_is_never_certainty),
		cmocka_unit_test(a_group_names_a_few_of_its_sources),
		cmocka_unit_test(a_bare_incident_is_told_without_gaps),
		cmocka_unit_test(no_line_is_wider_than_the_page),
		cmocka_unit_test(without_utf8_everything_is_ascii),
		cmocka_unit_test(changes_are_listed_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
