/* SPDX-License-Identifier: ISC */
/*
 * wrap_cache - the indexes that the library keeps between the decisions of a program that stays.
 *
 * There is one; whoever comes while another thread decides with it decides without, as a program that asks once. Nor does a child
 * of fork() wait for a thread that it does not have.
 *
 * Tests: tests/unit/libwrap/test_wrap_cache.c
 */
#ifndef KW_LIBWRAP_WRAP_CACHE_H
#define KW_LIBWRAP_WRAP_CACHE_H

#include "access/access_cache.h"

/* Null before the second decision of the process, and while it is taken. */
struct access_cache *wrap_cache_take(void);
/* Accepts null. */
void wrap_cache_give_back(struct access_cache *c);

#endif
