/* SPDX-License-Identifier: ISC */
#include "store/journal_settings.h"

#include "base/clock.h"
#include "config/config_value.h"

#define DAY_US (86400 * CLOCK_US_PER_S)

/* The file as libcyaml reads it: words, not yet understood. */
struct words {
	char *keep, *size;
};

#define TEXT(key, member)                                                                          \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct words, member, 1, 32)

static const cyaml_schema_field_t fields[] = {
	TEXT("journal_keep", keep),
	TEXT("journal_size", size),
	CYAML_FIELD_END,
};

static void read_words(struct config_reading *r, void *words, void *options)
{
	struct words *w = words;
	struct journal_settings *s = options;
	config_reading_duration(r, "journal_keep", w->keep, DAY_US, &s->keep_us);
	config_reading_size(r, "journal_size", w->size, JOURNAL_SETTINGS_SIZE_LEAST,
		JOURNAL_SETTINGS_SIZE_MOST, "from 1M to 64T", &s->size_bytes);
}

void journal_settings_init(struct journal_settings *s)
{
	*s = (struct journal_settings){.keep_us = 730 * DAY_US, .size_bytes = UINT64_C(2) << 30};
}

static void init_part(void *options)
{
	journal_settings_init(options);
}

static void clear_part(void *options)
{
	*(struct journal_settings *)options = (struct journal_settings){0};
}

static void write_keep(const void *options, struct text_buffer *out)
{
	const struct journal_settings *s = options;
	config_value_write_duration(s->keep_us, out);
}

static void write_size(const void *options, struct text_buffer *out)
{
	const struct journal_settings *s = options;
	config_value_write_size(s->size_bytes, out);
}

static const struct config_part_key keys[] = {
	{"journal_keep", write_keep, CONFIG_KEY_AT_RELOAD},
	{"journal_size", write_size, CONFIG_KEY_AT_RELOAD},
	{0},
};

const struct config_part journal_settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct journal_settings),
	.init = init_part,
	.clear = clear_part,
	.read = read_words,
	.keys = keys,
};
