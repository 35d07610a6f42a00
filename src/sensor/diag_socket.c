/* SPDX-License-Identifier: ISC */
#include "sensor/diag_socket.h"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

static bool read_v6only(const struct netlink_answer *answer)
{
	struct netlink_attribute attribute;
	size_t at = sizeof(struct inet_diag_msg);
	while (netlink_answer_next_attribute(answer, &at, &attribute)) {
		if (attribute.type == INET_DIAG_SKV6ONLY && attribute.size > 0)
			return attribute.bytes[0] != 0;
	}
	return false;
}

bool diag_socket_read(const struct netlink_answer *answer, struct diag_socket *out)
{
	struct inet_diag_msg message;
	if (answer->type != SOCK_DIAG_BY_FAMILY || answer->size < sizeof message)
		return false;
	memcpy(&message, answer->bytes, sizeof message);
	if (message.idiag_family == AF_INET)
		out->local = addr_from_v4_bytes((const uint8_t *)message.id.idiag_src);
	else if (message.idiag_family == AF_INET6)
		memcpy(out->local.bytes, message.id.idiag_src, sizeof out->local.bytes);
	else
		return false;
	out->port = __builtin_bswap16(message.id.idiag_sport);
	out->state = message.idiag_state;
	out->v6only = message.idiag_family == AF_INET6 && read_v6only(answer);
	return out->port != 0;
}
