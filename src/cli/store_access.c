/* SPDX-License-Identifier: ISC */
#include "cli/store_access.h"

#include "base/diag.h"
#include "cli/run_settings.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void store_access_set(struct store_access *a, unsigned index, const char *value)
{
	if (index == STORE_ACCESS_STATE)
		a->state = value;
	else if (index == STORE_ACCESS_JSON)
		a->json = true;
	else if (index == STORE_ACCESS_UTC)
		a->page.zone = TIME_TEXT_UTC;
}

/* The state directory of the configuration, where none was named. */
static enum stop_code find_directory(struct store_access *a)
{
	if (a->state == NULL) {
		struct settings s;
		struct config_faults faults;
		config_faults_init(&faults);
		settings_init(&s);
		bool there = access(RUN_SETTINGS_FILE, F_OK) == 0;
		bool ok = !there || configuration_load(&(struct configuration){.settings = &s},
					    RUN_SETTINGS_FILE, &faults);
		config_faults_report(&faults);
		config_faults_clear(&faults);
		snprintf(a->directory, sizeof a->directory, "%s", s.state);
		settings_clear(&s);
		a->state = a->directory;
		return ok ? STOP_DONE : STOP_CONFIGURATION;
	}
	return STOP_DONE;
}

static enum stop_code code_of(enum store_trouble trouble)
{
	switch (trouble) {
	case STORE_TROUBLE_MISSING:
	case STORE_TROUBLE_BUSY:
		return STOP_UNREACHABLE;
	case STORE_TROUBLE_DENIED:
		return STOP_NOT_PERMITTED;
	case STORE_TROUBLE_NONE:
	case STORE_TROUBLE_NEWER:
	case STORE_TROUBLE_FOREIGN:
	case STORE_TROUBLE_DAMAGED:
	case STORE_TROUBLE_FULL:
	case STORE_TROUBLE_OTHER:
	case STORE_TROUBLES:
		break;
	}
	return STOP_INTERNAL;
}

enum stop_code store_access_fail(const struct store_error *error)
{
	diag_error("%s", error->text);
	return code_of(error->trouble);
}

enum stop_code store_access_find(struct store_access *a)
{
	a->page.out = stdout;
	a->page.terminal = terminal_of(stdout);
	a->page.now = wall_time_from_parts((int64_t)time(NULL), 0);
	return find_directory(a);
}

enum stop_code store_access_open(struct store_access *a)
{
	struct store_error error;
	enum stop_code code = store_access_find(a);
	if (code != STOP_DONE)
		return code;
	a->store = store_open(a->state, true, &error);
	return a->store ? STOP_DONE : store_access_fail(&error);
}

void store_access_close(struct store_access *a)
{
	struct store_error error;
	store_close(a->store, &error);
	a->store = NULL;
}

static bool refuse_operands(const struct command *self, int count, char **operands)
{
	if (count == 0)
		return true;
	diag_error("%s: '%s' is no option; see 'knockwatch %s --help'", self->name, operands[0],
		self->name);
	return false;
}

enum stop_code store_access_run(const struct command *self, int argc, char **argv,
	const struct store_question *question, void *request)
{
	struct store_access *a = request;
	int first;
	if (!option_row_parse(self->options, argc, argv, question->set, request, &first))
		return STOP_USAGE;
	bool fit = question->take != NULL ? question->take(request, argc - first, argv + first)
					  : refuse_operands(self, argc - first, argv + first);
	if (!fit)
		return STOP_USAGE;
	enum stop_code code = store_access_open(a);
	if (code == STOP_DONE)
		code = question->answer(request);
	else if (question->answer_without != NULL && a->state != NULL)
		question->answer_without(request);
	store_access_close(a);
	return code;
}

bool store_access_parse_time(const struct store_access *a, const char *option, const char *text,
	enum time_text_edge edge, struct wall_time *out)
{
	struct wall_time now = wall_time_from_parts((int64_t)time(NULL), 0);
	if (time_text_parse(text, now, a->page.zone, edge, out))
		return true;
	diag_error(
		"--%s %s: expected a time such as 'yesterday', '-7d', '2026-11-20' or '2026-11-20T14:00'",
		option, text);
	return false;
}
