/* SPDX-License-Identifier: ISC */
/*
 * level_rules - why a story is serious: one table of rules, read from top to bottom in level_rules.c.
 *
 * Every rule looks at one number of the story and, from a threshold on, gives at least its level. The
 * highest level wins; the rules that gave it are the reason (`why`). Thresholds and levels can be
 * changed by name in the configuration.
 */
#ifndef KW_VERDICT_LEVEL_RULES_H
#define KW_VERDICT_LEVEL_RULES_H

#include <stdbool.h>
#include <stdint.h>

/* The numbers that rules look at. */
enum level_measure {
	LEVEL_MEASURE_SCORE,            /* log-likelihood of the sequential test */
	LEVEL_MEASURE_TARGETS,          /* distinct targets */
	LEVEL_MEASURE_HOSTS,            /* distinct hosts of ours */
	LEVEL_MEASURE_STEALTH_TARGETS,  /* targets of a story with impossible flags */
	LEVEL_MEASURE_OS_PROBES,        /* different probes of a system fingerprint */
	LEVEL_MEASURE_ANSWERED_TARGETS, /* targets of a story that found an open port */
	LEVEL_MEASURE_RETURNED_TARGETS, /* targets of a story that came back to one */
	LEVEL_MEASURE_SLOW_TARGETS,     /* targets of a story slower than one in 300 s */
	LEVEL_MEASURE_SOURCES,          /* sources of a group */
	LEVEL_MEASURE_VISITS,           /* earlier stories of the same source */
	LEVEL_MEASURE_BOT_TARGETS,      /* targets of a story in a bot's handwriting */
	LEVEL_MEASURE_QUESTIONS,        /* doors it had found open and then connected to */
	LEVEL_MEASURE_REDIRECTS,        /* redirects by others than our routers */
	LEVEL_MEASURE_ROUTED,           /* packets that dictate their own route */
	LEVEL_MEASURE_FORGED,           /* packets from a sender that cannot be */
	LEVEL_MEASURE_ODD_OPTIONS,      /* packets with IP options that no client sends */
	LEVEL_MEASURE_ODD_PIECES,       /* pieces of datagrams that no host makes */
	LEVEL_MEASURE_ODD_FLAGS,        /* packets that open and close at once, at one door */
	LEVEL_MEASURES
};

struct level_rule {
	const char *name; /* for the configuration */
	enum level_measure measure;
	double at;         /* from here on */
	int level;         /* at least this */
	const char *words; /* the reason, with %s for the number */
};

#define LEVEL_RULES_MAX 32

struct level_rules {
	struct level_rule rows[LEVEL_RULES_MAX];
	unsigned count;
};

struct level_facts {
	double values[LEVEL_MEASURES];
};

struct level_result {
	int level;     /* 0 if no rule spoke */
	char why[240]; /* the rules that gave it, joined by "; " */
};

/* The table as it stands in the source. */
void level_rules_init(struct level_rules *rules);

/* Changes a rule by name; false if there is none. Level 0 switches it off. */
bool level_rules_adjust(struct level_rules *rules, const char *name, double at, int level);

/* The name of rule `index`, null behind the last: for messages and completion. */
const char *level_rules_name(const struct level_rules *rules, unsigned index);

struct level_result level_rules_apply(
	const struct level_rules *rules, const struct level_facts *facts);

#endif
