/* SPDX-License-Identifier: ISC */
#include "base/keyed_hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void keyed_hash_init(struct keyed_hash *h)
{
	if (getrandom(h->key, sizeof h->key, 0) != (ssize_t)sizeof h->key) {
		perror("knockwatch: the kernel gives no random numbers");
		exit(7);
	}
	for (int i = 0; i < 3; i++)
		h->key[i] |= 1;
}

/* splitmix64 (Steele, Lea, Flood 2014): a well mixed sequence from any seed. */
static uint64_t next_word(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void keyed_hash_init_seeded(struct keyed_hash *h, uint64_t seed)
{
	for (int i = 0; i < 3; i++)
		h->key[i] = next_word(&seed) | 1;
}
