/* SPDX-License-Identifier: ISC */
/*
 * Called for each packet that the kernel throws away. Of the reasons it gives, those of interest say that a
 * packet came to this host and nobody wanted it; their numbers differ between kernels and are taken from the one
 * that runs.
 *
 * Waking the reader for each record would cost eight times what the record costs (an interrupt to ourselves and a
 * switch of tasks). So it is woken by the first record, and then not again for `wake_ns`: who was woken and found
 * something must look again after that time. A reader that keeps to it misses nothing.
 */
#include "bpf/kernel_types.h"
#include "bpf/knock_record.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define LOOPBACK_IFINDEX 1      /* in every namespace */
#define TO_A_WHOLE_LINK_FIRST 1 /* PACKET_BROADCAST ... */
#define TO_A_WHOLE_LINK_LAST 2  /* PACKET_MULTICAST */
#define TO_SOMEBODY_ELSE 3 /* PACKET_OTHERHOST: seen only because an interface is promiscuous */
#define STATE_CLOSE 7      /* TCP_CLOSE */
#define STATE_LISTEN 10    /* TCP_LISTEN */
#define SECOND_NS 1000000000ull

/* Set before loading. */
const volatile __u32 own_netns;       /* inode of the namespace whose knocks are wanted ... */
const volatile __u8 every_netns;      /* ... or 1: those of all of them */
const volatile __u8 with_loopback;    /* 1: also what never left this host */
const volatile __u8 with_firewall;    /* 1: also what netfilter dropped */
const volatile __u64 firewall_budget; /* of these: records a second and processor */
const volatile __u64 wake_ns;

struct knock_slot slots[KNOCK_SLOTS];
__u64 woken_ns;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20); /* as the reader sets it before loading */
} knocks SEC(".maps");

struct short_record {
	struct knock_record head;
	__u8 bytes[KNOCK_RECORD_SHORT];
};

struct long_record {
	struct knock_record head;
	__u8 bytes[KNOCK_RECORD_LONG];
};

#define IS(name)                                                                                   \
	(bpf_core_enum_value_exists(enum skb_drop_reason, SKB_DROP_REASON_##name) &&               \
		reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_##name))

/* KNOCK_CAUSES for a packet that is nothing to us. */
static __always_inline enum knock_cause cause_of(__u64 reason)
{
	if (IS(NO_SOCKET))
		return KNOCK_CAUSE_NO_SOCKET;
	if (IS(NETFILTER_DROP))
		return with_firewall ? KNOCK_CAUSE_FIREWALL : KNOCK_CAUSES;
	if (IS(IP_NOPROTO))
		return KNOCK_CAUSE_NO_PROTOCOL;
	if (IS(TCP_CSUM) || IS(UDP_CSUM) || IS(PKT_TOO_SMALL))
		return KNOCK_CAUSE_BROKEN;
	if (IS(IP_RPFILTER) || IS(IP_LOCAL_SOURCE) || IS(IP_INVALID_SOURCE) ||
		IS(UNICAST_IN_L2_MULTICAST))
		return KNOCK_CAUSE_STRANGE;
	return KNOCK_CAUSES;
}

static __always_inline _Bool is_within_budget(struct knock_slot *slot, __u64 now)
{
	__u64 second = now / SECOND_NS;
	if (slot->second != second) {
		slot->second = second;
		slot->used = 0;
	}
	return slot->used++ < firewall_budget;
}

static __always_inline __u64 wake_flag(__u64 now)
{
	if (now - woken_ns < wake_ns)
		return BPF_RB_NO_WAKEUP;
	woken_ns = now;
	return BPF_RB_FORCE_WAKEUP;
}

static __always_inline void fill(
	struct knock_record *r, struct sk_buff *skb, __u32 netns, __u64 now, __u8 cause, __u8 pkt_type)
{
	r->time_ns = now;
	r->netns = netns;
	r->ifindex = skb->skb_iif;
	r->cause = cause;
	r->link_group = pkt_type >= TO_A_WHOLE_LINK_FIRST && pkt_type <= TO_A_WHOLE_LINK_LAST;
	r->spare = 0;
}

/* Reads whole records' worth: behind the packet lies the rest of its buffer, never the end of memory. */
#define TELL(kind)                                                                                 \
	do {                                                                                       \
		struct kind *r = bpf_ringbuf_reserve(&knocks, sizeof *r, 0);                       \
		if (!r) {                                                                          \
			slot->lost++;                                      \
			return 0;                                                                  \
		}                                                                                  \
		fill(&r->head, skb, netns, now, cause, pkt_type);                                  \
		r->head.captured = linear < sizeof r->bytes ? linear : sizeof r->bytes;            \
		if (bpf_probe_read_kernel(r->bytes, sizeof r->bytes, network) < 0)                 \
			r->head.captured = 0;                                                      \
		bpf_ringbuf_submit(r, wake_flag(now));                                             \
	} while (0)

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_packet_thrown_away, struct sk_buff *skb, void *where, __u64 reason)
{
	enum knock_cause cause = cause_of((__u32)reason);
	if (cause == KNOCK_CAUSES)
		return 0;
	int iif = skb->skb_iif;
	if (iif == 0 || (iif == LOOPBACK_IFINDEX && !with_loopback))
		return 0;
	if (skb->protocol != bpf_htons(ETHERTYPE_IPV4) &&
		skb->protocol != bpf_htons(ETHERTYPE_IPV6))
		return 0;
	__u8 pkt_type = BPF_CORE_READ_BITFIELD(skb, pkt_type);
	if (pkt_type == TO_SOMEBODY_ELSE)
		return 0;
	__u32 netns = skb->dev->nd_net.net->ns.inum;
	if (!every_netns && netns != own_netns)
		return 0;
	struct knock_slot *slot = &slots[bpf_get_smp_processor_id() % KNOCK_SLOTS];
	__u64 now = bpf_ktime_get_ns();
	if (cause == KNOCK_CAUSE_FIREWALL && !is_within_budget(slot, now)) {
		slot->over_budget++;
		return 0;
	}
	unsigned char *network = skb->head + skb->network_header;
	__u64 linear = (__u64)(skb->data + (skb->len - skb->data_len) - network);
	if (linear <= KNOCK_RECORD_SHORT)
		TELL(short_record);
	else
		TELL(long_record);
	slot->told++;
	return 0;
}

/* Each connection changes its state some six times, a door opens or closes rarely. That it was told may be lost with a
 * full ring: who reads looks every second anyway. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state_changed, struct sock *sk, int before, int after)
{
	/* A connection that is accepted begins as a copy of its door, and leaves that state for another. */
	if (after != STATE_LISTEN && !(before == STATE_LISTEN && after == STATE_CLOSE))
		return 0;
	if (sk->__sk_common.skc_net.net->ns.inum != own_netns)
		return 0;
	struct knock_record *r = bpf_ringbuf_reserve(&knocks, sizeof *r, 0);
	if (!r)
		return 0;
	__builtin_memset(r, 0, sizeof *r);
	r->time_ns = bpf_ktime_get_ns();
	r->netns = own_netns;
	r->cause = KNOCK_DOOR;
	bpf_ringbuf_submit(r, wake_flag(r->time_ns));
	return 0;
}

/* The kernel lets only programs under its own licence use the helpers for tracing; ISC code may be taken under
 * it as well. */
char licence_of_all[] SEC("license") = "Dual BSD/GPL";
