/* SPDX-License-Identifier: ISC */
/*
 * exec_settings - the keys of knockwatch.yaml that say how programs started as root are heard.
 */
#ifndef KW_SENSOR_EXEC_SETTINGS_H
#define KW_SENSOR_EXEC_SETTINGS_H

#include "config/config_part.h"
#include "event/secret_mask.h"
#include "sensor/exec_ear.h"

struct exec_settings {
	enum exec_ear_wish wish;
	char **secrets;         /* names whose values are masked beside the built-in ones. Owned */
	unsigned secrets_count; /* at most SECRET_MASK_NAMES_MAX */
};

/* The defaults: by the best path there is, without more names. */
void exec_settings_init(struct exec_settings *s);
void exec_settings_clear(struct exec_settings *s);

/* The names as secret_mask wants them; borrowed. */
struct secret_mask_names exec_settings_names(const struct exec_settings *s);

extern const struct config_part exec_settings_part;

#endif
