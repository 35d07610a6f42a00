/* SPDX-License-Identifier: ISC */
/*
 * access_trial_report - one "may this client enter?" with all that was found out on the way, for people and as JSON.
 */
#ifndef KW_CLI_ACCESS_TRIAL_REPORT_H
#define KW_CLI_ACCESS_TRIAL_REPORT_H

#include "access/access_decision.h"
#include "base/text_buffer.h"
#include "event/json_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	ACCESS_TRIAL_TEXT = 512, /* of a line that is told; longer is cut, but the rule that decided is whole in JSON */
	ACCESS_TRIAL_LATER = 8,  /* rules behind the one that decided; more are counted */
	ACCESS_TRIAL_OPTIONS = 16,
	ACCESS_TRIAL_WARNINGS = 8,
};

struct access_trial_rule {
	const char *file;
	unsigned line;
	char text[ACCESS_TRIAL_TEXT];
};

struct access_trial {
	struct access_tables tables;
	char daemon[ACCESS_TEXT_SIZE], user[ACCESS_TEXT_SIZE]; /* user: empty = not known */
	char address[2][ACCESS_TEXT_SIZE],
		name[2][ACCESS_TEXT_SIZE]; /* by side; empty = not known */
	int port;                          /* ours; -1: not known */
	int64_t now_s; /* since 1970 */
	bool no_dns;   /* as if no name server answered */
	struct access_decision decision;
	bool strict[2]; /* hosts.allow is; hosts.deny is */

	bool asked_name[2], asked_user,
		asked_netgroup; /* a rule up to the one that decided wanted to know */
	int64_t asked_ms[2];
	char why[2][320];                /* why a name was not believed, or is not known */
	bool unanswered[2];              /* nobody could say the name */
	char command[ACCESS_TRIAL_TEXT]; /* of aclexec, not run */
	char options[ACCESS_TRIAL_OPTIONS][ACCESS_TRIAL_TEXT];
	char warnings[ACCESS_TRIAL_WARNINGS][ACCESS_TRIAL_TEXT];
	unsigned warning_count;

	bool ask_names; /* the client was named: ask what it is called here, whether a rule wants to know or not */
	bool after;     /* it is decided; nobody is asked any more */
	bool would_ask; /* a later rule could not be compared for want of a name */
	struct access_trial_rule later[ACCESS_TRIAL_LATER];
	unsigned later_count;
};

/* Which tables are strict, what was asked for, what else would have matched, and warnings, in this order; `label` is empty
 * where the last one's holds. */
typedef void access_trial_note_fn(void *context, const char *label, const char *text);
void access_trial_each_note(
	const struct access_trial *t, access_trial_note_fn *take, void *context);
/* A command answers in the place of the service (twist). */
bool access_trial_is_delegated(const struct access_decision *d);
/* The rule that decided, for people: cut where it is long. */
void access_trial_write_rule(const struct access_trial *t, struct text_buffer *out);
/* "hosts.deny:3", or why there is no such place. */
void access_trial_write_reason(const struct access_trial *t, struct text_buffer *out);

struct access_trial_report {
	struct access_trial *trial; /* owned: the one at hand */
	struct json_line line;
	FILE *out;
	unsigned told;
};

void access_trial_report_start(struct access_trial_report *r, FILE *out);
/* Memory for the next one; the last is gone. */
struct access_trial *access_trial_report_next(struct access_trial_report *r);
void access_trial_report_tell(
	struct access_trial_report *r, const struct access_trial *t, bool json);
/* Prints the JSON and frees all. */
void access_trial_report_end(struct access_trial_report *r, bool json);

#endif
