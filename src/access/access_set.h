/* SPDX-License-Identifier: ISC */
/*
 * access_set - addresses let in or kept out for a time: one line each of a table that is asked before the others.
 *
 *     ALL: 198.51.100.0/24: expires 20261130T050000Z: note guessing passwords: deny
 *
 * The table is in the language of hosts.allow, with two options more (access_option: expires, note), so whatever reads rules
 * reads it: the decision, its explanation, the index, the check. These lines are written by this file only; a line by
 * another hand is kept as it is and cannot be named.
 *
 * A block and a service make an entry: whoever adds it again changes the one that is there.
 *
 * Tests: tests/unit/access/test_access_set.c
 */
#ifndef KW_ACCESS_ACCESS_SET_H
#define KW_ACCESS_ACCESS_SET_H

#include "access/access_decision.h"
#include "base/text_buffer.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stdint.h>

#define ACCESS_SET_PATH "/etc/knockwatch/access.set" /* root's, mode 0644 */

enum {
	ACCESS_SET_SERVICE_SIZE = 64,
	ACCESS_SET_NOTE_SIZE = 200,
	ACCESS_SET_LINE_SIZE = 640, /* enough for every entry: a note of colons is twice as long when it is written */
};

struct access_set_entry {
	struct prefix block;
	char service[ACCESS_SET_SERVICE_SIZE]; /* a daemon's name, or "ALL" */
	enum access_verdict verdict;
	int64_t expires_s;               /* since 1970; 0: never */
	char note[ACCESS_SET_NOTE_SIZE]; /* why; printable ASCII, may be empty */
};

/* A daemon's name as the set may hold it: letters, digits and "._-", no word of the language but ALL. */
bool access_set_is_service(const char *name);

/* A reason as the set keeps it: blanks around it go, a run of them is one, and what is not printable ASCII, or a backslash,
 * becomes '_', a character each. False where that is too long. */
bool access_set_take_note(const char *text, char out[ACCESS_SET_NOTE_SIZE]);

/* The entry's line, with its newline. */
void access_set_write(struct text_buffer *out, const struct access_set_entry *e);

/* False for a line that is none of ours: a comment, a rule by another hand. */
bool access_set_read(struct text_slice line, struct access_set_entry *out);

/* The same block and service. */
bool access_set_same(const struct access_set_entry *a, const struct access_set_entry *b);

static inline bool access_set_is_over(const struct access_set_entry *e, int64_t now_s)
{
	return e->expires_s != 0 && e->expires_s <= now_s;
}

#endif
