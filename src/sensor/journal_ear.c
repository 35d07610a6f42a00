/* SPDX-License-Identifier: ISC */
#include "sensor/journal_ear.h"

static void close_reader(void *self)
{
	journal_reader_close(self);
}

static const char *name(const void *self)
{
	return journal_reader_name(self);
}

static int fd(const void *self)
{
	return journal_reader_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	return journal_reader_read(self, out, max, more);
}

static void look_around(void *self)
{
	journal_reader_look_around(self);
}

static struct ear_counts counts(void *self)
{
	return (struct ear_counts){.broken = journal_reader_report(self).broken};
}

static bool group(const void *self, gid_t *out)
{
	return journal_reader_group(self, out);
}

static unsigned read_paths(const void *self, const char **out, unsigned max)
{
	(void)self;
	return journal_reader_paths(out, max);
}

static void resume(void *self, const char *position)
{
	journal_reader_resume(self, position);
}

static const char *position(const void *self)
{
	return journal_reader_position(self);
}

static unsigned senders(const void *self, struct ear_sender *out, unsigned max)
{
	struct journal_reader_counts c = journal_reader_report(self);
	if (max == 0)
		return 0;
	*out = (struct ear_sender){
		.name = "the systemd journal", .lines = c.entries, .events = c.events};
	return 1;
}

static const struct ear_ops ops = {.close = close_reader,
	.name = name,
	.fd = fd,
	.read = read_events,
	.look_around = look_around,
	.counts = counts,
	.group = group,
	.read_paths = read_paths,
	.resume = resume,
	.position = position,
	.senders = senders};

struct ear journal_ear_of(struct journal_reader *reader)
{
	return (struct ear){.ops = &ops, .self = reader};
}
