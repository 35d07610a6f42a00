/* SPDX-License-Identifier: ISC */
#include "priv/service_notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

/* "/run/..." is a path, "@..." a name in the abstract. */
static int connect_to(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(name);
	if ((name[0] != '/' && name[0] != '@') || length >= sizeof address.sun_path)
		return -1;
	memcpy(address.sun_path, name, length);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, size) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* A sign at half of the time is what sd_watchdog_enabled(3) recommends. */
static int64_t watchdog_every_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	if (usec == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	long long n = strtoll(usec, NULL, 10);
	return n > 0 ? (n / 2000 > 0 ? n / 2000 : 1) : 0;
}

void service_notify_open(struct service_notify *n)
{
	const char *name = getenv("NOTIFY_SOCKET");
	*n = (struct service_notify){.socket = name != NULL ? connect_to(name) : -1};
	if (n->socket >= 0)
		n->watchdog_every_ms = watchdog_every_ms();
}

void service_notify_close(struct service_notify *n)
{
	if (n->socket >= 0)
		close(n->socket);
	n->socket = -1;
}

static void say(const struct service_notify *n, const char *words)
{
	struct iovec part = {(void *)(uintptr_t)words, strlen(words)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	if (n->socket >= 0)
		(void)sendmsg(n->socket, &message, MSG_NOSIGNAL);
}

void service_notify_ready(struct service_notify *n, const char *status)
{
	char line[LINE_MAX_BYTES];
	snprintf(line, sizeof line, "READY=1\nSTATUS=%.400s", status);
	say(n, line);
}

void service_notify_status(struct service_notify *n, const char *status)
{
	char line[LINE_MAX_BYTES];
	snprintf(line, sizeof line, "STATUS=%.400s", status);
	say(n, line);
}

void service_notify_reloading(struct service_notify *n, int64_t now_ms)
{
	char line[LINE_MAX_BYTES];
	snprintf(line, sizeof line, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)now_ms * 1000);
	say(n, line);
}

void service_notify_stopping(struct service_notify *n)
{
	say(n, "STOPPING=1");
}

void service_notify_alive(struct service_notify *n, int64_t now_ms)
{
	if (n->watchdog_every_ms == 0 || now_ms < n->next_ms)
		return;
	n->next_ms = now_ms + n->watchdog_every_ms;
	say(n, "WATCHDOG=1");
}
