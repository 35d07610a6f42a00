/* SPDX-License-Identifier: ISC */
#include "sensor/hook_ear.h"

static void close_hook(void *self)
{
	kernel_hook_close(self);
}

static const char *name(const void *self)
{
	(void)self;
	return "the kernel hook";
}

static int fd(const void *self)
{
	return kernel_hook_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	return kernel_hook_read(self, out, max, more);
}

static struct ear_counts counts(void *self)
{
	struct kernel_hook_counts c = kernel_hook_read_counts(self);
	return (struct ear_counts){.lost = c.lost + c.over_budget};
}

static const struct ear_ops ops = {
	.close = close_hook, .name = name, .fd = fd, .read = read_events, .counts = counts};

struct ear hook_ear_of(struct kernel_hook *hook)
{
	/* The kernel has decided, but a door that opens just after its first knock is no dead one. */
	return (struct ear){.ops = &ops, .self = hook, .needs_doors = true};
}
