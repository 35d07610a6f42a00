/* SPDX-License-Identifier: ISC */
/*
 * name_table - gives short numbers to names that recur: interfaces, and hosts that log to us.
 *
 * Bounded: names come from outside, so after NAME_TABLE_MAX different ones every new name gets 0,
 * which is also "no name". Names are stored escaped and capped at NAME_TABLE_LENGTH.
 */
#ifndef KW_EVENT_NAME_TABLE_H
#define KW_EVENT_NAME_TABLE_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

#define NAME_TABLE_MAX 1024  /* hosts of a large fleet on one log server */
#define NAME_TABLE_LENGTH 64 /* longest host label plus NUL (RFC 1035: 63) */

/* Services and access tables that wrappers name, among them: whoever may write to a log can invent more. */
#define NAME_TABLE_SERVICES_MAX 256

struct name_table;

struct name_table *name_table_create(void);
void name_table_destroy(struct name_table *t);

/* The number of a name, added if it is new and there is room; 0 for an empty name or a full table. */
uint16_t name_table_intern(struct name_table *t, struct text_slice name);

/* The same for the name of a service, or of the table that decided on it: 0 as well once there are
 * NAME_TABLE_SERVICES_MAX of them, so that hosts and interfaces still find a place. */
uint16_t name_table_intern_service(struct name_table *t, struct text_slice name);

/* Names so far, "" among them: the numbers below this one have a meaning. */
unsigned name_table_count(const struct name_table *t);

/* True if a table could have given out this name: plain text, not empty, short enough. */
bool name_table_is_plain(const char *name);

/* As name_table_intern for a name that another table gave out, which is not escaped again. 0 where it is not plain,
 * too. */
uint16_t name_table_adopt(struct name_table *t, const char *name);

/* The name of a number; "" for 0 and unknown numbers. Lives as long as the table. */
const char *name_table_name(const struct name_table *t, uint16_t number);

#endif
