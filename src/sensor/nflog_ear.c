/* SPDX-License-Identifier: ISC */
#include "sensor/nflog_ear.h"

static void close_reader(void *self)
{
	nflog_reader_close(self);
}

static const char *name(const void *self)
{
	return nflog_reader_name(self);
}

static int fd(const void *self)
{
	return nflog_reader_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	size_t n = nflog_reader_read(self, out, max);
	*more |= nflog_reader_is_behind(self);
	return n;
}

static struct ear_counts counts(void *self)
{
	const struct nflog_reader_counts *c = nflog_reader_read_counts(self);
	return (struct ear_counts){.lost = c->lost, .broken = c->broken};
}

static const struct ear_ops ops = {
	.close = close_reader, .name = name, .fd = fd, .read = read_events, .counts = counts};

struct ear nflog_ear_of(struct nflog_reader *reader)
{
	return (struct ear){.ops = &ops, .self = reader};
}
