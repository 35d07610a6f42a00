/* SPDX-License-Identifier: ISC */
/*
 * courier_settings - where the journal is sent to, read from knockwatch.yaml.
 */
#ifndef KW_COURIER_COURIER_SETTINGS_H
#define KW_COURIER_COURIER_SETTINGS_H

#include "config/config_part.h"

#include <stdbool.h>

#define COURIER_PORT "6514" /* RFC 5425 */
#define COURIER_TARGET_HELP "HOST or HOST:PORT, such as logs.example.org:6514"

struct courier_settings {
	char *send_to;                     /* as written; null = nothing is sent. All owned */
	char *send_ca;                     /* file of authorities */
	char *send_name;                   /* that the certificate must hold; null = the host's */
	char *send_certificate, *send_key; /* ours; null = none */
};

extern const struct config_part courier_settings_part;

void courier_settings_init(struct courier_settings *s);
void courier_settings_clear(struct courier_settings *s);

struct courier_target {
	char host[254]; /* RFC 1035: a name has 253 characters at most */
	char port[6];
};

/* "host", "host:port", "[address]:port", an address alone. */
bool courier_target_parse(const char *text, struct courier_target *out);

#endif
