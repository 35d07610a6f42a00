/* SPDX-License-Identifier: ISC */
/*
 * configuration - knockwatch.yaml as a whole: the one list of the rooms that have keys in it.
 *
 * A room brings a config_part (config/config_part.h) and its line in configuration.c; nothing else knows all keys.
 * All faults of all rooms are told in one run, and after a fault everything is as it was, so that a reload with a
 * broken file changes nothing.
 */
#ifndef KW_ENGINE_CONFIGURATION_H
#define KW_ENGINE_CONFIGURATION_H

#include "config/config_part.h"
#include "courier/courier_settings.h"
#include "detect/settings.h"
#include "sensor/exec_settings.h"
#include "sensor/log_settings.h"
#include "sensor/path_settings.h"
#include "sensor/wrapper_settings.h"
#include "store/journal_settings.h"

/* Where the options of each room are to be put; each was given its defaults by its room before. Null: what the file
 * says of them is checked and forgotten. */
struct configuration {
	struct settings *settings;         /* detect */
	struct courier_settings *courier;  /* courier */
	struct log_settings *logs;         /* sensor */
	struct exec_settings *execs;       /* sensor */
	struct journal_settings *journal;  /* store */
	struct path_settings *path;        /* sensor */
	struct wrapper_settings *wrappers; /* sensor */
	struct config_origins *origins;    /* where each key stands; null = nobody asks */
};

/* Lays the file over the defaults. False with faults, and all options as they were. */
bool configuration_load(
	const struct configuration *to, const char *path, struct config_faults *faults);

/* The same for a text in memory; faults call it `name`. */
bool configuration_load_text(const struct configuration *to, const char *name, const char *text,
	size_t length, struct config_faults *faults);

#define CONFIGURATION_VALUE_MAX 2048 /* bytes of one value as text; a longer one is cut */

struct configuration_value {
	const char *key;
	char text[CONFIGURATION_VALUE_MAX]; /* what holds, in words */
	bool is_default; /* as it would be without a file, whether it is named there or not */
	unsigned line;   /* of the file; 0 = it does not name the key */
};

/* Calls `fn` for every key of the rooms whose options are there, in the order of the list. */
void configuration_each(const struct configuration *c,
	void (*fn)(void *context, const struct configuration_value *value), void *context);

#define CONFIGURATION_CHANGE_MAX 65536 /* bytes of a value that are compared */

/* Calls `fn` for every key, of the rooms whose options are in both, that has another value in the one than in the
 * other. */
void configuration_each_change(const struct configuration *before,
	const struct configuration *after,
	void (*fn)(void *context, const struct config_part_key *key), void *context);

#endif
