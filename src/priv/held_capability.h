/* SPDX-License-Identifier: ISC */
/*
 * held_capability - whether this process may do what a capability allows: a service may without being root.
 *
 * For asking before something is opened; what the kernel says to the opening itself counts.
 */
#ifndef KW_PRIV_HELD_CAPABILITY_H
#define KW_PRIV_HELD_CAPABILITY_H

#include <linux/capability.h>
#include <stdbool.h>

/* `capability` is CAP_NET_RAW, ... True for root, and where the effective set has it. */
bool held_capability_has(unsigned capability);

#endif
