/* SPDX-License-Identifier: ISC */
#include "sensor/exec_settings.h"

#include "base/text_buffer.h"

#include <stdlib.h>

/* The file as libcyaml reads it: words, not yet understood. */
struct words {
	char *exec;
	char **secrets;
	unsigned secrets_count;
};

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 64)};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_STRING_PTR("exec", CYAML_FLAG_OPTIONAL, struct words, exec, 1, 16),
	CYAML_FIELD_SEQUENCE("exec_secrets", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, struct words,
		secrets, &word, 0, SECRET_MASK_NAMES_MAX),
	CYAML_FIELD_END,
};

static void read_words(struct config_reading *r, void *words, void *options)
{
	struct words *w = words;
	struct exec_settings *s = options;
	if (w->exec != NULL && !exec_ear_parse_wish(w->exec, &s->wish))
		config_reading_wrong(
			r, config_reading_member(r, "exec"), "exec", w->exec, EXEC_EAR_WISH_HELP);
	s->secrets = w->secrets;
	s->secrets_count = w->secrets_count;
	w->secrets = NULL;
	w->secrets_count = 0;
}

void exec_settings_init(struct exec_settings *s)
{
	*s = (struct exec_settings){.wish = EXEC_EAR_BEST};
}

void exec_settings_clear(struct exec_settings *s)
{
	for (unsigned i = 0; i < s->secrets_count; i++)
		free(s->secrets[i]);
	free(s->secrets);
	*s = (struct exec_settings){0};
}

struct secret_mask_names exec_settings_names(const struct exec_settings *s)
{
	struct secret_mask_names names = {.count = s->secrets_count};
	for (unsigned i = 0; i < s->secrets_count; i++)
		names.items[i] = s->secrets[i];
	return names;
}

static void init_part(void *options)
{
	exec_settings_init(options);
}

static void clear_part(void *options)
{
	exec_settings_clear(options);
}

static void write_exec(const void *options, struct text_buffer *out)
{
	static const char *const words[EXEC_EAR_WISHES] = {
		[EXEC_EAR_BEST] = "by the best path there is",
		[EXEC_EAR_HOOK] = "by the hook in exec alone",
		[EXEC_EAR_AUDIT] = "by the records of the audit system alone",
		[EXEC_EAR_PROC] = "by the process connector alone",
		[EXEC_EAR_OFF] = "not heard",
	};
	text_buffer_add(out, words[((const struct exec_settings *)options)->wish]);
}

static void write_secrets(const void *options, struct text_buffer *out)
{
	const struct exec_settings *s = options;
	for (unsigned i = 0; i < s->secrets_count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", s->secrets[i]);
	if (s->secrets_count == 0)
		text_buffer_add(out, "none beside the built-in names");
}

static const struct config_part_key keys[] = {
	{"exec", write_exec, CONFIG_KEY_AT_START},
	{"exec_secrets", write_secrets, CONFIG_KEY_AT_START},
	{0},
};

const struct config_part exec_settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct exec_settings),
	.init = init_part,
	.clear = clear_part,
	.read = read_words,
	.keys = keys,
};
