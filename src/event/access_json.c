/* SPDX-License-Identifier: ISC */
#include "event/access_json.h"

#include "base/text_buffer.h"
#include "event/json_field.h"
#include "event/json_head.h"
#include "net/ip_proto.h"

static void put_head(struct json_line *line, const struct access_event *a, const char *host)
{
	char text[4 * ACCESS_EVENT_TEXT_MAX];
	struct text_buffer facts = text_buffer_over(text, sizeof text);
	text_buffer_printf(&facts, "%s %s %u %u %u %s %s ", a->service,
		addr_to_text(&a->client).text, a->client_port, a->pid, a->access, a->user, a->host);
	json_head_put_facts(line, a->time, a->host[0] ? a->host : host, "access", &facts);
	json_line_put_addr(line, "src_ip", &a->client);
	if (a->client_port != 0)
		json_line_put_count(line, "src_port", a->client_port);
	json_line_put_addr(line, "dest_ip", &a->server);
	if (a->server_port != 0)
		json_line_put_count(line, "dest_port", a->server_port);
	json_line_put_word(line, "proto", ip_proto_to_text(a->proto).text);
	json_line_put_word(line, "origin", event_origin_name((enum event_origin)a->origin));
}

void access_json_write(struct json_line *line, const struct access_event *a, const char *host)
{
	char client[2 * ACCESS_EVENT_TEXT_MAX];
	const char *why = access_why_name((enum access_why)a->why);
	access_event_name_client(a, client, sizeof client);
	json_line_start(line);
	put_head(line, a, host);
	json_line_open_object(line, "access");
	json_line_put_text(line, "service", a->service);
	json_line_put_word(line, "decision", event_access_name((enum event_access)a->access));
	if (why != NULL)
		json_line_put_word(line, "reason", why);
	json_line_put_text(line, "client", client);
	json_line_put_text(line, "user", a->user);
	json_line_put_text(line, "name", a->name);
	json_line_put_text(line, "rule", a->rule);
	json_line_put_text(line, "options", a->options);
	json_line_put_text(line, "file", a->table);
	if (a->line != 0)
		json_line_put_count(line, "line", a->line);
	if (a->pid != 0)
		json_line_put_count(line, "pid", a->pid);
	if (a->has_uid)
		json_line_put_count(line, "uid", a->uid);
	if (a->unvouched)
		json_line_put_bool(line, "vouched", false);
	json_line_close(line);
	json_line_close(line);
}

static void get_text(const json_t *object, const char *key, char *field, size_t size)
{
	const char *text = json_field_text(object, key);
	if (text != NULL)
		access_event_set(field, size, text, strlen(text));
}

static void get_addr(const json_t *object, const char *key, struct addr *out)
{
	const char *text = json_field_text(object, key);
	if (text != NULL)
		(void)addr_parse(text, strlen(text), out);
}

static uint32_t get_number(const json_t *object, const char *key, uint32_t most)
{
	uint64_t n = json_field_count(object, key);
	return n <= most ? (uint32_t)n : 0;
}

/* The number of the name that equals the member; `count` if none does. */
static unsigned get_name(
	const json_t *object, const char *key, unsigned count, const char *(*name_of)(unsigned))
{
	const char *text = json_field_text(object, key);
	for (unsigned i = 0; text != NULL && i < count; i++) {
		const char *name = name_of(i);
		if (name != NULL && strcmp(name, text) == 0)
			return i;
	}
	return count;
}

static const char *name_of_access(unsigned i)
{
	return event_access_name((enum event_access)i);
}

static const char *name_of_why(unsigned i)
{
	return access_why_name((enum access_why)i);
}

static const char *name_of_origin(unsigned i)
{
	return event_origin_name((enum event_origin)i);
}

static void read_head(const json_t *root, struct access_event *a)
{
	const char *proto = json_field_text(root, "proto");
	unsigned origin = get_name(root, "origin", EVENT_ORIGINS, name_of_origin);
	get_addr(root, "src_ip", &a->client);
	get_addr(root, "dest_ip", &a->server);
	a->client_port = (uint16_t)get_number(root, "src_port", UINT16_MAX);
	a->server_port = (uint16_t)get_number(root, "dest_port", UINT16_MAX);
	if (proto != NULL)
		(void)ip_proto_parse(proto, strlen(proto), &a->proto);
	a->origin = (uint8_t)(origin < EVENT_ORIGINS ? origin : EVENT_ORIGIN_FILE);
	get_text(root, "host", a->host, sizeof a->host);
}

static void read_teller(const json_t *access, struct access_event *a)
{
	const json_t *uid = json_object_get(access, "uid");
	a->pid = get_number(access, "pid", UINT32_MAX);
	a->uid = get_number(access, "uid", UINT32_MAX);
	a->has_uid = json_is_integer(uid) && json_integer_value(uid) == a->uid;
	a->unvouched = json_is_false(json_object_get(access, "vouched"));
}

static bool read_all(const json_t *root, struct access_event *a)
{
	const json_t *access = json_object_get(root, "access");
	unsigned decision = get_name(access, "decision", EVENT_ACCESSES, name_of_access);
	unsigned why = get_name(access, "reason", ACCESS_WHYS, name_of_why);
	if (decision == EVENT_ACCESSES || !json_field_time(root, "timestamp", &a->time))
		return false;
	a->access = (uint8_t)decision;
	a->why = (uint8_t)(why < ACCESS_WHYS ? why : ACCESS_WHY_UNTOLD);
	read_head(root, a);
	get_text(access, "service", a->service, sizeof a->service);
	get_text(access, "user", a->user, sizeof a->user);
	get_text(access, "name", a->name, sizeof a->name);
	get_text(access, "file", a->table, sizeof a->table);
	get_text(access, "rule", a->rule, sizeof a->rule);
	get_text(access, "options", a->options, sizeof a->options);
	a->line = get_number(access, "line", UINT32_MAX);
	read_teller(access, a);
	return access_event_is_sound(a);
}

bool access_json_read(const char *line, size_t length, struct access_event *out)
{
	access_event_clear(out);
	if (length > ACCESS_JSON_LINE_MAX || !json_head_is_type(line, length, "access"))
		return false;
	json_t *root = json_loadb(line, length, 0, NULL);
	bool good = read_all(root, out);
	json_decref(root);
	return good;
}
