/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_ident.h"

#include "access/access_text.h"
#include "base/clock_now.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MAX = 512 }; /* bytes; the original's buffer, and far more than an answer needs */

/* ---- reading -------------------------------------------------------------------------------------------- */

static void skip_blanks(struct text_slice *s)
{
	while (s->length > 0 && access_text_is_blank(*s->start)) {
		s->start++;
		s->length--;
	}
}

static bool take(struct text_slice *s, const char *text)
{
	const size_t n = strlen(text);
	skip_blanks(s);
	if (s->length < n || memcmp(s->start, text, n) != 0)
		return false;
	s->start += n;
	s->length -= n;
	return true;
}

static bool take_port(struct text_slice *s, unsigned *port)
{
	unsigned n = 0, digits = 0;
	skip_blanks(s);
	while (s->length > 0 && *s->start >= '0' && *s->start <= '9' && n <= UINT16_MAX) {
		n = n * 10 + (unsigned)(*s->start - '0');
		digits++;
		s->start++;
		s->length--;
	}
	*port = n;
	return digits > 0;
}

/* The name of an operating system, which nobody needs: not empty, up to the next ':'. */
static bool skip_system(struct text_slice *s)
{
	const char *colon = s->length > 0 ? memchr(s->start, ':', s->length) : NULL;
	if (!colon || colon == s->start)
		return false;
	s->length -= (size_t)(colon + 1 - s->start);
	s->start = colon + 1;
	return true;
}

bool wrap_ident_read(struct text_slice answer, unsigned remote_port, unsigned our_port, char user[WRAP_IDENT_USER_SIZE])
{
	unsigned remote, ours;
	if (!take_port(&answer, &remote) || !take(&answer, ",") || !take_port(&answer, &ours) || !take(&answer, ":") ||
		!take(&answer, "USERID") || !take(&answer, ":") || !skip_system(&answer))
		return false;
	if (remote != remote_port || ours != our_port)
		return false;
	skip_blanks(&answer);
	size_t length = 0;
	while (length < answer.length && !access_text_is_blank(answer.start[length]) && answer.start[length] != '\0')
		length++;
	if (length == 0)
		return false;
	if (length > WRAP_IDENT_USER_SIZE - 1)
		length = WRAP_IDENT_USER_SIZE - 1;
	for (size_t i = 0; i < length; i++) {
		const unsigned char c = (unsigned char)answer.start[i];
		user[i] = (char)(c < ' ' || c == 0x7f ? '_' : c);
	}
	user[length] = '\0';
	return true;
}

/* ---- asking --------------------------------------------------------------------------------------------- */

static bool wait_for(int fd, short what, int64_t deadline_ms)
{
	for (;;) {
		const int64_t left = deadline_ms - clock_now_monotonic_ms();
		if (left <= 0)
			return false;
		struct pollfd p = {.fd = fd, .events = what};
		const int ready = poll(&p, 1, (int)left);
		if (ready > 0)
			return true;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

static socklen_t copy_with_port(struct sockaddr_storage *out, const struct sockaddr *from, unsigned port)
{
	memset(out, 0, sizeof *out);
	if (from->sa_family == AF_INET) {
		struct sockaddr_in *in = (void *)out;
		memcpy(in, from, sizeof *in);
		in->sin_port = htons((uint16_t)port);
		return sizeof *in;
	}
	struct sockaddr_in6 *in6 = (void *)out;
	memcpy(in6, from, sizeof *in6);
	in6->sin6_port = htons((uint16_t)port);
	return sizeof *in6;
}

static bool connect_to(int fd, const struct sockaddr *remote, const struct sockaddr *ours, int64_t deadline_ms)
{
	struct sockaddr_storage from, to;
	const socklen_t from_size = copy_with_port(&from, ours, 0);
	const socklen_t to_size = copy_with_port(&to, remote, WRAP_IDENT_PORT);
	if (bind(fd, (const void *)&from, from_size) < 0)
		return false;
	if (connect(fd, (const void *)&to, to_size) == 0)
		return true;
	if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, deadline_ms))
		return false;
	int fault = 0;
	socklen_t size = sizeof fault;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0;
}

/* One line; what comes without an end is no answer. */
static size_t read_line(int fd, char *line, int64_t deadline_ms)
{
	size_t used = 0;
	while (used < ANSWER_MAX && wait_for(fd, POLLIN, deadline_ms)) {
		const ssize_t got = recv(fd, line + used, ANSWER_MAX - used, 0);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return 0;
		const char *end = memchr(line + used, '\n', (size_t)got);
		if (end)
			return (size_t)(end - line);
		used += (size_t)got;
	}
	return 0;
}

static unsigned port_of(const struct sockaddr *a)
{
	return ntohs(((const struct sockaddr_in *)(const void *)a)->sin_port); /* the same place in both families */
}

bool wrap_ident_ask(const struct sockaddr *remote, const struct sockaddr *ours, unsigned seconds,
	char user[WRAP_IDENT_USER_SIZE])
{
	const int family = remote->sa_family;
	if (family != ours->sa_family || (family != AF_INET && family != AF_INET6))
		return false;
	const int64_t deadline_ms = clock_now_monotonic_ms() + (int64_t)seconds * 1000;
	const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	bool known = false;
	char line[ANSWER_MAX];
	if (connect_to(fd, remote, ours, deadline_ms)) {
		const int length = snprintf(line, sizeof line, "%u,%u\r\n", port_of(remote), port_of(ours));
		if (send(fd, line, (size_t)length, MSG_NOSIGNAL) == length) {
			const size_t got = read_line(fd, line, deadline_ms);
			known = wrap_ident_read(
				(struct text_slice){line, got}, port_of(remote), port_of(ours), user);
		}
	}
	close(fd);
	return known;
}
