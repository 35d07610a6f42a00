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

/* Each writes what a key is set to, in words; what an empty list means is a word, too. */
typedef void value_fn(const struct run_settings *r, struct text_buffer *out);

static void write_prefixes(const struct prefix_set *set, const char *empty, struct text_buffer *out)
{
	if (set->count == 0)
		text_buffer_add(out, empty);
	for (unsigned i = 0; i < set->count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", prefix_to_text(&set->items[i]).text);
}

static void write_names(char **names, unsigned count, const char *empty, struct text_buffer *out)
{
	if (count == 0)
		text_buffer_add(out, empty);
	for (unsigned i = 0; i < count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", names[i]);
}

static void write_home(const struct run_settings *r, struct text_buffer *out)
{
	write_prefixes(&r->settings.home, "learnt from interfaces and traffic", out);
}

static void write_dark(const struct run_settings *r, struct text_buffer *out)
{
	write_prefixes(&r->settings.dark, "none", out);
}

static void write_research(const struct run_settings *r, struct text_buffer *out)
{
	write_prefixes(&r->settings.research, "none beside the known ones", out);
}

static void write_trusted(const struct run_settings *r, struct text_buffer *out)
{
	write_prefixes(&r->settings.trusted, "none", out);
}

static void write_trap_ports(const struct run_settings *r, struct text_buffer *out)
{
	struct port_range range;
	uint32_t cursor = 0;
	while (port_set_next_range(&r->settings.trap_ports, &cursor, &range))
		text_buffer_printf(
			out, "%s%s", out->used ? ", " : "", port_range_to_text(&range).text);
	if (out->used == 0)
		text_buffer_add(out, "none");
}

static void write_interfaces(const struct run_settings *r, struct text_buffer *out)
{
	write_names(r->settings.interfaces, r->settings.interfaces_count, "all but loopback", out);
}

static void write_log(const struct run_settings *r, struct text_buffer *out)
{
	text_buffer_add(out, r->settings.log ? r->settings.log : "none");
}

static void write_state(const struct run_settings *r, struct text_buffer *out)
{
	text_buffer_add(out, r->settings.state);
}

static void write_memory(const struct run_settings *r, struct text_buffer *out)
{
	uint64_t bytes = r->settings.memory_bytes;
	text_buffer_printf(out, "%lluM in all, %lluM of it to remember",
		(unsigned long long)(bytes >> 20),
		(unsigned long long)((bytes - MEMORY_PLAN_ASIDE) >> 20));
}

static void write_report_interval(const struct run_settings *r, struct text_buffer *out)
{
	text_buffer_add(out, time_text_span(r->settings.report_interval_us).text);
}

static void write_close_after(const struct run_settings *r, struct text_buffer *out)
{
	text_buffer_add(out, time_text_span(r->settings.close_after_us).text);
}

static void write_signatures(const struct run_settings *r, struct text_buffer *out)
{
	write_names(
		r->settings.signatures, r->settings.signatures_count, "only those built in", out);
}

static void write_addresses(const struct run_settings *r, struct text_buffer *out)
{
	if (r->settings.addresses_count == 0)
		text_buffer_add(out, "none");
	else
		text_buffer_add(out, number_text_with(r->settings.addresses_count, "row").text);
}

static const struct {
	const char *key;
	value_fn *write;
} keys[] = {
	{"home", write_home},
	{"dark", write_dark},
	{"trusted", write_trusted},
	{"research", write_research},
	{"trap_ports", write_trap_ports},
	{"interfaces", write_interfaces},
	{"log", write_log},
	{"state", write_state},
	{"memory", write_memory},
	{"report_interval", write_report_interval},
	{"close_after", write_close_after},
	{"signatures", write_signatures},
	{"addresses", write_addresses},
};

static void print_row(const struct page *p, const char *key, const char *value, bool is_default)
{
	unsigned indent = PAGE_INDENT + KEY_COLUMNS;
	char text[VALUE_MAX + 16];
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, KEY_COLUMNS, key);
	snprintf(text, sizeof text, "%s%s", value, is_default ? " (default)" : "");
	page_put_wrapped(p, is_default ? PAGE_PLAIN : PAGE_BOLD, indent, indent, text);
}

static void print_keys(const struct page *p, const struct run_settings *r)
{
	struct run_settings usual = {0};
	settings_init(&usual.settings);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		char is[VALUE_MAX], was[VALUE_MAX];
		struct text_buffer now = text_buffer_over(is, sizeof is);
		struct text_buffer then = text_buffer_over(was, sizeof was);
		keys[i].write(r, &now);
		keys[i].write(&usual, &then);
		print_row(p, keys[i].key, is, strcmp(is, was) == 0);
	}
	settings_clear(&usual.settings);
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

static void print_what_holds(const struct run_settings *r)
{
	struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	char line[512];
	const char *file = r->settings.file;
	snprintf(line, sizeof line,
		"%s. What holds:", file ? "The configuration has no fault" : "The defaults hold");
	page_put_wrapped(&page, PAGE_PLAIN, 0, 0, line);
	print_keys(&page, r);
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

/* The file that is meant, or null for the defaults. Whoever asks what holds must not be told the
 * defaults because he may not read the file. */
static enum stop_code choose_file(const char **path)
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

static enum stop_code check(const char *path, bool quiet)
{
	struct run_settings r;
	diag_set_quiet(quiet);
	enum stop_code code = choose_file(&path);
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
	return check(first < argc ? argv[first] : NULL, quiet);
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
