/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_rfc931.h"

#include "libwrap/libwrap_abi.h"
#include "libwrap/wrap_ident.h"

#include <string.h>

_Static_assert((int)WRAP_IDENT_USER_SIZE == STRING_LENGTH, "a user fits");

/* However long a rule or a program says: who waits for minutes is out of order. */
enum { SECONDS_MAX = 60 };

static _Thread_local unsigned own_seconds;

void libwrap_rfc931_wait(unsigned seconds)
{
	own_seconds = seconds;
}

void rfc931(struct sockaddr *remote, struct sockaddr *ours, char *user)
{
	unsigned seconds = own_seconds;
	if (seconds == 0)
		seconds = rfc931_timeout > 0 ? (unsigned)rfc931_timeout : 1;
	if (seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	memcpy(user, STRING_UNKNOWN, sizeof STRING_UNKNOWN);
	wrap_ident_ask(remote, ours, seconds, user);
}
