/* SPDX-License-Identifier: ISC */
#include "sensor/path_settings.h"

#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

struct words {
	char *path, *firewall_drops, *containers;
};

#define TEXT(key, member)                                                                          \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct words, member, 1, 16)

static const cyaml_schema_field_t fields[] = {
	TEXT("path", path),
	TEXT("firewall_drops", firewall_drops),
	TEXT("containers", containers),
	CYAML_FIELD_END,
};

void path_settings_init(struct path_settings *settings)
{
	*settings = (struct path_settings){.firewall_drops = true};
}

static void init_options(void *options)
{
	path_settings_init(options);
}

static void clear_options(void *options)
{
	(void)options;
}

static void read_flag(struct config_reading *r, const char *key, const char *text, bool *out)
{
	if (text == NULL)
		return;
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		*out = text[0] == 't';
	else
		config_reading_wrong(r, config_reading_member(r, key), key, text, "true or false");
}

static void read_words(struct config_reading *r, void *words, void *options)
{
	const struct words *w = words;
	struct path_settings *s = options;
	if (w->path != NULL && strcmp(w->path, "auto") != 0) {
		s->has_path = path_probe_find(w->path, &s->path);
		if (!s->has_path)
			config_reading_wrong(r, config_reading_member(r, "path"), "path", w->path,
				"auto, hook, packet, nflog or log");
	}
	read_flag(r, "firewall_drops", w->firewall_drops, &s->firewall_drops);
	read_flag(r, "containers", w->containers, &s->containers);
}

static void write_path(const void *options, struct text_buffer *out)
{
	const struct path_settings *s = options;
	text_buffer_add(out, s->has_path ? path_probe_name(s->path) : "auto");
}

static void write_firewall_drops(const void *options, struct text_buffer *out)
{
	text_buffer_add(
		out, ((const struct path_settings *)options)->firewall_drops ? "true" : "false");
}

static void write_containers(const void *options, struct text_buffer *out)
{
	text_buffer_add(
		out, ((const struct path_settings *)options)->containers ? "true" : "false");
}

static const struct config_part_key keys[] = {
	{"path", write_path, CONFIG_KEY_AT_START},
	{"firewall_drops", write_firewall_drops, CONFIG_KEY_AT_START},
	{"containers", write_containers, CONFIG_KEY_AT_START},
	{0},
};

const struct config_part path_settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct path_settings),
	.init = init_options,
	.clear = clear_options,
	.read = read_words,
	.keys = keys,
};
