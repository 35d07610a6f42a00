/* SPDX-License-Identifier: ISC */
#include "courier/courier_settings.h"

#include "base/text_buffer.h"
#include "config/config_value.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MAX_BYTES 4000 /* below PATH_MAX of the kernel */

struct words {
	char *send_to, *send_ca, *send_name, *send_certificate, *send_key;
};

#define TEXT(key, member, most)                                                                    \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct words, member, 1, most)

static const cyaml_schema_field_t fields[] = {
	TEXT("send_to", send_to, 262),
	TEXT("send_ca", send_ca, PATH_MAX_BYTES),
	TEXT("send_name", send_name, 253),
	TEXT("send_certificate", send_certificate, PATH_MAX_BYTES),
	TEXT("send_key", send_key, PATH_MAX_BYTES),
	CYAML_FIELD_END,
};

static bool take_host(const char *text, size_t length, struct courier_target *out)
{
	if (length == 0 || length >= sizeof out->host)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] <= ' ' || text[i] > '~' || strchr("[]/@", text[i]) != NULL)
			return false;
	}
	memcpy(out->host, text, length);
	out->host[length] = '\0';
	return true;
}

static bool take_port(const char *text, struct courier_target *out)
{
	uint64_t port;
	if (!config_value_number(text, UINT16_MAX, &port) || port == 0)
		return false;
	snprintf(out->port, sizeof out->port, "%u", (unsigned)port);
	return true;
}

bool courier_target_parse(const char *text, struct courier_target *out)
{
	const char *colon = strrchr(text, ':'), *bracket = strchr(text, ']');
	*out = (struct courier_target){.port = COURIER_PORT};
	if (text[0] == '[') {
		if (bracket == NULL || !take_host(text + 1, (size_t)(bracket - text - 1), out))
			return false;
		return bracket[1] == '\0' || (bracket[1] == ':' && take_port(bracket + 2, out));
	}
	/* An IPv6 address alone has more than one colon. */
	if (colon == NULL || strchr(text, ':') != colon)
		return take_host(text, strlen(text), out);
	return take_host(text, (size_t)(colon - text), out) && take_port(colon + 1, out);
}

static void read_words(struct config_reading *r, void *words, void *options)
{
	struct words *w = words;
	struct courier_settings *s = options;
	struct courier_target target;
	if (w->send_to != NULL && !courier_target_parse(w->send_to, &target))
		config_reading_wrong(r, config_reading_member(r, "send_to"), "send_to", w->send_to,
			COURIER_TARGET_HELP);
	else if (w->send_to != NULL && w->send_ca == NULL)
		config_reading_fault(r, config_reading_member(r, "send_to"),
			"\"send_to\" needs the file of authorities: the key \"send_ca\"");
	s->send_to = config_reading_take(&w->send_to);
	s->send_ca = config_reading_take(&w->send_ca);
	s->send_name = config_reading_take(&w->send_name);
	s->send_certificate = config_reading_take(&w->send_certificate);
	s->send_key = config_reading_take(&w->send_key);
}

void courier_settings_init(struct courier_settings *s)
{
	*s = (struct courier_settings){0};
}

void courier_settings_clear(struct courier_settings *s)
{
	free(s->send_to);
	free(s->send_ca);
	free(s->send_name);
	free(s->send_certificate);
	free(s->send_key);
	*s = (struct courier_settings){0};
}

static void init_part(void *options)
{
	courier_settings_init(options);
}

static void clear_part(void *options)
{
	courier_settings_clear(options);
}

static void write_to(const void *options, struct text_buffer *out)
{
	const struct courier_settings *s = options;
	text_buffer_add(out, s->send_to ? s->send_to : "nowhere");
}

static void write_ca(const void *options, struct text_buffer *out)
{
	const struct courier_settings *s = options;
	text_buffer_add(out, s->send_ca ? s->send_ca : "none");
}

static void write_name(const void *options, struct text_buffer *out)
{
	const struct courier_settings *s = options;
	text_buffer_add(out, s->send_name ? s->send_name : "the host's");
}

static void write_certificate(const void *options, struct text_buffer *out)
{
	const struct courier_settings *s = options;
	text_buffer_add(out, s->send_certificate ? s->send_certificate : "none");
}

static void write_key(const void *options, struct text_buffer *out)
{
	const struct courier_settings *s = options;
	text_buffer_add(out, s->send_key ? s->send_key : "in the file of the certificate");
}

static const struct config_part_key keys[] = {
	{"send_to", write_to, CONFIG_KEY_BY_A_COMMAND},
	{"send_ca", write_ca, CONFIG_KEY_BY_A_COMMAND},
	{"send_name", write_name, CONFIG_KEY_BY_A_COMMAND},
	{"send_certificate", write_certificate, CONFIG_KEY_BY_A_COMMAND},
	{"send_key", write_key, CONFIG_KEY_BY_A_COMMAND},
	{0},
};

const struct config_part courier_settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct courier_settings),
	.init = init_part,
	.clear = clear_part,
	.read = read_words,
	.keys = keys,
};
