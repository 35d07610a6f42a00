/* SPDX-License-Identifier: ISC */
/*
 * replay_seed - a hash key for a replay, made from the input itself.
 *
 * Estimates (how many sources, how many doors) hang on the key. With a random one two readings of the same
 * file would tell slightly different numbers; with a fixed one a scanner could choose addresses that
 * collide. A key made of all that is at the head of the input repeats itself, and is known only to who
 * wrote every packet there.
 */
#ifndef KW_ENGINE_REPLAY_SEED_H
#define KW_ENGINE_REPLAY_SEED_H

#include "event/event.h"

#include <stddef.h>
#include <stdint.h>

/* Never 0, which asks for a random key. The same for the same events, on every machine. */
uint64_t replay_seed_make(const struct event *events, size_t count);

#endif
