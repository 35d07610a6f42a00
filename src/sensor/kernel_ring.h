/* SPDX-License-Identifier: ISC */
/*
 * kernel_ring - records that a program in the kernel writes, read without being woken for each.
 *
 * A wake-up for each record costs eight times what the record costs. So the program wakes the reader once
 * and then leaves it alone for KERNEL_RING_REST_MS (its `wake_ns`), and the reader that found something
 * looks again after that time: its descriptor is a clock's meanwhile. While nothing comes nobody wakes up.
 *
 * Opening needs the rights of bpf(2); reading is plain memory. Source of fact: Documentation/bpf/ringbuf.
 */
#ifndef KW_SENSOR_KERNEL_RING_H
#define KW_SENSOR_KERNEL_RING_H

#include <stdbool.h>
#include <stddef.h>

#define KERNEL_RING_REST_MS 20

struct kernel_ring;

/* `map_fd`: of a BPF_MAP_TYPE_RINGBUF, borrowed. Null with errno. */
struct kernel_ring *kernel_ring_open(int map_fd);
/* Accepts null. */
void kernel_ring_close(struct kernel_ring *r);

/* Takes one record, valid until it returns. False = it took this one and has no room for another. */
typedef bool kernel_ring_taker(void *context, const void *record, size_t size);

/* Hands over what there is. True if the taker stopped it: read again soon. Never waits. */
bool kernel_ring_read(struct kernel_ring *r, kernel_ring_taker *take, void *context);

/* For poll; another one after each reading. */
int kernel_ring_fd(const struct kernel_ring *r);

#endif
