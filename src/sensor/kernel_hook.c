/* SPDX-License-Identifier: ISC */
#include "sensor/kernel_hook.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "bpf/knock_hook.skel.h"
#include "bpf/knock_record.h"
#include "net/ip_proto.h"
#include "packet/packet_decode.h"
#include "sensor/iface_lookup.h"
#include "sensor/kernel_ring.h"
#include "sensor/udp_doubt.h"

#include <bpf/btf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LINKTYPE_RAW 101
#define OWN_NETNS "/proc/self/ns/net"
#define KERNEL_TYPES "/sys/kernel/btf/vmlinux"
#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define CLOCK_TRIES 4
#define CLOCK_GAP_NS 5000     /* between two readings, if nothing came between */
#define CLOCK_STEP_NS 1000000 /* less is no step of the wall clock */

struct kernel_hook {
	struct knock_hook *program;
	struct kernel_ring *ring;
	struct capture_filter filter; /* the law in force */
	struct iface_lookup *ifaces;
	struct udp_doubt *doubt; /* null without clients */
	struct kernel_hook_options options;
	uint32_t own_netns;
	uint32_t last_netns; /* of a container; 0 = none yet */
	uint16_t last_netns_number;
	bool door_changed; /* since it was asked last */
	struct kernel_hook_counts counts;
	/* of the reading at hand */
	struct event *out;
	size_t max, written;
	int64_t now_ms;          /* monotonic */
	int64_t wall_minus_mono; /* ns */
};

