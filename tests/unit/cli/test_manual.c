/* SPDX-License-Identifier: ISC */
/*
 * The manual against the program: whatever the tables know has its line in man/, in the section it
 * belongs to. (The pages are read from the source tree: MANUAL_DIRECTORY.)
 */
#include "cli/command.h"

#include "support/table_check.h"

#include "access/access_lint_code.h"
#include "detect/signature.h"
#include "event/event_json.h"
#include "event/incident_kind.h"
#include "event/technique.h"
#include "verdict/incident_json.h"
#include "verdict/level_rules.h"

#include <ctype.h>
#include <stdio.h>

static char *read_file(const char *name)
{
	char path[512];
	snprintf(path, sizeof path, MANUAL_DIRECTORY "/%s", name);
	FILE *in = fopen(path, "re");
	assert_non_null(in);
	char *text = calloc(1, 1 << 17);
	size_t n = fread(text, 1, (1 << 17) - 1, in);
	assert_in_range(n, 1, (1 << 17) - 2);
	fclose(in);
	return text;
}

/* From the line `head` to the next section, or to the next subsection where `head` is one; "" if
 * there is none. */
static char *cut_section(const char *page, const char *head)
{
	char begin[128];
	snprintf(begin, sizeof begin, "\n%s\n", head);
	const char *at = strstr(page, begin);
	if (at == NULL)
		return strdup("");
	const char *behind = at + strlen(begin) - 1;
	const char *end = strstr(behind, "\n.Sh "), *next = strstr(behind, "\n.Ss ");
	if (strncmp(head, ".Ss ", 4) == 0 && next != NULL && (end == NULL || next < end))
		end = next;
	return end ? strndup(at, (size_t)(end - at)) : strdup(at);
}

/* True if the word stands in the text and no letter, digit, dash or underscore touches it. */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
		char before = at == text ? ' ' : at[-1], after = at[length];
		bool begins = !isalnum((unsigned char)before) && before != '-' && before != '_';
		bool ends = !isalnum((unsigned char)after) && after != '-' && after != '_';
		if (begins && ends)
			return true;
	}
	return false;
}

static unsigned expect_word(const char *where, const char *text, const char *word)
{
	if (has_word(text, word))
		return 0;
	print_error("%s: \"%s\" is missing\n", where, word);
	return 1;
}

static unsigned expect_text(const char *where, const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return 0;
	print_error("%s: \"%s\" is missing\n", where, part);
	return 1;
}

/* ".It Fl a , Fl -all", ".It Fl -home Ar PREFIX" */
static unsigned expect_option(const char *where, const char *section, const struct option_row *o)
{
	char line[128], letter[16] = "";
	if (o->letter)
		snprintf(letter, sizeof letter, "Fl %c , ", o->letter);
	snprintf(line, sizeof line, "\n.It %sFl -%s%s%s\n", letter, o->name, o->value ? " Ar " : "",
		o->value ? o->value : "");
	return expect_text(where, section, line);
}

static void every_command_and_every_option_has_its_line(void **state)
{
	unsigned faults = 0;
	char *page = read_file("knockwatch.1"), head[64];
	(void)state;
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		snprintf(head, sizeof head, ".Ss knockwatch %s", (*c)->name);
		char *section = cut_section(page, head);
		faults += table_check_number(head, "section", section[0] != '\0', true);
		for (const struct option_row *o = (*c)->options; o->name != NULL; o++)
			faults += expect_option(head, section, o);
		free(section);
	}
	free(page);
	assert_int_equal(faults, 0);
}

/* The other way round: what the manual tells about must exist. */
static void the_manual_names_no_option_that_is_not_there(void **state)
{
	unsigned faults = 0;
	char *page = read_file("knockwatch.1"), head[64];
	(void)state;
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		unsigned known = 0, told = 0;
		snprintf(head, sizeof head, ".Ss knockwatch %s", (*c)->name);
		char *section = cut_section(page, head);
		for (const struct option_row *o = (*c)->options; o->name != NULL; o++)
			known++;
		for (const char *at = section; (at = strstr(at, "\n.It Fl ")) != NULL; at++)
			told++;
		faults += table_check_number(head, "options", told, known);
		free(section);
	}
	free(page);
	assert_int_equal(faults, 0);
}

