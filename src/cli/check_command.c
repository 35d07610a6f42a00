/* SPDX-License-Identifier: ISC */
#include "cli/check_command.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/run_settings.h"
#include "detect/signature_file.h"
#include "net/ip_proto.h"
#include "report/level_mark.h"
#include "report/time_text.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

enum {
	KEY_COLUMNS = 17,     /* the longest is report_interval */
	VALUE_MAX = 2048,     /* bytes of one value as text; longer ones are cut */
	ADDRESSES_SHOWN = 20, /* rows; a list of blocks may have thousands */
	RULE_NAME_COLUMNS = 14,
	RULE_AT_COLUMNS = 8,
};

enum option {
	OPTION_QUIET,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_QUIET] = {"quiet", 'q', NULL, "say only what is wrong"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	bool *quiet = target;
	(void)value;
	if (index == OPTION_QUIET)
		*quiet = true;
	return true;
}

static void print_row(const struct page *p, const char *key, const char *value, bool is_default)
{
	unsigned indent = PAGE_INDENT + KEY_COLUMNS;
	char text[VALUE_MAX + 16];
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, KEY_COLUMNS, key);
	snprintf(text, sizeof text, "%s%s", value, is_default ? " (default)" : "");
	page_put_wrapped(p, is_default ? PAGE_PLAIN : PAGE_BOLD, indent, indent, text);
}

static void print_key(void *context, const struct configuration_value *value)
{
	print_row(context, value->key, value->text, value->is_default);
}

static void write_address(const struct settings_address *a, struct text_buffer *out)
{
	text_buffer_add(out, a->level == 0 ? "ignored" : incident_level_word(a->level));
	if (a->has_proto)
		text_buffer_printf(out, ", %s", ip_proto_to_text(a->proto).text);
	for (unsigned i = 0; i < a->ports_count; i++)
		text_buffer_printf(
			out, "%s%s", i ? " " : ", ", port_range_to_text(&a->ports[i]).text);
}

static void print_addresses(const struct page *p, const struct settings *s)
{
	char value[VALUE_MAX];
	if (s->addresses_count == 0)
		return;
	page_put_wrapped(p, PAGE_PLAIN, 0, 0, "Levels forced on sources, the first that fits:");
	for (unsigned i = 0; i < s->addresses_count && i < ADDRESSES_SHOWN; i++) {
		struct text_buffer out = text_buffer_over(value, sizeof value);
		struct prefix_text block = prefix_to_text(&s->addresses[i].prefix);
		text_buffer_printf(&out, "%s: ", block.text);
		write_address(&s->addresses[i], &out);
		page_put_spaces(p, PAGE_INDENT);
		page_put_wrapped(p, PAGE_PLAIN, PAGE_INDENT, 2 * PAGE_INDENT, value);
	}
	if (s->addresses_count > ADDRESSES_SHOWN) {
		snprintf(value, sizeof value, "and %u more", s->addresses_count - ADDRESSES_SHOWN);
		page_put_fact(p, "", value);
	}
}

/* The reason of a rule with its threshold in the place of the number. */
static void write_reason(const struct level_rule *rule, struct text_buffer *out)
{
	const char *hole = strstr(rule->words, "%s");
	if (hole == NULL) {
		text_buffer_add(out, rule->words);
		return;
	}
	text_buffer_add_bytes(out, rule->words, (size_t)(hole - rule->words));
	text_buffer_printf(out, "%g", rule->at);
	text_buffer_add(out, hole + 2);
}

static bool is_changed(const struct level_rule *now, const struct level_rule *usual)
{
	return now->level != usual->level || now->at < usual->at || now->at > usual->at;
}

static void print_rule(const struct page *p, const struct level_rule *rule, bool changed)
{
	char at[32], reason[256];
	struct text_buffer out = text_buffer_over(reason, sizeof reason);
	snprintf(at, sizeof at, "%g", rule->at);
	write_reason(rule, &out);
	if (changed)
		text_buffer_add(&out, " (changed)");
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(
		p, changed ? PAGE_BOLD : PAGE_PLAIN, PAGE_LEFT, RULE_NAME_COLUMNS, rule->name);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, RULE_AT_COLUMNS - 2, at);
	page_put_spaces(p, 2);
	if (rule->level > 0)
		level_mark_put(p, rule->level);
	else
		page_put_cell(p, PAGE_FAINT, PAGE_LEFT, LEVEL_MARK_COLUMNS, "    off");
	unsigned column = PAGE_INDENT + RULE_NAME_COLUMNS + RULE_AT_COLUMNS + LEVEL_MARK_COLUMNS;
	page_put_wrapped(p, PAGE_PLAIN, column, column, reason);
}

static void print_rules(const struct page *p, const struct level_rules *rules)
{
	struct level_rules usual;
	level_rules_init(&usual);
	page_put_wrapped(p, PAGE_PLAIN, 0, 0,
		"Level rules, each from its number on; of those that speak the highest counts:");
	for (unsigned i = 0; i < rules->count; i++)
		print_rule(p, &rules->rows[i], is_changed(&rules->rows[i], &usual.rows[i]));
}

