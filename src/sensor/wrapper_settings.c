/* SPDX-License-Identifier: ISC */
#include "sensor/wrapper_settings.h"

#include "base/text_buffer.h"
#include "sensor/access_socket.h"

#include <stdlib.h>
#include <string.h>

/* The file as libcyaml reads it: words, not yet understood. */
struct words {
	char *wrappers;
	char **users;
	unsigned users_count;
};

/* As long as a user's name may be (useradd). */
static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 32)};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_STRING_PTR("wrappers", CYAML_FLAG_OPTIONAL, struct words, wrappers, 1, 16),
	CYAML_FIELD_SEQUENCE("wrapper_users", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
		struct words, users, &word, 0, ACCESS_SOCKET_USERS_MAX),
	CYAML_FIELD_END,
};

static const char *const wishes[WRAPPER_WISHES] = {
	[WRAPPER_WISH_AUTO] = "auto", [WRAPPER_WISH_ON] = "on", [WRAPPER_WISH_OFF] = "off"};

bool wrapper_settings_parse_wish(const char *text, enum wrapper_wish *out)
{
	for (unsigned i = 0; i < WRAPPER_WISHES; i++) {
		if (strcmp(text, wishes[i]) == 0) {
			*out = (enum wrapper_wish)i;
			return true;
		}
	}
	return false;
}

static void read_words(struct config_reading *r, void *words, void *options)
{
	struct words *w = words;
	struct wrapper_settings *s = options;
	if (w->wrappers != NULL && !wrapper_settings_parse_wish(w->wrappers, &s->wish))
		config_reading_wrong(r, config_reading_member(r, "wrappers"), "wrappers",
			w->wrappers, WRAPPER_WISH_HELP);
	s->users = w->users;
	s->users_count = w->users_count;
	w->users = NULL;
	w->users_count = 0;
}

void wrapper_settings_init(struct wrapper_settings *s)
{
	*s = (struct wrapper_settings){.wish = WRAPPER_WISH_AUTO};
}

void wrapper_settings_clear(struct wrapper_settings *s)
{
	for (unsigned i = 0; i < s->users_count; i++)
		free(s->users[i]);
	free(s->users);
	*s = (struct wrapper_settings){0};
}

static void init_part(void *options)
{
	wrapper_settings_init(options);
}

static void clear_part(void *options)
{
	wrapper_settings_clear(options);
}

static void write_wish(const void *options, struct text_buffer *out)
{
	static const char *const words[WRAPPER_WISHES] = {
		[WRAPPER_WISH_AUTO] = "heard where they can be",
		[WRAPPER_WISH_ON] = "heard",
		[WRAPPER_WISH_OFF] = "not heard"};
	text_buffer_add(out, words[((const struct wrapper_settings *)options)->wish]);
}

static void write_users(const void *options, struct text_buffer *out)
{
	const struct wrapper_settings *s = options;
	for (unsigned i = 0; i < s->users_count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", s->users[i]);
	if (s->users_count == 0)
		text_buffer_add(out, "root alone is believed");
}

static const struct config_part_key keys[] = {
	{"wrappers", write_wish, CONFIG_KEY_AT_START},
	{"wrapper_users", write_users, CONFIG_KEY_AT_START},
	{0},
};

const struct config_part wrapper_settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct wrapper_settings),
	.init = init_part,
	.clear = clear_part,
	.read = read_words,
	.keys = keys,
};
