/* SPDX-License-Identifier: ISC */
#include "access/access_fit.h"

#include "access/access_option.h"
#include "access/access_strict.h"

struct end {
	int64_t now_s;
	bool reached;
};

static bool see_end(void *self, const struct access_option *option)
{
	struct end *e = self;
	e->reached = option->kind == ACCESS_OPTION_EXPIRES && option->time_s <= e->now_s;
	return !e->reached;
}

/* Does the rule say that it has expired? Asked of rules that fit only. Behind a fault no option counts, as in the decision. */
static bool is_over(const struct access_rule *rule, struct access_asker *asker)
{
	struct end end = {.now_s = asker->q->now_s};
	if (!rule->has_options || end.now_s == 0)
		return false;
	if (access_option_walk(rule->options, see_end, &end, NULL) == ACCESS_OPTION_WALK_NO_MEMORY)
		asker->no_memory = true;
	return end.reached;
}

bool access_fit_lists(
	struct access_list daemons, struct access_list clients, struct access_asker *asker, const struct access_place *at)
{
	return access_pattern_daemons_fit(daemons, asker, at) && access_pattern_clients_fit(clients, asker, at) &&
	       !is_over(at->rule, asker);
}

static enum access_fit fit_rule(const struct access_rule *rule, struct access_asker *asker, const struct access_place *at)
{
	const bool fits = access_fit_lists(access_list_of(rule->daemons), access_list_of(rule->clients), asker, at);
	return fits ? ACCESS_FIT_YES : ACCESS_FIT_NOT;
}

/* The words are looked at only where the daemon is the one that is asked for. */
static enum access_fit fit_strict_rule(
	const struct access_rule *rule, struct access_asker *asker, const struct access_place *at)
{
	const bool concerns_all = access_strict_daemons_are_broken(rule, NULL);
	if (!concerns_all && !access_pattern_daemons_fit(access_list_of(rule->daemons), asker, at))
		return ACCESS_FIT_NOT;
	const bool broken = concerns_all || access_strict_rest_is_broken(rule, NULL);
	if ((!broken && !access_pattern_clients_fit(access_list_of(rule->clients), asker, at)) || is_over(rule, asker))
		return ACCESS_FIT_NOT;
	return broken ? ACCESS_FIT_BROKEN : ACCESS_FIT_YES;
}

enum access_fit access_fit_line(
	struct text_slice line, struct access_asker *asker, const struct access_place *table, struct access_rule *rule)
{
	struct access_place at = *table;
	switch (access_strict_split_if(table->strict, line, rule)) {
	case ACCESS_RULE_BLANK:
	case ACCESS_RULE_COMMENT:
		return ACCESS_FIT_NOT;
	case ACCESS_RULE_NO_SEPARATOR:
		return table->strict ? ACCESS_FIT_BROKEN : ACCESS_FIT_NO_RULE;
	case ACCESS_RULE_RULE:
		break;
	}
	at.rule = rule;
	return table->strict ? fit_strict_rule(rule, asker, &at) : fit_rule(rule, asker, &at);
}

bool access_fit_line_matches(
	struct text_slice line, const struct access_request *q, const struct access_place *at)
{
	struct access_asker asker = access_asker_of(q);
	struct access_rule rule;
	const enum access_fit fit = access_fit_line(line, &asker, at, &rule);
	return fit == ACCESS_FIT_YES || fit == ACCESS_FIT_BROKEN;
}

bool access_fit_line_is_over(struct text_slice line, bool strict, struct access_asker *asker)
{
	struct access_rule rule;
	return access_strict_split_if(strict, line, &rule) == ACCESS_RULE_RULE && is_over(&rule, asker);
}
