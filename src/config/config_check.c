/* SPDX-License-Identifier: ISC */
#include "config/config_check.h"

#include "base/word_guess.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
	const char *name;
	const struct config_outline *outline;
	struct config_faults *faults;
	unsigned faults_found;
	uint64_t unfit; /* see config_check_outline */
};

static void check_value(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema);

static void wrong_at(struct check *c, uint32_t line, uint32_t column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void wrong_at(struct check *c, uint32_t line, uint32_t column, const char *format, ...)
{
	char text[CONFIG_FAULT_LENGTH];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	config_faults_add(c->faults, c->name, line, column, "%s", text);
	c->faults_found++;
}

static struct config_fault_quoted quote_key(
	const struct check *c, const struct config_outline_node *node)
{
	return config_fault_quote(config_outline_text(c->outline, node->key));
}

/* Says that a value is not what the schema wants, naming its key where it has one. */
static void wrong_value(
	struct check *c, const struct config_outline_node *node, const char *expected)
{
	static const char *const found[] = {
		[CONFIG_OUTLINE_LIST] = "found a list",
		[CONFIG_OUTLINE_MAPPING] = "found a mapping (key: value)",
	};
	struct config_fault_quoted value = {""};
	const char *got = found[node->kind];
	if (config_outline_is_empty(c->outline, node)) {
		got = "found nothing";
	} else if (node->kind == CONFIG_OUTLINE_SCALAR) {
		value = config_fault_quote(config_outline_text(c->outline, node->text));
		got = value.text;
	}
	const char *verb =
		node->kind == CONFIG_OUTLINE_SCALAR && got == value.text ? ", not " : ", ";
	if (node->key)
		wrong_at(c, node->line, node->column, "%s must be %s%s%s", quote_key(c, node).text,
			expected, verb, got);
	else
		wrong_at(c, node->line, node->column, "expected %s%s%s", expected, verb, got);
}

/* Digits with an optional sign, or 0x and digits; "010" is refused: one reads ten, C reads eight.
 */
static bool is_number_text(const char *text)
{
	const char *digits = "0123456789";
	if (*text == '-' || *text == '+')
		text++;
	if (text[0] == '0' && text[1] == 'x') {
		digits = "0123456789abcdefABCDEF";
		text += 2;
	} else if (text[0] == '0' && text[1]) {
		return false;
	}
	return *text && text[strspn(text, digits)] == 0;
}

static void check_int(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema, const char *text)
{
	unsigned bits = 8 * schema->data_size - 1;
	int64_t most = bits >= 63 ? INT64_MAX : (INT64_C(1) << bits) - 1;
	errno = 0;
	long long number = strtoll(text, NULL, 0);
	if (is_number_text(text) && !errno && number <= most && number >= -most - 1)
		return;
	char expected[80];
	snprintf(expected, sizeof expected, "a number from %" PRId64 " to %" PRId64, -most - 1,
		most);
	wrong_value(c, node, expected);
}

static void check_uint(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema, const char *text)
{
	unsigned bits = 8 * schema->data_size;
	uint64_t most = bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
	errno = 0;
	unsigned long long number = strtoull(text, NULL, 0);
	if (is_number_text(text) && *text != '-' && !errno && number <= most)
		return;
	char expected[80];
	snprintf(expected, sizeof expected, "a number from 0 to %" PRIu64, most);
	wrong_value(c, node, expected);
}

static void check_float(struct check *c, const struct config_outline_node *node, const char *text)
{
	size_t length = strlen(text);
	char *end = NULL;
	bool plain = length && length < 32 && strspn(text, "+-.0123456789") == length;
	if (plain)
		strtod(text, &end);
	if (!plain || *end)
		wrong_value(c, node, "a number such as 12 or 4.6");
}

/* libcyaml takes every word but four for true, "off" and "False" among them. */
static void check_bool(struct check *c, const struct config_outline_node *node, const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no"};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i]) == 0)
			return;
	}
	wrong_value(c, node, "true or false");
}

