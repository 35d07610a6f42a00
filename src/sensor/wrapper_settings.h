/* SPDX-License-Identifier: ISC */
/*
 * wrapper_settings - the keys of knockwatch.yaml that say whether wrappers tell us what they decide, and whom we believe.
 */
#ifndef KW_SENSOR_WRAPPER_SETTINGS_H
#define KW_SENSOR_WRAPPER_SETTINGS_H

#include "config/config_part.h"

#include <stdbool.h>

enum wrapper_wish {
	WRAPPER_WISH_AUTO, /* where it can be; why not is said */
	WRAPPER_WISH_ON,   /* else no watch */
	WRAPPER_WISH_OFF,
	WRAPPER_WISHES
};

#define WRAPPER_WISH_HELP "auto, on or off"

struct wrapper_settings {
	enum wrapper_wish wish;
	char **users;         /* names whose programs are believed as root's are. Owned */
	unsigned users_count; /* at most ACCESS_SOCKET_USERS_MAX */
};

/* One of those words; false if it is none of them. */
bool wrapper_settings_parse_wish(const char *text, enum wrapper_wish *out);

/* The defaults: where it can be, and root alone. */
void wrapper_settings_init(struct wrapper_settings *s);
void wrapper_settings_clear(struct wrapper_settings *s);

extern const struct config_part wrapper_settings_part;

#endif
