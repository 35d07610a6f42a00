/* SPDX-License-Identifier: ISC */
#include "cli/doctor_command.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/doctor_row.h"
#include "cli/run_settings.h"
#include "event/json_line.h"
#include "report/page.h"
#include "sensor/kernel_settings.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	MARGIN = 2,
	MARK_COLUMNS = 6,
	LINE_INDENT = MARGIN + MARK_COLUMNS, /* of lines to paste, which are never wrapped */
	SETTINGS_MAX = 16384,                /* bytes of all settings to be made */
};

#define KEPT_FILE "/etc/sysctl.d/60-knockwatch.conf"

enum option {
	OPTION_JSON,
	OPTION_CONFIG,
	OPTION_STATE,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_JSON] = {"json", 'j', NULL, "one JSON object instead of the table"},
	[OPTION_CONFIG] = {"config", 'c', "FILE", "read this configuration"},
	[OPTION_STATE] = {"state", 0, "DIR", "where a watch keeps things (default: as configured)"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct visit {
	const char *config, *state;
	bool json;
	struct page page;
	struct json_line line; /* of --json */
	struct doctor_host host;
	unsigned counts[DOCTOR_GRADES];
	char settings[SETTINGS_MAX]; /* to be made, each ended by '\n' */
	struct text_buffer all_settings;
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct visit *v = target;
	switch ((enum option)index) {
	case OPTION_JSON:
		v->json = true;
		break;
	case OPTION_CONFIG:
		v->config = value;
		break;
	case OPTION_STATE:
		v->state = value;
		break;
	case OPTION_HELP:
		break;
	}
	return true;
}

static const struct {
	const char *word, *mark; /* for JSON, and for people */
	enum page_style style;
} grades[DOCTOR_GRADES] = {
	[DOCTOR_GOOD] = {"good", "good", PAGE_GREEN},
	[DOCTOR_WEAK] = {"weak", "WEAK", PAGE_RED},
	[DOCTOR_NOTE] = {"note", "note", PAGE_FAINT},
	[DOCTOR_UNKNOWN] = {"unknown", "?", PAGE_YELLOW},
};

/* Calls `fn` for each line of a list. */
static void each_line(const char *list, void (*fn)(void *, const char *), void *context)
{
	char line[DOCTOR_WORDS];
	for (const char *end; (end = strchr(list, '\n')) != NULL; list = end + 1) {
		snprintf(line, sizeof line, "%.*s", (int)(end - list), list);
		fn(context, line);
	}
}

/* --- for people --- */

static void print_line(void *context, const char *line)
{
	const struct page *p = context;
	page_put_spaces(p, LINE_INDENT);
	page_put(p, PAGE_BOLD, line);
	page_end_line(p);
}

static void print_setting(void *context, const char *setting)
{
	char line[DOCTOR_WORDS + 16];
	snprintf(line, sizeof line, "sysctl -w %s", setting);
	print_line(context, line);
}

static void print_row(struct visit *v, const struct doctor_row *row, const struct doctor_answer *a)
{
	const unsigned column = MARGIN + MARK_COLUMNS + DOCTOR_NAME_COLUMNS + 1;
	struct page *p = &v->page;
	page_put_spaces(p, MARGIN);
	page_put_cell(p, grades[a->grade].style, PAGE_LEFT, MARK_COLUMNS, grades[a->grade].mark);
	page_put_cell(p, a->grade == DOCTOR_WEAK ? PAGE_BOLD : PAGE_PLAIN, PAGE_LEFT,
		DOCTOR_NAME_COLUMNS + 1, row->name);
	page_put_wrapped(p, PAGE_PLAIN, column, column, a->words);
	each_line(a->settings, print_setting, p);
	each_line(a->lines, print_line, p);
}

/* One file that keeps all settings over a restart. */
static void print_kept(const struct visit *v)
{
	const struct page *p = &v->page;
	if (v->all_settings.used == 0)
		return;
	page_put_wrapped(p, PAGE_PLAIN, 0, 0,
		"Settings made with sysctl -w end with the next start. These lines make them all, "
		"and keep them:");
	print_line((void *)p, "cat >" KEPT_FILE " <<'END'");
	each_line(v->settings, print_line, (void *)p);
	print_line((void *)p, "END");
	print_line((void *)p, "sysctl -p " KEPT_FILE);
}

static void print_end(struct visit *v)
{
	char text[256];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	const unsigned weak = v->counts[DOCTOR_WEAK], unknown = v->counts[DOCTOR_UNKNOWN];
	page_end_line(&v->page);
	if (weak == 0)
		text_buffer_add(&b, "Nothing to mend");
	else
		text_buffer_printf(&b, "%s to mend", number_text_with(weak, "thing").text);
	text_buffer_printf(&b, "; %u good", v->counts[DOCTOR_GOOD]);
	if (unknown > 0)
		text_buffer_printf(&b, "; %u that could not be told%s", unknown,
			v->host.is_root ? "" : " (root may see more)");
	text_buffer_add(&b, ".");
	page_put_wrapped(&v->page, weak > 0 ? PAGE_BOLD : PAGE_PLAIN, 0, 0, text);
	print_kept(v);
}

/* --- for programs --- */

static void put_line(void *context, const char *line)
{
	json_line_put_text(context, NULL, line);
}

static void put_lines(struct json_line *j, const char *key, const char *lines)
{
	json_line_open_list(j, key);
	each_line(lines, put_line, j);
	json_line_close(j);
}

static void put_row(struct visit *v, const struct doctor_topic *topic, const struct doctor_row *row,
	const struct doctor_answer *a)
{
	json_line_open_object(&v->line, NULL);
	json_line_put_text(&v->line, "topic", topic->title);
	json_line_put_text(&v->line, "name", row->name);
	json_line_put_text(&v->line, "grade", grades[a->grade].word);
	json_line_put_text(&v->line, "words", a->words);
	put_lines(&v->line, "settings", a->settings);
	put_lines(&v->line, "lines", a->lines);
	json_line_close(&v->line);
}

static void put_counts(struct visit *v)
{
	json_line_open_object(&v->line, "counts");
	for (unsigned i = 0; i < DOCTOR_GRADES; i++)
		json_line_put_count(&v->line, grades[i].word, v->counts[i]);
	json_line_close(&v->line);
}

/* --- the visit --- */

static void gather_setting(void *context, const char *setting)
{
	struct visit *v = context;
	size_t length = strlen(setting);
	for (const char *at = v->settings; *at != '\0'; at = strchr(at, '\n') + 1) {
		if (strncmp(at, setting, length) == 0 && at[length] == '\n')
			return;
	}
	if (v->all_settings.used + length + 2 <= sizeof v->settings)
		text_buffer_printf(&v->all_settings, "%s\n", setting);
}

static void visit_topic(struct visit *v, const struct doctor_topic *topic)
{
	if (!v->json) {
		if (topic != doctor_topics)
			page_end_line(&v->page);
		page_put_wrapped(&v->page, PAGE_BOLD, 0, 0, topic->title);
	}
	for (const struct doctor_row *row = topic->rows; row->name != NULL; row++) {
		struct doctor_answer a = {0};
		row->ask(&v->host, &a);
		v->counts[a.grade]++;
		each_line(a.settings, gather_setting, v);
		if (v->json)
			put_row(v, topic, row, &a);
		else
			print_row(v, row, &a);
	}
}

static void visit_all(struct visit *v)
{
	if (v->json) {
		json_line_start(&v->line);
		json_line_put_count(&v->line, "v", 1);
		json_line_put_time(&v->line, "timestamp", v->page.now);
		json_line_open_list(&v->line, "checks");
	}
	for (const struct doctor_topic *topic = doctor_topics; topic->title != NULL; topic++)
		visit_topic(v, topic);
	if (v->json) {
		json_line_close(&v->line);
		put_counts(v);
		json_line_close(&v->line);
		json_line_print(&v->line, stdout);
	} else {
		print_end(v);
	}
}

/* The configuration, and the defaults in its place where it has faults: a row tells of them. */
static void read_settings(struct visit *v, struct settings *s)
{
	struct config_faults faults;
	config_faults_init(&faults);
	settings_init(s);
	const char *path = v->config;
	if (path == NULL && access(RUN_SETTINGS_FILE, F_OK) == 0)
		path = RUN_SETTINGS_FILE;
	v->host = (struct doctor_host){
		.proc_sys = KERNEL_SETTINGS_ROOT,
		.proc_net = "/proc/net",
		.settings = s,
		.settings_good =
			path == NULL ||
			configuration_load(&(struct configuration){.settings = s}, path, &faults),
		.settings_path = path,
		.state = v->state != NULL ? v->state : s->state,
		.is_root = geteuid() == 0,
	};
	config_faults_clear(&faults);
}

static enum stop_code run_doctor(const struct command *self, int argc, char **argv)
{
	static struct visit v;
	struct settings settings;
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &v, &first))
		return STOP_USAGE;
	if (first < argc) {
		diag_error("doctor: takes no %s", argv[first]);
		return STOP_USAGE;
	}
	v.page = (struct page){.out = stdout,
		.terminal = terminal_of(stdout),
		.now = wall_time_from_parts((int64_t)time(NULL), 0)};
	v.all_settings = text_buffer_over(v.settings, sizeof v.settings);
	read_settings(&v, &settings);
	visit_all(&v);
	settings_clear(&settings);
	json_line_clear(&v.line);
	return v.counts[DOCTOR_WEAK] > 0 ? STOP_NO : STOP_DONE;
}

const struct command doctor_command = {
	.name = "doctor",
	.operands = "",
	.summary = "look for what is open on this host, and say how to close it",
	.text = "Asks this host: can knockwatch see here, does the kernel let others bend our\n"
		"routes, pretend to be somebody else, or wear us out, over IPv4 and IPv6?\n"
		"Changes nothing. What is weak comes with the lines that mend it. Works without\n"
		"root, and says what only root may see. Ends with 1 where something is weak.",
	.options = options,
	.run = run_doctor,
};
