/* SPDX-License-Identifier: ISC */
/*
 * The decision is made by the very function that decides for the services. What differs is who answers: names are asked for
 * as the library does, and noted; the user is the one that was given; a command of aclexec is not run, and taken as succeeded.
 * For what stands behind the rule that decided nobody is asked any more.
 */
#include "cli/access_call.h"

#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_mark.h"
#include "access/access_draft.h"
#include "access/access_expand.h"
#include "access/access_reader.h"
#include "access/access_set.h"
#include "base/diag.h"
#include "base/number_text.h"
#include "cli/access_host.h"
#include "cli/access_question.h"
#include "cli/access_trial_classic.h"
#include "cli/access_trial_report.h"
#include "libwrap/wrap_name.h"
#include "libwrap/wrap_rights.h"

#define SYSLOG_NAMES
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- answers --- */

static const char *give_address(void *self, enum access_side side)
{
	const struct access_trial *t = self;
	return t->address[side][0] ? t->address[side] : ACCESS_UNKNOWN;
}

static const char *give_name(void *self, enum access_side side)
{
	struct access_trial *t = self;
	struct addr a;
	if (t->name[side][0] != '\0')
		return t->name[side];
	if (t->after) {
		t->would_ask = true;
		return ACCESS_UNKNOWN;
	}
	t->asked_name[side] = t->address[side][0] != '\0'; /* else there is nothing to ask for */
	int64_t from = now_ms();
	struct wrap_name found = {.text = ACCESS_UNKNOWN};
	if (t->no_dns)
		found = (struct wrap_name){.unanswered = true, .text = ACCESS_UNKNOWN, .why = "no name server is asked, by --no-dns"};
	else if (addr_parse(t->address[side], strlen(t->address[side]), &a))
		wrap_name_find(&wrap_name_system, &a, &found);
	snprintf(t->name[side], sizeof t->name[side], "%s", found.text);
	snprintf(t->why[side], sizeof t->why[side], "%s", found.why);
	t->unanswered[side] = found.unanswered;
	t->asked_ms[side] = now_ms() - from;
	return t->name[side];
}

static const char *give_user(void *self)
{
	struct access_trial *t = self;
	t->asked_user = t->asked_user || !t->after;
	return t->user[0] ? t->user : ACCESS_UNKNOWN;
}

static const char *give_pid(void *self)
{
	(void)self;
	return "0";
}

static int give_port(void *self, enum access_side side)
{
	const struct access_trial *t = self;
	return side == ACCESS_SERVER ? t->port : -1;
}

static const char *name_so_far(void *self, enum access_side side)
{
	const struct access_trial *t = self;
	return t->name[side][0] != '\0' ? t->name[side] : NULL;
}

static bool has_user(void *self)
{
	const struct access_trial *t = self;
	return t->user[0] != '\0';
}

static const char *give_unanswered(void *self, enum access_side side)
{
	const struct access_trial *t = self;
	return t->unanswered[side] ? t->why[side] : NULL;
}

static bool is_in_netgroup(void *self, const char *group, const char *name)
{
	struct access_trial *t = self;
	t->asked_netgroup = t->asked_netgroup || !t->after;
	return innetgr(group, name, NULL, NULL) != 0;
}

static bool accepts(void *self, const char *command, bool if_not_run)
{
	struct access_trial *t = self;
	if (!t->after)
		snprintf(t->command, sizeof t->command, "%s", command);
	(void)if_not_run;
	return true;
}

static const struct access_answers answers = {
	.address = give_address,
	.name = give_name,
	.user = give_user,
	.pid = give_pid,
	.port = give_port,
	.name_so_far = name_so_far,
	.has_user = has_user,
	.unanswered = give_unanswered,
	.in_netgroup = is_in_netgroup,
	.accepts = accepts,
};

/* --- the question --- */