static void every_key_of_the_sample_configuration_is_explained(void **state)
{
	unsigned faults = 0, keys = 0;
	char *page = read_file("knockwatch.yaml.5"), *sample = read_file("../conf/knockwatch.yaml");
	char *section = cut_section(page, ".Sh KEYS");
	(void)state;
	for (char *rest = sample, *line; (line = strsep(&rest, "\n")) != NULL;) {
		char item[64];
		const char *key = line + (strncmp(line, "# log:", 6) == 0 ? 2 : 0);
		size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz_");
		if (length == 0 || key[length] != ':')
			continue;
		snprintf(item, sizeof item, "\n.It Cm %.*s :", (int)length, key);
		faults += expect_text("KEYS", section, item);
		keys++;
	}
	free(section);
	free(page);
	free(sample);
	assert_int_equal(faults, 0);
	assert_in_range(keys, 13, 100);
}

static void every_level_rule_stands_with_its_threshold_and_level(void **state)
{
	struct level_rules rules;
	unsigned faults = 0;
	char *page = read_file("knockwatch.yaml.5"), row[128];
	char *section = cut_section(page, ".Sh LEVEL RULES");
	(void)state;
	level_rules_init(&rules);
	for (unsigned i = 0; i < rules.count; i++) {
		const struct level_rule *r = &rules.rows[i];
		snprintf(row, sizeof row, "\n.It Cm %s Ta %g Ta %d Ta ", r->name, r->at, r->level);
		faults += expect_text("LEVEL RULES", section, row);
	}
	free(section);
	free(page);
	assert_int_equal(faults, 0);
}

static void every_condition_of_a_signature_is_explained(void **state)
{
	static const char *const others[] = {"id", "name", "level", "alone", "summary", "reference",
		"proto", "direction", "src", "dst", "src_ports", "dst_ports", "flags",
		"tcp_options", "ip_options", "same_ip", "df"};
	unsigned faults = 0;
	char *page = read_file("knockwatch.yaml.5");
	char *section = cut_section(page, ".Sh SIGNATURES");
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(others); i++)
		faults += expect_word("SIGNATURES", section, others[i]);
	for (int i = 0; i < SIGNATURE_FIELDS; i++)
		faults += expect_word(
			"SIGNATURES", section, signature_field_row((enum signature_field)i)->key);
	free(section);
	free(page);
	assert_int_equal(faults, 0);
}

static void every_trap_of_hosts_access_is_listed(void **state)
{
	unsigned faults = 0;
	char *page = read_file("knockwatch-access.5"), row[256];
	char *section = cut_section(page, ".Sh TRAPS");
	(void)state;
	for (int i = 0; i < ACCESS_LINT_CODES; i++) {
		const struct access_lint_words *w = access_lint_code_words((enum access_lint_code)i);
		snprintf(row, sizeof row, "\n.It Cm %s Ta %s Ta %s\n", w->name, access_lint_level_name(w->level), w->title);
		faults += expect_text("TRAPS", section, row);
	}
	free(section);
	free(page);
	assert_int_equal(faults, 0);
}

static json_t *parse_line(struct json_line *line)
{
	json_t *tree = json_loadb(line->text, line->used, 0, NULL);
	assert_non_null(tree);
	json_line_clear(line);
	return tree;
}

/* An incident of which every field has a value. */
static json_t *make_full_incident(void)
{
	static const struct port_range range = {PORT_SET_TCP, 22, 22};
	struct incident in = {.id = {"01KAGZCYP0M3N8W5X2J7D4S6EA"},
		.kind = INCIDENT_KIND_VERTICAL,
		.techniques = 1,
		.proto = 6,
		.ports = &range,
		.port_ranges = 1,
		.answered = &range,
		.answered_ranges = 1,
		.sources_count = 2,
		.tool = "nmap",
		.nmap = "-sS",
		.signature = "s",
		.reference = "r",
		.why = "w",
		.explain = "e",
		.summary = "s",
		.into = "01KAGZCYP0M3N8W5X2J7D4S6EA",
		.now = {1},
		.first = {1},
		.last = {1}};
	struct incident_member member = {
		addr_from_v4(0xc6336414), INCIDENT_MEMBER_REAL, "it completed a handshake"};
	assert_true(addr_parse("2001:db8::1", 11, &in.src));
	in.src_prefix = prefix_of(&in.src, 64);
	in.dst = addr_from_v4(0xcb007105);
	in.members = &member;
	in.members_shown = 1;
	struct json_line line = {0};
	incident_json_write(&line, &in, &(struct incident_json_names){"minnie", "eth0"});
	return parse_line(&line);
}

