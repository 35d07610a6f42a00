/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_model.h"

#include "base/memory.h"
#include "base/text_buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int compare_keys(
	const char *family, const char *table, const char *name, const struct ruleset_chain *with)
{
	int order = strcmp(family, with->family);
	if (order == 0)
		order = strcmp(table, with->table);
	return order != 0 ? order : strcmp(name, with->name);
}

static int compare_chains(const void *a, const void *b)
{
	const struct ruleset_chain *left = a;
	return compare_keys(left->family, left->table, left->name, b);
}

static struct ruleset_chain *find(
	const struct ruleset_model *m, const char *family, const char *table, const char *name)
{
	unsigned low = 0, high = m->count;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = compare_keys(family, table, name, &m->chains[middle]);
		if (order == 0)
			return &m->chains[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct ruleset_chain *ruleset_model_find(
	const struct ruleset_model *m, const char *family, const char *table, const char *name)
{
	return find(m, family, table, name);
}

const char *ruleset_model_statement(const json_t *statement, const json_t **value)
{
	if (!json_is_object(statement) || json_object_size(statement) != 1)
		return NULL;
	void *at = json_object_iter((json_t *)statement);
	*value = json_object_iter_value(at);
	return json_object_iter_key(at);
}

const json_t *ruleset_model_map(
	const struct ruleset_model *m, const char *family, const char *table, const char *name)
{
	const json_t *all = json_object_get(m->root, "nftables"), *item, *map;
	for (size_t i = 0; i < json_array_size(all); i++) {
		item = json_array_get(all, i);
		map = json_object_get(item, "map");
		const char *f = text_of(map, "family"), *t = text_of(map, "table"),
			   *n = text_of(map, "name");
		if (f && t && n && strcmp(f, family) == 0 && strcmp(t, table) == 0 &&
			strcmp(n, name) == 0)
			return json_object_get(map, "elem");
	}
	return NULL;
}

/* False where it is no chain. */
static bool read_chain(const json_t *chain, struct ruleset_chain *out)
{
	const char *policy = text_of(chain, "policy");
	*out = (struct ruleset_chain){.family = text_of(chain, "family"),
		.table = text_of(chain, "table"),
		.name = text_of(chain, "name"),
		.type = text_of(chain, "type"),
		.hook = text_of(chain, "hook"),
		.policy_drop = policy != NULL && strcmp(policy, "drop") == 0};
	if (out->hook == NULL || out->type == NULL)
		out->hook = out->type = NULL;
	return out->family && out->table && out->name;
}

static bool read_chains(struct ruleset_model *m, const json_t *all)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *chain = json_object_get(json_array_get(all, i), "chain");
		if (chain == NULL)
			continue;
		if (m->count == RULESET_CHAINS_MAX)
			return false;
		m->count += read_chain(chain, &m->chains[m->count]);
	}
	if (m->count > 1)
		qsort(m->chains, m->count, sizeof *m->chains, compare_chains);
	return true;
}

static void add_rule(struct ruleset_chain *chain, const json_t *rule)
{
	if (chain->count == chain->room) {
		chain->room = chain->room ? chain->room * 2 : 8;
		chain->rules = memory_realloc(chain->rules, chain->room * sizeof *chain->rules);
	}
	chain->rules[chain->count] = (struct ruleset_rule){
		.statements = json_object_get(rule, "expr"),
		.handle = json_integer_value(json_object_get(rule, "handle")),
		.number = chain->count + 1,
	};
	chain->count++;
}

static bool read_rules(struct ruleset_model *m, const json_t *all)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *rule = json_object_get(json_array_get(all, i), "rule");
		const char *family = text_of(rule, "family"), *table = text_of(rule, "table"),
			   *name = text_of(rule, "chain");
		if (!family || !table || !name)
			continue;
		struct ruleset_chain *chain = find(m, family, table, name);
		if (chain == NULL)
			continue;
		if (m->rules++ == RULESET_RULES_MAX)
			return false;
		add_rule(chain, rule);
	}
	return true;
}

/* Where the plain listing is being read. */
struct listing {
	struct ruleset_model *model;
	char family[16], table[128];
	struct ruleset_chain *chain;
	unsigned next;     /* rule of the chain */
	char *start, *end; /* the rule so far, in place; start is null between rules */
};

