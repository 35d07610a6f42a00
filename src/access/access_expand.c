/* SPDX-License-Identifier: ISC */
#include "access/access_expand.h"

#include "access/access_text.h"

#include <stdio.h>

/* A name or address and "who@" before it. */
enum { ONE_SIZE = 2 * ACCESS_TEXT_SIZE };

static bool is_harmless(char c)
{
	return (c >= '0' && c <= '9') || (access_text_lower(c) >= 'a' && access_text_lower(c) <= 'z') ||
	       (c && strchr("!@%-_=+:,./", c));
}

/* What a client may have chosen. */
static void add_filtered(struct text_buffer *out, const char *text)
{
	for (; *text; text++)
		text_buffer_add_bytes(out, is_harmless(*text) ? text : "_", 1);
}

static bool is_text(const char *a, const char *b)
{
	return access_text_equals(text_slice_of(a), b);
}

/* The name where one is known without asking, else the address. */
static const char *name_or_address(const struct access_request *q, enum access_side side)
{
	const char *name = q->answers->name_so_far(q->self, side);
	if (name != NULL && !is_text(name, ACCESS_UNKNOWN) && !is_text(name, ACCESS_PARANOID))
		return name;
	return q->answers->address(q->self, side);
}

static const char *daemon_of(const struct access_request *q)
{
	return q->daemon[0] ? q->daemon : ACCESS_UNKNOWN;
}

void access_expand_client(struct text_buffer *out, const struct access_request *q)
{
	const char *host = name_or_address(q, ACCESS_CLIENT);
	if (q->answers->has_user(q->self)) {
		const char *user = q->answers->user(q->self);
		if (!is_text(user, ACCESS_UNKNOWN)) {
			text_buffer_add(out, user);
			text_buffer_add(out, "@");
		}
	}
	text_buffer_add(out, host);
}

static void server_text(struct text_buffer *out, const struct access_request *q)
{
	const char *host = name_or_address(q, ACCESS_SERVER);
	text_buffer_add(out, daemon_of(q));
	if (!is_text(host, ACCESS_UNKNOWN)) {
		text_buffer_add(out, "@");
		text_buffer_add(out, host);
	}
}

static void port_text(struct text_buffer *out, const struct access_request *q, enum access_side side)
{
	int port = q->answers->port(q->self, side);
	text_buffer_add_number(out, port > 0 ? (uint64_t)port : 0);
}

static void warn_of_letter(char letter, const struct access_place *at)
{
	char text[64];
	if (!at->sink.warn)
		return;
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_add(&b, "unknown letter behind '%': ");
	text_buffer_add_escaped(&b, &letter, 1);
	at->sink.warn(at->sink.self, at->file, at->line, text);
}

/* What %`letter` stands for; `memory` holds it where it is put together. */
static const char *text_of_letter(
	char letter, const struct access_request *q, const struct access_place *at, char memory[ONE_SIZE])
{
	struct text_buffer b = text_buffer_over(memory, ONE_SIZE);
	switch (letter) {
	case 'a':
		return q->answers->address(q->self, ACCESS_CLIENT);
	case 'A':
		return q->answers->address(q->self, ACCESS_SERVER);
	case 'c':
		access_expand_client(&b, q);
		return memory;
	case 'd':
		return daemon_of(q);
	case 'h':
		return name_or_address(q, ACCESS_CLIENT);
	case 'H':
		return name_or_address(q, ACCESS_SERVER);
	case 'n':
		return q->answers->name(q->self, ACCESS_CLIENT);
	case 'N':
		return q->answers->name(q->self, ACCESS_SERVER);
	case 'p':
		return q->answers->pid(q->self);
	case 'r':
		port_text(&b, q, ACCESS_CLIENT);
		return memory;
	case 'R':
		port_text(&b, q, ACCESS_SERVER);
		return memory;
	case 's':
		server_text(&b, q);
		return memory;
	case 'u':
		return q->answers->user(q->self);
	case '%':
		return "%";
	default:
		warn_of_letter(letter, at);
		return "";
	}
}

bool access_expand(
	struct text_buffer *out, struct text_slice text, const struct access_request *q, const struct access_place *at)
{
	char memory[ONE_SIZE];
	for (size_t i = 0; i < text.length && !out->cut; i++) {
		if (text.start[i] == '%' && i + 1 < text.length)
			add_filtered(out, text_of_letter(text.start[++i], q, at, memory));
		else
			text_buffer_add_bytes(out, &text.start[i], 1);
	}
	return !out->cut;
}
