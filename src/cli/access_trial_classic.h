/* SPDX-License-Identifier: ISC */
/*
 * access_trial_classic - one "may this client enter?" in the lines that tcpdmatch prints, for scripts and habits.
 *
 * A line a fact, with its label in the first ten columns: "client:", "server:", "matched:", "option:" and last "access:", which
 * is granted, denied, or delegated (to a command of twist). Between them stand lines that the original does not have: "rule:",
 * "asked:", "later:", "warning:". Text from outside is made harmless; nothing is cut or wrapped.
 */
#ifndef KW_CLI_ACCESS_TRIAL_CLASSIC_H
#define KW_CLI_ACCESS_TRIAL_CLASSIC_H

#include "cli/access_trial_report.h"

#include <stdbool.h>
#include <stdio.h>

/* `again`: it is not the first; an empty line comes before it. */
void access_trial_classic_print(const struct access_trial *t, bool again, FILE *out);

#endif
