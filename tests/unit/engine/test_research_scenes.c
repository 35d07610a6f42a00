/* SPDX-License-Identifier: ISC */
/*
 * Scanners that measure the Internet and say so: told, harmless; and what their name does not excuse.
 */
#include "scene.h"
#include "table_check.h"

#define SHODAN "66.240.192.138"

struct row {
	const char *name, *src;
	unsigned ports;
	uint8_t flags;
	bool listed; /* in the admin's own list */
	int forced;  /* level of the admin; 0 = none */
	int level;
	enum incident_kind kind;
};

static const struct row rows[] = {
	{"Shodan", SHODAN, 40, EVENT_TCP_SYN, false, 0, 0, INCIDENT_KIND_RESEARCH},
	{"its neighbour", "66.240.192.139", 40, EVENT_TCP_SYN, false, 0, 2, INCIDENT_KIND_VERTICAL},
	{"of the admin's list", SCENE_SOURCE, 40, EVENT_TCP_SYN, true, 0, 0,
		INCIDENT_KIND_RESEARCH},
	{"a whole range of ports", SHODAN, 12000, EVENT_TCP_SYN, false, 0, 0,
		INCIDENT_KIND_RESEARCH},
	{"with packets no honest program sends", SHODAN, 40, EVENT_TCP_FIN, false, 0, 3,
		INCIDENT_KIND_VERTICAL},
	{"where the admin says otherwise", SHODAN, 40, EVENT_TCP_SYN, false, 4, 4,
		INCIDENT_KIND_VERTICAL},
};

static struct prefix block_of(const char *text)
{
	struct prefix p;
	assert_true(prefix_parse(text, strlen(text), &p, NULL));
	return p;
}

static unsigned check_row(const struct row *row)
{
	struct scene s;
	struct prefix own = block_of("198.51.100.0/28");
	struct detector_override override = {.prefix = block_of(SHODAN), .level = row->forced};
	scene_init(&s);
	if (row->listed)
		prefix_set_add(&s.options.detector.research, &own);
	s.options.detector.overrides = &override;
	s.options.detector.overrides_count = row->forced > 0;
	for (unsigned i = 0; i < row->ports; i++)
		scene_send(&s,
			event_maker_tcp(row->src, (uint16_t)(40000 + i % 999), SCENE_HOST,
				(uint16_t)(i + 1), row->flags),
			10000);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, row->src);
	unsigned faults = table_check_number(row->name, "level", t ? t->level : -1, row->level);
	faults += table_check_number(row->name, "kind", t ? (int)t->kind : -1, (int)row->kind);
	faults += table_check_number(row->name, "stories", scene_stories_of(&s, row->src), 1);
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void research_is_told_and_harmless(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static void the_sentence_names_the_organisation(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t i = 0; i < 12; i++)
		scene_send(
			&s, event_maker_syn(SHODAN, 40000, SCENE_HOST, (uint16_t)(i + 20)), 10000);
	scene_end(&s);
	assert_string_equal(scene_last(&s, SHODAN)->summary,
		"Shodan measures the Internet and asked 12 ports on one host");
	scene_clear(&s);
}

static void many_of_one_organisation_are_no_group(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 120; i++) {
		struct event e =
			event_maker_syn("162.142.125.1", 40000, SCENE_HOST, (uint16_t)(i + 20));
		scene_send(&s, event_maker_from(e, addr_from_v4(0xa28e7d00U + i / 3)), 2000000);
	}
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_OPEN, 1), 0);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(research_is_told_and_harmless),
		cmocka_unit_test(the_sentence_names_the_organisation),
		cmocka_unit_test(many_of_one_organisation_are_no_group),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
