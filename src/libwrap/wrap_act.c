/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_act.h"

#include "access/access_expand.h"
#include "access/access_text.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/libwrap_rfc931.h"
#include "libwrap/wrap_banner.h"
#include "libwrap/wrap_limit.h"
#include "libwrap/wrap_request.h"
#include "libwrap/wrap_restore.h"
#include "libwrap/wrap_rights.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

enum {
	COMMAND_SIZE = ACCESS_EXPAND_SIZE,
	VALUE_SIZE = 256,    /* names of variables */
};

static enum wrap_act_result __attribute__((format(printf, 1, 2))) deny(const char *format, ...)
{
	char text[LIBWRAP_DIAG_SIZE];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	libwrap_diag_error("%s", text);
	return WRAP_ACT_DENY;
}

/* The value with its %-letters filled in, trimmed; false if that does not fit. */
static bool expand(const struct wrap_act *act, struct text_slice value, char command[COMMAND_SIZE])
{
	struct text_buffer out = text_buffer_over(command, COMMAND_SIZE);
	if (!access_expand(&out, value, act->q, &act->at))
		return false;
	const struct text_slice trimmed = access_text_chop((struct text_slice){command, out.used});
	memmove(command, trimmed.start, trimmed.length);
	command[trimmed.length] = '\0';
	return true;
}

/* ---- what becomes of the process ------------------------------------------------------------------------ */

/* Puts the socket on 0, 1 and 2. What stood there comes back if the shell cannot be started. */
static int become_shell(int fd, const char *command)
{
	int saved[3], failed;
	for (int i = 0; i < 3; i++)
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
	const int client = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (client >= 0 && dup2(client, 0) == 0 && dup2(client, 1) == 1 && dup2(client, 2) == 2) {
		if (fd > 2)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	}
	failed = errno;
	for (int i = 0; i < 3; i++) {
		if (saved[i] >= 0) {
			dup2(saved[i], i);
			close(saved[i]);
		} else {
			close(i);
		}
	}
	if (client >= 0)
		close(client);
	errno = failed;
	return -1;
}

static struct wrap_trap trap_of(struct wrap_act *act)
{
	return (struct wrap_trap){.q = act->q,
		.file = act->at.file,
		.line = act->at.line,
		.denies = act->at.denies,
		.terms = &act->terms};
}

static enum wrap_act_result twist(struct wrap_act *act, struct text_slice written, const char *command)
{
	if (dry_run != 0) {
		dry_run = 0;
		return WRAP_ACT_GO_ON;
	}
	if (resident > 0)
		return deny("twist option in resident process");
	const struct wrap_trap trap = trap_of(act);
	if (!wrap_trap_may_twist(&trap, written, command))
		return WRAP_ACT_DENY;
	if (act->report) /* before it is logged: see wrap_report.h */
		wrap_report_send(act->report, ACCESS_DENY, ACCESS_WIRE_RULE);
	libwrap_diag_log(deny_severity, "twist %s to %s", eval_client(act->request), command);
	become_shell(act->request->fd, command);
	return deny("twist_option: /bin/sh: %m");
}

static enum wrap_act_result spawn(struct wrap_act *act, struct text_slice written, char *command)
{
	const struct wrap_trap trap = trap_of(act);
	if (dry_run == 0)
		wrap_trap_spawn(&trap, written, command);
	return WRAP_ACT_GO_ON;
}

static enum wrap_act_result set_variable(
	const struct wrap_act *act, const struct access_option *option, const char *value)
{
	char variable[VALUE_SIZE];
	const char *why;
	struct text_buffer name = text_buffer_over(variable, sizeof variable);
	if (!access_expand(&name, option->name, act->q, &act->at) || variable[0] == '\0' || strchr(variable, '='))
		return deny("bad setenv name: \"%s\"", variable);
	if (dry_run == 0 && !wrap_restore_set_variable(variable, value, &why))
		return deny("setenv \"%s\": %s", variable, why);
	return WRAP_ACT_GO_ON;
}

static enum wrap_act_result run_expanded(struct wrap_act *act, const struct access_option *option)
{
	char command[COMMAND_SIZE];
	if (!expand(act, option->value, command))
		return deny("option \"%s\" is too long", access_option_keyword(option->kind));
	if (option->kind == ACCESS_OPTION_TWIST)
		return twist(act, option->value, command);
	if (option->kind == ACCESS_OPTION_SETENV)
		return set_variable(act, option, command);
	return spawn(act, option->value, command);
}

