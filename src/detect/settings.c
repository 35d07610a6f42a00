/* SPDX-License-Identifier: ISC */
#include "detect/settings.h"

#include "base/memory.h"
#include "config/config_value.h"
#include "detect/memory_plan.h"
#include "detect/settings_text.h"
#include "net/ip_proto.h"

#include <stdlib.h>
#include <string.h>

#define PATH_MAX_BYTES 4000    /* below PATH_MAX of the kernel */
#define INTERFACE_MAX_BYTES 15 /* IFNAMSIZ without its NUL */

static const int64_t hour_us = 3600 * CLOCK_US_PER_S;

/* The file as libcyaml reads it: words, not yet understood. */
struct words_address {
	char *prefix, *proto;
	uint8_t level;
	char **ports;
	unsigned ports_count;
};

struct words_rule {
	char *name;
	double at;
	uint8_t level;
};

struct words {
	char *memory, *report_interval, *close_after, *log, *nflog, *state;
	char **home, **dark, **trusted, **research, **trap_ports, **interfaces, **signatures;
	unsigned home_count, dark_count, trusted_count, research_count, trap_ports_count,
		interfaces_count, signatures_count;
	struct words_address *addresses;
	struct words_rule *level_rules;
	unsigned addresses_count, level_rules_count;
};

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 64)};
static const cyaml_schema_value_t interface_word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, INTERFACE_MAX_BYTES)};
static const cyaml_schema_value_t path_word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, PATH_MAX_BYTES)};

#define OPTIONAL_LIST (CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER)

static const cyaml_schema_field_t address_fields[] = {
	CYAML_FIELD_STRING_PTR("prefix", CYAML_FLAG_DEFAULT, struct words_address, prefix, 1, 64),
	CYAML_FIELD_UINT("level", CYAML_FLAG_DEFAULT, struct words_address, level),
	CYAML_FIELD_STRING_PTR("proto", CYAML_FLAG_OPTIONAL, struct words_address, proto, 1, 32),
	CYAML_FIELD_SEQUENCE(
		"ports", OPTIONAL_LIST, struct words_address, ports, &word, 1, SETTINGS_PORTS_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rule_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct words_rule, name, 1, 64),
	CYAML_FIELD_FLOAT("at", CYAML_FLAG_DEFAULT, struct words_rule, at),
	CYAML_FIELD_UINT("level", CYAML_FLAG_DEFAULT, struct words_rule, level),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t address_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct words_address, address_fields)};
static const cyaml_schema_value_t rule_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct words_rule, rule_fields)};

#define TEXT(key, member, most)                                                                    \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct words, member, 1, most)
#define LIST(key, member, entry, most)                                                             \
	CYAML_FIELD_SEQUENCE(key, OPTIONAL_LIST, struct words, member, entry, 0, most)

static const cyaml_schema_field_t fields[] = {
	LIST("home", home, &word, PREFIX_SET_MAX),
	LIST("dark", dark, &word, PREFIX_SET_MAX),
	LIST("trusted", trusted, &word, PREFIX_SET_MAX),
	LIST("research", research, &word, PREFIX_SET_MAX),
	LIST("trap_ports", trap_ports, &word, 1024),
	LIST("interfaces", interfaces, &interface_word, SETTINGS_NAMES_MAX),
	LIST("signatures", signatures, &path_word, SETTINGS_NAMES_MAX),
	LIST("addresses", addresses, &address_row, SETTINGS_ADDRESSES_MAX),
	LIST("level_rules", level_rules, &rule_row, SETTINGS_RULES_MAX),
	TEXT("memory", memory, 32),
	TEXT("report_interval", report_interval, 32),
	TEXT("close_after", close_after, 32),
	TEXT("log", log, PATH_MAX_BYTES),
	TEXT("nflog", nflog, 32),
	TEXT("state", state, PATH_MAX_BYTES),
	CYAML_FIELD_END,
};

static void read_trap_ports(struct config_reading *r, const struct words *w, struct settings *s)
{
	s->has_trap_ports = w->trap_ports != NULL;
	for (unsigned i = 0; s->has_trap_ports && i < w->trap_ports_count; i++) {
		struct port_range range;
		const char *text = w->trap_ports[i];
		if (port_range_parse(text, strlen(text), &range))
			port_set_add_range(&s->trap_ports, range.proto, range.first, range.last);
		else
			config_reading_wrong(r, config_reading_item(r, "trap_ports", i),
				"trap_ports", text, "ports such as tcp/23 or udp/5060-5062");
	}
}