static void print_what_holds(struct run_settings *r)
{
	struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	char line[512];
	const char *file = r->settings.file;
	snprintf(line, sizeof line,
		"%s. What holds:", file ? "The configuration has no fault" : "The defaults hold");
	page_put_wrapped(&page, PAGE_PLAIN, 0, 0, line);
	const struct configuration all = run_settings_all(r);
	configuration_each(&all, print_key, &page);
	snprintf(line, sizeof line, "In force: %s.",
		number_text_with(signature_set_count(r->signatures), "signature").text);
	page_put_wrapped(&page, PAGE_PLAIN, 0, 0, line);
	print_addresses(&page, &r->settings);
	print_rules(&page, &r->rules);
}

/* True where every address of the block belongs to the set. */
static bool is_inside(const struct prefix *block, const struct prefix_set *set)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (set->items[i].length_bits <= block->length_bits &&
			prefix_holds(&set->items[i], &block->base))
			return true;
	}
	return false;
}

/* What is no fault of the file, yet hardly what was meant. */
static void warn_about_sense(const struct settings *s)
{
	for (unsigned i = 0; i < s->dark.count && s->home.count > 0; i++) {
		if (!is_inside(&s->dark.items[i], &s->home))
			diag_warn("%s: dark: %s is not inside home; nothing will be seen of it",
				s->file, prefix_to_text(&s->dark.items[i]).text);
	}
	for (unsigned i = 0; i < s->trusted.count; i++) {
		unsigned bits = s->trusted.items[i].length_bits;
		if (bits == 0 || (bits == 96 && addr_is_v4(&s->trusted.items[i].base)))
			diag_warn("%s: trusted: %s trusts everybody; nobody will be suspicious",
				s->file, prefix_to_text(&s->trusted.items[i]).text);
	}
	for (unsigned i = 0; i < s->interfaces_count; i++) {
		if (strcmp(s->interfaces[i], "any") != 0 && if_nametoindex(s->interfaces[i]) == 0)
			diag_warn("%s: interfaces: there is no %s on this host now", s->file,
				s->interfaces[i]);
	}
	if (s->log != NULL && access(s->log, R_OK) != 0)
		diag_warn("%s: log: %s: %m", s->file, s->log);
}

enum stop_code check_command_choose_file(const char **path)
{
	const char *file = *path != NULL ? *path : RUN_SETTINGS_FILE;
	if (access(file, R_OK) == 0 || (*path != NULL && errno != EACCES)) {
		*path = file;
		return STOP_DONE;
	}
	if (errno == ENOENT) {
		diag_note("there is no %s", RUN_SETTINGS_FILE);
		return STOP_DONE;
	}
	diag_error("%s: %m", file);
	return errno == EACCES ? STOP_NOT_PERMITTED : STOP_CONFIGURATION;
}

/* The two kinds of our files are easily taken for each other. */
static void hint_at_signatures(const char *path)
{
	struct config_faults faults;
	struct signature_set *set = signature_set_create();
	config_faults_init(&faults);
	if (path != NULL && signature_file_load(path, set, &faults) && signature_set_count(set) > 0)
		diag_note("that is a list of signatures: 'knockwatch signatures check' reads it");
	config_faults_clear(&faults);
	signature_set_destroy(set);
}

enum stop_code check_command_check(const char *path, bool quiet)
{
	struct run_settings r;
	diag_set_quiet(quiet);
	enum stop_code code = check_command_choose_file(&path);
	if (code != STOP_DONE)
		return code;
	code = run_settings_load(&r, path);
	if (code == STOP_DONE) {
		if (!quiet)
			print_what_holds(&r);
		if (r.settings.file != NULL)
			warn_about_sense(&r.settings);
	} else {
		hint_at_signatures(path);
	}
	run_settings_clear(&r);
	return code;
}

static enum stop_code run_check(const struct command *self, int argc, char **argv)
{
	bool quiet = false;
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &quiet, &first))
		return STOP_USAGE;
	if (argc - first > 1) {
		diag_error("check: one file at a time, or none for %s", RUN_SETTINGS_FILE);
		return STOP_USAGE;
	}
	return check_command_check(first < argc ? argv[first] : NULL, quiet);
}

const struct command check_command = {
	.name = "check",
	.operands = "[FILE]",
	.summary = "check the configuration and say what holds",
	.text = "Reads the configuration, and the files of signatures it names, as every command\n"
		"does, and tells all that is wrong at once, with line and column; it then ends\n"
		"with 3. Without faults it tells what holds. Without FILE it reads\n" RUN_SETTINGS_FILE
		".\n"
		"\n"
		"  knockwatch check\n"
		"  knockwatch check --quiet new.yaml",
	.options = options,
	.run = run_check,
};
