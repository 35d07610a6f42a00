/* SPDX-License-Identifier: ISC */
#include "detect/settings.h"

#include "base/memory.h"
#include "config/config_file.h"
#include "config/config_value.h"
#include "detect/memory_plan.h"
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
	char *memory, *report_interval, *close_after, *log, *state;
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
	TEXT("state", state, PATH_MAX_BYTES),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct words, fields)};

/* What is needed to understand the words and to say where they are wrong. */
struct reading {
	const struct config_file *file;
	const struct config_outline *outline;
	const struct config_outline_node *root;
	struct config_faults *faults;
	bool good;
};

static void wrong(struct reading *r, const struct config_outline_node *node, const char *key,
	const char *value, const char *expected)
{
	config_file_fault(r->file, node, r->faults, "\"%s\" must be %s, not %s", key, expected,
		config_fault_quote(value).text);
	r->good = false;
}

static const struct config_outline_node *member(const struct reading *r, const char *key)
{
	return config_outline_member(r->outline, r->root, key);
}

static const struct config_outline_node *item(
	const struct reading *r, const char *key, unsigned number)
{
	return config_outline_item(r->outline, member(r, key), number);
}

static void read_prefix(struct reading *r, const struct config_outline_node *node, const char *key,
	const char *text, struct prefix *out)
{
	bool host_bits = false;
	if (!prefix_parse(text, strlen(text), out, &host_bits))
		wrong(r, node, key, text,
			host_bits ? "a block of addresses without host bits"
				  : "an address or a block such as 192.0.2.0/24 or 2001:db8::/32");
}

static void read_prefixes(
	struct reading *r, const char *key, char **list, unsigned count, struct prefix_set *out)
{
	for (unsigned i = 0; i < count; i++) {
		struct prefix p = {0};
		read_prefix(r, item(r, key, i), key, list[i], &p);
		prefix_set_add(out, &p); /* cannot be full: the schema allows no more */
	}
}

static void read_trap_ports(struct reading *r, const struct words *w, struct settings *s)
{
	s->has_trap_ports = w->trap_ports != NULL;
	for (unsigned i = 0; s->has_trap_ports && i < w->trap_ports_count; i++) {
		struct port_range range;
		const char *text = w->trap_ports[i];
		if (port_range_parse(text, strlen(text), &range))
			port_set_add_range(&s->trap_ports, range.proto, range.first, range.last);
		else
			wrong(r, item(r, "trap_ports", i), "trap_ports", text,
				"ports such as tcp/23 or udp/5060-5062");
	}
}

static void read_address_ports(struct reading *r, const struct config_outline_node *row,
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
			wrong(r, config_outline_item(r->outline, list, i), "ports", text,
				"ports such as tcp/23 or udp/5060-5062, of the row's protocol");
	}
}

static void read_address(struct reading *r, const struct config_outline_node *row,
	const struct words_address *w, struct settings_address *out)
{
	read_prefix(r, config_outline_member(r->outline, row, "prefix"), "prefix", w->prefix,
		&out->prefix);
	out->level = w->level;
	if (w->level > SETTINGS_LEVEL_MAX) {
		config_file_fault(r->file, config_outline_member(r->outline, row, "level"),
			r->faults, "\"level\" must be 0 (ignore) to 5, not %u", w->level);
		r->good = false;
	}
	if (w->proto) {
		out->has_proto = ip_proto_parse(w->proto, strlen(w->proto), &out->proto);
		if (!out->has_proto)
			wrong(r, config_outline_member(r->outline, row, "proto"), "proto", w->proto,
				"a protocol such as tcp, udp, icmp or 0-255");
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

static void read_addresses(struct reading *r, const struct words *w, struct settings *s)
{
	const struct config_outline_node *list = member(r, "addresses");
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

/* Moves a text to its new owner. */
static char *take_text(char **text)
{
	char *taken = *text;
	*text = NULL;
	return taken;
}

static void read_rules(struct reading *r, struct words *w, struct settings *s)
{
	const struct config_outline_node *list = member(r, "level_rules");
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
		*rule = (struct settings_level_rule){take_text(&w->level_rules[i].name),
			w->level_rules[i].at, w->level_rules[i].level, name->line, name->column};
		if (rule->level > SETTINGS_LEVEL_MAX || rule->at < 0) {
			config_file_fault(r->file, row, r->faults,
				"a rule needs a level from 0 to 5, and \"at\" must not be "
				"negative");
			r->good = false;
		}
	}
}

static void read_memory(struct reading *r, const char *text, uint64_t *bytes)
{
	uint64_t size;
	if (!text)
		return;
	if (!config_value_size(text, &size))
		wrong(r, member(r, "memory"), "memory", text, CONFIG_VALUE_SIZE_HELP);
	else if (size < MEMORY_PLAN_LEAST || size > MEMORY_PLAN_MOST)
		wrong(r, member(r, "memory"), "memory", text, MEMORY_PLAN_WORDS);
	else
		*bytes = size;
}

static void read_duration(struct reading *r, const char *key, const char *text, int64_t *us)
{
	int64_t duration;
	if (!text)
		return;
	if (!config_value_duration(text, &duration))
		wrong(r, member(r, key), key, text, CONFIG_VALUE_DURATION_HELP);
	else if (duration < CLOCK_US_PER_S)
		wrong(r, member(r, key), key, text, "at least one second");
	else
		*us = duration;
}

static void read_words(struct reading *r, struct words *w, struct settings *s)
{
	read_prefixes(r, "home", w->home, w->home_count, &s->home);
	read_prefixes(r, "dark", w->dark, w->dark_count, &s->dark);
	read_prefixes(r, "trusted", w->trusted, w->trusted_count, &s->trusted);
	read_prefixes(r, "research", w->research, w->research_count, &s->research);
	read_trap_ports(r, w, s);
	read_addresses(r, w, s);
	read_rules(r, w, s);
	read_memory(r, w->memory, &s->memory_bytes);
	read_duration(r, "report_interval", w->report_interval, &s->report_interval_us);
	read_duration(r, "close_after", w->close_after, &s->close_after_us);
	if (w->log)
		s->log = take_text(&w->log);
	if (w->state) {
		free(s->state);
		s->state = take_text(&w->state);
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

static bool load(struct settings *settings, struct config_file *file, struct config_faults *faults)
{
	void *data = NULL;
	bool good = false;
	bool fits = file && config_file_load(file, &schema, &data, NULL, faults);
	if (data) {
		struct settings fresh;
		const struct config_outline *outline = config_file_outline(file);
		struct reading r = {file, outline, config_outline_root(outline), faults, true};
		settings_init(&fresh);
		read_words(&r, data, &fresh);
		good = fits && r.good;
		if (good) {
			settings_clear(settings);
			*settings = fresh;
			settings->file = memory_strdup(config_file_name(file));
		} else {
			settings_clear(&fresh);
		}
		config_file_unload(&schema, data, 0);
	}
	config_file_close(file);
	return good;
}

bool settings_load(struct settings *settings, const char *path, struct config_faults *faults)
{
	return load(settings, config_file_open(path, faults), faults);
}

bool settings_load_text(struct settings *settings, const char *name, const char *text,
	size_t length, struct config_faults *faults)
{
	return load(settings, config_file_from_text(name, text, length, faults), faults);
}

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
