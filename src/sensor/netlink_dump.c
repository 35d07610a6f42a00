/* SPDX-License-Identifier: ISC */
#include "sensor/netlink_dump.h"

#include "base/memory.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ASK_MAX 8192
#define ANSWER_MAX 32768 /* what the kernel packs into one datagram of a dump */

struct netlink_dump {
	int fd;
	uint32_t sequence; /* of the last question */
	uint8_t question[ASK_MAX + sizeof(struct nlmsghdr)];
	uint8_t answer[ANSWER_MAX];
};

/* What became of one datagram. */
enum progress { PROGRESS_MORE, PROGRESS_DONE, PROGRESS_FAILED };

struct netlink_dump *netlink_dump_open(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return NULL;
	struct timeval patience = {
		NETLINK_DUMP_PATIENCE_MS / 1000, NETLINK_DUMP_PATIENCE_MS % 1000 * 1000};
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ||
		bind(fd, (struct sockaddr *)&self, sizeof self) < 0) {
		int kept = errno;
		close(fd);
		errno = kept;
		return NULL;
	}
	struct netlink_dump *d = memory_calloc(1, sizeof *d);
	d->fd = fd;
	return d;
}

bool netlink_dump_be_strict(struct netlink_dump *d)
{
	int on = 1;
	return setsockopt(d->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on) == 0;
}

void netlink_dump_close(struct netlink_dump *d)
{
	if (!d)
		return;
	close(d->fd);
	free(d);
}

static int send_question(struct netlink_dump *d, uint16_t type, const void *body, size_t body_size)
{
	if (body_size > ASK_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	struct nlmsghdr header = {
		.nlmsg_len = (uint32_t)(sizeof header + body_size),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.nlmsg_seq = ++d->sequence,
	};
	memcpy(d->question, &header, sizeof header);
	memcpy(d->question + sizeof header, body, body_size);
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	ssize_t sent = sendto(
		d->fd, d->question, header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel);
	return sent < 0 ? -1 : 0;
}

/* An end or error message carries a number: 0 or a negative errno. */
static enum progress read_status(const uint8_t *bytes, size_t size)
{
	int32_t status = 0;
	if (size >= sizeof status)
		memcpy(&status, bytes, sizeof status);
	if (status == 0)
		return PROGRESS_DONE;
	errno = -status;
	return PROGRESS_FAILED;
}

static enum progress take_datagram(struct netlink_dump *d, size_t length, bool *changed,
	netlink_receiver *receive, void *context)
{
	size_t at = 0;
	struct nlmsghdr header;
	while (length - at >= sizeof header) {
		memcpy(&header, d->answer + at, sizeof header);
		if (header.nlmsg_len < sizeof header || header.nlmsg_len > length - at)
			break;
		const uint8_t *bytes = d->answer + at + sizeof header;
		size_t size = header.nlmsg_len - sizeof header;
		size_t step = (header.nlmsg_len + 3u) & ~(size_t)3;
		at = step > length - at ? length : at + step;
		if (header.nlmsg_seq != d->sequence)
			continue; /* the rest of a question that was given up */
		if (header.nlmsg_flags & NLM_F_DUMP_INTR)
			*changed = true;
		if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR)
			return read_status(bytes, size);
		receive(context, &(struct netlink_answer){header.nlmsg_type, bytes, size});
	}
	return PROGRESS_MORE;
}

int netlink_dump_ask(struct netlink_dump *d, uint16_t type, const void *body, size_t body_size,
	netlink_receiver *receive, void *context)
{
	if (send_question(d, type, body, body_size) < 0)
		return -1;
	bool changed = false;
	for (;;) {
		struct sockaddr_nl sender = {0};
		socklen_t sender_size = sizeof sender;
		ssize_t got = recvfrom(d->fd, d->answer, sizeof d->answer, 0,
			(struct sockaddr *)&sender, &sender_size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			if (errno == EAGAIN)
				errno = ETIMEDOUT;
			return -1;
		}
		if (sender.nl_pid != 0)
			continue;
		enum progress progress = take_datagram(d, (size_t)got, &changed, receive, context);
		if (progress == PROGRESS_FAILED)
			return -1;
		if (progress == PROGRESS_DONE)
			break;
	}
	if (!changed)
		return 0;
	errno = EINTR;
	return -1;
}

bool netlink_answer_next_attribute(
	const struct netlink_answer *answer, size_t *at, struct netlink_attribute *out)
{
	struct nlattr header;
	if (*at > answer->size || answer->size - *at < sizeof header)
		return false;
	memcpy(&header, answer->bytes + *at, sizeof header);
	if (header.nla_len < sizeof header || header.nla_len > answer->size - *at)
		return false;
	out->type = (uint16_t)(header.nla_type & ~(unsigned)(NLA_F_NESTED | NLA_F_NET_BYTEORDER));
	out->bytes = answer->bytes + *at + sizeof header;
	out->size = header.nla_len - sizeof header;
	*at += (header.nla_len + 3u) & ~(size_t)3;
	return true;
}
