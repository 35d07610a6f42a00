/* SPDX-License-Identifier: ISC */
/*
 * request_init and request_set: pairs of a key and a value into a request. Texts are cut at 127 bytes, a null text
 * is an empty one.
 */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_sin.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *text_of_key(struct request_info *request, int key)
{
	switch (key) {
	case RQ_DAEMON:
		return request->daemon;
	case RQ_USER:
		return request->user;
	case RQ_CLIENT_NAME:
		return request->client->name;
	case RQ_CLIENT_ADDR:
		return request->client->addr;
	case RQ_SERVER_NAME:
		return request->server->name;
	case RQ_SERVER_ADDR:
		return request->server->addr;
	default:
		return NULL;
	}
}

/* Behind the text of an address its socket address may stand (wrap_sin), which is none of the text. */
static size_t cleared_size(int key, size_t length)
{
	const bool is_address = key == RQ_CLIENT_ADDR || key == RQ_SERVER_ADDR;
	return is_address && length < WRAP_SIN_TEXT_SIZE ? WRAP_SIN_TEXT_SIZE : STRING_LENGTH;
}

static void fill(struct request_info *request, va_list args)
{
	for (;;) {
		const int key = va_arg(args, int);
		if (key <= 0)
			return;
		char *text = text_of_key(request, key);
		if (text) {
			const char *value = va_arg(args, const char *);
			const size_t length = value ? strnlen(value, STRING_LENGTH - 1) : 0;
			if (length > 0)
				memmove(text, value, length);
			memset(text + length, 0, cleared_size(key, length) - length);
		} else if (key == RQ_FILE) {
			request->fd = va_arg(args, int);
		} else if (key == RQ_CLIENT_SIN) {
			wrap_sin_set_foreign(request->client, va_arg(args, struct sockaddr *));
		} else if (key == RQ_SERVER_SIN) {
			wrap_sin_set_foreign(request->server, va_arg(args, struct sockaddr *));
		} else {
			libwrap_diag_warn("request_fill: invalid key: %d", key);
			return;
		}
	}
}

struct request_info *request_init(struct request_info *request, ...)
{
	va_list args;
	memset(request, 0, sizeof *request);
	request->fd = -1;
	memcpy(request->daemon, STRING_UNKNOWN, sizeof STRING_UNKNOWN);
	snprintf(request->pid, sizeof request->pid, "%d", (int)getpid());
	request->client->request = request;
	request->server->request = request;
	va_start(args, request);
	fill(request, args);
	va_end(args);
	return request;
}

struct request_info *request_set(struct request_info *request, ...)
{
	va_list args;
	va_start(args, request);
	fill(request, args);
	va_end(args);
	return request;
}
