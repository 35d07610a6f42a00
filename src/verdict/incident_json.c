/* SPDX-License-Identifier: ISC */
#include "verdict/incident_json.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "event/event.h"
#include "event/json_field.h"
#include "event/json_head.h"
#include "event/json_line.h"
#include "event/ip_misuse.h"
#include "event/technique.h"
#include "net/ip_proto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_group(const struct incident *in)
{
	return in->members_shown > 0 || in->sources_count > 1;
}

/* The id of this telling: the incident's own id names the story, not the line. */
static struct event_id make_line_id(const struct incident *in)
{
	char name[96], *at = name + EVENT_ID_LENGTH;
	memcpy(name, in->id.text, EVENT_ID_LENGTH);
	*at++ = ' ';
	for (const char *state = incident_state_name(in->state); *state != '\0'; state++)
		*at++ = *state;
	*at++ = ' ';
	if (in->now.us < 0)
		*at++ = '-';
	at = decimal_write(at, in->now.us < 0 ? -(uint64_t)in->now.us : (uint64_t)in->now.us);
	return event_id_make(in->now, name, (size_t)(at - name));
}

static void put_techniques(struct json_line *line, uint32_t bits)
{
	json_line_open_list(line, "techniques");
	for (unsigned i = 0; i < TECHNIQUES; i++) {
		if (bits >> i & 1)
			json_line_put_word(line, NULL, technique_name((enum technique)i));
	}
	json_line_close(line);
}

static void put_ranges(
	struct json_line *line, const char *key, const struct port_range *ranges, unsigned count)
{
	json_line_open_list(line, key);
	for (unsigned i = 0; i < count; i++) {
		struct port_range_text range = port_range_to_text(&ranges[i]);
		json_line_put_plain(line, NULL, range.text, range.length);
	}
	json_line_close(line);
}

static void put_members(struct json_line *line, const struct incident *in)
{
	json_line_open_list(line, "members");
	for (unsigned i = 0; i < in->members_shown; i++) {
		const struct incident_member *m = &in->members[i];
		json_line_open_object(line, NULL);
		json_line_put_addr(line, "address", &m->address);
		json_line_put_word(line, "role", incident_member_role_name(m->role));
		json_line_put_text(line, "evidence", m->evidence);
		json_line_close(line);
	}
	json_line_close(line);
}

static void put_sources(struct json_line *line, const struct incident *in)
{
	json_line_open_list(line, "sources");
	for (unsigned i = 0; i < in->members_shown; i++)
		json_line_put_word(line, NULL, addr_to_text(&in->members[i].address).text);
	json_line_close(line);
}

static void put_head(
	struct json_line *line, const struct incident *in, const struct incident_json_names *names)
{
	struct event_id id = make_line_id(in);
	json_head_put(line, in->now, &id, names->host, "incident");
	json_line_put_addr(line, "src_ip", &in->src);
	json_line_put_addr(line, "dest_ip", &in->dst);
	if (!in->proto_mixed && in->proto != 0)
		json_line_put_word(line, "proto", ip_proto_to_text(in->proto).text);
	json_line_put_text(line, "in_iface", names->iface);
	json_line_put_word(line, "origin", event_origin_name((enum event_origin)in->origin));
}

static void put_misuses(struct json_line *line, uint32_t misuses)
{
	json_line_open_list(line, "misuse");
	for (int i = 0; i < IP_MISUSES; i++) {
		if (misuses & ip_misuse_bit((enum ip_misuse)i))
			json_line_put_word(line, NULL, ip_misuse_name((enum ip_misuse)i));
	}
	json_line_close(line);
}

static void put_story(struct json_line *line, const struct incident *in)
{
	json_line_put_plain(line, "id", in->id.text, EVENT_ID_LENGTH);
	json_line_put_word(line, "state", incident_state_name(in->state));
	json_line_put_count(line, "level", (uint64_t)in->level);
	json_line_put_word(line, "class", incident_class_name(in->class));
	json_line_put_word(line, "kind", incident_kind_name(in->kind));
	put_techniques(line, in->techniques);
	put_misuses(line, in->misuses);
	json_line_put_bool(line, "slow", in->slow);
	put_ranges(line, "ports", in->ports, in->port_ranges);
	json_line_put_count(line, "ports_count", in->ports_count);
	json_line_put_count(line, "hosts_count", in->hosts_count);
	json_line_put_count(line, "targets_count", in->targets_count);
	json_line_put_count(line, "packets", in->packets);
	json_line_put_time(line, "first", in->first);
	json_line_put_time(line, "last", in->last);
}

static void put_origin(struct json_line *line, const struct incident *in)
{
	if (is_group(in)) {
		put_sources(line, in);
		json_line_put_count(line, "sources_count", in->sources_count);
		put_members(line, in);
	}
	if (!addr_is_none(&in->src_prefix.base) && in->src_prefix.length_bits < 128)
		json_line_put_word(line, "src_prefix", prefix_to_text(&in->src_prefix).text);
}

