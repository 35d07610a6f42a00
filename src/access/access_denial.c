/* SPDX-License-Identifier: ISC */
#include "access/access_denial.h"

#include "access/access_option.h"

/* Those that have a say must be the last option. */
static bool see(void *self, const struct access_option *option)
{
	bool *denies = self;
	if (option->kind == ACCESS_OPTION_ALLOW)
		*denies = false;
	else if (option->kind == ACCESS_OPTION_DENY || option->kind == ACCESS_OPTION_TWIST)
		*denies = true;
	return true;
}

bool access_denial_of(const struct access_rule *rule, bool table_denies, bool *no_memory)
{
	bool denies = table_denies;
	if (!rule || !rule->has_options)
		return denies;
	const enum access_option_walk result = access_option_walk(rule->options, see, &denies, NULL);
	*no_memory = *no_memory || result == ACCESS_OPTION_WALK_NO_MEMORY;
	return result == ACCESS_OPTION_WALK_END ? denies : true;
}
