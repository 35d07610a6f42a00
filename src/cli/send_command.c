/* SPDX-License-Identifier: ISC */
#include "cli/send_command.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/run_settings.h"
#include "cli/state_hold.h"
#include "daemon/watch_loop.h"
#include "courier/journal_sender.h"
#include "courier/sent_position.h"
#include "priv/drop_privileges.h"
#include "priv/sandbox.h"
#include "priv/service_notify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
	SAVE_MS = 1000,
	END_MS = 5000, /* what is on its way is waited for so long, when told to end */
};

enum option {
	OPTION_TO,
	OPTION_CA,
	OPTION_NAME,
	OPTION_CERTIFICATE,
	OPTION_KEY,
	OPTION_STATE,
	OPTION_ONCE,
	OPTION_CONFIG,
	OPTION_USER,
	OPTION_QUIET,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_TO] = {"to", 0, "HOST:PORT", "where to (port 6514 if none is named)"},
	[OPTION_CA] = {"ca", 0, "FILE", "authorities that may have signed its certificate"},
	[OPTION_NAME] = {"name", 0, "NAME", "that its certificate must hold (default HOST)"},
	[OPTION_CERTIFICATE] = {"certificate", 0, "FILE", "to show, if it asks for one"},
	[OPTION_KEY] = {"key", 0, "FILE", "of it (default: in the same file)"},
	[OPTION_STATE] = {"state", 0, "DIR", "where the journal is (default: as configured)"},
	[OPTION_ONCE] = {"once", 0, NULL, "end when all has arrived"},
	[OPTION_CONFIG] = {"config", 'c', "FILE", "instead of " RUN_SETTINGS_FILE},
	[OPTION_USER] = {"user", 'u', "NAME", "whom to become (default: who owns the journal)"},
	[OPTION_QUIET] = {"quiet", 'q', NULL, "no notes on standard error"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct send {
	const char *to, *ca, *name, *certificate, *key, *state, *config, *user;
	bool once, quiet;
	struct run_settings settings;
	struct courier_target target;
	struct tls_client *client;
	struct journal_walk *walk;
	struct journal_sender *sender;
	struct sent_position position;
	struct service_notify notify;
	int position_fd, signals;
	bool was_connected;
	char said[256];   /* why it could not connect, as said last */
	char status[400]; /* how it is, as told last */
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct send *s = target;
	const char **texts[] = {[OPTION_TO] = &s->to,
		[OPTION_CA] = &s->ca,
		[OPTION_NAME] = &s->name,
		[OPTION_CERTIFICATE] = &s->certificate,
		[OPTION_KEY] = &s->key,
		[OPTION_STATE] = &s->state,
		[OPTION_CONFIG] = &s->config,
		[OPTION_USER] = &s->user,
		[OPTION_HELP] = NULL};
	if (index == OPTION_ONCE)
		s->once = true;
	else if (index == OPTION_QUIET)
		s->quiet = true;
	else if (index < sizeof texts / sizeof texts[0] && texts[index] != NULL)
		*texts[index] = value;
	return true;
}

/* What the command line left open. */
static bool complete(struct send *s)
{
	const struct courier_settings *c = &s->settings.courier;
	if (s->to == NULL) {
		s->to = c->send_to;
		s->name = s->name ? s->name : c->send_name;
	}
	s->ca = s->ca ? s->ca : c->send_ca;
	if (s->certificate == NULL) {
		s->certificate = c->send_certificate;
		s->key = s->key ? s->key : c->send_key;
	}
	s->state = s->state ? s->state : s->settings.settings.state;
	if (s->to == NULL || s->ca == NULL) {
		diag_error("send: say where to with --to HOST:PORT and --ca FILE, or in the "
			   "configuration (send_to, send_ca)");
		return false;
	}
	if (courier_target_parse(s->to, &s->target))
		return true;
	diag_error("--to: expected " COURIER_TARGET_HELP);
	return false;
}

/* Who owns the state directory, unless somebody is named. */
static bool choose_user(struct send *s, struct drop_identity *id)
{
	char error[512];
	bool chosen = s->user == NULL ? state_hold_choose_user(s->state, id, error, sizeof error)
				      : drop_privileges_choose(s->user, id, error, sizeof error);
	if (!chosen)
		diag_error("send: %s", error);
	return chosen;
}

static enum stop_code open_position(struct send *s, const struct drop_identity *id)
{
	s->position_fd = sent_position_open(s->state, id->uid, id->gid);
	if (s->position_fd >= 0) {
		(void)sent_position_read_fd(s->position_fd, &s->position);
		return STOP_DONE;
	}
	if (errno == EAGAIN)
		diag_error("send: %s: another sender is at work there", s->state);
	else
		diag_error("send: %s/" SENT_POSITION_FILE ": %s", s->state, strerror(errno));
	return errno == ENOENT ? STOP_UNREACHABLE : STOP_NOT_PERMITTED;
}

static bool give_up_rights(const struct send *s, const struct drop_identity *id)
{
	/* The journal, and what the resolver reads. The one file that is written is open. */
	const char *const paths[] = {s->state, "/etc/resolv.conf", "/etc/hosts",
		"/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/run/systemd/resolve"};
	char error[512], dropped[512], fenced[512];
	struct text_buffer d = text_buffer_over(dropped, sizeof dropped);
	struct text_buffer f = text_buffer_over(fenced, sizeof fenced);
	struct sandbox_options o = {.role = SYSCALL_ROLE_COURIER,
		.read_paths = paths,
		.read_path_count = sizeof paths / sizeof paths[0],
		.connects_to = (uint16_t)strtoul(s->target.port, NULL, 10)};
	if (!drop_privileges_now(id, NULL, 0, &d, error, sizeof error) ||
		!sandbox_enter(&o, &f, error, sizeof error)) {
		diag_error("send: %s", error);
		return false;
	}
	diag_note("%s", dropped);
	diag_note("the courier %s", fenced);
	return true;
}

static void save(struct send *s, const char *state)
{
	struct sent_position *p = &s->position;
	bool up = journal_sender_is_connected(s->sender);
	p->place = journal_sender_arrived(s->sender);
	p->at = clock_now();
	p->pid = getpid();
	snprintf(p->to, sizeof p->to, "%s", s->to);
	snprintf(p->state, sizeof p->state, "%s", state ? state : up ? "sending" : "waiting");
	snprintf(p->why, sizeof p->why, "%s", up || state ? "" : tls_client_why(s->client));
	if (!sent_position_write(s->position_fd, p))
		diag_warn("%s/" SENT_POSITION_FILE ": %s", s->state, strerror(errno));
}

/* For whoever started us as a service: how we are, in a line. */
static void tell_status(struct send *s)
{
	char text[sizeof s->status];
	unsigned long long seq = journal_sender_arrived(s->sender).seq;
	if (journal_sender_is_connected(s->sender))
		snprintf(text, sizeof text, "sending to %s; arrived up to record %llu", s->to, seq);
	else
		snprintf(text, sizeof text, "%s not reached; arrived up to record %llu", s->to, seq);
	if (strcmp(text, s->status) != 0)
		service_notify_status(&s->notify, text);
	memcpy(s->status, text, sizeof text);
}

/* Each change is said once, and the same trouble not again and again. */
static void say_connection(struct send *s)
{
	bool up = journal_sender_is_connected(s->sender);
	const char *why = tls_client_why(s->client);
	if (up && !s->was_connected) {
		diag_note("sending to %s, from record %llu on", s->to,
			(unsigned long long)journal_sender_arrived(s->sender).seq + 1);
		s->said[0] = '\0';
	} else if (!up && why[0] != '\0' && strcmp(why, s->said) != 0) {
		diag_warn("%s; trying again", why);
		snprintf(s->said, sizeof s->said, "%s", why);
	}
	s->was_connected = up;
}

static bool is_told_to_end(const struct send *s)
{
	struct signalfd_siginfo info;
	bool end = false;
	while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info)
		end |= info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
	return end;
}

