/* SPDX-License-Identifier: ISC */
/*
 * pending_keys - the keys of the configuration that a watch goes on without, until it is started anew.
 *
 * What was opened with rights that are gone, or sized tables that are in use, stays as it was at the start. Whoever
 * changes such a key and has the file read again is told so, by name; else the change would look as if it held.
 *
 * Tests: tests/unit/cli/test_pending_keys.c, tests/system/41_signals.sh
 */
#ifndef KW_CLI_PENDING_KEYS_H
#define KW_CLI_PENDING_KEYS_H

#include "cli/run_settings.h"
#include "cli/watch_request.h"

#include <stdbool.h>

#define PENDING_KEYS_MAX 1024 /* bytes of such a list */

struct pending_keys {
	char at_start[PENDING_KEYS_MAX];   /* "exec, exec_secrets and home"; "" = none */
	char by_command[PENDING_KEYS_MAX]; /* those of `send`, which reads them at its own start */
	bool several_at_start, several_by_command;
};

/* What `fresh` says otherwise than `running`, the settings of the start, where the command line does not overrule it. Both
 * are only read. */
void pending_keys_find(const struct watch_request *r, struct run_settings *running,
	struct run_settings *fresh, struct pending_keys *out);

/* Says them, if there are any: a warning for each list. */
void pending_keys_say(const struct watch_request *r, struct run_settings *running,
	struct run_settings *fresh);

#endif
