/* SPDX-License-Identifier: ISC */
/*
 * path_settings - the keys of knockwatch.yaml that say how interfaces are heard: `path`, `firewall_drops` and
 * `containers`.
 */
#ifndef KW_SENSOR_PATH_SETTINGS_H
#define KW_SENSOR_PATH_SETTINGS_H

#include "config/config_part.h"
#include "sensor/path_probe.h"

#include <stdbool.h>

struct path_settings {
	bool has_path; /* `path` was given, and is not "auto" */
	enum path_kind path;
	bool firewall_drops; /* the hook tells what the firewall dropped, too */
	bool containers;     /* ... and knocks on other network namespaces of this host */
};

/* The defaults. */
void path_settings_init(struct path_settings *settings);

/* The options are a struct path_settings. */
extern const struct config_part path_settings_part;

#endif