static void put_judgement(struct json_line *line, const struct incident *in)
{
	json_line_put_text(line, "tool", in->tool);
	json_line_put_text(line, "nmap", in->nmap);
	json_line_put_real(line, "confidence", in->confidence);
	json_line_put_bool(line, "spoofable", in->spoofable);
	put_ranges(line, "answered", in->answered, in->answered_ranges);
	json_line_put_bool(line, "returned", in->returned);
	if (in->refused > 0)
		json_line_put_count(line, "refused", in->refused);
	json_line_put_text(line, "refused_at", in->refused_at);
	json_line_put_text(line, "refused_by", in->refused_by);
	if (in->granted > 0)
		json_line_put_count(line, "granted", in->granted);
	json_line_put_text(line, "signature", in->signature);
	json_line_put_text(line, "reference", in->reference);
	json_line_put_text(line, "why", in->why);
	json_line_put_text(line, "explain", in->explain);
	json_line_put_text(line, "summary", in->summary);
	json_line_put_text(line, "into", in->into);
}

void incident_json_write(
	struct json_line *line, const struct incident *in, const struct incident_json_names *names)
{
	json_line_start(line);
	put_head(line, in, names);
	json_line_open_object(line, "incident");
	put_story(line, in);
	put_origin(line, in);
	put_judgement(line, in);
	json_line_close(line);
	json_line_close(line);
}

/* Reading: what is absent or of another type is as if it were not there, except what a story cannot
 * do without (id, state, level, kind, first, last). */

static uint32_t get_count32(const json_t *object, const char *key)
{
	uint64_t n = json_field_count(object, key);
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static bool get_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static void get_addr(const json_t *object, const char *key, struct addr *out)
{
	const char *text = json_field_text(object, key);
	if (text != NULL)
		(void)addr_parse(text, strlen(text), out);
}

/* The number of the name that equals `text`; -1 if none does. */
static int find_name(const char *text, int count, const char *(*name_of)(int))
{
	for (int i = 0; text != NULL && i < count; i++) {
		if (strcmp(name_of(i), text) == 0)
			return i;
	}
	return -1;
}

static const char *name_of_state(int i)
{
	return incident_state_name((enum incident_state)i);
}

static const char *name_of_kind(int i)
{
	return incident_kind_name((enum incident_kind)i);
}

static const char *name_of_role(int i)
{
	return incident_member_role_name((enum incident_member_role)i);
}

static const char *name_of_technique(int i)
{
	return technique_name((enum technique)i);
}

static const char *name_of_misuse(int i)
{
	return ip_misuse_name((enum ip_misuse)i);
}

static const char *name_of_origin(int i)
{
	return event_origin_name((enum event_origin)i);
}

static size_t list_size(const json_t *list)
{
	size_t n = json_array_size(list);
	return n < INCIDENT_JSON_LIST_MAX ? n : INCIDENT_JSON_LIST_MAX;
}

/* Reads the ranges that make sense; returns how many. */
static unsigned read_ranges(const json_t *list, struct port_range *out)
{
	unsigned count = 0;
	for (size_t i = 0; i < list_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));
		if (text != NULL && port_range_parse(text, strlen(text), &out[count]))
			count++;
	}
	return count;
}

static void read_lists(const json_t *story, struct incident_json_reading *r)
{
	const json_t *ports = json_object_get(story, "ports");
	const json_t *answered = json_object_get(story, "answered");
	const json_t *techniques = json_object_get(story, "techniques");
	struct incident *in = &r->incident;
	r->ranges = memory_calloc(list_size(ports) + list_size(answered), sizeof *r->ranges);
	in->ports = r->ranges;
	in->port_ranges = read_ranges(ports, r->ranges);
	in->answered = r->ranges + in->port_ranges;
	in->answered_ranges = read_ranges(answered, r->ranges + in->port_ranges);
	for (size_t i = 0; i < list_size(techniques); i++) {
		const char *text = json_string_value(json_array_get(techniques, i));
		int technique = find_name(text, TECHNIQUES, name_of_technique);
		if (technique >= 0)
			in->techniques |= technique_bit((enum technique)technique);
	}
	const json_t *misuses = json_object_get(story, "misuse");
	for (size_t i = 0; i < list_size(misuses); i++) {
		const char *text = json_string_value(json_array_get(misuses, i));
		int misuse = find_name(text, IP_MISUSES, name_of_misuse);
		if (misuse >= 0)
			in->misuses |= ip_misuse_bit((enum ip_misuse)misuse);
	}
}

