/* SPDX-License-Identifier: ISC */
/*
 * secret_mask - takes the secrets out of a command line and leaves its shape.
 *
 * What is masked: the value of an option, variable, header, query or JSON member whose name says that it
 * is secret (--password=x, --token x, PGPASSWORD=x, Authorization: Bearer x, ?api_key=x, {"secret":"x"});
 * the password in user:password@ of a URL; what a known program takes as one (mysql -px, curl -u user:x,
 * sshpass -p x, smbclient -U user%x); and words that are secrets by their form (ghp_..., a JSON web token, a
 * private key). A command inside an argument (sh -c "...", ssh host "...") is looked at word by word.
 * Each secret becomes SECRET_MASK_STARS, of one length whatever it hides; no byte of it is left.
 *
 * In doubt more is masked than less: the rest of a word, or of an argument, goes with the secret. What is
 * no secret by any of the rules stays: a password given as a bare word ("setpass hunter2") can only be known
 * by a name of the administrator's list.
 *
 * Pure, bounded, no allocation.   Tests: tests/unit/event/test_secret_mask.c   Fuzz: fuzz/event/fuzz_secret_mask.c
 */
#ifndef KW_EVENT_SECRET_MASK_H
#define KW_EVENT_SECRET_MASK_H

#include "event/exec_event.h"

#include <stdbool.h>
#include <stddef.h>

#define SECRET_MASK_STARS "***"
#define SECRET_MASK_NAMES_MAX 32

/* Names of the administrator, beside the built-in ones: of options (without their dashes), variables,
 * headers, members. Matched whole, whatever their case. Borrowed. */
struct secret_mask_names {
	const char *items[SECRET_MASK_NAMES_MAX];
	unsigned count;
};

/*
 * Writes the arguments of `size` bytes (as in exec_event: each ends in a NUL; `cut` = the last one may be
 * incomplete) to `out`, masked; returns how many bytes were written, `room` at most. What does not fit is
 * left out at the end; out[returned] is a NUL, so `out` needs room + 1 bytes. `more` may be null.
 */
size_t secret_mask_args(const char *args, size_t size, bool cut,
	const struct secret_mask_names *more, char *out, size_t room);

/* The same in place; `args_true` stays what the program was given. */
void secret_mask_event(struct exec_event *e, const struct secret_mask_names *more);

#endif
