/* SPDX-License-Identifier: ISC */
/*
 * nflog_bytes - builds datagrams as the kernel's firewall sends them to a log group. For tests only.
 */
#ifndef KW_TESTS_NFLOG_BYTES_H
#define KW_TESTS_NFLOG_BYTES_H

#include <stddef.h>
#include <stdint.h>

#define NFLOG_BYTES_MAX 4096

struct nflog_bytes {
	size_t used;
	size_t message; /* where the last message begins */
	uint8_t bytes[NFLOG_BYTES_MAX];
};

/* Begins a message of this type; attributes are added to the last one begun. */
void nflog_bytes_begin(struct nflog_bytes *b, uint16_t type);
void nflog_bytes_add(struct nflog_bytes *b, uint16_t type, const void *value, size_t size);
void nflog_bytes_add_number(struct nflog_bytes *b, uint16_t type, uint32_t value);
/* Protocol (an ethertype) and hook. */
void nflog_bytes_add_head(struct nflog_bytes *b, uint16_t protocol, uint8_t hook);

#endif