static void read_members(const json_t *story, struct incident_json_reading *r)
{
	const json_t *list = json_object_get(story, "members");
	r->members = memory_calloc(list_size(list), sizeof *r->members);
	r->incident.members = r->members;
	for (size_t i = 0; i < list_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct incident_member m = {0};
		get_addr(item, "address", &m.address);
		if (addr_is_none(&m.address))
			continue;
		int role = find_name(
			json_field_text(item, "role"), INCIDENT_MEMBER_ROLES, name_of_role);
		m.role = role >= 0 ? (enum incident_member_role)role : INCIDENT_MEMBER_UNKNOWN;
		m.evidence = json_field_text(item, "evidence");
		r->members[r->incident.members_shown++] = m;
	}
	bool single = json_object_get(story, "sources_count") == NULL;
	r->incident.sources_count = single ? 1 : get_count32(story, "sources_count");
}

static void read_head(const json_t *root, struct incident_json_reading *r)
{
	struct incident *in = &r->incident;
	const char *proto = json_field_text(root, "proto");
	int origin = find_name(json_field_text(root, "origin"), EVENT_ORIGINS, name_of_origin);
	get_addr(root, "src_ip", &in->src);
	get_addr(root, "dest_ip", &in->dst);
	in->proto_mixed = proto == NULL || !ip_proto_parse(proto, strlen(proto), &in->proto);
	in->origin = (uint8_t)(origin >= 0 ? origin : EVENT_ORIGIN_FILE);
	r->names.host = json_field_text(root, "host");
	r->names.iface = json_field_text(root, "in_iface");
}

static void read_judgement(const json_t *story, struct incident *in)
{
	in->slow = get_bool(story, "slow");
	in->spoofable = get_bool(story, "spoofable");
	in->returned = get_bool(story, "returned");
	in->ports_count = get_count32(story, "ports_count");
	in->hosts_count = get_count32(story, "hosts_count");
	in->targets_count = get_count32(story, "targets_count");
	in->packets = json_field_count(story, "packets");
	in->confidence = json_number_value(json_object_get(story, "confidence"));
	in->tool = json_field_text(story, "tool");
	in->nmap = json_field_text(story, "nmap");
	in->refused = get_count32(story, "refused");
	in->granted = get_count32(story, "granted");
	in->refused_at = json_field_text(story, "refused_at");
	in->refused_by = json_field_text(story, "refused_by");
	in->signature = json_field_text(story, "signature");
	in->reference = json_field_text(story, "reference");
	in->why = json_field_text(story, "why");
	in->explain = json_field_text(story, "explain");
	in->summary = json_field_text(story, "summary");
	in->into = json_field_text(story, "into");
	const char *block = json_field_text(story, "src_prefix");
	bool has_block = block != NULL && prefix_parse(block, strlen(block), &in->src_prefix, NULL);
	if (!has_block && !addr_is_none(&in->src))
		in->src_prefix = prefix_of(&in->src, 128);
}

/* What no story can do without; null, or what is wrong. */
static const char *read_core(const json_t *root, const json_t *story, struct incident *in)
{
	const char *id = json_field_text(story, "id");
	const json_t *level = json_object_get(story, "level");
	int state = find_name(json_field_text(story, "state"), INCIDENT_STATES, name_of_state);
	int kind = find_name(json_field_text(story, "kind"), INCIDENT_KINDS, name_of_kind);
	if (id == NULL || !event_id_is_valid(id))
		return "incident.id is not an id";
	if (state < 0)
		return "incident.state is unknown";
	if (kind < 0)
		return "incident.kind is unknown";
	if (!json_is_integer(level) || json_integer_value(level) < 0 ||
		json_integer_value(level) > 5)
		return "incident.level is not 0 to 5";
	if (!json_field_time(root, "timestamp", &in->now) ||
		!json_field_time(story, "first", &in->first) ||
		!json_field_time(story, "last", &in->last))
		return "a time is missing or broken";
	memcpy(in->id.text, id, sizeof in->id.text);
	in->state = (enum incident_state)state;
	in->kind = (enum incident_kind)kind;
	in->class = incident_kind_class(in->kind);
	in->level = (int)json_integer_value(level);
	return NULL;
}

bool incident_json_read(const char *text, size_t length, struct incident_json_reading *out,
	char *error, size_t error_size)
{
	json_error_t fault = {.text = "the line is too long"};
	struct incident_json_reading r = {0};
	if (length <= INCIDENT_JSON_LINE_MAX)
		r.root = json_loadb(text, length, 0, &fault);
	if (r.root == NULL) {
		struct text_buffer b = text_buffer_over(error, error_size);
		text_buffer_add_escaped(&b, fault.text, strlen(fault.text));
		return false;
	}
	const json_t *story = json_object_get(r.root, "incident");
	const char *wrong = read_core(r.root, story, &r.incident);
	if (wrong != NULL) {
		snprintf(error, error_size, "%s", wrong);
		json_decref(r.root);
		return false;
	}
	read_head(r.root, &r);
	read_lists(story, &r);
	read_members(story, &r);
	read_judgement(story, &r.incident);
	*out = r;
	return true;
}

void incident_json_clear(struct incident_json_reading *r)
{
	json_decref(r->root);
	free(r->ranges);
	free(r->members);
	*r = (struct incident_json_reading){0};
}
