/* SPDX-License-Identifier: ISC */
#include "logline/log_line.h"

#include "logline/cisco_line.h"
#include "logline/field_scan.h"
#include "logline/ipchains_line.h"
#include "logline/journal_json.h"
#include "logline/log_head.h"
#include "logline/log_stamp.h"
#include "logline/netfilter_line.h"
#include "logline/wrapper_line.h"

/* The list of formats. The first whose mark is found reads the line. */
static const struct {
	const char *(*find)(struct text_slice line);
	enum log_line_result (*read)(const struct log_head *head, struct text_slice fields,
		struct log_line_facts *facts);
} formats[] = {
	{netfilter_line_find, netfilter_line_read},
	{cisco_line_find, cisco_line_read},
	{ipchains_line_find, ipchains_line_read},
	{wrapper_line_find, wrapper_line_read},
};

enum { WRAPPERS = 3 }; /* the format whose mark is the message's beginning */

static bool has_text(struct text_slice text, const char *wanted)
{
	return field_scan_find(text, wanted) != NULL;
}

/* "message repeated 5 times: [ ... ]" repeats a line that was read when it came. */
static bool is_repetition(const struct log_head *head)
{
	return has_text(head->message, "message repeated ");
}

static struct text_slice cut_from(struct text_slice line, const char *mark)
{
	return (struct text_slice){mark, line.length - (size_t)(mark - line.start)};
}

static enum log_line_result complete(enum log_line_result result, const struct log_head *head,
	enum event_origin origin, struct log_line_facts *facts)
{
	facts->event.time = head->time;
	facts->event.origin = (uint8_t)origin;
	if (result == LOG_LINE_ACCESS)
		facts->event.access_host =
			event_host_digest(facts->host.start, facts->host.length);
	event_name_probe(&facts->event);
	return result;
}

/* Reads what a format's mark begins, the head being known, and completes the event. */
static enum log_line_result read_fields(size_t format, const struct log_head *head,
	struct text_slice fields, enum event_origin origin, struct log_line_facts *facts)
{
	facts->host = head->host;
	facts->iface = facts->prefix = (struct text_slice){fields.start, 0};
	facts->fault = NULL;
	if (is_repetition(head))
		return LOG_LINE_OTHER;
	return complete(formats[format].read(head, fields, facts), head, origin, facts);
}

/* What netfilter prints goes on, up to the packet, as a line before did: no mark is searched for. */
static bool read_kept(struct log_line_clock *clock, struct text_slice line,
	struct log_line_facts *facts, enum log_line_result *result)
{
	struct log_head head;
	if (!log_head_recall(clock, line, &head))
		return false;
	struct text_slice behind = cut_from(line, head.message.start);
	const struct rule_memory_rule *rule =
		rule_memory_recall(&clock->rules, behind, head.bracket_us >= 0);
	if (rule == NULL)
		return false;
	log_head_settle(clock, &head);
	facts->host = head.host;
	*result = complete(
		netfilter_line_read_kept(rule, behind, facts), &head, EVENT_ORIGIN_LOG, facts);
	return true;
}

static enum log_line_result read_text(
	struct log_line_clock *clock, struct text_slice line, struct log_line_facts *facts)
{
	enum log_line_result result;
	if (read_kept(clock, line, facts, &result))
		return result;
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		const char *mark = formats[i].find(line);
		struct log_head head;
		if (mark == NULL)
			continue;
		log_head_read(
			clock, (struct text_slice){line.start, (size_t)(mark - line.start)}, &head);
		struct text_slice fields = cut_from(line, mark);
		if (formats[i].read == netfilter_line_read && !is_repetition(&head) &&
			clock->head.length > 0)
			netfilter_line_keep(&clock->rules, &head, fields);
		return read_fields(i, &head, fields, EVENT_ORIGIN_LOG, facts);
	}
	log_stamp_note_month(clock, line);
	return LOG_LINE_OTHER;
}

/* Moves a slice into the facts' own memory, at most `max` bytes of it. */
static void keep_copy(
	struct log_line_facts *facts, size_t *used, size_t max, struct text_slice *slice)
{
	size_t length = slice->length < max ? slice->length : max;
	memcpy(facts->copied + *used, slice->start, length);
	*slice = (struct text_slice){facts->copied + *used, length};
	*used += length;
}

