/* SPDX-License-Identifier: ISC */
#include "nflog_bytes.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

static void append(struct nflog_bytes *b, const void *bytes, size_t size)
{
	memcpy(b->bytes + b->used, bytes, size);
	b->used += size;
	while (b->used % 4 != 0)
		b->bytes[b->used++] = 0;
	uint32_t length = (uint32_t)(b->used - b->message);
	memcpy(b->bytes + b->message, &length, sizeof length);
}

void nflog_bytes_begin(struct nflog_bytes *b, uint16_t type)
{
	struct nlmsghdr header = {.nlmsg_type = type};
	struct nfgenmsg group = {.nfgen_family = AF_INET};
	b->message = b->used;
	append(b, &header, sizeof header);
	append(b, &group, sizeof group);
}

void nflog_bytes_add(struct nflog_bytes *b, uint16_t type, const void *value, size_t size)
{
	uint8_t whole[1024];
	struct nlattr head = {(uint16_t)(sizeof head + size), type};
	memcpy(whole, &head, sizeof head);
	memcpy(whole + sizeof head, value, size);
	append(b, whole, sizeof head + size);
}

void nflog_bytes_add_number(struct nflog_bytes *b, uint16_t type, uint32_t value)
{
	uint32_t wire = htonl(value);
	nflog_bytes_add(b, type, &wire, sizeof wire);
}

void nflog_bytes_add_head(struct nflog_bytes *b, uint16_t protocol, uint8_t hook)
{
	struct nfulnl_msg_packet_hdr head = {.hw_protocol = htons(protocol), .hook = hook};
	nflog_bytes_add(b, NFULA_PACKET_HDR, &head, sizeof head);
}
