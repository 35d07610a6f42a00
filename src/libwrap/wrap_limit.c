/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_limit.h"

#include "access/access_limit.h"
#include "base/text_buffer.h"
#include "libwrap/wrap_shared.h"
#include "libwrap/wrap_visitor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static enum access_limit_entry count(void *memory, const struct access_option *option, struct access_limit_key key)
{
	struct timespec now;
	if (option->kind == ACCESS_OPTION_LIMIT) {
		clock_gettime(CLOCK_BOOTTIME, &now);
		return access_limit_pace(memory, key, (unsigned)option->number, (uint64_t)option->span_s * 1000000000u,
			       (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec)
			       ? ACCESS_LIMIT_INSIDE
			       : ACCESS_LIMIT_REACHED;
	}
	return access_limit_enter(
		memory, key, (unsigned)option->number, wrap_visitor_self(), wrap_visitor_is_there, NULL);
}

static void say_why(const struct access_option *option, const char *client, enum access_limit_entry entry,
	char why[WRAP_LIMIT_WHY_SIZE])
{
	struct text_buffer b = text_buffer_over(why, WRAP_LIMIT_WHY_SIZE);
	text_buffer_printf(&b, "%s %d", access_option_keyword(option->kind), option->number);
	if (option->kind == ACCESS_OPTION_LIMIT)
		text_buffer_printf(&b, " in %u s", option->span_s);
	text_buffer_add(&b, entry == ACCESS_LIMIT_FULL ? " cannot be counted, the table is full, for " : " reached by ");
	text_buffer_add_escaped(&b, client, strlen(client));
}

bool wrap_limit_admits(const struct access_request *q, const struct access_option *option,
	char why[WRAP_LIMIT_WHY_SIZE])
{
	const char *client = q->answers->address(q->self, ACCESS_CLIENT);
	struct addr address = {0};
	(void)addr_parse(client, strlen(client), &address); /* unknown: all of them together */
	char counted[ACCESS_TEXT_SIZE + 32]; /* limits that differ are counted apart */
	snprintf(counted, sizeof counted, "%s %d/%u", q->daemon, option->number, option->span_s);
	const struct wrap_shared shared = wrap_shared_open(WRAP_SHARED_LIMITS);
	const int kept = errno;
	enum access_limit_entry entry = ACCESS_LIMIT_INSIDE;
	if (shared.memory)
		entry = count(shared.memory, option,
			access_limit_key_of(shared.memory, counted, &address, option->v4_bits, option->v6_bits));
	errno = kept;
	wrap_shared_close(&shared);
	if (entry != ACCESS_LIMIT_INSIDE)
		say_why(option, client, entry, why);
	return entry == ACCESS_LIMIT_INSIDE;
}
