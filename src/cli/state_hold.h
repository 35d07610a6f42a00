/* SPDX-License-Identifier: ISC */
/*
 * state_hold - a state directory held by a command that writes to it and is no watch.
 *
 * It takes the lock, so that no watch writes there meanwhile, makes the directory what a watch makes
 * it, and becomes the user that owns it: what is written then belongs to the next watch. Everything
 * else that needs rights is opened before. What the last watch said of itself stays.
 */
#ifndef KW_CLI_STATE_HOLD_H
#define KW_CLI_STATE_HOLD_H

#include "base/stop_code.h"
#include "priv/drop_privileges.h"
#include "priv/state_lock.h"

struct state_hold {
	int lock;                       /* -1 = not held */
	char line[STATE_LOCK_LINE_MAX]; /* of the last watch; "" = none */
};

/* The owner of the directory, where root runs the command and it has one; else as a watch chooses. False with
 * the reason. */
bool state_hold_choose_user(
	const char *directory, struct drop_identity *id, char *error, size_t error_size);

/* STOP_DONE, or how the command (`who`) ends, which was said. */
enum stop_code state_hold_take(struct state_hold *h, const char *who, const char *directory);
/* Accepts one that is not held. */
void state_hold_release(struct state_hold *h);

#endif
