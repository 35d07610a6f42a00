/* SPDX-License-Identifier: ISC */
#include "net/syslog_address.h"

#include <stdio.h>

static const struct {
	const char *name;
	uint16_t port; /* IANA "Service Name and Transport Protocol Port Number Registry" */
} transports[SYSLOG_TRANSPORTS] = {
	[SYSLOG_TRANSPORT_UDP] = {"udp", 514},
	[SYSLOG_TRANSPORT_TCP] = {"tcp", 601},
	[SYSLOG_TRANSPORT_TLS] = {"tls", 6514},
};

/* "5514", 1 to 65535 without a zero in front. */
static bool parse_port(const char *text, size_t length, uint16_t *out)
{
	unsigned value = 0;
	const size_t longest = 5;
	if (length == 0 || length > longest || text[0] == '0')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	*out = (uint16_t)value;
	return value <= UINT16_MAX;
}

/* What stands behind "udp:": an address, and perhaps ':' and a port. */
static bool parse_place(const char *text, size_t length, struct syslog_address *out)
{
	const char *end = text + length, *close;
	if (length > 0 && text[0] == '[') {
		close = memchr(text, ']', length);
		if (close == NULL ||
			!addr_parse(text + 1, (size_t)(close - text - 1), &out->addr) ||
			addr_is_v4(&out->addr))
			return false;
		close++;
	} else {
		close = memchr(text, ':', length);
		close = close != NULL ? close : end;
		if (!addr_parse(text, (size_t)(close - text), &out->addr) ||
			!addr_is_v4(&out->addr))
			return false;
	}
	return close == end ||
	       (*close == ':' && parse_port(close + 1, (size_t)(end - close - 1), &out->port));
}

bool syslog_address_parse(const char *text, size_t length, struct syslog_address *out)
{
	const size_t name_length = 3;
	if (length <= name_length || text[name_length] != ':')
		return false;
	for (unsigned i = 0; i < SYSLOG_TRANSPORTS; i++) {
		struct syslog_address found = {
			.transport = (enum syslog_transport)i, .port = transports[i].port};
		if (memcmp(text, transports[i].name, name_length) != 0)
			continue;
		if (!parse_place(text + name_length + 1, length - name_length - 1, &found))
			return false;
		*out = found;
		return true;
	}
	return false;
}

struct syslog_address_text syslog_address_to_text(const struct syslog_address *a)
{
	struct syslog_address_text out;
	bool v4 = addr_is_v4(&a->addr);
	snprintf(out.text, sizeof out.text, "%s:%s%s%s:%u", transports[a->transport].name,
		v4 ? "" : "[", addr_is_none(&a->addr) ? "::" : addr_to_text(&a->addr).text,
		v4 ? "" : "]", a->port);
	return out;
}
