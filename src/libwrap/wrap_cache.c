/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_cache.h"

#include "libwrap/libwrap_abi.h"

static struct access_cache kept = {.resident = true};
static bool is_taken;

struct access_cache *wrap_cache_take(void)
{
	if (__atomic_load_n(&resident, __ATOMIC_RELAXED) <= 0)
		return NULL;
	return __atomic_exchange_n(&is_taken, true, __ATOMIC_ACQUIRE) ? NULL : &kept;
}

void wrap_cache_give_back(struct access_cache *c)
{
	if (c != NULL)
		__atomic_store_n(&is_taken, false, __ATOMIC_RELEASE);
}
