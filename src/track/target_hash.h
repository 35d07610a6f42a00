/* SPDX-License-Identifier: ISC */
/*
 * target_hash - the hashes by which a target, its port and its host are counted. Private to the
 * files of target_set: what one form counted the other must count alike.
 */
#ifndef KW_TRACK_TARGET_HASH_H
#define KW_TRACK_TARGET_HASH_H

#include "track/cardinality.h"
#include "track/target_set.h"

static inline uint64_t target_hash_whole(struct target t)
{
	uint64_t word = (uint64_t)t.host << 32 | (uint64_t)t.port << 8 | t.space;
	word = (word ^ (word >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	word = (word ^ (word >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	return word ^ (word >> 32);
}

static inline uint64_t target_hash_host(struct target t)
{
	return cardinality_mix(t.host + UINT64_C(0x9e3779b97f4a7c15));
}

static inline uint64_t target_hash_port(struct target t)
{
	return cardinality_mix((uint64_t)t.port << 8 | t.space | 1u << 30);
}

#endif
