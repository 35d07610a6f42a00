/* SPDX-License-Identifier: ISC */
#include "cli/run_settings.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "config/config_value.h"
#include "detect/signature_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool load_signatures(struct run_settings *r, struct config_faults *faults)
{
	r->signatures = signature_set_create();
	bool ok = signature_file_load_default(r->signatures, faults);
	for (unsigned i = 0; i < r->settings.signatures_count; i++)
		ok &= signature_file_load(r->settings.signatures[i], r->signatures, faults);
	signature_set_seal(r->signatures);
	return ok;
}

static bool adjust_rules(struct run_settings *r, struct config_faults *faults)
{
	bool ok = true;
	level_rules_init(&r->rules);
	for (unsigned i = 0; i < r->settings.level_rules_count; i++) {
		const struct settings_level_rule *row = &r->settings.level_rules[i];
		if (level_rules_adjust(&r->rules, row->name, row->at, row->level))
			continue;
		char names[512];
		struct text_buffer b = text_buffer_over(names, sizeof names);
		const char *name;
		for (unsigned j = 0; (name = level_rules_name(&r->rules, j)) != NULL; j++)
			text_buffer_printf(&b, "%s%s", j ? ", " : "", name);
		config_faults_add(faults, r->settings.file, row->line, row->column,
			"%s: no such level rule; there are %s", config_fault_quote(row->name).text,
			names);
		ok = false;
	}
	return ok;
}

static void copy_overrides(struct run_settings *r)
{
	r->overrides = memory_calloc(r->settings.addresses_count, sizeof *r->overrides);
	for (unsigned i = 0; i < r->settings.addresses_count; i++) {
		const struct settings_address *a = &r->settings.addresses[i];
		r->overrides[i] = (struct detector_override){
			a->prefix, a->level, a->has_proto, a->proto, a->ports, a->ports_count};
	}
}

struct configuration run_settings_all(struct run_settings *r)
{
	return (struct configuration){.settings = &r->settings,
		.courier = &r->courier,
		.logs = &r->logs,
		.journal = &r->journal,
		.path = &r->path,
		.execs = &r->execs,
		.wrappers = &r->wrappers,
		.origins = &r->origins};
}

enum stop_code run_settings_load(struct run_settings *r, const char *path)
{
	struct config_faults faults;
	memset(r, 0, sizeof *r);
	config_faults_init(&faults);
	settings_init(&r->settings);
	courier_settings_init(&r->courier);
	log_settings_init(&r->logs);
	journal_settings_init(&r->journal);
	path_settings_init(&r->path);
	exec_settings_init(&r->execs);
	wrapper_settings_init(&r->wrappers);
	if (path == NULL && access(RUN_SETTINGS_FILE, F_OK) == 0)
		path = RUN_SETTINGS_FILE;
	const struct configuration to = run_settings_all(r);
	bool ok = path == NULL || configuration_load(&to, path, &faults);
	ok = load_signatures(r, &faults) && ok;
	ok = adjust_rules(r, &faults) && ok;
	copy_overrides(r);
	config_faults_report(&faults);
	config_faults_clear(&faults);
	return ok ? STOP_DONE : STOP_CONFIGURATION;
}

void run_settings_clear(struct run_settings *r)
{
	signature_set_destroy(r->signatures);
	free(r->overrides);
	settings_clear(&r->settings);
	courier_settings_clear(&r->courier);
	log_settings_clear(&r->logs);
	exec_settings_clear(&r->execs);
	wrapper_settings_clear(&r->wrappers);
}

bool run_settings_parse_memory(const char *text, uint64_t *bytes)
{
	if (config_value_size(text, bytes) && *bytes >= MEMORY_PLAN_LEAST &&
		*bytes <= MEMORY_PLAN_MOST)
		return true;
	diag_error("--memory %s: expected a size such as 76M or 1G, " MEMORY_PLAN_WORDS, text);
	return false;
}

void run_settings_fill(
	const struct run_settings *r, uint64_t inputs_bytes, struct pipeline_options *options)
{
	const struct settings *s = &r->settings;
	options->detector =
		(struct detector_options){.memory = memory_plan_make(s->memory_bytes, inputs_bytes),
			.home = s->home,
			.dark = s->dark,
			.trusted = s->trusted,
			.research = s->research,
			.trap_ports = s->has_trap_ports ? &s->trap_ports : NULL,
			.signatures = r->signatures,
			.overrides = r->overrides,
			.overrides_count = s->addresses_count};
	options->stories = (struct story_book_options){.rules = r->rules,
		.signatures = r->signatures,
		.report_interval_us = s->report_interval_us,
		.close_after_us = s->close_after_us};
}

bool run_settings_add_prefix(struct prefix_set *set, const char *option, const char *text)
{
	struct prefix p;
	bool host_bits;
	if (!prefix_parse(text, strlen(text), &p, &host_bits)) {
		diag_error(
			host_bits
				? "--%s %s: bits are set behind the prefix length"
				: "--%s %s: expected an address or a prefix such as 203.0.113.0/24",
			option, text);
		return false;
	}
	if (!prefix_set_add(set, &p)) {
		diag_error("--%s: more than %d prefixes", option, PREFIX_SET_MAX);
		return false;
	}
	return true;
}