/* Told to end, what is on its way may still arrive: else it would come twice. */
static void run_loop(struct send *s)
{
	int64_t next_save_ms = 0, end_ms = INT64_MAX;
	int wait_ms = 0;
	bool done = false;
	service_notify_ready(&s->notify, "connecting");
	while (!done) {
		short events = 0;
		int fd = journal_sender_fd(s->sender, &events);
		struct pollfd fds[] = {
			{.fd = s->signals, .events = POLLIN}, {.fd = fd, .events = events}};
		(void)poll(fds, fd >= 0 ? 2 : 1, wait_ms);
		int64_t now_ms = clock_now_monotonic_ms();
		service_notify_alive(&s->notify, now_ms);
		if (is_told_to_end(s) && end_ms == INT64_MAX)
			end_ms = journal_sender_is_connected(s->sender) ? now_ms + END_MS : now_ms;
		wait_ms = journal_sender_step(s->sender, now_ms);
		say_connection(s);
		done = now_ms >= end_ms ||
		       ((s->once || end_ms != INT64_MAX) && journal_sender_is_done(s->sender));
		if (done || now_ms >= next_save_ms) {
			next_save_ms = now_ms + SAVE_MS;
			save(s, done ? "ended" : NULL);
			tell_status(s);
		}
	}
	service_notify_stopping(&s->notify);
	tls_client_close(s->client);
	diag_note("ended: %s sent, arrived up to record %llu",
		number_text_with(journal_sender_count(s->sender), "record").text,
		(unsigned long long)journal_sender_arrived(s->sender).seq);
}