static void take_warning(void *self, const char *file, unsigned line, const char *text)
{
	struct access_trial *t = self;
	if (t->after || t->warning_count == ACCESS_TRIAL_WARNINGS)
		return;
	char *out = t->warnings[t->warning_count++];
	if (line > 0)
		snprintf(out, ACCESS_TRIAL_TEXT, "%s:%u: %s", file, line, text);
	else
		snprintf(out, ACCESS_TRIAL_TEXT, "%s: %s", file, text);
}

static void keep_later(
	struct access_trial *t, const char *file, unsigned line, struct text_slice text)
{
	t->later_count++;
	if (t->later_count > ACCESS_TRIAL_LATER)
		return;
	struct access_trial_rule *r = &t->later[t->later_count - 1];
	r->file = file;
	r->line = line;
	snprintf(r->text, sizeof r->text, "%.*s",
		(int)(text.length < sizeof r->text ? text.length : sizeof r->text - 1), text.start);
}

/* Rules of one table that would have matched, had none before. */
static void find_later(
	struct access_trial *t, const struct access_request *q, const char *file, bool denies)
{
	struct access_reader reader;
	struct access_line line;
	bool decided_here = t->decision.file != NULL && strcmp(t->decision.file, file) == 0;
	int fd = access_reader_open(file);
	if (fd < 0)
		return;
	access_reader_init(&reader, fd, 0, 0);
	while (access_reader_next(&reader, &line) == ACCESS_READER_LINE) {
		const struct access_place at = {.file = file,
			.line = line.number,
			.strict = t->strict[denies],
			.denies = denies,
			.sink = {take_warning, t}};
		if (decided_here && line.number <= t->decision.line)
			continue;
		if (access_fit_line_matches(line.text, q, &at))
			keep_later(t, file, line.number, line.text);
	}
	access_reader_clear(&reader);
	close(fd);
}

/* As the library, which denies where it cannot take the rights of whom a rule names. */
static void judge_rights(struct access_decision *d)
{
	char why[WRAP_RIGHTS_WHY_SIZE];
	struct wrap_rights_names names;
	for (unsigned i = 0; i < d->option_count; i++) {
		const struct access_option *o = &d->options[i];
		if (o->kind != ACCESS_OPTION_USER && o->kind != ACCESS_OPTION_GROUP)
			continue;
		if (wrap_rights_read(o, &names, why) && wrap_rights_known(names.user, names.group, why))
			continue;
		d->verdict = ACCESS_DENY;
		d->reason = ACCESS_BY_OPTION_FAULT;
		struct text_buffer fault = text_buffer_over(d->fault.text, sizeof d->fault.text);
		text_buffer_add_escaped(&fault, why, strlen(why));
		return;
	}
}

static void decide(struct access_trial *t)
{
	const struct access_request q = {t->daemon, &answers, t, t->now_s};
	const struct access_warning_sink sink = {take_warning, t};
	access_decision_make(&t->tables, &q, sink, &t->decision);
	judge_rights(&t->decision);
	t->after = true;
	t->strict[0] = access_mark_table_is_strict(t->tables.allow);
	t->strict[1] = access_mark_table_is_strict(t->tables.deny);
	bool by_deny = t->decision.file == t->tables.deny;
	if (!by_deny)
		find_later(t, &q, t->tables.allow, false);
	find_later(t, &q, t->tables.deny, true);
}

static const char *code_name(const CODE *codes, int value)
{
	while (codes->c_name != NULL && codes->c_val != value)
		codes++;
	return codes->c_name ? codes->c_name : "?";
}

