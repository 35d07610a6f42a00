/* SPDX-License-Identifier: ISC */
/*
 * One message in memory of its exact size, so that a step beyond it is seen: every slice lies inside it,
 * and its time is the arrival or not later and not too long before.
 */
#include "logline/syslog_message.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct text_slice s, struct text_slice memory)
{
	assert(s.start >= memory.start && s.length <= memory.length &&
		(size_t)(s.start - memory.start) <= memory.length - s.length);
}

static void check_event(const struct syslog_message *m, struct text_slice bytes)
{
	static const char peer[] = "192.0.2.1";
	struct log_line_facts facts;
	enum log_line_result result = syslog_message_event(m, text_slice_of(peer), &facts);
	if (result == LOG_LINE_BROKEN)
		assert(facts.fault != NULL);
	if (result != LOG_LINE_KNOCK)
		return;
	assert(facts.event.time.us == m->time.us);
	assert(facts.event.origin == EVENT_ORIGIN_LOG);
	check_inside(facts.prefix, bytes);
	check_inside(facts.iface, bytes);
	assert(facts.host.length > 0);
	if (facts.host.start != peer)
		check_inside(facts.host, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wall_time arrival = {INT64_C(1795867205250000)};
	char *memory = malloc(size ? size : 1);
	struct text_slice bytes = {memory, size};
	struct syslog_message m;
	assert(memory != NULL);
	memcpy(memory, data, size);
	syslog_message_read(bytes, arrival, 3600, &m);
	check_inside(m.host, bytes);
	check_inside(m.program, bytes);
	check_inside(m.text, bytes);
	assert(m.time.us <= arrival.us && m.time.us >= arrival.us - SYSLOG_LATE_MOST_US);
	assert(m.priority <= SYSLOG_PRIORITY_LAST || m.priority == SYSLOG_PRIORITY_NONE);
	check_event(&m, bytes);
	free(memory);
	return 0;
}
