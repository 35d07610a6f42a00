/* SPDX-License-Identifier: ISC */
/*
 * dns_message - builds answers of the DNS for tests, good and broken ones.
 */
#ifndef KW_TESTS_DNS_MESSAGE_H
#define KW_TESTS_DNS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dns_message {
	uint8_t bytes[4096];
	size_t size;
};

static inline void dns_message_add_16(struct dns_message *m, unsigned n)
{
	m->bytes[m->size++] = (uint8_t)(n >> 8);
	m->bytes[m->size++] = (uint8_t)n;
}

/* Labels between dots; without compression. */
static inline size_t dns_message_write_name(uint8_t *to, const char *name)
{
	size_t used = 0;
	while (*name != '\0') {
		size_t label = strcspn(name, ".");
		to[used++] = (uint8_t)label;
		memcpy(to + used, name, label);
		used += label;
		name += label + (name[label] == '.');
	}
	to[used++] = 0;
	return used;
}

static inline void dns_message_add_name(struct dns_message *m, const char *name)
{
	m->size += dns_message_write_name(m->bytes + m->size, name);
}

/* Header and question. `flags`: 0x8180 is a good answer. */
static inline struct dns_message dns_message_begin(unsigned flags, const char *question, unsigned type)
{
	struct dns_message m = {.size = 0};
	dns_message_add_16(&m, 0x1234);
	dns_message_add_16(&m, flags);
	dns_message_add_16(&m, 1);
	dns_message_add_16(&m, 0);
	dns_message_add_16(&m, 0);
	dns_message_add_16(&m, 0);
	dns_message_add_name(&m, question);
	dns_message_add_16(&m, type);
	dns_message_add_16(&m, 1);
	return m;
}

static inline void dns_message_add_record(
	struct dns_message *m, const char *owner, unsigned type, const void *data, size_t size)
{
	unsigned count = (unsigned)m->bytes[6] << 8 | m->bytes[7];
	count++;
	m->bytes[6] = (uint8_t)(count >> 8);
	m->bytes[7] = (uint8_t)count;
	dns_message_add_name(m, owner);
	dns_message_add_16(m, type);
	dns_message_add_16(m, 1);
	dns_message_add_16(m, 0);
	dns_message_add_16(m, 60);
	dns_message_add_16(m, (unsigned)size);
	memcpy(m->bytes + m->size, data, size);
	m->size += size;
}

/* A record whose data is a name: PTR (12), CNAME (5). */
static inline void dns_message_add_name_record(
	struct dns_message *m, const char *owner, unsigned type, const char *name)
{
	uint8_t data[300];
	dns_message_add_record(m, owner, type, data, dns_message_write_name(data, name));
}

#endif
