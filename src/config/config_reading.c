/* SPDX-License-Identifier: ISC */
#include "config/config_reading.h"

#include "config/config_file.h"
#include "config/config_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct config_outline_node *config_reading_member(
	const struct config_reading *r, const char *key)
{
	return config_outline_member(r->outline, r->root, key);
}

const struct config_outline_node *config_reading_item(
	const struct config_reading *r, const char *key, unsigned number)
{
	return config_outline_item(r->outline, config_reading_member(r, key), number);
}

void config_reading_fault(
	struct config_reading *r, const struct config_outline_node *node, const char *format, ...)
{
	char text[CONFIG_FAULT_LENGTH];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	config_file_fault(r->file, node, r->faults, "%s", text);
	r->good = false;
}

void config_reading_wrong(struct config_reading *r, const struct config_outline_node *node,
	const char *key, const char *value, const char *expected)
{
	config_reading_fault(r, node, "\"%s\" must be %s, not %s", key, expected,
		config_fault_quote(value).text);
}

void config_reading_duration(
	struct config_reading *r, const char *key, const char *text, int64_t least_us, int64_t *us)
{
	int64_t duration;
	if (text == NULL)
		return;
	if (!config_value_duration(text, &duration)) {
		config_reading_wrong(
			r, config_reading_member(r, key), key, text, CONFIG_VALUE_DURATION_HELP);
	} else if (duration < least_us) {
		char least[64];
		struct text_buffer b = text_buffer_over(least, sizeof least);
		config_value_write_duration(least_us, &b);
		config_reading_fault(r, config_reading_member(r, key),
			"\"%s\" must be at least %s, not %s", key, least,
			config_fault_quote(text).text);
	} else {
		*us = duration;
	}
}

void config_reading_size(struct config_reading *r, const char *key, const char *text,
	uint64_t least, uint64_t most, const char *words, uint64_t *bytes)
{
	uint64_t size;
	if (text == NULL)
		return;
	if (!config_value_size(text, &size))
		config_reading_wrong(
			r, config_reading_member(r, key), key, text, CONFIG_VALUE_SIZE_HELP);
	else if (size < least || size > most)
		config_reading_wrong(r, config_reading_member(r, key), key, text, words);
	else
		*bytes = size;
}

void config_reading_prefix(struct config_reading *r, const struct config_outline_node *node,
	const char *key, const char *text, struct prefix *out)
{
	bool host_bits = false;
	if (!prefix_parse(text, strlen(text), out, &host_bits))
		config_reading_wrong(r, node, key, text,
			host_bits ? "a block of addresses without host bits"
				  : "an address or a block such as 192.0.2.0/24 or 2001:db8::/32");
}

void config_reading_prefixes(struct config_reading *r, const char *key, char *const *list,
	unsigned count, struct prefix_set *out)
{
	for (unsigned i = 0; i < count; i++) {
		struct prefix p = {0};
		config_reading_prefix(r, config_reading_item(r, key, i), key, list[i], &p);
		prefix_set_add(out, &p); /* cannot be full: the schema allows no more */
	}
}

char *config_reading_take(char **text)
{
	char *taken = *text;
	*text = NULL;
	return taken;
}
