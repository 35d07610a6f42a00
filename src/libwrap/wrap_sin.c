/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_sin.h"

#include <stdbool.h>
#include <string.h>

struct kept {
	const void *place; /* what `sin` was then */
	char mark[8];      /* no text can be: a pointer ends in NUL */
	union wrap_sin address;
};
static const char mark[8] = {'\n', 'k', 'w', 's', 'i', 'n', '\n', '\0'};

_Static_assert(WRAP_SIN_TEXT_SIZE + sizeof(struct kept) <= STRING_LENGTH, "there is room");

union wrap_sin wrap_sin_read(const struct sockaddr *from)
{
	union wrap_sin a = {.in6 = {0}};
	if (!from)
		a.any.sa_family = AF_UNSPEC;
	else if (from->sa_family == AF_INET)
		memcpy(&a.in, from, sizeof a.in);
	else if (from->sa_family == AF_INET6)
		memcpy(&a.in6, from, sizeof a.in6);
	else
		a.any.sa_family = from->sa_family;
	return a;
}

static bool has_room(const struct host_info *host)
{
	return strnlen(host->addr, sizeof host->addr) < WRAP_SIN_TEXT_SIZE;
}

void wrap_sin_set(struct host_info *host, union wrap_sin *place)
{
	struct kept kept = {.place = place, .address = *place};
	host->sin = &place->any;
	if (!has_room(host))
		return;
	memcpy(kept.mark, mark, sizeof mark);
	memcpy(host->addr + WRAP_SIN_TEXT_SIZE, &kept, sizeof kept);
}

void wrap_sin_set_foreign(struct host_info *host, struct sockaddr *sin)
{
	host->sin = sin;
	if (has_room(host))
		memset(host->addr + WRAP_SIN_TEXT_SIZE, 0, sizeof host->addr - WRAP_SIN_TEXT_SIZE);
}

union wrap_sin wrap_sin_of(const struct host_info *host)
{
	struct kept kept;
	memcpy(&kept, host->addr + WRAP_SIN_TEXT_SIZE, sizeof kept);
	if (host->sin && kept.place == host->sin && memcmp(kept.mark, mark, sizeof mark) == 0)
		return kept.address;
	return wrap_sin_read(host->sin);
}
