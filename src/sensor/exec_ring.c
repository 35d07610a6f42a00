/* SPDX-License-Identifier: ISC */
#include "sensor/exec_ring.h"

#include "base/clock_now.h"
#include "base/memory.h"
#include "bpf/exec_hook.skel.h"
#include "sensor/exec_record_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	WAKE_NS = 50000000, /* a quarter of the time between two readings at the latest */
	TAKEN = -1,         /* to libbpf: this record is done with, and no more now */
};

struct exec_ring {
	struct exec_hook *hook;
	struct ring_buffer *ring;
	struct exec_event *out; /* while reading */
	int64_t wall_minus_monotonic_us;
	bool is_start;
	uint64_t broken;
};

static int take_record(void *context, void *bytes, size_t size)
{
	struct exec_ring *r = context;
	r->is_start = exec_record_read(bytes, size, r->wall_minus_monotonic_us, r->out);
	r->broken += !r->is_start;
	return TAKEN;
}

static bool read_record(void *self, struct exec_event *out, bool *is_start)
{
	struct exec_ring *r = self;
	r->out = out;
	r->wall_minus_monotonic_us = clock_now_us(CLOCK_REALTIME) - clock_now_us(CLOCK_MONOTONIC);
	if (ring_buffer__consume(r->ring) == 0)
		return false;
	*is_start = r->is_start;
	return true;
}

static int fd(const void *self)
{
	return ring_buffer__epoll_fd(((const struct exec_ring *)self)->ring);
}

static struct ear_counts counts(void *self)
{
	const struct exec_ring *r = self;
	struct ear_counts c = {.broken = r->broken};
	for (unsigned i = 0; i < EXEC_RECORD_SLOTS; i++) {
		c.lost += r->hook->bss->slots[i].lost;
		c.broken += r->hook->bss->slots[i].unread;
	}
	return c;
}

static void close_ring(void *self)
{
	struct exec_ring *r = self;
	ring_buffer__free(r->ring);
	exec_hook__destroy(r->hook);
	free(r);
}

static const struct exec_ear_ops ops = {
	.close = close_ring, .fd = fd, .read = read_record, .counts = counts};

static bool load(struct exec_ring *r)
{
	r->hook = exec_hook__open();
	if (r->hook == NULL)
		return false;
	r->hook->rodata->wake_ns = WAKE_NS;
	if (bpf_map__set_max_entries(r->hook->maps.execs, EXEC_RING_BYTES) != 0 ||
		exec_hook__load(r->hook) != 0)
		return false;
	r->ring = ring_buffer__new(bpf_map__fd(r->hook->maps.execs), take_record, r, NULL);
	return r->ring != NULL && exec_hook__attach(r->hook) == 0;
}

struct exec_ear exec_ring_open(char *error, size_t error_size)
{
	struct exec_ring *r = memory_calloc(1, sizeof *r);
	libbpf_set_print(NULL); /* it explains at length on standard error; we say one line */
	bool loaded = load(r);
	int reason = errno;
	if (loaded)
		return (struct exec_ear){.ops = &ops,
			.self = r,
			.via = EXEC_VIA_HOOK,
			.limits = "every start, with its arguments as they were given"};
	close_ring(r);
	snprintf(error, error_size, "the kernel does not take the hook in exec: %s",
		strerror(reason));
	return (struct exec_ear){0};
}