static json_t *make_full_knock(uint8_t proto)
{
	struct event e = {.time = {1},
		.src = addr_from_v4(0xc6336414),
		.dst = addr_from_v4(0xcb007105),
		.proto = proto,
		.has = 0xffff};
	event_name_probe(&e);
	struct json_line line = {0};
	event_json_write(&line, &e,
		&(struct event_json_names){"minnie", "eth0", "ssh", "nmap", EVENT_JSON_ANSWER_RST});
	return parse_line(&line);
}

static unsigned expect_keys(const char *where, const char *section, const json_t *object)
{
	unsigned faults = 0;
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
	{
		if (!json_is_object(value))
			faults += expect_word(where, section, key);
	}
	return faults;
}

static void every_field_of_an_event_is_explained(void **state)
{
	char *page = read_file("knockwatch-events.5");
	char *head = cut_section(page, ".Sh HEAD");
	char *of_incident = cut_section(page, ".Ss incident");
	char *of_knock = cut_section(page, ".Ss knock");
	json_t *incident = make_full_incident();
	json_t *tcp = make_full_knock(6), *icmp = make_full_knock(1);
	(void)state;
	const json_t *story = json_object_get(incident, "incident");
	unsigned faults = expect_keys("HEAD", head, incident) + expect_keys("HEAD", head, tcp) +
			  expect_keys("HEAD", head, icmp);
	faults += expect_keys("incident", of_incident, story);
	faults += expect_keys(
		"incident", of_incident, json_array_get(json_object_get(story, "members"), 0));
	faults += expect_keys("knock", of_knock, json_object_get(tcp, "knock"));
	assert_in_range(json_object_size(story), 30, 100);
	json_decref(incident);
	json_decref(tcp);
	json_decref(icmp);
	free(head);
	free(of_incident);
	free(of_knock);
	free(page);
	assert_int_equal(faults, 0);
}

static void every_name_an_event_can_hold_is_listed(void **state)
{
	unsigned faults = 0;
	char *page = read_file("knockwatch-events.5");
	char *head = cut_section(page, ".Sh HEAD");
	char *of_incident = cut_section(page, ".Ss incident");
	char *of_knock = cut_section(page, ".Ss knock");
	(void)state;
	for (int i = 0; i < EVENT_ORIGINS; i++)
		faults += expect_word("HEAD", head, event_origin_name((enum event_origin)i));
	for (int i = 0; i < INCIDENT_KINDS; i++)
		faults +=
			expect_word("kind", of_incident, incident_kind_name((enum incident_kind)i));
	for (int i = 0; i < INCIDENT_CLASSES; i++)
		faults += expect_word(
			"class", of_incident, incident_class_name((enum incident_class)i));
	for (int i = 0; i < INCIDENT_STATES; i++)
		faults += expect_word(
			"state", of_incident, incident_state_name((enum incident_state)i));
	for (int i = 0; i < TECHNIQUES; i++)
		faults += expect_word("techniques", of_incident, technique_name((enum technique)i));
	for (int i = 0; i < EVENT_PROBES; i++)
		faults += expect_word("probe", of_knock, event_probe_name((enum event_probe)i));
	for (int i = 0; i < EVENT_JSON_ANSWERS; i++)
		faults += expect_word(
			"answer", of_knock, event_json_answer_name((enum event_json_answer)i));
	free(head);
	free(of_incident);
	free(of_knock);
	free(page);
	assert_int_equal(faults, 0);
}

static void the_example_of_an_event_is_one(void **state)
{
	char *page = read_file("knockwatch-events.5"), error[256];
	char *begin = strstr(page, "\n{\"v\":1"), *end = begin ? strstr(begin, "\n.Ed") : NULL;
	struct incident_json_reading r;
	(void)state;
	assert_non_null(end);
	if (!incident_json_read(begin, (size_t)(end - begin), &r, error, sizeof error))
		fail_msg("%s", error);
	incident_json_clear(&r);
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_and_every_option_has_its_line),
		cmocka_unit_test(the_manual_names_no_option_that_is_not_there),
		cmocka_unit_test(every_key_of_the_sample_configuration_is_explained),
		cmocka_unit_test(every_level_rule_stands_with_its_threshold_and_level),
		cmocka_unit_test(every_condition_of_a_signature_is_explained),
		cmocka_unit_test(every_trap_of_hosts_access_is_listed),
		cmocka_unit_test(every_field_of_an_event_is_explained),
		cmocka_unit_test(every_name_an_event_can_hold_is_listed),
		cmocka_unit_test(the_example_of_an_event_is_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