static void check_enum(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema, const char *text)
{
	struct word_guess guess = word_guess_of(text);
	char memory[160];
	struct text_buffer expected = text_buffer_over(memory, sizeof memory);
	text_buffer_add(&expected, "one of");
	for (uint32_t i = 0; i < schema->enumeration.count; i++) {
		const char *word = schema->enumeration.strings[i].str;
		if (strcmp(word, text) == 0)
			return;
		text_buffer_printf(&expected, "%s %s", i ? "," : "", word);
		word_guess_offer(&guess, word);
	}
	if (guess.best)
		text_buffer_printf(&expected, " (did you mean \"%s\"?)", guess.best);
	wrong_value(c, node, memory);
}

static void check_string(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema, const char *text)
{
	size_t length = strlen(text);
	char expected[80];
	if (config_outline_is_empty(c->outline, node)) {
		wrong_value(c, node, "a text");
	} else if (length < schema->string.min) {
		snprintf(expected, sizeof expected, "a text of at least %u bytes",
			schema->string.min);
		wrong_value(c, node, expected);
	} else if (length > schema->string.max) {
		snprintf(expected, sizeof expected, "a text of at most %u bytes",
			schema->string.max);
		wrong_value(c, node, expected);
	}
}

/* The number of the schema's field for a key, or -1. */
static int find_field(const struct cyaml_schema_field *fields, const char *key)
{
	for (int i = 0; fields[i].key; i++) {
		if (strcmp(fields[i].key, key) == 0)
			return i;
	}
	return -1;
}

static void wrong_key(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_field *fields)
{
	if (c->faults->count == CONFIG_FAULTS_MAX) { /* would not be told: no need to guess */
		wrong_at(c, node->key_line, node->key_column, "unknown key");
		return;
	}
	struct word_guess guess = word_guess_of(config_outline_text(c->outline, node->key));
	char memory[256] = "";
	struct text_buffer hint = text_buffer_over(memory, sizeof memory);
	for (int i = 0; fields[i].key; i++)
		word_guess_offer(&guess, fields[i].key);
	if (guess.best) {
		text_buffer_printf(&hint, "did you mean \"%s\"?", guess.best);
	} else {
		text_buffer_add(&hint, "known here:");
		for (int i = 0; fields[i].key; i++)
			text_buffer_printf(&hint, "%s %s", i ? "," : "", fields[i].key);
	}
	wrong_at(c, node->key_line, node->key_column, "unknown key %s; %s", quote_key(c, node).text,
		memory);
}

static void check_mapping(struct check *c, const struct config_outline_node *mapping,
	const struct cyaml_schema_value *schema)
{
	const struct cyaml_schema_field *fields = schema->mapping.fields;
	const struct config_outline_node *node = NULL;
	bool is_root = mapping == config_outline_root(c->outline);
	uint32_t seen[CONFIG_CHECK_KEYS_MAX] = {0};
	while ((node = config_outline_next(c->outline, mapping, node))) {
		int field = find_field(fields, config_outline_text(c->outline, node->key));
		if (field < 0) {
			wrong_key(c, node, fields);
			continue;
		}
		assert(field < CONFIG_CHECK_KEYS_MAX);
		unsigned before = c->faults_found;
		if (seen[field]) {
			wrong_at(c, node->key_line, node->key_column,
				"%s stands here a second time (first in line %u)",
				quote_key(c, node).text, seen[field]);
		} else {
			seen[field] = node->key_line;
			check_value(c, node, &fields[field].value);
		}
		if (is_root && c->faults_found > before)
			c->unfit |= UINT64_C(1) << field;
	}
	for (int i = 0; fields[i].key; i++) {
		if (seen[i] || fields[i].value.flags & CYAML_FLAG_OPTIONAL)
			continue;
		wrong_at(c, mapping->line, mapping->column, "the key \"%s\" is missing here",
			fields[i].key);
		if (is_root)
			c->unfit |= UINT64_C(1) << i;
	}
}

