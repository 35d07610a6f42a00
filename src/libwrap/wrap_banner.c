/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_banner.h"

#include "access/access_expand.h"
#include "base/clock_now.h"
#include "libwrap/libwrap_diag.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BANNER_MAX = 64 * 1024, /* bytes of the text as sent */
	LINE_MAX_BYTES = 4096,  /* of a line in the file; the rest counts as the next one */
	SEND_MS = 2000,
};

/* Lines with CR LF, expanded. What does not fit is left out, with all that follows. */
static void read_lines(FILE *f, struct text_buffer *out, const struct access_request *q, const struct access_place *at)
{
	char line[LINE_MAX_BYTES];
	int c;
	while ((c = getc(f)) == '\0')
		text_buffer_add_bytes(out, "", 1);
	if (c != EOF)
		ungetc(c, f);
	while (!out->cut && fgets(line, sizeof line, f)) {
		size_t length = strlen(line);
		const bool ended = length > 0 && line[length - 1] == '\n';
		if (ended)
			length--;
		if (!access_expand(out, (struct text_slice){line, length}, q, at))
			break;
		if (ended)
			text_buffer_add(out, "\r\n");
	}
}

/* A descriptor that is no socket (a terminal, for tcpdmatch) is written to once. */
static void send_bytes(int fd, const char *bytes, size_t size)
{
	const int64_t deadline_ms = clock_now_monotonic_ms() + SEND_MS;
	while (size > 0) {
		ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno == ENOTSOCK) {
			sent = write(fd, bytes, size);
			if (sent <= 0)
				return;
		}
		if (sent > 0) {
			bytes += sent;
			size -= (size_t)sent;
			continue;
		}
		struct pollfd p = {.fd = fd, .events = POLLOUT};
		const int64_t left = deadline_ms - clock_now_monotonic_ms();
		if ((errno != EAGAIN && errno != EINTR) || left <= 0 || poll(&p, 1, (int)left) == 0)
			return;
	}
}

/* A plain file, and nothing else: a pipe would not open, or not end, until somebody writes. */
static FILE *open_file(const char *path)
{
	struct stat it;
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	FILE *f = fstat(fd, &it) == 0 && S_ISREG(it.st_mode) ? fdopen(fd, "r") : NULL;
	if (!f) {
		libwrap_diag_warn("%s: not a plain file", path);
		close(fd);
	}
	return f;
}

bool wrap_banner_send(int fd, const char *directory, const struct access_request *q, const struct access_place *at)
{
	char path[PATH_MAX];
	struct stat there;
	FILE *f = NULL;
	if (!strchr(q->daemon, '/') &&
		snprintf(path, sizeof path, "%s/%s", directory, q->daemon) < (int)sizeof path)
		f = open_file(path);
	if (!f)
		return stat(directory, &there) == 0;
	char *memory = malloc(BANNER_MAX);
	if (memory) {
		struct text_buffer out = text_buffer_over(memory, BANNER_MAX);
		read_lines(f, &out, q, at);
		send_bytes(fd, memory, out.used);
		free(memory);
	}
	fclose(f);
	return true;
}
