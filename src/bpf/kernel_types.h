/* SPDX-License-Identifier: ISC */
/*
 * kernel_types - the fields of the kernel's own structures that our programs read, and no others.
 *
 * For programs of this room only. The places of fields and the values of enumerators are not those written
 * here: libbpf takes them from the running kernel's BTF (CO-RE). What a kernel does not have must be asked
 * for with bpf_core_field_exists or bpf_core_enum_value_exists. Anonymous structs and unions are looked through.
 * Source of fact: include/linux/skbuff.h, include/net/dropreason-core.h of Linux.
 */
#ifndef KW_BPF_KERNEL_TYPES_H
#define KW_BPF_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	possible_net_t nd_net;
};

struct sock_common {
	possible_net_t skc_net;
};

struct sock {
	struct sock_common __sk_common;
};

struct sk_buff {
	struct net_device *dev;
	unsigned int len, data_len; /* all of it; of that outside the linear part */
	int skb_iif;                /* received on; 0 = made by this host */
	__be16 protocol;
	__u16 network_header;       /* from `head` */
	__u8 pkt_type : 3;          /* PACKET_HOST, ... of linux/if_packet.h */
	unsigned char *head, *data; /* the buffer; where the layer that holds it now begins */
};

#pragma clang attribute pop

enum skb_drop_reason {
	SKB_DROP_REASON_NO_SOCKET = 3,
	SKB_DROP_REASON_PKT_TOO_SMALL,
	SKB_DROP_REASON_TCP_CSUM,
	SKB_DROP_REASON_UDP_CSUM,
	SKB_DROP_REASON_NETFILTER_DROP,
	SKB_DROP_REASON_IP_RPFILTER,
	SKB_DROP_REASON_UNICAST_IN_L2_MULTICAST,
	SKB_DROP_REASON_IP_NOPROTO,
	SKB_DROP_REASON_IP_LOCAL_SOURCE,
	SKB_DROP_REASON_IP_INVALID_SOURCE,
};

#endif
