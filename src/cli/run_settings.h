/* SPDX-License-Identifier: ISC */
/*
 * run_settings - what read and watch share: configuration, signatures and level rules, as one value.
 */
#ifndef KW_CLI_RUN_SETTINGS_H
#define KW_CLI_RUN_SETTINGS_H

#include "base/stop_code.h"
#include "detect/settings.h"
#include "engine/configuration.h"
#include "engine/pipeline.h"

#define RUN_SETTINGS_FILE "/etc/knockwatch/knockwatch.yaml"

struct run_settings {
	struct settings settings;
	struct courier_settings courier;
	struct log_settings logs;
	struct journal_settings journal;
	struct path_settings path; /* how interfaces are heard */
	struct exec_settings execs;
	struct wrapper_settings wrappers; /* whether they tell us what they decide */
	struct config_origins origins;    /* where in the file each key stands */
	struct signature_set *signatures; /* sealed, owned */
	struct level_rules rules;
	struct detector_override *overrides; /* owned; port lists borrowed from settings */
};

/* Reads `path`, or the usual file if it is there and `path` is null. Faults are said. Whatever it
 * returns, run_settings_clear must follow. */
enum stop_code run_settings_load(struct run_settings *r, const char *path);
void run_settings_clear(struct run_settings *r);

/* The options of all rooms as one, to load and to show them. A room that is new has its line here. */
struct configuration run_settings_all(struct run_settings *r);

/* The value of --memory; false with a message. */
bool run_settings_parse_memory(const char *text, uint64_t *bytes);

/* Fills the options of a pipeline; lists are borrowed from `r`. `inputs_bytes` of the memory are taken
 * by files and packet rings beyond those that memory_plan.h sets aside. */
void run_settings_fill(
	const struct run_settings *r, uint64_t inputs_bytes, struct pipeline_options *options);

/* Adds a prefix given on the command line to `set`; false with a message. */
bool run_settings_add_prefix(struct prefix_set *set, const char *option, const char *text);

#endif
