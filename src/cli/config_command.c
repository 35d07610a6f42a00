/* SPDX-License-Identifier: ISC */
#include "cli/config_command.h"

#include "base/diag.h"
#include "cli/check_command.h"
#include "cli/run_settings.h"
#include "event/json_line.h"
#include "report/page.h"

#include <stdio.h>
#include <string.h>

enum {
	KEY_COLUMNS = 17,   /* the longest key is report_interval */
	VALUE_COLUMNS = 34, /* wraps behind it */
};

enum option {
	OPTION_JSON,
	OPTION_QUIET,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_JSON] = {"json", 'j', NULL, "show: one JSON object instead of the table"},
	[OPTION_QUIET] = {"quiet", 'q', NULL, "check: say only what is wrong"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct config_request {
	bool json, quiet;
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct config_request *request = target;
	(void)value;
	if (index == OPTION_JSON)
		request->json = true;
	else if (index == OPTION_QUIET)
		request->quiet = true;
	return true;
}

/* --- for people --- */

struct table {
	struct page page;
	const char *file; /* null = the defaults */
};

/* "value  # file:12": the comment stands behind the value, on a line of its own where there is no room. */
static void print_value(void *context, const struct configuration_value *value)
{
	const struct table *t = context;
	const struct page *p = &t->page;
	char origin[4200] = "default";
	if (value->line > 0)
		snprintf(origin, sizeof origin, "%s:%u", t->file, value->line);
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, KEY_COLUMNS, value->key);
	if (page_columns(value->text) > VALUE_COLUMNS - 2) {
		page_put_wrapped(p, value->line > 0 ? PAGE_BOLD : PAGE_PLAIN, KEY_COLUMNS,
			KEY_COLUMNS, value->text);
		page_put_spaces(p, KEY_COLUMNS + VALUE_COLUMNS);
	} else {
		page_put_cell(p, value->line > 0 ? PAGE_BOLD : PAGE_PLAIN, PAGE_LEFT, VALUE_COLUMNS,
			value->text);
	}
	page_put(p, PAGE_FAINT, origin);
	page_end_line(p);
}

/* --- for programs --- */

struct json {
	struct json_line line;
	const char *file;
};

static void put_value(void *context, const struct configuration_value *value)
{
	struct json *j = context;
	json_line_open_object(&j->line, NULL);
	json_line_put_text(&j->line, "key", value->key);
	json_line_put_text(&j->line, "value", value->text);
	json_line_put_word(&j->line, "origin", value->line > 0 ? "file" : "default");
	if (value->line > 0)
		json_line_put_count(&j->line, "line", value->line);
	json_line_close(&j->line);
}

static void show_json(const struct configuration *c, const char *file)
{
	struct json j = {.file = file};
	json_line_start(&j.line);
	json_line_put_count(&j.line, "v", 1);
	json_line_put_text(&j.line, "file", file);
	json_line_open_list(&j.line, "values");
	configuration_each(c, put_value, &j);
	json_line_close(&j.line);
	json_line_close(&j.line);
	json_line_print(&j.line, stdout);
	json_line_clear(&j.line);
}

static enum stop_code show(const char *path, const struct config_request *request)
{
	struct run_settings r;
	enum stop_code code = check_command_choose_file(&path);
	if (code != STOP_DONE)
		return code;
	code = run_settings_load(&r, path);
	const struct configuration c = run_settings_all(&r);
	struct table t = {{.out = stdout, .terminal = terminal_of(stdout)}, r.settings.file};
	if (code == STOP_DONE && request->json)
		show_json(&c, t.file);
	else if (code == STOP_DONE)
		configuration_each(&c, print_value, &t);
	run_settings_clear(&r);
	return code;
}

static enum stop_code run_config(const struct command *self, int argc, char **argv)
{
	struct config_request request = {0};
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &request, &first))
		return STOP_USAGE;
	const char *word = first < argc ? argv[first] : "show";
	const char *path = first + 1 < argc ? argv[first + 1] : NULL;
	if (argc - first > 2) {
		diag_error("config: one file at a time, or none for %s", RUN_SETTINGS_FILE);
		return STOP_USAGE;
	}
	if (strcmp(word, "show") == 0)
		return show(path, &request);
	if (strcmp(word, "check") == 0)
		return check_command_check(path, request.quiet);
	diag_error("config: there is 'config show' and 'config check', not '%s'", word);
	return STOP_USAGE;
}

const struct command config_command = {
	.name = "config",
	.operands = "show | check [FILE]",
	.summary = "show what holds and where it comes from; check a configuration",
	.text = "'config show' tells every key of the configuration, what it is set to, and where\n"
		"that was said: file and line, or the default. 'config check' is 'knockwatch\n"
		"check'. Without FILE they read " RUN_SETTINGS_FILE ".\n"
		"\n"
		"  knockwatch config show\n"
		"  knockwatch config show --json new.yaml",
	.options = options,
	.run = run_config,
};