/* It could take other rights, and must not; with fewer, the kernel refuses. */
static bool is_resident_root(void)
{
	return resident > 0 && geteuid() == 0;
}

/* Afterwards nobody would believe us. */
static void tell_with_all_rights(const struct wrap_act *act, const char *user, const char *group)
{
	char why[WRAP_RIGHTS_WHY_SIZE];
	if (!act->report || geteuid() != 0 || !wrap_rights_known(user, group, why))
		return;
	const struct access_decision *d = act->report->decision;
	wrap_report_send(act->report, wrap_report_expected(d), wrap_report_why(d));
}

static enum wrap_act_result give_up_rights(const struct wrap_act *act, const struct access_option *option)
{
	char why[WRAP_RIGHTS_WHY_SIZE];
	struct wrap_rights_names names;
	if (!wrap_rights_read(option, &names, why))
		return deny("%s", why);
	const char *user = names.user, *group = names.group;
	bool done;
	if (dry_run != 0)
		done = wrap_rights_known(user, group, why);
	else if (is_resident_root())
		return wrap_rights_are(user, group) ? WRAP_ACT_GO_ON
						    : deny("%s option in resident process", access_option_keyword(option->kind));
	else {
		tell_with_all_rights(act, user, group);
		done = user ? wrap_rights_of_user(user, group, why) : wrap_rights_of_group(group, why);
	}
	return done ? WRAP_ACT_GO_ON : deny("%s", why);
}

static enum wrap_act_result be_nicer(int by)
{
	if (dry_run != 0)
		return WRAP_ACT_GO_ON;
	if (resident > 0) {
		libwrap_diag_warn("nice option in resident process: not done");
		return WRAP_ACT_GO_ON;
	}
	errno = 0;
	if (nice(by) == -1 && errno != 0)
		libwrap_diag_warn("nice(%d): %m", by);
	return WRAP_ACT_GO_ON;
}

/* ---- what becomes of the connection --------------------------------------------------------------------- */

static void keep_alive(int fd)
{
	const int on = 1;
	if (dry_run == 0 && setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) < 0)
		libwrap_diag_warn("setsockopt SO_KEEPALIVE: %m");
}

static void let_linger(int fd, int seconds)
{
	const struct linger l = {.l_onoff = seconds != 0, .l_linger = seconds};
	if (dry_run == 0 && setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l) < 0)
		libwrap_diag_warn("setsockopt SO_LINGER %d: %m", seconds);
}

/* Also in a dry run: the classic tcpdmatch shows it, whose "socket" is its standard output. */
static enum wrap_act_result send_banner(const struct wrap_act *act, struct text_slice value)
{
	char directory[4096];
	if (value.length >= sizeof directory)
		return deny("option \"banners\" is too long");
	if (value.length > 0)
		memcpy(directory, value.start, value.length);
	directory[value.length] = '\0';
	if (!wrap_banner_send(act->request->fd, directory, act->q, &act->at))
		libwrap_diag_warn("%s: %m", directory);
	return WRAP_ACT_GO_ON;
}

static void ask_user(struct request_info *request, int seconds)
{
	libwrap_rfc931_wait(seconds > 0 ? (unsigned)seconds : 0);
	eval_user(request);
	libwrap_rfc931_wait(0);
}