static void add_number(struct text_buffer *out, const struct access_option *o)
{
	switch (o->kind) {
	case ACCESS_OPTION_SEVERITY:
		text_buffer_printf(out, " %s.%s", code_name(facilitynames, o->number & LOG_FACMASK),
			code_name(prioritynames, LOG_PRI(o->number)));
		return;
	case ACCESS_OPTION_LIMIT:
	case ACCESS_OPTION_TRAP_LIMIT:
		text_buffer_printf(out, " %d/%us", o->number, o->span_s);
		return;
	case ACCESS_OPTION_TRAP_TIME:
		text_buffer_printf(out, " %us", o->span_s);
		return;
	case ACCESS_OPTION_UMASK:
		text_buffer_printf(out, " %o", (unsigned)o->number);
		return;
	case ACCESS_OPTION_RFC931:
	case ACCESS_OPTION_NICE:
	case ACCESS_OPTION_LINGER:
	case ACCESS_OPTION_AT_MOST:
	case ACCESS_OPTION_TRAP_AT_MOST:
		text_buffer_printf(out, " %d", o->number);
		return;
	case ACCESS_OPTION_ALLOW:
	case ACCESS_OPTION_DENY:
	case ACCESS_OPTION_SPAWN:
	case ACCESS_OPTION_TWIST:
	case ACCESS_OPTION_ACLEXEC:
	case ACCESS_OPTION_BANNERS:
	case ACCESS_OPTION_SETENV:
	case ACCESS_OPTION_KEEPALIVE:
	case ACCESS_OPTION_USER:
	case ACCESS_OPTION_GROUP:
	case ACCESS_OPTION_EXPIRES:
	case ACCESS_OPTION_NOTE:
		return;
	}
}

/* What %-letters of an option's value become; the value itself where that cannot be. */
static void expand_options(struct access_trial *t)
{
	const struct access_request q = {t->daemon, &answers, t, t->now_s};
	const struct access_place at = {.file = t->decision.file,
		.line = t->decision.line,
		.denies = t->decision.verdict == ACCESS_DENY};
	for (unsigned i = 0; i < t->decision.option_count && i < ACCESS_TRIAL_OPTIONS; i++) {
		const struct access_option *o = &t->decision.options[i];
		struct text_buffer out = text_buffer_over(t->options[i], sizeof t->options[i]);
		text_buffer_add(&out, access_option_keyword(o->kind));
		add_number(&out, o);
		if (o->name.length > 0) {
			text_buffer_add(&out, " ");
			text_buffer_add_escaped(&out, o->name.start, o->name.length);
		}
		if (o->value.length > 0) {
			text_buffer_add(&out, " ");
			access_expand(&out, o->value, &q, &at);
		}
	}
}

/* --- the call --- */

static bool ask(const struct access_call *c, const struct access_trial *asked, const char *address,
	struct access_trial_report *report)
{
	struct access_trial *t = access_trial_report_next(report);
	*t = *asked;
	snprintf(t->address[ACCESS_CLIENT], sizeof t->address[ACCESS_CLIENT], "%s", address);
	if (t->ask_names)
		give_name(t, ACCESS_CLIENT);
	decide(t);
	expand_options(t);
	if (c->classic && !c->json)
		access_trial_classic_print(t, report->told++ > 0, stdout);
	else
		access_trial_report_tell(report, t, c->json);
	bool granted = t->decision.verdict == ACCESS_GRANT;
	access_decision_clear(&t->decision);
	return granted;
}

/* Where a name was given: with each of its addresses. */
static enum stop_code ask_name(const struct access_call *c, struct access_trial *t,
	const char *host, struct access_trial_report *report, bool *granted)
{
	struct addr found[ACCESS_QUESTION_ADDRESSES];
	unsigned count = access_question_find(host, found);
	if (count == 0 && c->classic) {
		diag_error("%s: no address is known for the client %s", c->classic, host);
		return STOP_NO;
	}
	/* The name was given: it is what a client of this name would be. The original asks what it would be called here. */
	if (t->name[ACCESS_CLIENT][0] == '\0' && !c->classic)
		snprintf(t->name[ACCESS_CLIENT], sizeof t->name[ACCESS_CLIENT], "%s", host);
	if (count == 0) {
		diag_warn("%s: no address is known for this name; rules for addresses cannot match",
			host);
		*granted = ask(c, t, "", report);
	}
	for (unsigned i = 0; i < count; i++)
		*granted &= ask(c, t, addr_to_text(&found[i]).text, report);
	return STOP_DONE;
}

