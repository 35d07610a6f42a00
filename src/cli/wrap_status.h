/* SPDX-License-Identifier: ISC */
/*
 * wrap_status - who asks hosts.allow and hosts.deny, started by whom, and by whose code: for people and as JSON.
 *
 * Of processes that run it is told which file they have mapped; of a host below a root nothing runs here.
 */
#ifndef KW_CLI_WRAP_STATUS_H
#define KW_CLI_WRAP_STATUS_H

#include "cli/wrap_way.h"
#include "event/json_line.h"

#include <stdio.h>

void wrap_status_print(const struct wrap_ways *w, FILE *out);
void wrap_status_print_json(const struct wrap_ways *w, FILE *out);

/* Members of an object that is open: version and place; a way. */
void wrap_status_put_place(struct json_line *j, const struct wrap_place *place);
void wrap_status_put_way(struct json_line *j, const struct wrap_way *way);

#endif