static void read_address_ports(struct config_reading *r, const struct config_outline_node *row,
	const struct words_address *w, struct settings_address *out)
{
	const struct config_outline_node *list = config_outline_member(r->outline, row, "ports");
	if (!w->ports_count)
		return;
	out->ports = memory_calloc(w->ports_count, sizeof out->ports[0]);
	out->ports_count = w->ports_count;
	for (unsigned i = 0; i < w->ports_count; i++) {
		const char *text = w->ports[i];
		enum port_set_proto proto;
		bool good = port_range_parse(text, strlen(text), &out->ports[i]);
		if (good && out->has_proto)
			good = port_set_proto_of(out->proto, &proto) &&
			       proto == out->ports[i].proto;
		if (!good)
			config_reading_wrong(r, config_outline_item(r->outline, list, i), "ports",
				text,
				"ports such as tcp/23 or udp/5060-5062, of the row's protocol");
	}
}

static void read_address(struct config_reading *r, const struct config_outline_node *row,
	const struct words_address *w, struct settings_address *out)
{
	config_reading_prefix(r, config_outline_member(r->outline, row, "prefix"), "prefix",
		w->prefix, &out->prefix);
	out->level = w->level;
	if (w->level > SETTINGS_LEVEL_MAX) {
		config_reading_fault(r, config_outline_member(r->outline, row, "level"),
			"\"level\" must be 0 (ignore) to 5, not %u", w->level);
	}
	if (w->proto) {
		out->has_proto = ip_proto_parse(w->proto, strlen(w->proto), &out->proto);
		if (!out->has_proto)
			config_reading_wrong(r, config_outline_member(r->outline, row, "proto"),
				"proto", w->proto, "a protocol such as tcp, udp, icmp or 0-255");
	}
	read_address_ports(r, row, w, out);
}

/* More specific blocks first; in them rows with ports, then with a protocol, before plain ones. */
static int compare_rows(const void *left, const void *right)
{
	const struct settings_address *a = left, *b = right;
	if (a->prefix.length_bits != b->prefix.length_bits)
		return a->prefix.length_bits > b->prefix.length_bits ? -1 : 1;
	int a_detail = 2 * (a->ports_count > 0) + a->has_proto;
	int b_detail = 2 * (b->ports_count > 0) + b->has_proto;
	if (a_detail != b_detail)
		return b_detail - a_detail;
	return addr_compare(&a->prefix.base, &b->prefix.base);
}

static void read_addresses(struct config_reading *r, const struct words *w, struct settings *s)
{
	const struct config_outline_node *list = config_reading_member(r, "addresses");
	const struct config_outline_node *row = NULL;
	if (!w->addresses_count)
		return;
	s->addresses = memory_calloc(w->addresses_count, sizeof s->addresses[0]);
	s->addresses_count = w->addresses_count;
	for (unsigned i = 0; i < w->addresses_count; i++) {
		row = config_outline_next(r->outline, list, row);
		read_address(r, row, &w->addresses[i], &s->addresses[i]);
	}
	qsort(s->addresses, s->addresses_count, sizeof s->addresses[0], compare_rows);
}

static void read_rules(struct config_reading *r, struct words *w, struct settings *s)
{
	const struct config_outline_node *list = config_reading_member(r, "level_rules");
	const struct config_outline_node *row = NULL;
	if (!w->level_rules_count)
		return;
	s->level_rules = memory_calloc(w->level_rules_count, sizeof s->level_rules[0]);
	s->level_rules_count = w->level_rules_count;
	for (unsigned i = 0; i < w->level_rules_count; i++) {
		struct settings_level_rule *rule = &s->level_rules[i];
		row = config_outline_next(r->outline, list, row);
		const struct config_outline_node *name =
			config_outline_member(r->outline, row, "name");
		*rule = (struct settings_level_rule){config_reading_take(&w->level_rules[i].name),
			w->level_rules[i].at, w->level_rules[i].level, name->line, name->column};
		if (rule->level > SETTINGS_LEVEL_MAX || rule->at < 0) {
			config_reading_fault(r, row,
				"a rule needs a level from 0 to 5, and \"at\" must not be "
				"negative");
		}
	}
}