static enum stop_code ask_all(const struct access_call *c, struct access_trial *t, const char *host)
{
	struct addr a;
	struct access_trial_report report;
	enum stop_code code = STOP_DONE;
	bool granted = true;
	access_trial_report_start(&report, stdout);
	if (addr_parse(host, strlen(host), &a)) {
		granted = ask(c, t, addr_to_text(&a).text, &report);
	} else if (access_question_is_nobody(host)) {
		snprintf(t->name[ACCESS_CLIENT], sizeof t->name[ACCESS_CLIENT], "%s",
			strcasecmp(host, ACCESS_UNKNOWN) == 0 ? ACCESS_UNKNOWN : ACCESS_PARANOID);
		granted = ask(c, t, "", &report);
	} else {
		t->ask_names = c->classic != NULL;
		code = ask_name(c, t, host, &report, &granted);
	}
	access_trial_report_end(&report, c->json && code == STOP_DONE);
	return code == STOP_DONE && !granted && !c->classic ? STOP_NO : code;
}

/* Does this host have the daemon, and does it ask the tables at all? */
static void judge_daemon(struct access_trial *t, const struct access_call *c)
{
	struct access_host *host = access_host_create(c->root, c->inetd_conf);
	struct access_draft hint = {0};
	enum access_lint_code code = access_host_know_daemon(host, text_slice_of(t->daemon), &hint);
	char near[80] = "";
	if (hint.used > 0)
		snprintf(near, sizeof near, "; there is %.*s", (int)hint.used, hint.text);
	if (code == ACCESS_LINT_DAEMON_UNKNOWN)
		snprintf(t->warnings[t->warning_count++], ACCESS_TRIAL_TEXT,
			"%s: no program of this name is here that asks the tables%s", t->daemon,
			near);
	else if (code == ACCESS_LINT_DAEMON_UNWRAPPED)
		snprintf(t->warnings[t->warning_count++], ACCESS_TRIAL_TEXT,
			"%s: the program is here, but does not ask the tables, and nothing does before it",
			t->daemon);
	access_draft_free(&hint);
	access_host_destroy(host);
}

/* What was named is there, and an address is one: the original takes less for granted. */
static bool is_in_order(const struct access_call *c, const char *host)
{
	struct stat facts;
	if (c->classic)
		return true;
	if (c->set && stat(c->set, &facts) != 0) {
		diag_error("access test: %s: %s", c->set, strerror(errno));
		return false;
	}
	return access_call_has_directories(c, "access test") &&
	       !access_question_is_odd("access test", host) &&
	       !(c->server && access_question_is_odd("access test", c->server));
}

enum stop_code access_trial_run(const struct access_call *c)
{
	const char *who = c->classic ? c->classic : "access test";
	char allow[4096], deny[4096], host[ACCESS_TEXT_SIZE];
	struct access_trial *t = calloc(1, sizeof *t);
	enum stop_code code = STOP_USAGE;
	if (t == NULL)
		return STOP_INTERNAL;
	t->port = c->port;
	t->now_s = time(NULL);
	t->no_dns = c->no_dns;
	t->tables = (struct access_tables){
		.set = c->set ? c->set : c->tables ? NULL : ACCESS_SET_PATH, .allow = allow, .deny = deny};
	if (access_call_table(c, "hosts.allow", allow, sizeof allow) &&
		access_call_table(c, "hosts.deny", deny, sizeof deny) &&
		access_question_take_client(t, who, c->words[1], c->name, host) &&
		is_in_order(c, host) &&
		access_question_take_service(t, who, c->words[0], c->server)) {
		if (c->classic)
			judge_daemon(t, c);
		code = ask_all(c, t, host);
	}
	free(t);
	return code;
}
