/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_limit.h"

#include "access/access_limit.h"
#include "base/text_buffer.h"
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
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

/* The first decision of a process that had nothing to inherit cannot know what others have counted; nor can its
 * own options, one after the other. With the second decision it has shown that it stays. */
static bool is_kept(const struct wrap_shared *s)
{
	return !s->is_own || s->is_inherited || (!s->is_fresh && __atomic_load_n(&resident, __ATOMIC_RELAXED) > 0);
}

enum outcome {
	INSIDE,
	REACHED,
	FULL,
	NOT_KEPT,
};

static enum outcome outcome_of(enum access_limit_entry entry)
{
	switch (entry) {
	case ACCESS_LIMIT_INSIDE:
		return INSIDE;
	case ACCESS_LIMIT_REACHED:
		return REACHED;
	case ACCESS_LIMIT_FULL:
		return FULL;
	}
	return NOT_KEPT;
}

static void say_why(const struct access_option *option, const char *client, enum outcome outcome,
	char why[WRAP_LIMIT_WHY_SIZE])
{
	static const char *const words[] = {
		[INSIDE] = "",
		[REACHED] = " reached by ",
		[FULL] = " cannot be counted, the table is full, for ",
		[NOT_KEPT] = " cannot be counted over processes for ",
	};
	struct text_buffer b = text_buffer_over(why, WRAP_LIMIT_WHY_SIZE);
	text_buffer_printf(&b, "%s %d", access_option_keyword(option->kind), option->number);
	if (option->kind == ACCESS_OPTION_LIMIT)
		text_buffer_printf(&b, " in %u s", option->span_s);
	text_buffer_add(&b, words[outcome]);
	text_buffer_add_escaped(&b, client, strlen(client));
}

struct addr wrap_limit_client(const struct access_request *q)
{
	struct addr address = {0};
	const char *client = q->answers->address(q->self, ACCESS_CLIENT);
	(void)addr_parse(client, strcspn(client, "%"), &address);
	return address;
}

bool wrap_limit_admits(const struct access_request *q, const struct access_option *option,
	char why[WRAP_LIMIT_WHY_SIZE])
{
	const int kept = errno;
	const struct addr client = wrap_limit_client(q);
	const struct libwrap_place rule = libwrap_diag_place();
	char counted[ACCESS_TEXT_SIZE + 512]; /* limits that differ, and those of other rules, are counted apart */
	snprintf(counted, sizeof counted, "%s %d/%u %u %s", q->daemon, option->number, option->span_s, rule.line,
		rule.file ? rule.file : "");
	const struct wrap_shared shared = wrap_shared_open(WRAP_SHARED_LIMITS);
	enum outcome outcome = NOT_KEPT;
	if (shared.memory && is_kept(&shared))
		outcome = outcome_of(count(shared.memory, option,
			access_limit_key_of(shared.memory, counted, &client, option->v4_bits, option->v6_bits)));
	wrap_shared_close(&shared);
	if (outcome != INSIDE)
		say_why(option, q->answers->address(q->self, ACCESS_CLIENT), outcome, why);
	errno = kept;
	return outcome == INSIDE;
}