static int64_t clock_ns(clockid_t which)
{
	struct timespec now;
	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- opening --- */

static bool has_value(const struct btf *btf, int32_t id, const char *name)
{
	const struct btf_type *type = btf__type_by_id(btf, (uint32_t)id);
	const struct btf_enum *values = btf_enum(type);
	for (unsigned i = 0; i < btf_vlen(type); i++) {
		const char *found = btf__name_by_offset(btf, values[i].name_off);
		if (found && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

static const char *what_is_missing(const struct btf *btf)
{
	int32_t reasons = btf__find_by_name_kind(btf, "skb_drop_reason", BTF_KIND_ENUM);
	if (btf__find_by_name_kind(btf, "btf_trace_kfree_skb", BTF_KIND_TYPEDEF) < 0)
		return "this kernel has no tracepoint for packets that it throws away";
	if (reasons < 0 || !has_value(btf, reasons, "SKB_DROP_REASON_NO_SOCKET") ||
		!has_value(btf, reasons, "SKB_DROP_REASON_NETFILTER_DROP"))
		return "this kernel does not say why it throws a packet away (Linux does since 5.18)";
	return NULL;
}

bool kernel_hook_is_possible(char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct stat there;
	if (stat(KERNEL_TYPES, &there) != 0) {
		text_buffer_add(&message,
			"this kernel was built without its types (BTF), or /sys is not there");
		return false;
	}
	struct btf *btf = btf__load_vmlinux_btf();
	if (btf == NULL) {
		text_buffer_printf(&message, "%s: %s", KERNEL_TYPES, strerror(errno));
		return false;
	}
	const char *missing = what_is_missing(btf);
	btf__free(btf);
	text_buffer_add(&message, missing != NULL ? missing : "");
	return missing == NULL;
}

static bool fail(struct text_buffer *message, const char *what)
{
	int kept = errno;
	bool rights = kept == EPERM || kept == EACCES;
	text_buffer_printf(message, "%s: %s%s", what, strerror(kept),
		rights ? " (needs CAP_BPF and CAP_PERFMON, and a kernel that is not locked down)"
		       : "");
	errno = kept;
	return false;
}

static bool read_own_netns(struct kernel_hook *h)
{
	struct stat own;
	if (stat(OWN_NETNS, &own) != 0)
		return false;
	h->own_netns = (uint32_t)own.st_ino;
	return true;
}

static bool load(struct kernel_hook *h, struct text_buffer *message)
{
	const struct kernel_hook_options *o = &h->options;
	uint32_t ring_bytes = o->ring_bytes ? (uint32_t)o->ring_bytes : KERNEL_HOOK_RING_DEFAULT;
	h->program = knock_hook__open();
	if (h->program == NULL)
		return fail(message, "the kernel hook cannot be read");
	h->program->rodata->own_netns = h->own_netns;
	h->program->rodata->every_netns = o->every_netns;
	h->program->rodata->with_loopback = o->loopback;
	h->program->rodata->with_firewall = o->firewall;
	h->program->rodata->firewall_budget =
		o->firewall_budget ? o->firewall_budget : KERNEL_HOOK_FIREWALL_BUDGET;
	h->program->rodata->wake_ns = KERNEL_RING_REST_MS * (uint64_t)NS_PER_MS;
	if (bpf_map__set_max_entries(h->program->maps.knocks, ring_bytes) != 0 ||
		knock_hook__load(h->program) != 0)
		return fail(message, "the kernel refuses the hook");
	h->ring = kernel_ring_open(bpf_map__fd(h->program->maps.knocks));
	if (h->ring == NULL)
		return fail(message, "the ring of the kernel hook cannot be shared");
	if (knock_hook__attach(h->program) != 0)
		return fail(message, "the kernel hook cannot be attached");
	return true;
}

struct kernel_hook *kernel_hook_open(const struct kernel_hook_options *options,
	const struct capture_filter *filter, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	libbpf_set_print(NULL); /* it explains at length on standard error; we say one line */
	if (!kernel_hook_is_possible(error, error_size)) {
		errno = EOPNOTSUPP;
		return NULL;
	}
	struct kernel_hook *h = memory_calloc(1, sizeof *h);
	h->options = *options;
	h->filter = *filter;
	h->doubt = h->options.clients ? udp_doubt_create(h->options.clients, true) : NULL;
	h->ifaces = iface_lookup_open(h->options.names);
	bool done = h->ifaces && read_own_netns(h) ? load(h, &message)
						   : fail(&message, "the network namespace");
	if (done)
		return h;
	int kept = errno;
	kernel_hook_close(h);
	errno = kept;
	return NULL;
}

void kernel_hook_close(struct kernel_hook *h)
{
	if (h == NULL)
		return;
	kernel_ring_close(h->ring);
	knock_hook__destroy(h->program);
	udp_doubt_destroy(h->doubt);
	iface_lookup_close(h->ifaces);
	free(h);
}

void kernel_hook_set_filter(struct kernel_hook *h, const struct capture_filter *filter)
{
	h->filter = *filter;
}

int kernel_hook_fd(const struct kernel_hook *h)
{
	return kernel_ring_fd(h->ring);
}

/* --- reading --- */

static bool is_watched(const struct kernel_hook *h, uint16_t name_number)
{
	const char *name = name_table_name(h->options.names, name_number);
	for (unsigned i = 0; i < h->options.ifaces_count; i++) {
		if (strcmp(h->options.ifaces[i], name) == 0)
			return true;
	}
	return h->options.ifaces_count == 0;
}

static uint16_t netns_number(struct kernel_hook *h, uint32_t netns)
{
	char name[32];
	if (netns == h->last_netns)
		return h->last_netns_number;
	int length = snprintf(name, sizeof name, "netns:%u", netns);
	h->last_netns = netns;
	h->last_netns_number =
		name_table_intern(h->options.names, (struct text_slice){name, (size_t)length});
	return h->last_netns_number;
}

/* Of a container nothing is known but what the kernel says; answers to it are none of our business. */
static bool wants_of_others(const struct knock_record *r, const struct event *e)
{
	bool answers = e->probe == EVENT_PROBE_SYN_ACK || e->probe == EVENT_PROBE_RST ||
		       e->probe == EVENT_PROBE_ACK || e->probe == EVENT_PROBE_MAIMON;
	return (r->cause == KNOCK_CAUSE_NO_SOCKET || r->cause == KNOCK_CAUSE_NO_PROTOCOL) &&
	       !answers;
}

static bool wants_of_ours(
	struct kernel_hook *h, const struct knock_record *r, const struct event *e)
{
	bool nobody = r->cause == KNOCK_CAUSE_NO_SOCKET || r->cause == KNOCK_CAUSE_NO_PROTOCOL;
	return is_watched(h, e->iface) && capture_filter_wants_thrown(&h->filter, e, nobody);
}

static bool may_be_late_answer(const struct kernel_hook *h, const struct event *e)
{
	return h->doubt && e->proto == IP_PROTO_UDP && (e->has & EVENT_HAS_PORTS) &&
	       client_ports_can_tell(h->options.clients, h->now_ms);
}

static void tell(struct kernel_hook *h, const struct event *e)
{
	h->out[h->written++] = *e;
}

static void settle(struct kernel_hook *h, const struct knock_record *r, struct event *e)
{
	bool ours = r->netns == h->own_netns;
	int64_t wall_ns = (int64_t)r->time_ns + h->wall_minus_mono;
	struct event from_before;
	e->time = (struct wall_time){wall_ns / NS_PER_US};
	e->origin = EVENT_ORIGIN_KERNEL;
	e->iface =
		ours ? iface_lookup_find(h->ifaces, r->ifindex)->number : netns_number(h, r->netns);
	e->marks = (uint8_t)(e->marks | EVENT_MARK_INCOMING |
			     (r->link_group ? EVENT_MARK_LINK_GROUP : 0) |
			     (r->cause == KNOCK_CAUSE_FIREWALL ? EVENT_MARK_FIREWALL : 0));
	if (!(ours ? wants_of_ours(h, r, e) : wants_of_others(r, e)))
		h->counts.unwanted++;
	else if (!ours || !may_be_late_answer(h, e))
		tell(h, e);
	else if (udp_doubt_take(h->doubt, e, h->now_ms, &from_before))
		tell(h, &from_before);
}

static bool take_record(void *context, const void *record, size_t size)
{
	struct kernel_hook *h = context;
	const struct knock_record *r = record;
	struct event e;
	size_t behind = size - sizeof *r;
	if (size >= sizeof *r && r->cause == KNOCK_DOOR)
		h->door_changed = true;
	else if (size < sizeof *r || r->captured > behind ||
		 packet_decode(LINKTYPE_RAW, (const uint8_t *)(r + 1), r->captured, &e) !=
			 PACKET_OK)
		h->counts.broken++;
	else
		settle(h, r, &e);
	return h->written < h->max;
}

/* What to add to the kernel's times. Both clocks are slewed alike, so it changes only where the wall clock is set;
 * what else differs is that we were interrupted between the two readings, and would disorder events. */
static void measure_clocks(struct kernel_hook *h)
{
	int64_t best_gap_ns = INT64_MAX, offset_ns = 0;
	for (int try = 0; try < CLOCK_TRIES && best_gap_ns > CLOCK_GAP_NS; try++) {
		int64_t before_ns = clock_ns(CLOCK_MONOTONIC), wall_ns = clock_ns(CLOCK_REALTIME),
			after_ns = clock_ns(CLOCK_MONOTONIC);
		if (after_ns - before_ns < best_gap_ns) {
			best_gap_ns = after_ns - before_ns;
			offset_ns = wall_ns - before_ns;
		}
		h->now_ms = after_ns / NS_PER_MS;
	}
	if (llabs(offset_ns - h->wall_minus_mono) > CLOCK_STEP_NS + best_gap_ns)
		h->wall_minus_mono = offset_ns;
}

size_t kernel_hook_read(struct kernel_hook *h, struct event *out, size_t max, bool *more)
{
	measure_clocks(h);
	h->out = out;
	h->max = max;
	h->written = 0;
	if (h->doubt) {
		/* The ends of sockets first: what answered them is then no doubt. */
		client_ports_hear(h->options.clients, h->now_ms);
		h->written = udp_doubt_settle(h->doubt, h->now_ms, out, max);
	}
	*more |= h->written == max || kernel_ring_read(h->ring, take_record, h);
	h->counts.events += h->written;
	return h->written;
}

bool kernel_hook_take_door_change(struct kernel_hook *h)
{
	bool changed = h->door_changed;
	h->door_changed = false;
	return changed;
}

struct kernel_hook_counts kernel_hook_read_counts(const struct kernel_hook *h)
{
	struct kernel_hook_counts sum = h->counts;
	for (unsigned i = 0; i < KNOCK_SLOTS; i++) {
		const volatile struct knock_slot *slot = &h->program->bss->slots[i];
		sum.told += slot->told;
		sum.lost += slot->lost;
		sum.over_budget += slot->over_budget;
	}
	if (h->doubt)
		sum.answers = udp_doubt_read_counts(h->doubt).answers;
	return sum;
}
