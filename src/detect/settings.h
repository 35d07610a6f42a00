/* SPDX-License-Identifier: ISC */
/*
 * settings - what the admin wants of the detector, read from knockwatch.yaml and checked.
 *
 * A plain struct: settings_init gives the defaults, and `settings_part` is how a file is laid over them
 * (engine/configuration loads it, together with the parts of other rooms). The keys and their meaning stand in
 * conf/knockwatch.yaml.
 */
#ifndef KW_DETECT_SETTINGS_H
#define KW_DETECT_SETTINGS_H

#include "base/clock.h"
#include "config/config_part.h"
#include "net/port_set.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_NAMES_MAX 64       /* interfaces, signature files */
#define SETTINGS_ADDRESSES_MAX 4096 /* rows of `addresses`: looked at one by one */
#define SETTINGS_PORTS_MAX 64       /* port ranges of one row */
#define SETTINGS_RULES_MAX 64       /* rows of `level_rules` */
#define SETTINGS_LEVEL_MAX 5

/* One row of `addresses`: a level that is forced on a block of sources. */
struct settings_address {
	struct prefix prefix;
	uint8_t level;            /* 0 = ignore these packets ... 5 */
	bool has_proto;           /* only this protocol */
	uint8_t proto;            /* IP protocol number */
	struct port_range *ports; /* only these destination ports; owned, null if any */
	unsigned ports_count;
};

/* One row of `level_rules`; the engine knows the names and reports the unknown ones at `line`. */
struct settings_level_rule {
	char *name;            /* owned */
	double at;             /* the number from which the rule speaks; never negative */
	uint8_t level;         /* 0 to 5 */
	unsigned line, column; /* of the row's name, for faults */
};

struct settings {
	char *file;                /* where they were read from; null = defaults. Owned */
	struct prefix_set home;    /* own addresses; empty = learn them */
	struct prefix_set dark;    /* blocks at home where nothing has ever been */
	struct prefix_set trusted; /* sources that are never suspicious (monitoring) */
	struct prefix_set
		research; /* sources known to measure the Internet, beside the built-in ones */
	struct port_set trap_ports; /* ports that nobody has an honest reason to touch */
	bool has_trap_ports;        /* `trap_ports` was given */
	uint64_t memory_bytes;      /* resident memory of the whole process */
	int64_t report_interval_us; /* an open incident is told again after this long */
	int64_t close_after_us;     /* an incident ends after this much silence */
	char *log;                  /* the log that watch follows; null = none. Owned */
	bool has_nflog;             /* `nflog` was given */
	uint16_t nflog;             /* the log group of the firewall that watch hears */
	char *state;                /* directory of journal and store. Owned */
	char **interfaces;          /* names, owned */
	unsigned interfaces_count;
	char **signatures; /* files beside the built-in ones, owned */
	unsigned signatures_count;
	struct settings_address *addresses; /* owned; most specific first */
	unsigned addresses_count;
	struct settings_level_rule *level_rules; /* owned; as in the file */
	unsigned level_rules_count;
};

/* The defaults. */
void settings_init(struct settings *settings);
/* Frees what they own; afterwards only settings_init may follow. */
void settings_clear(struct settings *settings);

/* Our keys of the file; the options are a struct settings. */
extern const struct config_part settings_part;

/* The most specific row for a packet's source, or null. Without ports known, rows that name ports
 * do not apply. Walks all rows: ask once a source, not once a packet, if there are many. */
const struct settings_address *settings_find_address(const struct settings *settings,
	const struct addr *source, uint8_t proto, bool has_ports, uint16_t dst_port);

#endif
