/* SPDX-License-Identifier: ISC */
#include "sensor/log_settings.h"

#include "base/text_buffer.h"

#include <stdlib.h>
#include <string.h>

#define PATH_MAX_BYTES 4000 /* below PATH_MAX of the kernel */

/* The file as libcyaml reads it: words, not yet understood. */
struct words {
	char **syslog, **syslog_from;
	unsigned syslog_count, syslog_from_count;
	char *syslog_certificate, *syslog_key, *syslog_clients;
	bool journal;
	char **journal_units, **journal_identifiers;
	unsigned journal_units_count, journal_identifiers_count;
};

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 64)};
static const cyaml_schema_value_t name_word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 255)}; /* systemd's UNIT_NAME_MAX */

#define TEXT(key, member)                                                                          \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct words, member, 1, PATH_MAX_BYTES)
#define LIST(key, member, entry, most)                                                             \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, struct words, member,  \
		entry, 0, most)

static const cyaml_schema_field_t fields[] = {
	LIST("syslog", syslog, &word, SYSLOG_LISTENERS_MAX),
	LIST("syslog_from", syslog_from, &word, PREFIX_SET_MAX),
	TEXT("syslog_certificate", syslog_certificate),
	TEXT("syslog_key", syslog_key),
	TEXT("syslog_clients", syslog_clients),
	CYAML_FIELD_BOOL("journal", CYAML_FLAG_OPTIONAL, struct words, journal),
	LIST("journal_units", journal_units, &name_word, JOURNAL_READER_NAMES_MAX),
	LIST("journal_identifiers", journal_identifiers, &name_word, JOURNAL_READER_NAMES_MAX),
	CYAML_FIELD_END,
};

static void read_addresses(struct config_reading *r, const struct words *w, struct log_settings *s)
{
	for (unsigned i = 0; i < w->syslog_count; i++) {
		const char *text = w->syslog[i];
		struct syslog_address *a = &s->syslog[s->syslog_count];
		if (!syslog_address_parse(text, strlen(text), a))
			config_reading_wrong(r, config_reading_item(r, "syslog", i), "syslog", text,
				SYSLOG_ADDRESS_HELP);
		else if (a->transport == SYSLOG_TRANSPORT_TLS && w->syslog_certificate == NULL)
			config_reading_fault(r, config_reading_item(r, "syslog", i),
				"%s needs a certificate: the key \"syslog_certificate\"", text);
		else
			s->syslog_count++;
	}
}

/* Moves a list to its new owner. */
static void take_names(char ***list, unsigned *count, char ***to, unsigned *to_count)
{
	*to = *list;
	*to_count = *count;
	*list = NULL;
	*count = 0;
}

static void read_words(struct config_reading *r, void *words, void *options)
{
	struct words *w = words;
	struct log_settings *s = options;
	read_addresses(r, w, s);
	config_reading_prefixes(
		r, "syslog_from", w->syslog_from, w->syslog_from_count, &s->syslog_from);
	s->syslog_certificate = config_reading_take(&w->syslog_certificate);
	s->syslog_key = config_reading_take(&w->syslog_key);
	s->syslog_clients = config_reading_take(&w->syslog_clients);
	s->journal = w->journal;
	take_names(&w->journal_units, &w->journal_units_count, &s->journal_units,
		&s->journal_units_count);
	take_names(&w->journal_identifiers, &w->journal_identifiers_count, &s->journal_identifiers,
		&s->journal_identifiers_count);
}

void log_settings_init(struct log_settings *s)
{
	*s = (struct log_settings){0};
}

static void free_names(char **names, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

void log_settings_clear(struct log_settings *s)
{
	free_names(s->journal_units, s->journal_units_count);
	free_names(s->journal_identifiers, s->journal_identifiers_count);
	free(s->syslog_certificate);
	free(s->syslog_key);
	free(s->syslog_clients);
	*s = (struct log_settings){0};
}

static void init_part(void *options)
{
	log_settings_init(options);
}

static void clear_part(void *options)
{
	log_settings_clear(options);
}

static void write_syslog(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	for (unsigned i = 0; i < s->syslog_count; i++)
		text_buffer_printf(
			out, "%s%s", i ? ", " : "", syslog_address_to_text(&s->syslog[i]).text);
	if (s->syslog_count == 0)
		text_buffer_add(out, "not received");
}

static void write_from(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	for (unsigned i = 0; i < s->syslog_from.count; i++)
		text_buffer_printf(
			out, "%s%s", i ? ", " : "", prefix_to_text(&s->syslog_from.items[i]).text);
	if (s->syslog_from.count == 0)
		text_buffer_add(out, "this host alone");
}

static void write_certificate(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	text_buffer_add(out, s->syslog_certificate ? s->syslog_certificate : "none");
}

static void write_key(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	text_buffer_add(out, s->syslog_key ? s->syslog_key : "in the file of the certificate");
}

static void write_clients(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	text_buffer_add(out, s->syslog_clients ? s->syslog_clients : "no certificate is asked for");
}

static void write_journal(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	text_buffer_add(out, s->journal ? "heard" : "not heard");
}

static void write_names(char *const *names, unsigned count, struct text_buffer *out)
{
	for (unsigned i = 0; i < count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", names[i]);
	if (count == 0)
		text_buffer_add(out, "none beside the kernel");
}

static void write_units(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	write_names(s->journal_units, s->journal_units_count, out);
}

static void write_identifiers(const void *options, struct text_buffer *out)
{
	const struct log_settings *s = options;
	write_names(s->journal_identifiers, s->journal_identifiers_count, out);
}

static const struct config_part_key keys[] = {
	{"syslog", write_syslog, CONFIG_KEY_AT_START},
	{"syslog_from", write_from, CONFIG_KEY_AT_START},
	{"syslog_certificate", write_certificate, CONFIG_KEY_AT_START},
	{"syslog_key", write_key, CONFIG_KEY_AT_START},
	{"syslog_clients", write_clients, CONFIG_KEY_AT_START},
	{"journal", write_journal, CONFIG_KEY_AT_START},
	{"journal_units", write_units, CONFIG_KEY_AT_START},
	{"journal_identifiers", write_identifiers, CONFIG_KEY_AT_START},
	{0},
};

const struct config_part log_settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct log_settings),
	.init = init_part,
	.clear = clear_part,
	.read = read_words,
	.keys = keys,
};
