/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_unanswered.h"

#include <string.h>

/* Ends in no NUL: the reason follows. */
static const char mark[] = {'\n', 'k', 'w', '?', '\n'};

void wrap_unanswered_note(struct host_info *host, const char *why)
{
	const size_t behind = strnlen(host->name, sizeof host->name) + 1;
	if (behind < sizeof host->name)
		memset(host->name + behind, 0, sizeof host->name - behind);
	if (!why || behind + sizeof mark + 1 >= sizeof host->name)
		return; /* a name that leaves no room is one that somebody has said */
	char *const at = host->name + behind, *const reason = at + sizeof mark;
	const size_t room = sizeof host->name - behind - sizeof mark - 1;
	memcpy(at, mark, sizeof mark);
	memcpy(reason, why, strnlen(why, room));
}

const char *wrap_unanswered_why(const struct host_info *host)
{
	const size_t behind = strnlen(host->name, sizeof host->name) + 1;
	if (behind + sizeof mark + 1 >= sizeof host->name || host->name[sizeof host->name - 1] != '\0' ||
		memcmp(host->name + behind, mark, sizeof mark) != 0)
		return NULL;
	return host->name + behind + sizeof mark;
}
