/* SPDX-License-Identifier: ISC */
#include "event/event_id.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* FNV-1a with 64 bits and a final avalanche (splitmix64): stable, short, and not for enemies' keys:
 * two things with one id would have to share their millisecond as well. */
static uint64_t hash_bytes(const unsigned char *p, size_t length, uint64_t seed)
{
	const uint64_t prime = UINT64_C(0x100000001b3);
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;
	for (; length >= 4; length -= 4, p += 4) {
		h = (h ^ p[0]) * prime;
		h = (h ^ p[1]) * prime;
		h = (h ^ p[2]) * prime;
		h = (h ^ p[3]) * prime;
	}
	while (length-- > 0)
		h = (h ^ *p++) * prime;
	h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
	return h ^ (h >> 31);
}

/* The lowest 40 bits. */
static void write_eight(char *at, uint64_t bits)
{
	at[0] = alphabet[bits >> 35 & 31];
	at[1] = alphabet[bits >> 30 & 31];
	at[2] = alphabet[bits >> 25 & 31];
	at[3] = alphabet[bits >> 20 & 31];
	at[4] = alphabet[bits >> 15 & 31];
	at[5] = alphabet[bits >> 10 & 31];
	at[6] = alphabet[bits >> 5 & 31];
	at[7] = alphabet[bits & 31];
}

struct event_id event_id_make(struct wall_time t, const void *bytes, size_t length)
{
	struct event_id id;
	uint64_t ms = t.us < 0 ? 0 : (uint64_t)(t.us / 1000) & ((UINT64_C(1) << 48) - 1);
	uint64_t high = hash_bytes(bytes, length, 0), low = hash_bytes(bytes, length, high);
	write_eight(id.text, ms >> 10);
	write_eight(id.text + 2, ms);
	write_eight(id.text + 10, high);
	write_eight(id.text + 18, low);
	id.text[EVENT_ID_LENGTH] = '\0';
	return id;
}

bool event_id_is_valid(const char *text)
{
	return strspn(text, alphabet) == EVENT_ID_LENGTH && text[EVENT_ID_LENGTH] == '\0';
}
