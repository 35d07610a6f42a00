/* SPDX-License-Identifier: ISC */
/*
 * kernel_hook - knocks by the kernel's own word: packets that came to this host and that nobody took.
 *
 * A program of ours (bpf/knock_hook) hears of each packet that the kernel throws away and hands over those
 * thrown away because nobody listens on their port or speaks their protocol; and those that never got so far:
 * dropped by the firewall (if asked for), with a wrong checksum, from a source that cannot be there. They are
 * decoded by packet/ and judged by capture_filter_wants_thrown; origin `kernel`. What the firewall dropped
 * has EVENT_MARK_FIREWALL.
 *
 * It needs no table of ports, so it never errs about one that has just opened, and hears the ports that
 * clients use, too. It is deaf to all that somebody takes: what comes to an open port. That is for a
 * live_capture whose filter was built `beside_hook`.
 *
 * The program hears all network namespaces of the host. Those of others (containers) are asked for with
 * `every_netns`: their events carry the name "netns:INODE" for an interface and are told only where nobody
 * listens, answers aside, for their doors are not known here.
 *
 * Opened before privileges are dropped; afterwards everything is shared memory, no bpf(2). Needs Linux 5.18
 * with BTF, CAP_BPF and CAP_PERFMON. Latency: KERNEL_RING_REST_MS; of UDP that may be an answer
 * CLIENT_PORTS_PATIENCE_MS more. Source of fact: include/net/dropreason-core.h of Linux.
 *
 * BUGS: what a queue in user space (NFQUEUE) refuses is not heard, nor a first fragment whose rest never
 * comes, nor what an XDP program drops.
 */
#ifndef KW_SENSOR_KERNEL_HOOK_H
#define KW_SENSOR_KERNEL_HOOK_H

#include "event/event.h"
#include "event/name_table.h"
#include "sensor/capture_filter.h"
#include "sensor/client_ports.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_HOOK_RING_DEFAULT (2u << 20) /* 21,000 knocks: 0.1 s of 200,000 a second */
#define KERNEL_HOOK_RING_LEAST (64u << 10)
#define KERNEL_HOOK_FIREWALL_BUDGET 250000u /* a second and processor */
#define KERNEL_HOOK_IFACES_MAX 64

struct kernel_hook_options {
	const char *const *ifaces; /* only what came in on these; borrowed for the hook's life */
	unsigned ifaces_count;     /* 0 = on any */
	bool loopback;             /* also what never left this host */
	bool firewall;            /* also what the packet filter of the kernel dropped or refused */
	bool every_netns;         /* also those of containers */
	uint32_t firewall_budget; /* 0 = KERNEL_HOOK_FIREWALL_BUDGET */
	size_t ring_bytes; /* a power of two; 0 = default. Mapped twice, all of it resident */
	struct name_table *names;
	struct client_ports *clients; /* null = nothing is held in doubt */
};

/* Since opening. told = events + unwanted + answers + broken + what still lies in the ring or is held. */
struct kernel_hook_counts {
	uint64_t told;        /* by the kernel's program */
	uint64_t lost;        /* the ring was full */
	uint64_t over_budget; /* dropped by the firewall, and too many */
	uint64_t events;      /* handed to the caller */
	uint64_t unwanted;    /* refused by the law, or on another interface */
	uint64_t answers;     /* to a UDP client of ours that is no more */
	uint64_t broken;      /* not decodable */
};

struct kernel_hook;

/* True if this kernel has all that is needed, as far as can be told without loading anything; else false with
 * the reason. Reads /sys/kernel/btf/vmlinux (some 10 ms). */
bool kernel_hook_is_possible(char *error, size_t error_size);

/* Null with a message in `error`, and errno. `filter` is copied. */
struct kernel_hook *kernel_hook_open(const struct kernel_hook_options *options,
	const struct capture_filter *filter, char *error, size_t error_size);
/* Accepts null. */
void kernel_hook_close(struct kernel_hook *h);

/* The law that judges from now on; copied. */
void kernel_hook_set_filter(struct kernel_hook *h, const struct capture_filter *filter);

/* For poll; another one after each reading. */
int kernel_hook_fd(const struct kernel_hook *h);

/* Writes up to `max` events; `more` is set where it stopped for want of room. Never waits. To be called every few hundred
 * milliseconds at least: what is held in doubt comes out by it alone. */
size_t kernel_hook_read(struct kernel_hook *h, struct event *out, size_t max, bool *more);

/* True, once, if a TCP door of ours has opened or closed since the last call, as far as the last reading tells.
 * Where records were lost, this may be among them. */
bool kernel_hook_take_door_change(struct kernel_hook *h);

struct kernel_hook_counts kernel_hook_read_counts(const struct kernel_hook *h);

#endif
