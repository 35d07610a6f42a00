/* SPDX-License-Identifier: ISC */
#include "tcpd/small_log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

enum {
	LINE_SIZE = 8192,
	HELD_SIZE = 16 << 10,
};

static const char *name = "tcpd";
static int usual_facility = LOG_USER;
static struct {
	int fd; /* with `type`; -1: none */
	int type;
} socket_to_log = {.fd = -1};
static struct {
	bool holds;
	size_t used;
	char lines[HELD_SIZE]; /* each with its NUL */
} held;

static void close_socket(void)
{
	if (socket_to_log.fd >= 0)
		close(socket_to_log.fd);
	socket_to_log.fd = -1;
}

/* Most systems have datagrams there, some a stream. */
static bool open_socket(void)
{
	static const struct sockaddr_un log = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	static const int types[] = {SOCK_DGRAM, SOCK_STREAM};
	for (unsigned i = 0; i < 2; i++) {
		const int fd = socket(AF_UNIX, types[i] | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, (const struct sockaddr *)&log, sizeof log) == 0) {
			socket_to_log.fd = fd;
			socket_to_log.type = types[i];
			return true;
		}
		const bool is_other_type = errno == EPROTOTYPE;
		if (fd >= 0)
			close(fd);
		if (!is_other_type)
			return false;
	}
	return false;
}

/* In a stream a NUL ends each line. A log that was started anew in between is connected to again. */
static void send_line(const char *line, size_t length)
{
	for (unsigned attempt = 0; attempt < 2; attempt++) {
		if (socket_to_log.fd < 0 && !open_socket())
			return;
		if (send(socket_to_log.fd, line, length + (socket_to_log.type == SOCK_STREAM), MSG_NOSIGNAL) >= 0)
			return;
		close_socket();
	}
}

void small_log_hold(void)
{
	held.holds = true;
}

void __attribute__((destructor)) small_log_release(void)
{
	for (size_t at = 0; at < held.used; at += strlen(held.lines + at) + 1)
		send_line(held.lines + at, strlen(held.lines + at));
	held.holds = false;
	held.used = 0;
}

void openlog(const char *ident, int option, int facility)
{
	(void)option; /* the PID is always told, nothing ever goes to the console */
	name = ident;
	usual_facility = facility;
}

void closelog(void)
{
	close_socket();
}

void (syslog)(int priority, const char *format, ...) /* a macro in some C libraries */
{
	const int failed = errno;
	char line[LINE_SIZE];
	va_list args;
	const int level = priority & LOG_FACMASK ? priority : priority | usual_facility;
	const int before = snprintf(line, sizeof line, "<%d>%s[%d]: ", level, name, (int)getpid());
	size_t used = before < 0 ? 0 : (size_t)before < sizeof line ? (size_t)before : sizeof line - 1;
	errno = failed;
	va_start(args, format);
	const int more = vsnprintf(line + used, sizeof line - used, format, args);
	va_end(args);
	used += more < 0 ? 0 : (size_t)more < sizeof line - used ? (size_t)more : sizeof line - used - 1;
	if (held.holds && used >= sizeof held.lines - held.used)
		small_log_release();
	if (held.holds) {
		memcpy(held.lines + held.used, line, used + 1);
		held.used += used + 1;
	} else {
		send_line(line, used);
	}
	errno = failed;
}
