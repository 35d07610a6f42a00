/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_visitor.h"

#include "base/text_buffer.h"
#include "libwrap/wrap_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Of /proc/PID/stat: field 3, the state, and 22, when it was started; behind the name, which may hold anything. */
static bool read_stat(uint32_t pid, char *state, uint32_t *started)
{
	enum { FIELDS_BEHIND_NAME = 20 };
	char path[32], text[1024];
	struct text_buffer b = text_buffer_over(path, sizeof path);
	text_buffer_add(&b, "/proc/");
	text_buffer_add_number(&b, pid);
	text_buffer_add(&b, "/stat");
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	const ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *p = strrchr(text, ')');
	if (!p || p[1] != ' ')
		return false;
	*state = p[2];
	for (int i = 0; p && i < FIELDS_BEHIND_NAME; i++)
		p = strchr(p + 1, ' ');
	if (!p)
		return false;
	*started = 0;
	for (p++; *p >= '0' && *p <= '9'; p++)
		*started = *started * 10 + (uint32_t)(*p - '0'); /* its lower half */
	return true;
}

struct access_limit_visitor wrap_visitor_self(void)
{
	struct access_limit_visitor me = {.pid = (uint32_t)wrap_process_id()};
	char state;
	(void)read_stat(me.pid, &state, &me.started);
	return me;
}

bool wrap_visitor_is_there(void *self, struct access_limit_visitor v)
{
	uint32_t started;
	char state;
	(void)self;
	if (v.pid == 0 || v.pid > INT32_MAX)
		return false;
	if (read_stat(v.pid, &state, &started))
		return started == v.started && state != 'Z' && state != 'X';
	return v.started == 0 && (kill((pid_t)v.pid, 0) == 0 || errno == EPERM);
}
