/* SPDX-License-Identifier: ISC */
#include "access/access_fit.h"

#include "access/access_option.h"
#include "access/access_strict.h"
#include "access/access_text.h"

#include <stdlib.h>
#include <string.h>

bool access_fit_denies(const struct access_rule *rule, bool table_denies)
{
	if (!rule->has_options)
		return table_denies;
	struct text_slice last = rule->options;
	size_t i = last.length;
	while (i > 0 && !(last.start[i - 1] == ':' && !(i > 1 && last.start[i - 2] == '\\')))
		i--;
	last = access_text_trim((struct text_slice){last.start + i, last.length - i});
	if (access_text_equals(last, "allow"))
		return false;
	if (access_text_equals(last, "deny"))
		return true;
	enum { TWIST = 5 };
	bool is_twist = last.length > TWIST && access_text_same(last.start, "twist", TWIST) &&
			(access_text_is_space(last.start[TWIST]) || last.start[TWIST] == '=');
	return is_twist || table_denies;
}

/* Reads the options in their order, as the decision does: behind a fault none counts. They are undone in place. */
static bool options_are_over(struct text_slice rest, int64_t now_s)
{
	struct access_option option;
	struct access_option_fault why;
	while (access_option_next(&rest, &option, &why) == ACCESS_OPTION_READ) {
		if (option.kind == ACCESS_OPTION_EXPIRES && option.time_s <= now_s)
			return true;
	}
	return false;
}

/* Does the rule say that it has expired? Asked of rules that fit only, so that the copy of a long one costs little. */
static bool is_over(const struct access_rule *rule, struct access_asker *asker)
{
	enum { SHORT = 512 };
	char usual[SHORT], *text = usual;
	const size_t length = rule->options.length;
	if (!rule->has_options || asker->q->now_s == 0)
		return false;
	if (length > sizeof usual && !(text = malloc(length))) {
		asker->no_memory = true;
		return false;
	}
	memcpy(text, rule->options.start, length);
	const bool over = options_are_over((struct text_slice){text, length}, asker->q->now_s);
	if (text != usual)
		free(text);
	return over;
}

static enum access_fit fit_rule(const struct access_rule *rule, struct access_asker *asker, const struct access_place *at)
{
	const bool fits = access_pattern_fits_rule(rule, asker, at) && !is_over(rule, asker);
	return fits ? ACCESS_FIT_YES : ACCESS_FIT_NOT;
}

/* The words are looked at only where the daemon is the one that is asked for. */
static enum access_fit fit_strict_rule(
	const struct access_rule *rule, struct access_asker *asker, const struct access_place *at)
{
	const bool concerns_all = access_strict_daemons_are_broken(rule, NULL);
	if (!concerns_all && !access_pattern_daemons_fit(rule->daemons, asker, at))
		return ACCESS_FIT_NOT;
	const bool broken = concerns_all || access_strict_rest_is_broken(rule, NULL);
	if ((!broken && !access_pattern_clients_fit(rule->clients, asker, at)) || is_over(rule, asker))
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
	at.denies = access_fit_denies(rule, table->denies);
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