static void read_group(struct config_reading *r, const char *text, struct settings *s)
{
	uint64_t group;
	if (!text)
		return;
	if (!config_value_number(text, UINT16_MAX, &group)) {
		config_reading_wrong(r, config_reading_member(r, "nflog"), "nflog", text,
			"a log group from 0 to 65535");
		return;
	}
	s->nflog = (uint16_t)group;
	s->has_nflog = true;
}

static void read_words(struct config_reading *r, void *words, void *options)
{
	struct words *w = words;
	struct settings *s = options;
	s->file = memory_strdup(config_file_name(r->file));
	config_reading_prefixes(r, "home", w->home, w->home_count, &s->home);
	config_reading_prefixes(r, "dark", w->dark, w->dark_count, &s->dark);
	config_reading_prefixes(r, "trusted", w->trusted, w->trusted_count, &s->trusted);
	config_reading_prefixes(r, "research", w->research, w->research_count, &s->research);
	read_trap_ports(r, w, s);
	read_addresses(r, w, s);
	read_rules(r, w, s);
	config_reading_size(r, "memory", w->memory, MEMORY_PLAN_LEAST, MEMORY_PLAN_MOST,
		MEMORY_PLAN_WORDS, &s->memory_bytes);
	config_reading_duration(
		r, "report_interval", w->report_interval, CLOCK_US_PER_S, &s->report_interval_us);
	config_reading_duration(
		r, "close_after", w->close_after, CLOCK_US_PER_S, &s->close_after_us);
	if (w->log)
		s->log = config_reading_take(&w->log);
	read_group(r, w->nflog, s);
	if (w->state) {
		free(s->state);
		s->state = config_reading_take(&w->state);
	}
	s->interfaces = w->interfaces;
	s->interfaces_count = w->interfaces_count;
	w->interfaces = NULL;
	w->interfaces_count = 0;
	s->signatures = w->signatures;
	s->signatures_count = w->signatures_count;
	w->signatures = NULL;
	w->signatures_count = 0;
}

void settings_init(struct settings *settings)
{
	*settings = (struct settings){
		.memory_bytes = MEMORY_PLAN_DEFAULT,
		.report_interval_us = 24 * hour_us,
		.close_after_us = 24 * hour_us,
		.state = memory_strdup("/var/lib/knockwatch"),
	};
}

static void free_names(char **names, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

void settings_clear(struct settings *settings)
{
	for (unsigned i = 0; i < settings->addresses_count; i++)
		free(settings->addresses[i].ports);
	for (unsigned i = 0; i < settings->level_rules_count; i++)
		free(settings->level_rules[i].name);
	free_names(settings->interfaces, settings->interfaces_count);
	free_names(settings->signatures, settings->signatures_count);
	free(settings->addresses);
	free(settings->level_rules);
	free(settings->file);
	free(settings->log);
	free(settings->state);
	*settings = (struct settings){0};
}

static void init_part(void *options)
{
	settings_init(options);
}

static void clear_part(void *options)
{
	settings_clear(options);
}

const struct config_part settings_part = {
	.fields = fields,
	.words_size = sizeof(struct words),
	.options_size = sizeof(struct settings),
	.init = init_part,
	.clear = clear_part,
	.read = read_words,
	.keys = settings_text_keys,
};

static bool row_has_port(const struct settings_address *row, uint8_t proto, uint16_t port)
{
	enum port_set_proto part;
	if (!port_set_proto_of(proto, &part))
		return false;
	for (unsigned i = 0; i < row->ports_count; i++) {
		const struct port_range *r = &row->ports[i];
		if (r->proto == part && port >= r->first && port <= r->last)
			return true;
	}
	return false;
}

const struct settings_address *settings_find_address(const struct settings *settings,
	const struct addr *source, uint8_t proto, bool has_ports, uint16_t dst_port)
{
	for (unsigned i = 0; i < settings->addresses_count; i++) {
		const struct settings_address *row = &settings->addresses[i];
		if (!prefix_holds(&row->prefix, source) || (row->has_proto && row->proto != proto))
			continue;
		if (row->ports_count && !(has_ports && row_has_port(row, proto, dst_port)))
			continue;
		return row;
	}
	return NULL;
}
