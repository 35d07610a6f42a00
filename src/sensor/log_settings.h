/* SPDX-License-Identifier: ISC */
/*
 * log_settings - the keys of knockwatch.yaml that say whose logs are heard, and how.
 */
#ifndef KW_SENSOR_LOG_SETTINGS_H
#define KW_SENSOR_LOG_SETTINGS_H

#include "config/config_part.h"
#include "net/prefix.h"
#include "net/syslog_address.h"
#include "sensor/journal_reader.h"
#include "sensor/syslog_receiver.h"

struct log_settings {
	struct syslog_address syslog[SYSLOG_LISTENERS_MAX]; /* where it is received */
	unsigned syslog_count;
	struct prefix_set syslog_from; /* who may send; empty = this host alone */
	char *syslog_certificate;      /* files of syslog_tls_options; null = not given. Owned */
	char *syslog_key, *syslog_clients;
	bool journal;         /* the systemd journal is heard */
	char **journal_units; /* of it beside the kernel: units, and identifiers. Owned */
	char **journal_identifiers;
	unsigned journal_units_count, journal_identifiers_count;
};

/* The defaults: none is heard. */
void log_settings_init(struct log_settings *s);
void log_settings_clear(struct log_settings *s);

extern const struct config_part log_settings_part;

#endif
