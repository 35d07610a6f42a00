/* SPDX-License-Identifier: ISC */
#include "priv/held_capability.h"

#include <cap-ng.h>
#include <unistd.h>

bool held_capability_has(unsigned capability)
{
	capng_clear(CAPNG_SELECT_BOTH);
	return geteuid() == 0 || (capng_get_caps_process() == 0 &&
					 capng_have_capability(CAPNG_EFFECTIVE, capability) == 1);
}
