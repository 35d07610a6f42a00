/* SPDX-License-Identifier: ISC */
#include "tcpd/finger_query.h"

#include "base/text_buffer.h"
#include "base/text_slice.h"

static bool is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	}
	return true;
}

/* Without the brackets around an IPv6 address. */
static struct text_slice plain_host(const char *text)
{
	struct text_slice host = text_slice_of(text);
	if (host.length > 2 && host.start[0] == '[' && host.start[host.length - 1] == ']')
		host = (struct text_slice){host.start + 1, host.length - 2};
	return host;
}

bool finger_query_read(const char *target, bool whole, struct finger_query *out, const char **why)
{
	const char *at = strchr(target, '@');
	const struct text_slice host = plain_host(at ? at + 1 : "");
	if (!at || host.length == 0)
		*why = "expected user@host or @host";
	else if (strchr(at + 1, '@'))
		*why = "forwarding is refused";
	else if (!is_printable(target))
		*why = "not printable";
	else if (at - target > FINGER_QUERY_USER_MAX || host.length >= FINGER_QUERY_HOST_SIZE)
		*why = "too long";
	else if (host.start[0] == '-')
		*why = "no host begins with '-'";
	else
		*why = NULL;
	if (*why)
		return false;
	memcpy(out->host, host.start, host.length);
	out->host[host.length] = '\0';
	struct text_buffer line = text_buffer_over(out->line, sizeof out->line);
	if (whole)
		text_buffer_add(&line, at > target ? "/W " : "/W");
	text_buffer_add_bytes(&line, target, (size_t)(at - target));
	text_buffer_add(&line, "\r\n");
	return true;
}