static enum wrap_act_result keep_limit(const struct wrap_act *act, const struct access_option *option)
{
	char why[WRAP_LIMIT_WHY_SIZE];
	if (dry_run != 0 || wrap_limit_admits(act->q, option, why))
		return WRAP_ACT_GO_ON;
	return deny("%s", why);
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

/* As written, but with its %-letters filled in where the option has some. */
static void tell(const struct wrap_act *act, const struct access_option *option)
{
	enum { WORD_MAX = 64, TOLD_MAX = 512 };
	char memory[COMMAND_SIZE] = "";
	struct text_slice said = option->argument;
	const bool has_letters = option->kind == ACCESS_OPTION_SPAWN || option->kind == ACCESS_OPTION_TWIST ||
				 option->kind == ACCESS_OPTION_SETENV || option->kind == ACCESS_OPTION_ACLEXEC;
	if (has_letters && expand(act, said, memory))
		said = text_slice_of(memory);
	libwrap_diag_log(LOG_DEBUG, "option:   %.*s %.*s", (int)(option->word.length < WORD_MAX ? option->word.length : WORD_MAX),
		option->word.start, (int)(said.length < TOLD_MAX ? said.length : TOLD_MAX), said.length > 0 ? said.start : "");
}

enum wrap_act_result wrap_act_option(struct wrap_act *act, const struct access_option *option)
{
	struct request_info *request = act->request;
	if (hosts_access_verbose > 0)
		tell(act, option);
	switch (option->kind) {
	case ACCESS_OPTION_ALLOW:
		return WRAP_ACT_GRANT;
	case ACCESS_OPTION_DENY:
		return WRAP_ACT_DENY;
	case ACCESS_OPTION_SEVERITY:
		wrap_restore_set_severity(option->number);
		break;
	case ACCESS_OPTION_SPAWN:
	case ACCESS_OPTION_TWIST:
	case ACCESS_OPTION_SETENV:
		return run_expanded(act, option);
	case ACCESS_OPTION_ACLEXEC: /* asked while deciding */
		break;
	case ACCESS_OPTION_RFC931:
		ask_user(request, option->number);
		break;
	case ACCESS_OPTION_BANNERS:
		return send_banner(act, option->value);
	case ACCESS_OPTION_UMASK:
		if (dry_run == 0)
			wrap_restore_set_umask((mode_t)option->number);
		break;
	case ACCESS_OPTION_NICE:
		return be_nicer(option->number);
	case ACCESS_OPTION_KEEPALIVE:
		keep_alive(request->fd);
		break;
	case ACCESS_OPTION_LINGER:
		let_linger(request->fd, option->number);
		break;
	case ACCESS_OPTION_USER:
	case ACCESS_OPTION_GROUP:
		return give_up_rights(act, option);
	case ACCESS_OPTION_EXPIRES: /* asked while deciding */
	case ACCESS_OPTION_NOTE:
		break;
	case ACCESS_OPTION_LIMIT:
	case ACCESS_OPTION_AT_MOST:
		return keep_limit(act, option);
	case ACCESS_OPTION_TRAP_LIMIT:
	case ACCESS_OPTION_TRAP_AT_MOST:
	case ACCESS_OPTION_TRAP_TIME:
		wrap_trap_hear(&act->terms, option);
		break;
	}
	return WRAP_ACT_GO_ON;
}

/* Why the verdict is what it is, where this option denied; null: none did. */
static enum access_wire_why why_of(const struct access_decision *d, const struct access_option *denier)
{
	if (!denier || denier->kind == ACCESS_OPTION_DENY || denier->kind == ACCESS_OPTION_TWIST)
		return wrap_report_why(d); /* a twist is to deny, whether it could be run or not */
	if (denier->kind == ACCESS_OPTION_LIMIT || denier->kind == ACCESS_OPTION_AT_MOST)
		return ACCESS_WIRE_LIMIT;
	return ACCESS_WIRE_FAULT;
}

enum access_verdict wrap_act_decision(const struct access_decision *d, struct request_info *request,
	const struct access_request *q)
{
	struct wrap_report report = wrap_report_of(d, request);
	struct wrap_act act = {.request = request,
		.q = q,
		.at = {.file = d->file, .line = d->line, .denies = d->verdict == ACCESS_DENY, .sink = wrap_request_log()},
		.report = &report};
	const struct libwrap_place before = libwrap_diag_stand_at((struct libwrap_place){d->file, d->line});
	enum access_verdict verdict = d->verdict;
	enum wrap_act_result result = WRAP_ACT_GO_ON;
	const bool by_rule = d->reason == ACCESS_BY_RULE || d->reason == ACCESS_BY_OPTION_FAULT || d->reason == ACCESS_BY_BROKEN_RULE;
	if (by_rule && hosts_access_verbose > 1)
		libwrap_diag_log(LOG_DEBUG, "matched:  %s line %u", d->file, d->line);
	const struct access_option *denier = NULL;
	for (unsigned i = 0; i < d->option_count && result == WRAP_ACT_GO_ON; i++) {
		result = wrap_act_option(&act, &d->options[i]);
		denier = result == WRAP_ACT_DENY ? &d->options[i] : NULL;
	}
	if (d->reason == ACCESS_BY_OPTION_FAULT && result == WRAP_ACT_GO_ON)
		result = deny("%s", d->fault.text); /* where the original comes to it, and in its form */
	if (result == WRAP_ACT_DENY)
		verdict = ACCESS_DENY;
	wrap_report_send(&report, verdict, why_of(d, denier));
	libwrap_diag_stand_at(before);
	return verdict;
}
