/* SPDX-License-Identifier: ISC */
#include "event/event_id.h"

#include <stdint.h>

/* FNV-1a with 64 bits and a final avalanche (splitmix64): stable, short, and not for enemies' keys:
 * two things with one id would have to share their millisecond as well. */
static uint64_t hash_bytes(const unsigned char *p, size_t length, uint64_t seed)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;
	for (size_t i = 0; i < length; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
	return h ^ (h >> 31);
}

struct event_id event_id_make(struct wall_time t, const void *bytes, size_t length)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct event_id id;
	uint64_t ms = t.us < 0 ? 0 : (uint64_t)(t.us / 1000) & ((UINT64_C(1) << 48) - 1);
	uint64_t high = hash_bytes(bytes, length, 0), low = hash_bytes(bytes, length, high);
	for (int i = 9; i >= 0; i--, ms >>= 5)
		id.text[i] = alphabet[ms & 31];
	for (int i = 17; i >= 10; i--, high >>= 5)
		id.text[i] = alphabet[high & 31];
	for (int i = 25; i >= 18; i--, low >>= 5)
		id.text[i] = alphabet[low & 31];
	id.text[26] = '\0';
	return id;
}
