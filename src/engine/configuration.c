/* SPDX-License-Identifier: ISC */
#include "engine/configuration.h"

#include "base/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Every room that has keys: a line each. */
static const struct {
	const struct config_part *part;
	size_t options; /* of the pointer in struct configuration */
} rooms[] = {
	{&settings_part, offsetof(struct configuration, settings)},
	{&courier_settings_part, offsetof(struct configuration, courier)},
	{&log_settings_part, offsetof(struct configuration, logs)},
	{&journal_settings_part, offsetof(struct configuration, journal)},
	{&path_settings_part, offsetof(struct configuration, path)},
	{&exec_settings_part, offsetof(struct configuration, execs)},
	{&wrapper_settings_part, offsetof(struct configuration, wrappers)},
};

#define ROOMS (sizeof rooms / sizeof rooms[0])

static void *options_of(const struct configuration *c, size_t room)
{
	void *options;
	memcpy(&options, (const char *)c + rooms[room].options, sizeof options);
	return options;
}

static bool load(
	const struct configuration *to, struct config_file *file, struct config_faults *faults)
{
	const struct config_part *parts[ROOMS];
	void *options[ROOMS];
	for (size_t i = 0; i < ROOMS; i++) {
		parts[i] = rooms[i].part;
		options[i] = options_of(to, i);
	}
	bool good = config_parts_load(parts, options, ROOMS, file, to->origins, faults);
	config_file_close(file);
	return good;
}

bool configuration_load(
	const struct configuration *to, const char *path, struct config_faults *faults)
{
	return load(to, config_file_open(path, faults), faults);
}

bool configuration_load_text(const struct configuration *to, const char *name, const char *text,
	size_t length, struct config_faults *faults)
{
	return load(to, config_file_from_text(name, text, length, faults), faults);
}

static void tell_key(const struct configuration *c, const struct config_part_key *key,
	const void *now, const void *usual, void (*fn)(void *, const struct configuration_value *),
	void *context)
{
	char was[CONFIGURATION_VALUE_MAX];
	struct configuration_value value = {.key = key->key};
	struct text_buffer is = text_buffer_over(value.text, sizeof value.text);
	struct text_buffer then = text_buffer_over(was, sizeof was);
	key->write(now, &is);
	key->write(usual, &then);
	value.is_default = strcmp(value.text, was) == 0;
	value.line = c->origins != NULL ? config_origins_line(c->origins, key->key) : 0;
	fn(context, &value);
}

void configuration_each(const struct configuration *c,
	void (*fn)(void *context, const struct configuration_value *value), void *context)
{
	for (size_t i = 0; i < ROOMS; i++) {
		const struct config_part *part = rooms[i].part;
		const void *now = options_of(c, i);
		if (now == NULL)
			continue;
		void *usual = memory_calloc(1, part->options_size);
		part->init(usual);
		for (const struct config_part_key *key = part->keys; key->key != NULL; key++)
			tell_key(c, key, now, usual, fn, context);
		part->clear(usual);
		free(usual);
	}
}

void configuration_each_change(const struct configuration *before,
	const struct configuration *after,
	void (*fn)(void *context, const struct config_part_key *key), void *context)
{
	char *texts = memory_calloc(2, CONFIGURATION_CHANGE_MAX);
	for (size_t i = 0; i < ROOMS; i++) {
		const void *was = options_of(before, i), *is = options_of(after, i);
		const struct config_part_key *key = rooms[i].part->keys;
		for (; was != NULL && is != NULL && key->key != NULL; key++) {
			struct text_buffer a = text_buffer_over(texts, CONFIGURATION_CHANGE_MAX);
			struct text_buffer b = text_buffer_over(
				texts + CONFIGURATION_CHANGE_MAX, CONFIGURATION_CHANGE_MAX);
			key->write(was, &a);
			key->write(is, &b);
			if (strcmp(a.text, b.text) != 0)
				fn(context, key);
		}
	}
	free(texts);
}
