/* SPDX-License-Identifier: ISC */
#include "priv/channel.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define BUFFER_BYTES                                                                               \
	(4 << 20) /* some thousand knocks: a scan, while a transaction is on its way to disk */

bool channel_open_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	for (int i = 0; i < 2; i++) {
		int bytes = BUFFER_BYTES;
		/* Only root may go beyond the limit of the system; what there is does as well. */
		if (setsockopt(ends[i], SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0)
			(void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	}
	return true;
}

int channel_accept(int listener)
{
	return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int channel_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	if (length >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, length);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
		fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
		return fd;
	int kept = errno;
	if (fd >= 0)
		close(fd);
	errno = kept;
	return -1;
}

enum channel_result channel_send(int end, uint16_t type, const void *body, size_t length)
{
	struct iovec parts[2] = {{&type, sizeof type}, {(void *)(uintptr_t)body, length}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = length > 0 ? 2 : 1};
	assert(length <= CHANNEL_BODY_MAX);
	while (sendmsg(end, &message, MSG_NOSIGNAL) < 0) {
		if (errno == EAGAIN || errno == ENOBUFS)
			return CHANNEL_WAIT;
		if (errno != EINTR)
			return CHANNEL_CLOSED;
	}
	return CHANNEL_DONE;
}

enum channel_result channel_send_all(int end, uint16_t type, const void *body, size_t length)
{
	enum channel_result result;
	while ((result = channel_send(end, type, body, length)) == CHANNEL_WAIT) {
		struct pollfd fd = {.fd = end, .events = POLLOUT};
		(void)poll(&fd, 1, 1000);
	}
	return result;
}

enum channel_result channel_receive(int end, struct channel_frame *out)
{
	struct iovec parts[2] = {{&out->type, sizeof out->type}, {out->body, sizeof out->body}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t got;
	while ((got = recvmsg(end, &message, MSG_CMSG_CLOEXEC)) < 0) {
		if (errno == EAGAIN)
			return CHANNEL_WAIT;
		/* Told once where the other end left something unread; what it said before follows. */
		if (errno != EINTR && errno != ECONNRESET)
			return CHANNEL_CLOSED;
	}
	if (got == 0)
		return CHANNEL_CLOSED;
	if ((size_t)got < sizeof out->type || message.msg_flags & MSG_TRUNC)
		return CHANNEL_BROKEN;
	out->length = (uint32_t)((size_t)got - sizeof out->type);
	return CHANNEL_DONE;
}

enum channel_result channel_await(int end, struct channel_frame *out, int timeout_ms)
{
	struct pollfd fd = {.fd = end, .events = POLLIN};
	enum channel_result result = channel_receive(end, out);
	if (result != CHANNEL_WAIT || poll(&fd, 1, timeout_ms) <= 0)
		return result;
	return channel_receive(end, out);
}
