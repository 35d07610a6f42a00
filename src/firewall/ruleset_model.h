/* SPDX-License-Identifier: ISC */
/*
 * ruleset_model - the chains and rules of a loaded ruleset, read from what `nft -j list ruleset` prints.
 *
 * Pure: text in, a value out, on the heap. The JSON names what iptables put there only by the extension's name;
 * the plain listing (`nft -a list ruleset`), where it is given, has the words, and each rule gets its own.
 *
 * Bound: RULESET_CHAINS_MAX chains, RULESET_RULES_MAX rules; a larger ruleset is refused. Source of fact:
 * libnftables-json(5).
 */
#ifndef KW_FIREWALL_RULESET_MODEL_H
#define KW_FIREWALL_RULESET_MODEL_H

#include "base/text_slice.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULESET_CHAINS_MAX 20000
#define RULESET_RULES_MAX 100000

/* Texts live as long as the model. */
struct ruleset_rule {
	const json_t *statements; /* an array */
	struct text_slice text;   /* as nft lists it, without its handle; empty = unknown */
	int64_t handle;
	unsigned number; /* in its chain, from 1 */
};

struct ruleset_chain {
	const char *family, *table, *name;
	const char *type, *hook; /* null: not a base chain, packets come to it by jumps only */
	bool policy_drop;
	struct ruleset_rule *rules; /* owned */
	unsigned count, room;
};

struct ruleset_model {
	json_t *root;                 /* owned */
	char *listing;                /* owned; rules over several lines are joined in it */
	struct ruleset_chain *chains; /* owned; by family, table and name */
	unsigned count, rules;
};

/* `listing` may be null. False with a message in `error`; nothing is to be cleared then. */
bool ruleset_model_read(struct ruleset_model *out, const char *json, size_t size,
	const char *listing, char *error, size_t error_size);
/* Accepts one of zeros. */
void ruleset_model_clear(struct ruleset_model *m);

/* Null if there is none. */
const struct ruleset_chain *ruleset_model_find(
	const struct ruleset_model *m, const char *family, const char *table, const char *name);

/* The elements of a named map of a table, an array; null if there is none. */
const json_t *ruleset_model_map(
	const struct ruleset_model *m, const char *family, const char *table, const char *name);

/* The words before the first that does something: "tcp dport 22" of "tcp dport 22 counter accept". */
struct text_slice ruleset_model_matches(const struct ruleset_rule *rule);

/* The key of a statement, "match", and its value; null if it is no object of one key. */
const char *ruleset_model_statement(const json_t *statement, const json_t **value);

#endif
