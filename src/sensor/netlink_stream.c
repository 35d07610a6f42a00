/* SPDX-License-Identifier: ISC */
#include "sensor/netlink_stream.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUESTION_MAX = 512 };

bool netlink_stream_open(struct netlink_stream *s, int protocol, unsigned group, int buffer_bytes)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	s->at = s->used = 0;
	s->overruns = 0;
	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (s->fd < 0)
		return false;
	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) != 0)
		(void)setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
	self.nl_groups = group > 0 ? 1u << (group - 1) : 0;
	if (bind(s->fd, (struct sockaddr *)&self, sizeof self) == 0)
		return true;
	int kept = errno;
	netlink_stream_close(s);
	errno = kept;
	return false;
}

void netlink_stream_close(struct netlink_stream *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

bool netlink_stream_send(struct netlink_stream *s, uint16_t type, const void *body, size_t size)
{
	uint8_t message[sizeof(struct nlmsghdr) + QUESTION_MAX];
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	struct nlmsghdr header = {.nlmsg_len = (uint32_t)(sizeof header + size),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = 1};
	if (size > QUESTION_MAX) {
		errno = EMSGSIZE;
		return false;
	}
	memcpy(message, &header, sizeof header);
	if (size > 0)
		memcpy(message + sizeof header, body, size);
	return sendto(s->fd, message, header.nlmsg_len, 0, (struct sockaddr *)&kernel,
		       sizeof kernel) >= 0;
}

/* The next datagram of the kernel; false if there is none. */
static bool receive(struct netlink_stream *s)
{
	for (;;) {
		struct sockaddr_nl sender = {0};
		socklen_t size = sizeof sender;
		ssize_t got = recvfrom(s->fd, s->bytes, sizeof s->bytes, MSG_DONTWAIT,
			(struct sockaddr *)&sender, &size);
		if (got < 0 && errno == ENOBUFS)
			s->overruns++;
		else if (got < 0 && errno != EINTR)
			return false;
		if (got <= 0 || sender.nl_pid != 0)
			continue;
		s->at = 0;
		s->used = (size_t)got;
		return true;
	}
}

static bool take(struct netlink_stream *s, struct netlink_answer *out)
{
	struct nlmsghdr header;
	size_t left = s->used - s->at;
	if (left < sizeof header)
		return false;
	memcpy(&header, s->bytes + s->at, sizeof header);
	if (header.nlmsg_len < sizeof header || header.nlmsg_len > left)
		return false;
	*out = (struct netlink_answer){header.nlmsg_type, s->bytes + s->at + sizeof header,
		header.nlmsg_len - sizeof header};
	size_t step = (header.nlmsg_len + 3u) & ~(size_t)3;
	s->at += step < left ? step : left;
	return true;
}

bool netlink_stream_next(struct netlink_stream *s, struct netlink_answer *out)
{
	while (!take(s, out)) {
		if (!receive(s))
			return false;
	}
	return true;
}

bool netlink_stream_wait(struct netlink_stream *s, int patience_ms, struct netlink_answer *out)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	return netlink_stream_next(s, out) ||
	       (poll(&p, 1, patience_ms) > 0 && netlink_stream_next(s, out));
}
