/* SPDX-License-Identifier: ISC */
/*
 * libwrap_rfc931 - how long this thread waits for a user's name, other than the variable rfc931_timeout says.
 *
 * "rfc931 5" in a rule is for one decision; the variable is for the whole program, and stays.
 */
#ifndef KW_LIBWRAP_LIBWRAP_RFC931_H
#define KW_LIBWRAP_LIBWRAP_RFC931_H

/* 0: as long as the variable says. */
void libwrap_rfc931_wait(unsigned seconds);

#endif
