/* SPDX-License-Identifier: ISC */
/*
 * Several lines through one clock. Each line stands in memory of its exact size, so that a step
 * beyond it is seen, and is read twice, the second time without what lines before have taught: the
 * answer must be the same.
 */
#include "logline/log_line.h"
#include "logline/netfilter_line.h"
#include "logline/wrapper_line.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_inside(struct text_slice s, const char *memory, size_t size)
{
	return s.length == 0 || (s.start >= memory && s.length <= size &&
					(size_t)(s.start - memory) <= size - s.length);
}

static void check_slice(
	struct text_slice s, const char *line, size_t length, const struct log_line_facts *facts)
{
	assert(lies_inside(s, line, length) || lies_inside(s, facts->copied, sizeof facts->copied));
}

static void check_knock(const char *line, size_t length, const struct log_line_facts *facts)
{
	struct event named = facts->event;
	check_slice(facts->iface, line, length, facts);
	check_slice(facts->host, line, length, facts);
	check_slice(facts->prefix, line, length, facts);
	event_name_probe(&named);
	assert(named.probe == facts->event.probe);
	assert(wall_time_is_sane(facts->event.time));
	assert(facts->event.marks & EVENT_MARK_FIREWALL);
	assert(facts->event.iface == 0 && facts->event.host == 0);
	assert(!(facts->event.has & EVENT_HAS_QUOTED_PORTS) || facts->event.has & EVENT_HAS_QUOTED);
	assert(facts->event.has & EVENT_HAS_PORTS ||
		(facts->event.src_port == 0 && facts->event.dst_port == 0));
}

static void check_access(const char *line, size_t length, const struct log_line_facts *facts)
{
	const struct log_line_access *a = &facts->access;
	struct access_event whole;
	/* The service may be a word of ours: of programs that write a file alone. */
	assert(a->service.length > 0);
	check_slice(facts->host, line, length, facts);
	check_slice(a->client, line, length, facts);
	check_slice(a->user, line, length, facts);
	check_slice(a->name, line, length, facts);
	assert(facts->event.has & EVENT_HAS_ACCESS && facts->event.access < EVENT_ACCESSES);
	assert(facts->event.marks == 0 && addr_is_none(&facts->event.dst));
	assert(wall_time_is_sane(facts->event.time));
	wrapper_line_describe(facts, &whole);
	assert(access_event_is_sound(&whole));
}

/* Behind the mark two spaces mean what one means, and keep the reader from its short cuts. */
static void check_spaced(const struct log_line_clock *clock, const char *line, size_t length,
	enum log_line_result result, const struct log_line_facts *facts)
{
	struct log_line_clock again = *clock;
	struct log_line_facts spaced;
	const char *mark = netfilter_line_find((struct text_slice){line, length});
	if (mark == NULL || memchr(line, '{', length) != NULL)
		return;
	char *wide = malloc(2 * length);
	size_t used = 0;
	assert(wide != NULL);
	for (const char *c = line; c < line + length; c++) {
		wide[used++] = *c;
		if (*c == ' ' && c > mark)
			wide[used++] = ' ';
	}
	assert(log_line_read(&again, wide, used, &spaced) == result);
	assert(result != LOG_LINE_KNOCK ||
		memcmp(&facts->event, &spaced.event, sizeof spaced.event) == 0);
	assert(result != LOG_LINE_BROKEN || facts->fault == spaced.fault);
	free(wide);
}

static void check_line(struct log_line_clock *clock, const uint8_t *bytes, size_t length)
{
	struct log_line_clock again = *clock;
	again.head = (struct head_memory){.length = 0};
	again.rules = (struct rule_memory){.oldest = {0}};
	struct log_line_facts facts, second;
	char *line = malloc(length ? length : 1);
	assert(line != NULL);
	memcpy(line, bytes, length);
	struct log_line_clock before = *clock;
	enum log_line_result result = log_line_read(clock, line, length, &facts);
	assert(log_line_read(&again, line, length, &second) == result);
	assert(again.last.us == clock->last.us && again.year == clock->year &&
		again.last_month == clock->last_month &&
		again.kernel_zero.us == clock->kernel_zero.us);
	check_spaced(&before, line, length, result, &facts);
	assert(wall_time_is_sane(clock->last));
	assert(clock->year >= 1970 && clock->year <= 9999);
	if (result == LOG_LINE_BROKEN)
		assert(facts.fault != NULL && facts.fault[0] != '\0');
	if (result == LOG_LINE_KNOCK) {
		check_knock(line, length, &facts);
		assert(memcmp(&facts.event, &second.event, sizeof facts.event) == 0);
		assert(facts.prefix.length == second.prefix.length &&
			facts.iface.length == second.iface.length &&
			facts.host.length == second.host.length);
		assert(facts.host.length == 0 || facts.host.start == second.host.start ||
			lies_inside(facts.host, facts.copied, sizeof facts.copied));
	}
	if (result == LOG_LINE_ACCESS) {
		check_access(line, length, &facts);
		assert(memcmp(&facts.event, &second.event, sizeof facts.event) == 0);
	}
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_line_clock clock = {.year = 2026, .utc_offset_s = 3600};
	const uint8_t *end = data + size;
	while (data < end) {
		const uint8_t *newline = memchr(data, '\n', (size_t)(end - data));
		const uint8_t *stop = newline ? newline : end;
		check_line(&clock, data, (size_t)(stop - data));
		data = newline ? newline + 1 : end;
	}
	return 0;
}