/* "table ip filter { # handle 3", "chain INPUT { # handle 1". */
static bool take_opening(struct listing *l, char *line)
{
	char name[256];
	if (sscanf(line, "table %15s %127s {", l->family, l->table) == 2) {
		l->chain = NULL;
		return true;
	}
	if (sscanf(line, "chain %255s {", name) != 1)
		return false;
	l->chain = find(l->model, l->family, l->table, name);
	l->next = 0;
	return true;
}

/* Adds a line to the rule that is being read; the words move together in place. */
static void join(struct listing *l, char *line, size_t length)
{
	if (l->start == NULL) {
		l->start = line;
		l->end = line + length;
		return;
	}
	*l->end++ = ' ';
	memmove(l->end, line, length);
	l->end += length;
}

static void end_rule(struct listing *l, long long handle)
{
	struct ruleset_chain *c = l->chain;
	size_t length = (size_t)(l->end - l->start);
	if (c != NULL && l->next < c->count && c->rules[l->next].handle == handle)
		c->rules[l->next++].text = (struct text_slice){l->start, length};
	l->start = NULL;
}

/* Of a chain: its kind, policy and comment. */
static bool is_head(const char *line, const char *handle)
{
	return handle == NULL &&
	       (strncmp(line, "type ", 5) == 0 || strncmp(line, "comment ", 8) == 0);
}

static void take_line(struct listing *l, char *line)
{
	static const char mark[] = " # handle ";
	char *handle = strstr(line, mark);
	for (char *next = handle; next != NULL; next = strstr(next + 1, mark))
		handle = next;
	if (l->start == NULL && (take_opening(l, line) || is_head(line, handle)))
		return;
	if (line[0] == '}' || line[0] == '\0')
		l->start = NULL;
	else if (handle == NULL)
		join(l, line, strlen(line));
	else {
		join(l, line, (size_t)(handle - line));
		end_rule(l, atoll(handle + sizeof mark - 1));
	}
}

static void read_listing(struct ruleset_model *m, const char *text)
{
	struct listing l = {.model = m};
	m->listing = memory_strdup(text);
	char *line = m->listing;
	while (line != NULL) {
		char *end = strchr(line, '\n');
		if (end != NULL)
			*end = '\0';
		take_line(&l, line + strspn(line, " \t"));
		line = end ? end + 1 : NULL;
	}
}

bool ruleset_model_read(struct ruleset_model *out, const char *json, size_t size,
	const char *listing, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	json_error_t fault;
	*out = (struct ruleset_model){.root = json_loadb(json, size, 0, &fault)};
	const json_t *all = json_object_get(out->root, "nftables");
	if (!json_is_array(all)) {
		text_buffer_add(&message, "not a ruleset as nft -j prints it");
		ruleset_model_clear(out);
		return false;
	}
	out->chains = memory_calloc(RULESET_CHAINS_MAX, sizeof *out->chains);
	if (!read_chains(out, all) || !read_rules(out, all)) {
		text_buffer_printf(&message, "more than %d chains or %d rules", RULESET_CHAINS_MAX,
			RULESET_RULES_MAX);
		ruleset_model_clear(out);
		return false;
	}
	if (listing != NULL)
		read_listing(out, listing);
	return true;
}

void ruleset_model_clear(struct ruleset_model *m)
{
	for (unsigned i = 0; i < m->count; i++)
		free(m->chains[i].rules);
	free(m->chains);
	free(m->listing);
	json_decref(m->root);
	*m = (struct ruleset_model){0};
}

struct text_slice ruleset_model_matches(const struct ruleset_rule *rule)
{
	static const char *const doing[] = {"counter", "limit", "log", "accept", "drop", "reject",
		"jump", "goto", "return", "queue", "meter", "add", "update", "set", "continue",
		"xt target", "notrack", "quota", "vmap"};
	struct text_slice t = rule->text;
	const char *end = t.start + t.length;
	for (const char *at = t.start; at < end;) {
		for (size_t i = 0; i < sizeof doing / sizeof doing[0]; i++) {
			size_t n = strlen(doing[i]);
			if ((size_t)(end - at) >= n && memcmp(at, doing[i], n) == 0 &&
				(at + n == end || at[n] == ' ')) {
				size_t length = (size_t)(at - t.start);
				while (length > 0 && t.start[length - 1] == ' ')
					length--;
				return (struct text_slice){t.start, length};
			}
		}
		while (at < end && *at != ' ')
			at++;
		while (at < end && *at == ' ')
			at++;
	}
	return t;
}
