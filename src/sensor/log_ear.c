/* SPDX-License-Identifier: ISC */
#include "sensor/log_ear.h"

#include <stdio.h>

static void close_log(void *self)
{
	log_tail_close(self);
}

static const char *name(const void *self)
{
	return log_tail_name(self);
}

static int fd(const void *self)
{
	return log_tail_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	size_t n = log_tail_read(self, out, max);
	*more |= log_tail_is_behind(self);
	return n;
}

static struct ear_counts counts(void *self)
{
	return (struct ear_counts){.broken = log_tail_report(self)->broken};
}

static bool group(const void *self, gid_t *out)
{
	return log_tail_group(self, out);
}

static unsigned read_paths(const void *self, const char **out, unsigned max)
{
	if (max == 0)
		return 0;
	out[0] = log_tail_directory(self);
	return 1;
}

static unsigned senders(const void *self, struct ear_sender *out, unsigned max)
{
	const struct log_tail_report *r = log_tail_report(self);
	if (max == 0)
		return 0;
	*out = (struct ear_sender){.lines = r->lines, .events = r->events};
	snprintf(out->name, sizeof out->name, "%s", log_tail_name(self));
	return 1;
}

static const struct ear_ops ops = {.close = close_log,
	.name = name,
	.fd = fd,
	.read = read_events,
	.counts = counts,
	.group = group,
	.read_paths = read_paths,
	.senders = senders};

struct ear log_ear_of(struct log_tail *tail)
{
	return (struct ear){.ops = &ops, .self = tail};
}
