/* SPDX-License-Identifier: ISC */
/*
 * watch_request - what `watch` was asked for: the words of its command line, and what the configuration says
 * where they are silent.
 *
 * Texts are borrowed, from argv or from the settings.
 */
#ifndef KW_CLI_WATCH_REQUEST_H
#define KW_CLI_WATCH_REQUEST_H

#include "cli/option_row.h"
#include "cli/run_settings.h"
#include "daemon/watch_ears.h"
#include "sensor/log_settings.h"
#include "sensor/wrapper_settings.h"

#include <stdbool.h>
#include <stdint.h>

struct watch_request {
	struct watch_ears_request ears; /* what to listen to; its names are the caller's to set */
	bool named_ears;                /* on the command line, not in the configuration */
	struct path_settings path;      /* of the command line, where it says so */
	bool named_path;
	bool ears_elsewhere; /* another process opens them, with rights of its own; for its caller to set */
	struct prefix_set home;
	const char *state, *user, *config;
	bool named_state; /* on the command line */
	bool no_store, json, knocks, execs, all, utc, quiet;
	enum exec_ear_wish exec;          /* how programs started as root are heard */
	bool named_exec;                  /* on the command line */
	struct secret_mask_names mask;    /* names of secrets */
	enum wrapper_wish wrappers;       /* whether wrappers tell us what they decide */
	bool named_wrappers;              /* on the command line */
	const char *const *wrapper_users; /* whose programs are believed beside root's */
	unsigned wrapper_users_count;
	long seconds;    /* stop after so many; 0 = never */
	uint64_t memory; /* bytes; 0 = as configured */
};

/* The options of `watch`, for option_row_parse, with the function that sets them in a struct watch_request. */
extern const struct option_row watch_request_options[];
bool watch_request_set(void *target, unsigned index, const char *value);

/* Reads the command line; false with a message. */
bool watch_request_parse(struct watch_request *r, int argc, char **argv);

/* Fills in what the command line left open, and in the settings what it says otherwise; they must live as
 * long as the request. False with a message where it cannot be (more interfaces than the memory has room for). */
bool watch_request_complete(struct watch_request *r, struct run_settings *settings);

/* True where the command line alone says what this key of the configuration would. After watch_request_complete. */
bool watch_request_overrules(const struct watch_request *r, const char *key);

/* Whether this process may open interfaces: root, or a user with CAP_NET_RAW. */
bool watch_request_may_listen(void);

/* Bytes of all packet rings and of the kernel hook together. */
uint64_t watch_request_ring_bytes(const struct watch_request *r);

#endif
