/* SPDX-License-Identifier: ISC */
#include "access/access_sort.h"

#include <assert.h>

struct histogram {
	size_t count[256];
};

static void count_bytes(struct histogram *of_byte, const struct access_pile *p, size_t record_size, size_t key_size)
{
	for (size_t at = 0; at < p->used; at += record_size) {
		const unsigned char *key = (const unsigned char *)p->bytes + at;
		for (size_t i = 0; i < key_size; i++)
			of_byte[i].count[key[i]]++;
	}
}

/* Counts become the places where records with that byte begin. */
static void make_places(struct histogram *h)
{
	size_t before = 0;
	for (size_t i = 0; i < 256; i++) {
		size_t here = h->count[i];
		h->count[i] = before;
		before += here;
	}
}

/* `record_size` is a constant in each call, so that the copy becomes two or four moves. */
static inline __attribute__((always_inline)) void move_records(
	const char *from, char *to, size_t used, size_t record_size, size_t byte, struct histogram *place)
{
	for (size_t at = 0; at < used; at += record_size) {
		unsigned char value = (unsigned char)from[at + byte];
		memcpy(to + place->count[value]++ * record_size, from + at, record_size);
	}
}

static void move_by_byte(
	const char *from, char *to, size_t used, size_t record_size, size_t byte, struct histogram *place)
{
	make_places(place);
	if (record_size == 8)
		move_records(from, to, used, 8, byte, place);
	else if (record_size == 16)
		move_records(from, to, used, 16, byte, place);
	else
		move_records(from, to, used, 32, byte, place);
}

static bool in_order(const struct access_pile *p, size_t record_size, size_t key_size)
{
	for (size_t at = record_size; at < p->used; at += record_size) {
		if (memcmp(p->bytes + at - record_size, p->bytes + at, key_size) > 0)
			return false;
	}
	return true;
}

bool access_sort_records(struct access_pile *p, size_t record_size, size_t key_size)
{
	assert(record_size == 8 || record_size == 16 || record_size == 32);
	assert(key_size <= ACCESS_SORT_KEY_MAX && key_size <= record_size && p->used % record_size == 0);
	if (p->failed)
		return false;
	if (in_order(p, record_size, key_size))
		return true;
	struct histogram *of_byte = calloc(key_size, sizeof *of_byte);
	char *spare = malloc(p->size);
	if (of_byte == NULL || spare == NULL) {
		free(of_byte);
		free(spare);
		p->failed = true;
		return false;
	}
	const size_t records = p->used / record_size;
	count_bytes(of_byte, p, record_size, key_size);
	for (size_t byte = key_size; byte-- > 0;) {
		unsigned char any = (unsigned char)p->bytes[byte];
		if (of_byte[byte].count[any] == records)
			continue;
		move_by_byte(p->bytes, spare, p->used, record_size, byte, &of_byte[byte]);
		char *sorted = spare;
		spare = p->bytes;
		p->bytes = sorted;
	}
	free(of_byte);
	free(spare);
	return true;
}
