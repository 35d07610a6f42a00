/* SPDX-License-Identifier: ISC */
#include "sensor/kernel_ring.h"

#include "base/memory.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct kernel_ring {
	struct ring_buffer *ring;
	int map_fd;
	int clock; /* runs while resting */
	bool resting;
	kernel_ring_taker *take; /* of the reading at hand */
	void *context;
	bool found;
};

static int take_record(void *self, void *record, size_t size)
{
	struct kernel_ring *r = self;
	r->found = true;
	return r->take(r->context, record, size) ? 0 : -ECANCELED;
}

struct kernel_ring *kernel_ring_open(int map_fd)
{
	struct kernel_ring *r = memory_calloc(1, sizeof *r);
	r->map_fd = map_fd;
	r->clock = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	r->ring = ring_buffer__new(map_fd, take_record, r, NULL);
	if (r->clock < 0 || r->ring == NULL) {
		int kept = errno;
		kernel_ring_close(r);
		errno = kept;
		return NULL;
	}
	return r;
}

void kernel_ring_close(struct kernel_ring *r)
{
	if (r == NULL)
		return;
	ring_buffer__free(r->ring);
	if (r->clock >= 0)
		close(r->clock);
	free(r);
}

/* Who found something was woken lately, or would have been: the next wake-up is not for sure before
 * the rest is over. */
static void rest(struct kernel_ring *r)
{
	const struct itimerspec once = {.it_value.tv_nsec = KERNEL_RING_REST_MS * 1000000L};
	r->resting = r->found && timerfd_settime(r->clock, 0, &once, NULL) == 0;
}

bool kernel_ring_read(struct kernel_ring *r, kernel_ring_taker *take, void *context)
{
	r->take = take;
	r->context = context;
	r->found = false;
	bool stopped = ring_buffer__consume(r->ring) == -ECANCELED;
	rest(r);
	return stopped;
}

int kernel_ring_fd(const struct kernel_ring *r)
{
	return r->resting ? r->clock : r->map_fd;
}
