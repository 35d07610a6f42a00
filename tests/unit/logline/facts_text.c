/* SPDX-License-Identifier: ISC */
#include "facts_text.h"

#include "net/ip_proto.h"

#include <inttypes.h>

static void add_endpoint(
	struct text_buffer *b, const struct event *e, const struct addr *a, unsigned port)
{
	text_buffer_add(b, addr_to_text(a).text);
	if (e->has & EVENT_HAS_PORTS)
		text_buffer_printf(b, ":%u", port);
}

static void add_flags(struct text_buffer *b, uint8_t flags)
{
	static const char letters[] = "FSRPAUEC";
	text_buffer_add(b, " flags=");
	for (unsigned i = 0; i < 8; i++) {
		if (flags & 1u << i)
			text_buffer_add_bytes(b, letters + i, 1);
	}
}

static void add_tcp(struct text_buffer *b, const struct event *e)
{
	if (e->has & EVENT_HAS_TCP_FLAGS)
		add_flags(b, e->tcp_flags);
	if (e->has & EVENT_HAS_TCP_WINDOW)
		text_buffer_printf(b, " win=%u", e->window);
	if (e->has & EVENT_HAS_TCP_SEQ)
		text_buffer_printf(b, " seq=%u/%u", e->seq, e->ack);
	if (e->has & EVENT_HAS_TCP_OPTIONS)
		text_buffer_printf(b, " opts=%" PRIx64 " mss=%u ws=%u", e->tcp_option_layout,
			e->tcp_mss, e->tcp_wscale);
}

static void add_ip(struct text_buffer *b, const struct event *e)
{
	if (e->has & EVENT_HAS_LENGTH)
		text_buffer_printf(b, " len=%u", e->length);
	if (e->payload_length)
		text_buffer_printf(b, " pay=%u", e->payload_length);
	if (e->has & EVENT_HAS_TTL)
		text_buffer_printf(b, " ttl=%u", e->ttl);
	if (e->has & EVENT_HAS_IP_ID)
		text_buffer_printf(b, " id=%u", e->ip_id);
	if (e->ip_options)
		text_buffer_printf(b, " ipopt=%02x", e->ip_options);
}

static void add_icmp(struct text_buffer *b, const struct event *e)
{
	if (e->has & EVENT_HAS_ICMP)
		text_buffer_printf(b, " icmp=%u/%u", e->icmp_type, e->icmp_code);
	if (e->icmp_id || e->icmp_seq)
		text_buffer_printf(b, " echo=%u/%u", e->icmp_id, e->icmp_seq);
	if (e->has & EVENT_HAS_QUOTED)
		text_buffer_printf(b, " quoted=%s proto %u", addr_to_text(&e->quoted_dst).text,
			e->quoted_proto);
	if (e->has & EVENT_HAS_QUOTED_PORTS)
		text_buffer_printf(b, " %u>%u", e->quoted_src_port, e->quoted_dst_port);
}

static void add_marks(struct text_buffer *b, const struct event *e)
{
	static const struct {
		enum event_mark mark;
		const char *name;
	} marks[] = {{EVENT_MARK_OUTGOING, "out"}, {EVENT_MARK_INCOMING, "in"},
		{EVENT_MARK_LINK_GROUP, "group"}, {EVENT_MARK_FRAGMENT, "frag"},
		{EVENT_MARK_CUT, "cut"}, {EVENT_MARK_TINY_FRAGMENT, "tiny"}, {EVENT_MARK_DF, "df"}};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (e->marks & marks[i].mark)
			text_buffer_printf(b, " %s", marks[i].name);
	}
	if (!(e->marks & EVENT_MARK_FIREWALL))
		text_buffer_add(b, " NO-FIREWALL");
}

static void add_slice(struct text_buffer *b, const char *name, struct text_slice s)
{
	if (s.length == 0)
		return;
	text_buffer_printf(b, " %s[", name);
	text_buffer_add_escaped(b, s.start, s.length);
	text_buffer_add(b, "]");
}

/* "REFUSED 192.0.2.7 > sshd tcp/22 pid=12 user[x] name[y] host[gate]" */
static void add_access(struct text_buffer *b, const struct log_line_facts *facts)
{
	const struct event *e = &facts->event;
	text_buffer_add(b, e->access == EVENT_ACCESS_REFUSED ? "REFUSED " : "GRANTED ");
	text_buffer_add(b, addr_is_none(&e->src) ? "-" : addr_to_text(&e->src).text);
	if (e->src_port != 0)
		text_buffer_printf(b, ":%u", e->src_port);
	text_buffer_add(b, " > ");
	text_buffer_add_escaped(b, facts->access.service.start, facts->access.service.length);
	if (e->has & EVENT_HAS_PORTS)
		text_buffer_printf(b, " %s/%u", ip_proto_to_text(e->proto).text, e->dst_port);
	if (facts->access.pid != 0)
		text_buffer_printf(b, " pid=%u", facts->access.pid);
	add_slice(b, "user", facts->access.user);
	add_slice(b, "name", facts->access.name);
	add_slice(b, "host", facts->host);
	if (!(e->has & EVENT_HAS_ACCESS) || e->marks != 0)
		text_buffer_add(b, " NO-DECISION");
}

void facts_text_add(
	struct text_buffer *b, enum log_line_result result, const struct log_line_facts *facts)
{
	const struct event *e = &facts->event;
	switch (result) {
	case LOG_LINE_OTHER:
		text_buffer_add(b, "OTHER");
		return;
	case LOG_LINE_BROKEN:
		text_buffer_printf(b, "BROKEN: %s", facts->fault);
		return;
	case LOG_LINE_ACCESS:
		add_access(b, facts);
		return;
	case LOG_LINE_KNOCK:
		break;
	}
	text_buffer_add(b, "KNOCK ");
	add_endpoint(b, e, &e->src, e->src_port);
	text_buffer_add(b, " > ");
	add_endpoint(b, e, &e->dst, e->dst_port);
	text_buffer_printf(b, " %s %s", ip_proto_to_text(e->proto).text,
		event_probe_name((enum event_probe)e->probe));
	add_ip(b, e);
	add_tcp(b, e);
	add_icmp(b, e);
	add_marks(b, e);
	add_slice(b, "if", facts->iface);
	add_slice(b, "pre", facts->prefix);
}

const struct facts_text_row *facts_text_check(
	const struct facts_text_row *rows, size_t count, struct text_buffer *got)
{
	for (size_t i = 0; i < count; i++) {
		struct log_line_clock clock = {.year = 2026};
		struct log_line_facts facts;
		*got = text_buffer_over(got->text, got->size);
		enum log_line_result result =
			log_line_read(&clock, rows[i].line, strlen(rows[i].line), &facts);
		facts_text_add(got, result, &facts);
		if (strcmp(got->text, rows[i].wanted) != 0)
			return &rows[i];
	}
	return NULL;
}
