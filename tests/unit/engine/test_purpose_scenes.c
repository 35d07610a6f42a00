/* SPDX-License-Identifier: ISC */
/*
 * What a source is after: a row of doors that opens another, questions to services, reports gone astray.
 */
#include "scene.h"
#include "table_check.h"

static const uint16_t row_of_doors[] = {7000, 8000, 9000, 7500, 9500};

static struct event ours(struct event e)
{
	return event_maker_marks(e, EVENT_MARK_OUTGOING);
}

/* A SYN of a Linux client, the answer, and its last word. */
static void visit_of(
	struct scene *s, const char *who, uint16_t from, uint16_t port, uint8_t last_flags)
{
	struct event syn = event_maker_options(
		event_maker_syn(who, from, SCENE_HOST, port), EVENT_MAKER_LAYOUT_LINUX, 1460);
	struct event answer =
		event_maker_tcp(SCENE_HOST, port, who, from, EVENT_TCP_SYN | EVENT_TCP_ACK);
	struct event last = event_maker_tcp(who, from, SCENE_HOST, port, last_flags);
	scene_send(s, event_maker_seq(syn, 1, 0), 1000);
	scene_send(s, ours(event_maker_seq(answer, 7000, 2)), 1000);
	scene_send(s, event_maker_seq(last, 2, last_flags & EVENT_TCP_ACK ? 7001 : 0), 1000);
}

static void visit(struct scene *s, uint16_t from, uint16_t port, uint8_t last_flags)
{
	visit_of(s, SCENE_SOURCE, from, port, last_flags);
}

static void half_open(struct scene *s, uint16_t port, bool open)
{
	scene_send(s, event_maker_seq(event_maker_syn(SCENE_SOURCE, 51000, SCENE_HOST, port), 1, 0),
		1000);
	if (!open)
		return;
	struct event answer = event_maker_tcp(
		SCENE_HOST, port, SCENE_SOURCE, 51000, EVENT_TCP_SYN | EVENT_TCP_ACK);
	struct event last = event_maker_tcp(SCENE_SOURCE, 51000, SCENE_HOST, port, EVENT_TCP_RST);
	scene_send(s, ours(event_maker_seq(answer, 7000, 2)), 1000);
	scene_send(s, event_maker_seq(last, 2, 0), 1000);
}

struct knock_row {
	const char *name;
	unsigned doors;
	int64_t gap_us;
	bool udp;
	uint8_t last_flags; /* of the visit that follows; 0 = no visit */
	unsigned days, doors_after;
	int level; /* -1 = no story */
	enum incident_kind kind;
};

static const struct knock_row knock_rows[] = {
	{"three doors, then in", 3, 300000, false, EVENT_TCP_ACK, 1, 0, 0,
		INCIDENT_KIND_PORT_KNOCK},
	{"typed by hand", 3, 9 * EVENT_MAKER_SECOND, false, EVENT_TCP_ACK, 1, 0, 0,
		INCIDENT_KIND_PORT_KNOCK},
	{"over UDP", 3, 300000, true, EVENT_TCP_ACK, 1, 0, 0, INCIDENT_KIND_PORT_KNOCK},
	{"every day of a month", 3, 300000, false, EVENT_TCP_ACK, 30, 0, 0,
		INCIDENT_KIND_PORT_KNOCK},
	{"nobody comes in", 3, 300000, false, 0, 1, 0, -1, 0},
	{"only a look at the open door", 3, 300000, false, EVENT_TCP_RST, 1, 0, 1,
		INCIDENT_KIND_VERTICAL},
	{"two doors", 2, 300000, false, EVENT_TCP_ACK, 1, 0, -1, 0},
	{"hours between the doors", 3, EVENT_MAKER_HOUR, false, EVENT_TCP_ACK, 1, 0, -1, 0},
	{"then a scan after all", 3, 300000, false, EVENT_TCP_ACK, 1, 40, 3,
		INCIDENT_KIND_VERTICAL},
};