static void check_list(struct check *c, const struct config_outline_node *list,
	const struct cyaml_schema_value *schema)
{
	const struct config_outline_node *node = NULL;
	uint32_t count = 0;
	while ((node = config_outline_next(c->outline, list, node))) {
		if (count++ == schema->sequence.max) {
			wrong_at(c, node->line, node->column, "a list of more than %u items",
				schema->sequence.max);
			return;
		}
		check_value(c, node, schema->sequence.entry);
	}
	if (count < schema->sequence.min)
		wrong_at(c, list->line, list->column, "a list of fewer than %u items",
			schema->sequence.min);
}

static void check_scalar(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema)
{
	const char *text = config_outline_text(c->outline, node->text);
	switch (schema->type) {
	case CYAML_INT:
		check_int(c, node, schema, text);
		break;
	case CYAML_UINT:
		check_uint(c, node, schema, text);
		break;
	case CYAML_BOOL:
		check_bool(c, node, text);
		break;
	case CYAML_ENUM:
		check_enum(c, node, schema, text);
		break;
	case CYAML_FLOAT:
		check_float(c, node, text);
		break;
	case CYAML_STRING:
		check_string(c, node, schema, text);
		break;
	case CYAML_FLAGS:
	case CYAML_MAPPING:
	case CYAML_BITFIELD:
	case CYAML_SEQUENCE:
	case CYAML_SEQUENCE_FIXED:
	case CYAML_IGNORE:
	case CYAML__TYPE_COUNT:
		break;
	}
}

/* Recursion ends: the outline is at most CONFIG_OUTLINE_DEPTH deep. */
static void check_value(struct check *c, const struct config_outline_node *node,
	const struct cyaml_schema_value *schema)
{
	switch (schema->type) {
	case CYAML_MAPPING:
		if (node->kind == CONFIG_OUTLINE_MAPPING)
			check_mapping(c, node, schema);
		else
			wrong_value(c, node, "a mapping (key: value)");
		break;
	case CYAML_SEQUENCE:
	case CYAML_SEQUENCE_FIXED:
		if (node->kind == CONFIG_OUTLINE_LIST)
			check_list(c, node, schema);
		else
			wrong_value(c, node, "a list, such as [a, b]");
		break;
	case CYAML_INT:
	case CYAML_UINT:
	case CYAML_BOOL:
	case CYAML_ENUM:
	case CYAML_FLOAT:
	case CYAML_STRING:
		if (node->kind == CONFIG_OUTLINE_SCALAR)
			check_scalar(c, node, schema);
		else
			wrong_value(c, node, "a single value");
		break;
	case CYAML_FLAGS:
	case CYAML_BITFIELD:
	case CYAML_IGNORE:
	case CYAML__TYPE_COUNT:
		break;
	}
}

static void check_empty(struct check *c, const struct cyaml_schema_value *schema)
{
	if (schema->type == CYAML_MAPPING) {
		for (const struct cyaml_schema_field *f = schema->mapping.fields; f->key; f++) {
			if (!(f->value.flags & CYAML_FLAG_OPTIONAL))
				wrong_at(c, 0, 0, "the key \"%s\" is missing", f->key);
		}
	} else if (schema->type == CYAML_SEQUENCE && schema->sequence.min > 0) {
		wrong_at(c, 0, 0, "a list of fewer than %u items", schema->sequence.min);
	}
}

bool config_check_outline(const char *name, const struct config_outline *outline,
	const struct cyaml_schema_value *schema, struct config_faults *faults, uint64_t *unfit)
{
	struct check c = {name, outline, faults, 0, 0};
	const struct config_outline_node *root = config_outline_root(outline);
	if (root)
		check_value(&c, root, schema);
	else
		check_empty(&c, schema);
	bool by_field =
		root && root->kind == CONFIG_OUTLINE_MAPPING && schema->type == CYAML_MAPPING;
	if (!by_field && c.faults_found > 0)
		c.unfit = UINT64_MAX;
	*unfit = c.unfit;
	return c.faults_found == 0;
}
