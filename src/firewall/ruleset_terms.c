/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_terms.h"

#include <string.h>

void ruleset_terms_add(struct ruleset_terms *t, const struct ruleset_term *term)
{
	if (t->count == RULESET_TERMS_MAX)
		t->overflow = true;
	else
		t->items[t->count++] = *term;
}

static bool is_text(const json_t *value, const char *text)
{
	const char *s = json_string_value(value);
	return s != NULL && strcmp(s, text) == 0;
}

/* {"match": {"op": "==" or "in", "left": L, "right": R}}: their insides, or false. */
static bool open_match(const json_t *expression, const json_t **left, const json_t **right)
{
	const json_t *match = json_object_get(expression, "match");
	const json_t *op = json_object_get(match, "op");
	*left = json_object_get(match, "left");
	*right = json_object_get(match, "right");
	return *left && *right && (is_text(op, "==") || is_text(op, "in"));
}

/* The members of a list or of {"set": [...]}; null where the value is one thing alone. */
static const json_t *members_of(const json_t *value)
{
	if (json_is_array(value))
		return value;
	const json_t *set = json_object_get(value, "set");
	return json_is_array(set) ? set : NULL;
}

static bool holds(const json_t *members, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(members); i++) {
		if (json_equal(json_array_get(members, i), value))
			return true;
	}
	return false;
}

/* Every value of `have` is one of `wanted`. */
static bool is_within(const json_t *have, const json_t *wanted)
{
	const json_t *all = members_of(wanted), *some = members_of(have);
	if (all == NULL)
		return false;
	if (some == NULL)
		return holds(all, have);
	for (size_t i = 0; i < json_array_size(some); i++) {
		if (!holds(all, json_array_get(some, i)))
			return false;
	}
	return true;
}

/* A port of TCP is matched only in packets of TCP. */
static bool names_protocol(
	const json_t *left, const json_t *wanted_left, const json_t *wanted_right)
{
	const json_t *protocol = json_object_get(json_object_get(left, "payload"), "protocol");
	const json_t *key = json_object_get(json_object_get(wanted_left, "meta"), "key");
	return is_text(key, "l4proto") && protocol != NULL &&
	       (json_equal(protocol, wanted_right) || is_within(protocol, wanted_right));
}

static bool term_implies(const struct ruleset_term *have, const struct ruleset_term *wanted)
{
	const json_t *left, *right, *wanted_left, *wanted_right;
	if (have->opaque || wanted->opaque)
		return have->opaque && wanted->opaque && have->expression == wanted->expression;
	size_t words = have->words.length;
	if (words != wanted->words.length ||
		(words > 0 && memcmp(have->words.start, wanted->words.start, words) != 0))
		return false;
	if (json_equal(have->expression, wanted->expression))
		return true;
	if (words > 0 || !open_match(have->expression, &left, &right) ||
		!open_match(wanted->expression, &wanted_left, &wanted_right))
		return false;
	if (json_equal(left, wanted_left))
		return is_within(right, wanted_right);
	return names_protocol(left, wanted_left, wanted_right);
}

bool ruleset_terms_imply(const struct ruleset_terms *have, const struct ruleset_terms *wanted)
{
	bool all = !wanted->overflow;
	for (unsigned i = 0; i < wanted->count && all; i++) {
		bool found = false;
		for (unsigned k = 0; k < have->count && !found; k++)
			found = term_implies(&have->items[k], &wanted->items[i]);
		all = found;
	}
	return all;
}