static void play_day(struct scene *s, const struct knock_row *row)
{
	for (unsigned i = 0; i < row->doors; i++) {
		struct event e =
			row->udp ? event_maker_udp(SCENE_SOURCE, 40000, SCENE_HOST, row_of_doors[i])
				 : event_maker_options(
					   event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + i),
						   SCENE_HOST, row_of_doors[i]),
					   EVENT_MAKER_LAYOUT_LINUX, 1460);
		scene_send(s, e, row->gap_us);
	}
	if (row->last_flags)
		visit(s, 42000, 22, row->last_flags);
	for (unsigned i = 0; i < row->doors_after; i++)
		scene_send(s, event_maker_syn(SCENE_SOURCE, 43000, SCENE_HOST, (uint16_t)(100 + i)),
			10000);
}

static unsigned check_knock(const struct knock_row *row)
{
	struct scene s;
	scene_init(&s);
	visit_of(&s, "203.0.113.9", 42000, 22, EVENT_TCP_ACK); /* it is known that 22 is offered */
	for (unsigned day = 0; day < row->days; day++) {
		play_day(&s, row);
		if (row->days > 1)
			scene_wait(&s, EVENT_MAKER_DAY);
	}
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults = table_check_number(row->name, "level", t ? t->level : -1, row->level);
	if (row->level >= 0)
		faults += table_check_number(
			row->name, "kind", t ? (int)t->kind : -1, (int)row->kind);
	if (row->level <= 0)
		faults +=
			table_check_number(row->name, "loud", scene_count(&s, INCIDENT_OPEN, 1), 0);
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void a_row_of_doors_that_opens_another_is_explained(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(knock_rows); i++)
		faults += check_knock(&knock_rows[i]);
	assert_int_equal(faults, 0);
}

/* A half-open scan of 40 doors, of which three are open; then `visits` to `doors` of them. */
static enum incident_kind kind_after(unsigned doors, unsigned visits)
{
	static const uint16_t open[] = {110, 120, 130};
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 100; port < 140; port++)
		half_open(&s, port, port == open[0] || port == open[1] || port == open[2]);
	for (unsigned i = 0; i < visits; i++)
		visit(&s, (uint16_t)(52000 + i), open[i % doors], EVENT_TCP_ACK);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 1);
	enum incident_kind kind = t->kind;
	assert_true((kind == INCIDENT_KIND_SERVICE_PROBE) ==
		    (strstr(t->why, "it asked what stands behind open ports") != NULL));
	scene_clear(&s);
	return kind;
}

static void questions_to_the_doors_it_found_name_the_story(void **state)
{
	(void)state;
	assert_int_equal(kind_after(1, 0), INCIDENT_KIND_VERTICAL);
	assert_int_equal(kind_after(1, 9), INCIDENT_KIND_VERTICAL);
	assert_int_equal(kind_after(2, 2), INCIDENT_KIND_SERVICE_PROBE);
	assert_int_equal(kind_after(3, 12), INCIDENT_KIND_SERVICE_PROBE);
}

static void a_client_of_three_services_asks_nothing(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t i = 0; i < 60; i++)
		visit(&s, (uint16_t)(42000 + i), (uint16_t)(143 + i % 3), EVENT_TCP_ACK);
	scene_end(&s);
	assert_null(scene_last(&s, SCENE_SOURCE));
	scene_clear(&s);
}

static void reports_to_nobody_are_misdirected(void **state)
{
	(void)state;
	static const struct {
		uint16_t port;
		enum incident_kind kind;
	} rows[] = {{514, INCIDENT_KIND_MISDIRECTED}, {162, INCIDENT_KIND_MISDIRECTED},
		{2055, INCIDENT_KIND_MISDIRECTED}, {53, INCIDENT_KIND_RETRY}};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct scene s;
		scene_init(&s);
		for (unsigned n = 0; n < 40; n++)
			scene_send(&s,
				event_maker_udp(SCENE_SOURCE, 40000, SCENE_HOST, rows[i].port),
				EVENT_MAKER_SECOND * (1 + n % 7));
		scene_end(&s);
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		assert_non_null(t);
		assert_int_equal(t->level, 0);
		assert_int_equal(t->kind, rows[i].kind);
		scene_clear(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_of_doors_that_opens_another_is_explained),
		cmocka_unit_test(questions_to_the_doors_it_found_name_the_story),
		cmocka_unit_test(a_client_of_three_services_asks_nothing),
		cmocka_unit_test(reports_to_nobody_are_misdirected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