static void keep_access(
	struct log_line_facts *facts, size_t *used, size_t name_max, size_t client_max)
{
	struct log_line_access *a = &facts->access;
	const char *before = a->client.start;
	keep_copy(facts, used, name_max, &a->service);
	keep_copy(facts, used, client_max, &a->client);
	const char *end = a->client.start + a->client.length;
	struct text_slice *parts[] = {&a->user, &a->name};
	for (size_t i = 0; i < 2; i++) {
		if (parts[i]->length == 0)
			continue;
		parts[i]->start = a->client.start + (parts[i]->start - before);
		if (parts[i]->start >= end)
			parts[i]->length = 0;
		else if (parts[i]->length > (size_t)(end - parts[i]->start))
			parts[i]->length = (size_t)(end - parts[i]->start);
	}
}

/* What stands before the mark, without the kernel's own clock. */
static struct text_slice message_before(const struct log_line_message *m, const char *mark)
{
	struct field_scan s = field_scan_between(m->text.start, mark);
	if (m->kernel || m->program.length == 0)
		(void)log_stamp_read_bracket_us(&s);
	return field_scan_rest(&s);
}

enum log_line_result log_line_read_message(
	const struct log_line_message *m, struct log_line_facts *facts)
{
	struct log_head head = {.bracket_us = -1,
		.time = m->time,
		.host = m->host,
		.program = m->program,
		.kernel = m->kernel};
	for (size_t i = 0; i < WRAPPERS; i++) {
		const char *mark = formats[i].find(m->text);
		if (mark == NULL)
			continue;
		head.message = message_before(m, mark);
		return read_fields(i, &head, cut_from(m->text, mark), m->origin, facts);
	}
	if (!wrapper_line_may_begin(m->text))
		return LOG_LINE_OTHER;
	head.message = (struct text_slice){m->text.start, 0};
	if (m->writer.length > 0)
		head.program = m->writer;
	return read_fields(WRAPPERS, &head, m->text, m->origin, facts);
}

/* The journal's word for who wrote an entry: its own field before the one that writers choose. */
static bool is_of_kernel(const struct journal_json *entry)
{
	return text_slice_equals(entry->transport, "kernel") ||
	       (entry->transport.length == 0 && text_slice_equals(entry->identifier, "kernel"));
}

static enum log_line_result read_entry(struct log_line_clock *clock,
	const struct journal_json *entry, struct log_line_facts *facts)
{
	const size_t name_max = 64, prefix_max = LOG_LINE_COPIED_MAX - 3 * name_max;
	const struct wall_time time = {entry->time_us >= 0 ? entry->time_us : clock->last.us};
	const struct log_line_message message = {.time = time,
		.host = entry->host,
		.program = entry->identifier,
		.text = {entry->message, entry->message_length},
		.kernel = is_of_kernel(entry),
		.origin = EVENT_ORIGIN_JOURNAL};
	enum log_line_result result = log_line_read_message(&message, facts);
	size_t used = 0;
	if (result == LOG_LINE_OTHER)
		return result;
	clock->last = time;
	keep_copy(facts, &used, name_max, &facts->iface);
	keep_copy(facts, &used, name_max, &facts->host);
	if (result == LOG_LINE_ACCESS)
		keep_access(facts, &used, name_max, prefix_max);
	else
		keep_copy(facts, &used, prefix_max, &facts->prefix);
	return result;
}

static enum log_line_result read_json(
	struct log_line_clock *clock, struct text_slice line, struct log_line_facts *facts)
{
	struct journal_json entry;
	if (journal_json_read(line, &entry))
		return read_entry(clock, &entry, facts);
	if (!has_text(line, "IN=") || !has_text(line, " SRC=") || !has_text(line, "\"MESSAGE\""))
		return LOG_LINE_OTHER;
	facts->fault = "the JSON object is cut or broken";
	return LOG_LINE_BROKEN;
}

enum log_line_result log_line_read(
	struct log_line_clock *clock, const char *line, size_t length, struct log_line_facts *facts)
{
	struct text_slice text = {line, length};
	while (text.length && (line[text.length - 1] == '\r' || line[text.length - 1] == '\n'))
		text.length--;
	struct field_scan start = field_scan_over(text);
	field_scan_skip_spaces(&start);
	if (field_scan_peek(&start) == '{')
		return read_json(clock, text, facts);
	return read_text(clock, text, facts);
}