static enum stop_code send_journal(struct send *s)
{
	struct store_error error;
	bool anew;
	s->walk = journal_walk_open(s->state, &error);
	if (s->walk == NULL) {
		diag_error("send: %s", error.text);
		return error.trouble == STORE_TROUBLE_DENIED ? STOP_NOT_PERMITTED
							     : STOP_UNREACHABLE;
	}
	s->sender = journal_sender_create(s->client, s->walk, &s->position.place, &anew, &error);
	if (s->sender == NULL) {
		diag_error("send: %s", error.text);
		return STOP_INTERNAL;
	}
	if (anew)
		diag_warn("record %llu is not the one that was sent: the journal was written anew. "
			  "All of it is sent; compare with what %s has kept, and see 'knockwatch "
			  "verify'",
			(unsigned long long)s->position.place.seq, s->to);
	run_loop(s);
	return STOP_DONE;
}

static enum stop_code prepare_and_send(struct send *s)
{
	char error[512];
	struct drop_identity id;
	const struct tls_client_options o = {.host = s->target.host,
		.port = s->target.port,
		.authorities = s->ca,
		.name = s->name,
		.certificate = s->certificate,
		.key = s->key};
	s->client = tls_client_create(&o, error, sizeof error);
	if (s->client == NULL) {
		diag_error("send: %s", error);
		return STOP_USAGE;
	}
	s->signals = watch_loop_signals();
	if (s->signals < 0) {
		diag_error("send: signals cannot be read");
		return STOP_INTERNAL;
	}
	if (!choose_user(s, &id))
		return STOP_USAGE;
	enum stop_code code = open_position(s, &id);
	if (code != STOP_DONE)
		return code;
	return give_up_rights(s, &id) ? send_journal(s) : STOP_INTERNAL;
}

static enum stop_code run_send(const struct command *self, int argc, char **argv)
{
	struct send *s = memory_calloc(1, sizeof *s);
	enum stop_code code = STOP_USAGE;
	int first;
	s->position_fd = s->signals = -1;
	service_notify_open(&s->notify);
	if (option_row_parse(self->options, argc, argv, set_option, s, &first)) {
		if (first < argc) {
			diag_error("send: '%s' is no option", argv[first]);
		} else {
			diag_set_quiet(s->quiet);
			code = run_settings_load(&s->settings, s->config);
			if (code == STOP_DONE)
				code = complete(s) ? prepare_and_send(s) : STOP_USAGE;
			run_settings_clear(&s->settings);
		}
	}
	journal_sender_destroy(s->sender);
	journal_walk_close(s->walk);
	tls_client_destroy(s->client);
	service_notify_close(&s->notify);
	if (s->position_fd >= 0)
		close(s->position_fd);
	if (s->signals >= 0)
		close(s->signals);
	free(s);
	return code;
}

const struct command send_command = {
	.name = "send",
	.operands = "",
	.summary = "send the journal to another machine, by syslog over TLS",
	.text = "Follows the journal and sends each record as it is to a syslog server (RFC 5424\n"
		"over TLS), so that a second machine holds the same. Goes on behind what has\n"
		"arrived, over restarts of either side. A process of its own beside the watch,\n"
		"which it never disturbs; SIGTERM ends it.\n"
		"\n"
		"  knockwatch send --to logs.example.org --ca /etc/knockwatch/ca.pem\n"
		"  knockwatch send --once",
	.options = options,
	.run = run_send,
};
