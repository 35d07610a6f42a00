/* SPDX-License-Identifier: ISC */
/*
 * nflog_groups - which log groups of this network namespace have a reader.
 *
 * Needs root, for the kernel's list is readable for nobody else. Source of fact:
 * /proc/net/netfilter/nfnetlink_log, whose columns are group, port id of the reader, and others.
 */
#ifndef KW_SENSOR_NFLOG_GROUPS_H
#define KW_SENSOR_NFLOG_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NFLOG_GROUPS_MAX 256 /* more than that nobody has; the rest is left out */

struct nflog_group {
	uint16_t group;
	uint32_t port_id; /* of the reader's socket: most often the number of its process */
};

struct nflog_groups {
	struct nflog_group items[NFLOG_GROUPS_MAX];
	unsigned count;
};

/* False with errno where the list cannot be read; `out` is then empty. A kernel without such groups
 * has none. */
bool nflog_groups_read(struct nflog_groups *out);
/* The same from the text of the list, `size` bytes. Lines that are none are skipped. */
void nflog_groups_parse(const char *text, size_t size, struct nflog_groups *out);

/* Null where nobody reads the group. */
const struct nflog_group *nflog_groups_find(const struct nflog_groups *g, uint16_t group);

#endif
