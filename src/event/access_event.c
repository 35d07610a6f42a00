/* SPDX-License-Identifier: ISC */
#include "event/access_event.h"

#include "net/ip_proto.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void access_event_clear(struct access_event *a)
{
	memset(a, 0, sizeof *a);
	a->proto = IP_PROTO_TCP;
}

void access_event_set(char *field, size_t size, const char *text, size_t length)
{
	size_t n = strnlen(text, length < size ? length : size - 1);
	memcpy(field, text, n);
	field[n] = '\0';
}

static struct text_slice slice_of(const char *text)
{
	return (struct text_slice){text, strlen(text)};
}

bool access_event_to_event(
	const struct access_event *a, struct name_table *names, struct event *out)
{
	if (addr_is_none(&a->client) || a->unvouched)
		return false;
	event_clear(out);
	out->time = a->time;
	out->src = a->client;
	out->dst = a->server;
	out->src_port = a->client_port;
	out->dst_port = a->server_port;
	out->proto = a->proto;
	out->tcp_wscale = 0xff;
	out->origin = a->origin;
	out->has = EVENT_HAS_ACCESS;
	if (a->server_port != 0)
		out->has |= EVENT_HAS_PORTS;
	out->access = a->access;
	out->access_line = a->line;
	out->access_host = event_host_digest(a->host, strlen(a->host));
	out->access_service = name_table_intern_service(names, slice_of(a->service));
	out->access_table = name_table_intern_service(names, slice_of(a->table));
	out->host = name_table_intern(names, slice_of(a->host));
	event_name_probe(out);
	return true;
}

static void set_name(char *field, size_t size, const struct name_table *names, uint16_t number)
{
	const char *name = name_table_name(names, number);
	access_event_set(field, size, name, strlen(name));
}

void access_event_from_event(
	const struct event *e, const struct name_table *names, struct access_event *out)
{
	access_event_clear(out);
	out->time = e->time;
	out->client = e->src;
	out->server = e->dst;
	out->client_port = e->src_port;
	out->server_port = e->dst_port;
	out->proto = e->proto;
	out->access = e->access;
	out->origin = e->origin;
	out->line = e->access_line;
	set_name(out->service, sizeof out->service, names, e->access_service);
	set_name(out->table, sizeof out->table, names, e->access_table);
	set_name(out->host, sizeof out->host, names, e->host);
}

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

bool access_event_is_sound(const struct access_event *a)
{
	return wall_time_is_sane(a->time) && a->access < EVENT_ACCESSES && a->why < ACCESS_WHYS &&
	       a->origin < EVENT_ORIGINS && a->has_uid <= 1 && a->unvouched <= 1 &&
	       (a->proto == IP_PROTO_TCP || a->proto == IP_PROTO_UDP) &&
	       ends(a->host, sizeof a->host) && ends(a->service, sizeof a->service) &&
	       ends(a->user, sizeof a->user) && ends(a->name, sizeof a->name) &&
	       ends(a->table, sizeof a->table) && ends(a->rule, sizeof a->rule) &&
	       ends(a->options, sizeof a->options) && a->service[0] != '\0';
}

void access_event_name_client(const struct access_event *a, char *out, size_t size)
{
	const bool known = !addr_is_none(&a->client);
	const struct addr_text address = addr_to_text(&a->client);
	const char *host = a->name[0] ? a->name : known ? address.text : "unknown";
	snprintf(out, size, "%s%s%s", a->user, a->user[0] ? "@" : "", host);
}

const char *access_why_name(enum access_why why)
{
	static const char *const names[ACCESS_WHYS] = {[ACCESS_WHY_UNTOLD] = NULL,
		[ACCESS_WHY_RULE] = "rule",
		[ACCESS_WHY_DEFAULT] = "default",
		[ACCESS_WHY_FAULT] = "option-fault",
		[ACCESS_WHY_UNREADABLE] = "unreadable",
		[ACCESS_WHY_MEMORY] = "no-memory",
		[ACCESS_WHY_LIMIT] = "limit",
		[ACCESS_WHY_IP_OPTIONS] = "ip-options",
		[ACCESS_WHY_NAME_UNANSWERED] = "name-unanswered"};
	assert(why < ACCESS_WHYS);
	return names[why];
}

const char *event_access_name(enum event_access access)
{
	static const char *const names[EVENT_ACCESSES] = {
		[EVENT_ACCESS_REFUSED] = "refused", [EVENT_ACCESS_GRANTED] = "granted"};
	assert(access < EVENT_ACCESSES);
	return names[access];
}
