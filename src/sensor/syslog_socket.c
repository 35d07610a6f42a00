/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_socket.h"

#include "base/clock_now.h"
#include "base/memory.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 128 /* connections that the kernel keeps for us meanwhile */

union socket_name {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Room for the kernel's time and its count of lost datagrams. */
union control {
	char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t))];
	struct cmsghdr align;
};

struct syslog_datagrams {
	struct mmsghdr headers[SYSLOG_DATAGRAMS];
	struct iovec vectors[SYSLOG_DATAGRAMS];
	union socket_name names[SYSLOG_DATAGRAMS];
	union control controls[SYSLOG_DATAGRAMS];
	struct wall_time arrivals[SYSLOG_DATAGRAMS];
	char bytes[SYSLOG_DATAGRAMS][SYSLOG_MESSAGE_MAX];
};

static socklen_t name_of(const struct syslog_address *a, union socket_name *out)
{
	memset(out, 0, sizeof *out);
	if (addr_is_v4(&a->addr)) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(a->port);
		out->v4.sin_addr.s_addr = htonl(addr_v4(&a->addr));
		return sizeof out->v4;
	}
	out->v6.sin6_family = AF_INET6;
	out->v6.sin6_port = htons(a->port);
	memcpy(&out->v6.sin6_addr, a->addr.bytes, sizeof a->addr.bytes);
	return sizeof out->v6;
}

static struct addr addr_of(const union socket_name *name)
{
	struct addr a = {{0}};
	if (name->any.sa_family == AF_INET)
		return addr_from_v4(ntohl(name->v4.sin_addr.s_addr));
	if (name->any.sa_family == AF_INET6)
		memcpy(a.bytes, &name->v6.sin6_addr, sizeof a.bytes);
	return a;
}

static bool set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/* What is not granted is done without: a smaller buffer, no count of losses. */
static void set_datagram_options(int fd)
{
	if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, SYSLOG_SOCKET_BUFFER))
		(void)set_option(fd, SOL_SOCKET, SO_RCVBUF, SYSLOG_SOCKET_BUFFER);
	(void)set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
	(void)set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
}

int syslog_socket_open(const struct syslog_address *address, char *error, size_t error_size)
{
	union socket_name name;
	socklen_t length = name_of(address, &name);
	bool datagrams = address->transport == SYSLOG_TRANSPORT_UDP;
	int type = datagrams ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(name.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && name.any.sa_family == AF_INET6)
		(void)set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (fd >= 0 && datagrams)
		set_datagram_options(fd);
	else if (fd >= 0) /* a restart need not wait for what is left of old connections */
		(void)set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (fd >= 0 && bind(fd, &name.any, length) == 0 && (datagrams || listen(fd, BACKLOG) == 0))
		return fd;
	int kept = errno;
	struct text_buffer message = text_buffer_over(error, error_size);
	text_buffer_printf(&message, "syslog: %s cannot be listened on: %s",
		syslog_address_to_text(address).text, strerror(kept));
	if (fd >= 0)
		close(fd);
	errno = kept;
	return -1;
}

struct syslog_datagrams *syslog_datagrams_create(void)
{
	return memory_calloc(1, sizeof(struct syslog_datagrams));
}

void syslog_datagrams_destroy(struct syslog_datagrams *d)
{
	free(d);
}

static void prepare(struct syslog_datagrams *d, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		d->vectors[i] = (struct iovec){d->bytes[i], sizeof d->bytes[i]};
		d->headers[i].msg_hdr = (struct msghdr){.msg_name = &d->names[i],
			.msg_namelen = sizeof d->names[i],
			.msg_iov = &d->vectors[i],
			.msg_iovlen = 1,
			.msg_control = &d->controls[i],
			.msg_controllen = sizeof d->controls[i]};
	}
}

/* What the kernel says beside a datagram. */
static void read_control(struct msghdr *header, struct wall_time *arrival, uint32_t *lost)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
		struct timespec t;
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SO_RXQ_OVFL) {
			memcpy(lost, CMSG_DATA(c), sizeof *lost);
		} else if (c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof t);
			*arrival = wall_time_from_parts(t.tv_sec, t.tv_nsec / 1000);
		}
	}
}

unsigned syslog_datagrams_receive(struct syslog_datagrams *d, int fd, unsigned max, uint32_t *lost)
{
	unsigned wanted = max < SYSLOG_DATAGRAMS ? max : SYSLOG_DATAGRAMS;
	prepare(d, wanted);
	int n = recvmmsg(fd, d->headers, wanted, MSG_DONTWAIT, NULL);
	if (n <= 0)
		return 0;
	struct wall_time now = clock_now();
	for (int i = 0; i < n; i++) {
		d->arrivals[i] = now;
		read_control(&d->headers[i].msg_hdr, &d->arrivals[i], lost);
	}
	return (unsigned)n;
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r' || c == '\0';
}

struct syslog_datagram syslog_datagrams_at(const struct syslog_datagrams *d, unsigned index)
{
	const struct mmsghdr *header = &d->headers[index];
	struct text_slice bytes = {d->bytes[index], header->msg_len};
	while (bytes.length > 0 && is_line_end(bytes.start[bytes.length - 1]))
		bytes.length--;
	return (struct syslog_datagram){.bytes = bytes,
		.from = addr_of(&d->names[index]),
		.arrival = d->arrivals[index],
		.cut = header->msg_hdr.msg_flags & MSG_TRUNC};
}

int syslog_socket_accept(int fd, struct addr *from)
{
	union socket_name name = {.any = {.sa_family = AF_UNSPEC}};
	socklen_t length = sizeof name;
	int taken = accept4(fd, &name.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	*from = addr_of(&name);
	return taken;
}
