/* SPDX-License-Identifier: ISC */
/*
 * exec_hearing - the sensor's part of the root audit: opens the ear, masks secrets, hands starts on.
 *
 * Zeroed memory is one that hears nothing; all calls accept it.
 */
#ifndef KW_DAEMON_EXEC_HEARING_H
#define KW_DAEMON_EXEC_HEARING_H

#include "event/secret_mask.h"
#include "sensor/exec_ear.h"

struct exec_hearing_request {
	enum exec_ear_wish wish;
	bool named;                    /* by the user: what cannot be opened is an error */
	struct secret_mask_names mask; /* borrowed names */
};

struct exec_hearing {
	struct exec_ear ear;
	struct secret_mask_names mask;
	struct exec_event event; /* scratch */
	char passed_over[512];   /* why a better path was not taken; empty if it was */
};

/* As root. False where what was asked for by name cannot be opened, which is said. Without the rights for it, and with nothing
 * asked for, there is nothing to hear. */
bool exec_hearing_open(struct exec_hearing *h, const struct exec_hearing_request *request);
void exec_hearing_close(struct exec_hearing *h);

/* Says which path is used, and its limits. */
void exec_hearing_say(const struct exec_hearing *h);

/* For poll; -1 = nothing to hear. */
int exec_hearing_fd(const struct exec_hearing *h);

/* Hands out what there is, a bounded part of it, larger for the last one (`all`). What is no start by root counts
 * in that bound; poll wakes again at once for the rest. */
void exec_hearing_hear(struct exec_hearing *h, bool all,
	void (*take)(void *context, const struct exec_event *e), void *context);

/* Starts that were not heard, or not whole. */
uint64_t exec_hearing_lost(const struct exec_hearing *h);

/* As ear_read_paths. */
unsigned exec_hearing_read_paths(const struct exec_hearing *h, const char **out, size_t max);

#endif
