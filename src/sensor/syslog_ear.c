/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_ear.h"

static void close_receiver(void *self)
{
	syslog_receiver_close(self);
}

static const char *name(const void *self)
{
	return syslog_receiver_name(self);
}

static int fd(const void *self)
{
	return syslog_receiver_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	return syslog_receiver_read(self, out, max, more);
}

static void look_around(void *self)
{
	syslog_receiver_look_around(self);
}

static struct ear_counts counts(void *self)
{
	struct syslog_counts c = syslog_receiver_counts(self);
	return (struct ear_counts){
		.lost = c.lost_in_kernel + c.lost_beyond_rate + c.lost_unfinished,
		.broken = c.broken};
}

static const struct ear_ops ops = {.close = close_receiver,
	.name = name,
	.fd = fd,
	.read = read_events,
	.look_around = look_around,
	.counts = counts};

struct ear syslog_ear_of(struct syslog_receiver *receiver)
{
	return (struct ear){.ops = &ops, .self = receiver};
}
