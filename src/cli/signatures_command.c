/* SPDX-License-Identifier: ISC */
#include "cli/signatures_command.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/option_number.h"
#include "cli/run_settings.h"
#include "cli/signature_conversion.h"
#include "cli/signature_list.h"
#include "config/config_fault.h"
#include "detect/signature_file.h"

#include <string.h>
#include <unistd.h>

enum option {
	OPTION_JSON,
	OPTION_CONFIG,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_JSON] = {"json", 'j', NULL, "the list as JSON lines"},
	[OPTION_CONFIG] = {"config", 'c', "FILE", "instead of " RUN_SETTINGS_FILE},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct request {
	bool json;
	const char *config;
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	switch ((enum option)index) {
	case OPTION_JSON:
		r->json = true;
		return true;
	case OPTION_CONFIG:
		r->config = value;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

static bool parse_id(const char *text, uint32_t *out)
{
	uint64_t id;
	if (!option_number_read(text, UINT32_MAX, &id))
		return false;
	*out = (uint32_t)id;
	return true;
}

static enum stop_code print_named(const struct request *r, const struct page *p,
	const struct signature_set *set, char **names, int count)
{
	enum stop_code code = STOP_DONE;
	for (int i = 0; i < count; i++) {
		uint32_t id;
		if (!parse_id(names[i], &id)) {
			diag_error("signatures: '%s' is no number of a signature", names[i]);
			return STOP_USAGE;
		}
		const struct signature *s = signature_set_find(set, id);
		if (s == NULL) {
			diag_error("signatures: there is no number %s; 'knockwatch signatures' "
				   "lists them",
				names[i]);
			code = STOP_NO;
		} else if (r->json) {
			signature_list_print_one_json(stdout, s);
		} else {
			signature_list_print_one(p, s);
		}
	}
	return code;
}

static enum stop_code list(const struct request *r, char **names, int count)
{
	struct run_settings settings;
	struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	enum stop_code code = run_settings_load(&settings, r->config);
	if (code == STOP_DONE && count > 0)
		code = print_named(r, &page, settings.signatures, names, count);
	else if (code == STOP_DONE && r->json)
		signature_list_print_json(stdout, settings.signatures);
	else if (code == STOP_DONE)
		signature_list_print(&page, settings.signatures, !isatty(STDOUT_FILENO));
	run_settings_clear(&settings);
	return code;
}

/* How many of a file's signatures take the place of a built-in one. */
static unsigned count_replaced(
	const struct signature_set *file, const struct signature_set *built_in)
{
	unsigned replaced = 0;
	for (unsigned i = 0; i < signature_set_count(file); i++)
		replaced += signature_set_find(built_in, signature_set_item(file, i)->id) != NULL;
	return replaced;
}

static void say_good(const char *path, const struct signature_set *set, unsigned replaced)
{
	char name[512];
	struct text_buffer out = text_buffer_over(name, sizeof name);
	text_buffer_add_escaped(&out, path, strlen(path));
	printf("%s: %s, no fault", name,
		number_text_with(signature_set_count(set), "signature").text);
	if (replaced > 0)
		printf("; %u in place of a built-in one", replaced);
	printf("\n");
}

/* The two kinds of our files are easily taken for each other. */
static void hint_at_settings(const char *path)
{
	struct config_faults faults;
	struct settings settings;
	config_faults_init(&faults);
	settings_init(&settings);
	if (configuration_load(&(struct configuration){.settings = &settings}, path, &faults))
		diag_note("that is a configuration: 'knockwatch check' reads it");
	config_faults_clear(&faults);
	settings_clear(&settings);
}

static bool check_file(const char *path, const struct signature_set *built_in)
{
	struct config_faults faults;
	struct signature_set *set = signature_set_create();
	config_faults_init(&faults);
	bool good = signature_file_load(path, set, &faults);
	if (good)
		say_good(path, set, count_replaced(set, built_in));
	config_faults_report(&faults);
	config_faults_clear(&faults);
	signature_set_destroy(set);
	if (!good)
		hint_at_settings(path);
	return good;
}

static enum stop_code check(char **paths, int count)
{
	struct config_faults faults;
	struct signature_set *built_in = signature_set_create();
	bool good = true;
	if (count == 0) {
		diag_error("signatures check: no file was named; in force are those that "
			   "'knockwatch signatures' lists");
		signature_set_destroy(built_in);
		return STOP_USAGE;
	}
	config_faults_init(&faults);
	signature_file_load_default(built_in, &faults);
	config_faults_clear(&faults);
	for (int i = 0; i < count; i++)
		good &= check_file(paths[i], built_in);
	signature_set_destroy(built_in);
	return good ? STOP_DONE : STOP_CONFIGURATION;
}

static enum stop_code convert(char **paths, int count)
{
	if (count == 1)
		return signature_conversion_run(paths[0], stdout);
	diag_error("signatures convert: expected one file, such as /etc/psad/signatures, or '-'");
	return STOP_USAGE;
}

static enum stop_code refuse(const char *word)
{
	static const char *const verbs[] = {"check", "convert", NULL};
	const char *near = option_row_nearest(verbs, word);
	if (near != NULL)
		diag_error("signatures: %s: no such word; did you mean 'knockwatch signatures %s'?",
			word, near);
	else
		diag_error("signatures: '%s' is no number; to check a file say 'knockwatch "
			   "signatures check %s'",
			word, word);
	return STOP_USAGE;
}

static enum stop_code run_signatures(const struct command *self, int argc, char **argv)
{
	struct request r = {0};
	uint32_t id;
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &r, &first))
		return STOP_USAGE;
	char **operands = argv + first;
	int count = argc - first;
	if (count == 0 || parse_id(operands[0], &id))
		return list(&r, operands, count);
	bool is_check = strcmp(operands[0], "check") == 0;
	if (!is_check && strcmp(operands[0], "convert") != 0)
		return refuse(operands[0]);
	if (r.json || r.config != NULL) {
		diag_error("signatures %s: --json and --config are for the list only", operands[0]);
		return STOP_USAGE;
	}
	return is_check ? check(operands + 1, count - 1) : convert(operands + 1, count - 1);
}

const struct command signatures_command = {
	.name = "signatures",
	.operands = "[NUMBER...|check FILE...|convert FILE]",
	.summary = "list, check and convert the packets known by sight",
	.text = "Lists the signatures in force: those built in, and those of the files that the\n"
		"configuration names. With numbers, tells all that is said about these. 'check'\n"
		"reads files of signatures and tells every fault with line and column. 'convert'\n"
		"writes psad's signatures (Snort rules) as ours on standard output, and what\n"
		"could not be carried over on standard error; it then ends with 6.\n"
		"\n"
		"  knockwatch signatures\n"
		"  knockwatch signatures 101\n"
		"  knockwatch signatures check /etc/knockwatch/signatures.yaml\n"
		"  knockwatch signatures convert /etc/psad/signatures >psad.yaml",
	.options = options,
	.run = run_signatures,
};
