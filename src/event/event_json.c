/* SPDX-License-Identifier: ISC */
#include "event/event_json.h"

#include "base/text_buffer.h"
#include "event/community_id.h"
#include "event/json_head.h"
#include "event/json_line.h"
#include "net/ip_proto.h"

#include <assert.h>
#include <string.h>

struct small_text {
	char text[64];
};

const char *event_json_answer_name(enum event_json_answer answer)
{
	static const char *const names[EVENT_JSON_ANSWERS] = {
		[EVENT_JSON_ANSWER_UNKNOWN] = "unknown",
		[EVENT_JSON_ANSWER_RST] = "rst",
		[EVENT_JSON_ANSWER_DROP] = "drop",
		[EVENT_JSON_ANSWER_ICMP] = "icmp",
		[EVENT_JSON_ANSWER_ACCEPT] = "accept",
	};
	assert(answer < EVENT_JSON_ANSWERS);
	return names[answer];
}

/* Letters in the order of the header's bits, "FPU", "S"; "none" for a NULL packet. */
static struct small_text flags_to_text(uint8_t flags)
{
	static const char letters[] = "FSRPAUEC";
	struct small_text out = {{0}};
	size_t used = 0;
	for (int bit = 0; bit < 8; bit++) {
		if (flags >> bit & 1)
			out.text[used++] = letters[bit];
	}
	if (used == 0)
		memcpy(out.text, "none", sizeof "none");
	return out;
}

/* Names of option kinds in the order they came: "mss,nop,ws" (IANA "TCP Option Kind Numbers"). */
static struct small_text options_to_text(uint64_t layout)
{
	static const char *const names[15] = {"eol", "nop", "mss", "ws", "sok", "sack", "echo",
		"echo-reply", "ts", "9", "10", "cc", "cc-new", "cc-echo", "other"};
	struct small_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	for (; layout & 15; layout >>= 4) {
		if (b.used > 0)
			text_buffer_add(&b, ",");
		text_buffer_add(&b, names[(layout & 15) - 1]);
	}
	if (b.used == 0)
		text_buffer_add(&b, "none");
	return out;
}

/* Over all facts of the packet, so that two of one microsecond differ; not over the numbers of
 * interface and host, which depend on what else was read. An event has no padding. */
static struct event_id make_id(const struct event *e)
{
	struct event facts = *e;
	facts.iface = 0;
	facts.host = 0;
	return event_id_make(e->time, &facts, sizeof facts);
}

static void put_head(
	struct json_line *line, const struct event *e, const struct event_json_names *names)
{
	struct community_id flow;
	struct event_id id = make_id(e);
	json_head_put(line, e->time, &id, names->host, "knock");
	json_line_put_addr(line, "src_ip", &e->src);
	if (e->has & EVENT_HAS_PORTS)
		json_line_put_count(line, "src_port", e->src_port);
	json_line_put_addr(line, "dest_ip", &e->dst);
	if (e->has & EVENT_HAS_PORTS)
		json_line_put_count(line, "dest_port", e->dst_port);
	json_line_put_text(line, "proto", ip_proto_to_text(e->proto).text);
	if (e->has & EVENT_HAS_ICMP) {
		json_line_put_count(line, "icmp_type", e->icmp_type);
		json_line_put_count(line, "icmp_code", e->icmp_code);
	}
	json_line_put_text(line, "in_iface", names->iface);
	if (community_id_of_event(e, &flow))
		json_line_put_text(line, "community_id", flow.text);
	json_line_put_text(line, "origin", event_origin_name((enum event_origin)e->origin));
}

static void put_knock(
	struct json_line *line, const struct event *e, const struct event_json_names *names)
{
	json_line_open_object(line, "knock");
	json_line_put_text(line, "probe", event_probe_name((enum event_probe)e->probe));
	if (e->has & EVENT_HAS_TCP_FLAGS)
		json_line_put_text(line, "flags", flags_to_text(e->tcp_flags).text);
	if (e->has & EVENT_HAS_TTL)
		json_line_put_count(line, "ttl", e->ttl);
	if (e->has & EVENT_HAS_TCP_WINDOW)
		json_line_put_count(line, "window", e->window);
	if (e->has & EVENT_HAS_IP_ID)
		json_line_put_count(line, "ip_id", e->ip_id);
	if (e->has & EVENT_HAS_TCP_OPTIONS)
		json_line_put_text(line, "tcp_options", options_to_text(e->tcp_option_layout).text);
	if (e->has & EVENT_HAS_LENGTH)
		json_line_put_count(line, "length", e->length);
	json_line_put_text(line, "service", names->service);
	json_line_put_text(line, "answer", event_json_answer_name(names->answer));
	json_line_put_text(line, "tool", names->tool);
	json_line_close(line);
}

void event_json_write(
	struct json_line *line, const struct event *e, const struct event_json_names *names)
{
	json_line_start(line);
	put_head(line, e, names);
	put_knock(line, e, names);
	json_line_close(line);
}
