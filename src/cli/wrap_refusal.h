/* SPDX-License-Identifier: ISC */
/*
 * wrap_refusal - why a program cannot be given another library by its environment, or a unit another tcpd.
 *
 * The loader ignores LD_LIBRARY_PATH for programs that get rights by being executed (set-user-id, set-group-id, file
 * capabilities), finds a library first where an old run path says, and passes over one for another machine. systemd may
 * take the variable away again, set it behind us, or start the program in a directory where ours is not.
 *
 * Tests: tests/system/87_wrap.sh
 */
#ifndef KW_CLI_WRAP_REFUSAL_H
#define KW_CLI_WRAP_REFUSAL_H

#include "cli/wrap_way.h"

#include <stdbool.h>
#include <stddef.h>

/* For a way in which something asks. True with the reason, a sentence without its full stop. */
bool wrap_refusal_find(
	const struct wrap_place *place, const struct wrap_way *way, char *reason, size_t size);

/* Ours is there: the library for linked programs, tcpd for the others. Else true with the reason. */
bool wrap_refusal_of_place(
	const struct wrap_place *place, enum wrap_way_how how, char *reason, size_t size);

#endif
