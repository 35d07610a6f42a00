/* SPDX-License-Identifier: ISC */
#include "sensor/capture_ear.h"

#include <string.h>

static void close_capture(void *self)
{
	live_capture_close(self);
}

static const char *name(const void *self)
{
	const char *text = live_capture_name(self);
	return strcmp(text, "any") == 0 ? "all interfaces" : text;
}

static int fd(const void *self)
{
	return live_capture_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	size_t n = live_capture_read(self, out, max);
	*more |= n == max;
	return n;
}

static void look_around(void *self)
{
	(void)live_capture_check(self);
}

static struct ear_counts counts(void *self)
{
	/* A frame that cannot be decoded is nobody's knock: it is no loss that anybody could mend. */
	return (struct ear_counts){.lost = live_capture_read_counts(self).dropped};
}

static const struct ear_ops ops = {.close = close_capture,
	.name = name,
	.fd = fd,
	.read = read_events,
	.look_around = look_around,
	.counts = counts};

struct ear capture_ear_of(struct live_capture *capture)
{
	return (struct ear){.ops = &ops, .self = capture, .needs_doors = true};
}
