/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_trap.h"

#include "access/access_expand.h"
#include "access/access_limit.h"
#include "access/access_window.h"
#include "base/text_buffer.h"
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_command.h"
#include "libwrap/wrap_limit.h"
#include "libwrap/wrap_shared.h"
#include "libwrap/wrap_visitor.h"

#include <errno.h>
#include <stdio.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

enum { SHOWN = 200 }; /* letters of a command, in the log */

static const struct wrap_trap_pace of_source = {WRAP_TRAP_PER_SOURCE, WRAP_TRAP_SPAN_SECONDS, 32, 64};
static const struct wrap_trap_pace of_rule = {WRAP_TRAP_PER_RULE, WRAP_TRAP_SPAN_SECONDS, 0, 0};

/* A spawn on its way to shell_cmd(), which the program may have replaced and which knows nothing but the command. */
struct errand {
	const char *daemon;
	unsigned at_most, seconds;
	bool refused; /* it was one too many at a time */
};
static _Thread_local struct errand *errand;

void wrap_trap_hear(struct wrap_trap_terms *terms, const struct access_option *option)
{
	const struct wrap_trap_pace pace = {(unsigned)option->number, option->span_s, option->v4_bits, option->v6_bits};
	if (option->kind == ACCESS_OPTION_TRAP_LIMIT && option->v4_bits == 0)
		terms->rule = pace;
	else if (option->kind == ACCESS_OPTION_TRAP_LIMIT)
		terms->source = pace;
	else if (option->kind == ACCESS_OPTION_TRAP_AT_MOST)
		terms->at_most = (unsigned)option->number;
	else if (option->kind == ACCESS_OPTION_TRAP_TIME)
		terms->seconds = option->span_s;
}

/* ---- who counts with whom --------------------------------------------------------------------------------- */

static const char *client_of(const struct wrap_trap *trap)
{
	return trap->q->answers->address(trap->q->self, ACCESS_CLIENT);
}

/* The command is known by its place and by what it says: a table that is changed begins anew. */
static struct access_window window_of(
	void *memory, const struct wrap_trap *trap, struct wrap_trap_pace pace, struct text_slice written)
{
	char name[ACCESS_EXPAND_SIZE + 256];
	struct text_buffer b = text_buffer_over(name, sizeof name);
	const struct addr client = wrap_limit_client(trap->q); /* unknown: all of them together */
	text_buffer_printf(&b, "%u %u %u/%u ", trap->line, trap->terms->commands, pace.count, pace.span_s);
	text_buffer_add_bytes(&b, written.start, written.length);
	text_buffer_add(&b, " ");
	text_buffer_add(&b, trap->file ? trap->file : "");
	return (struct access_window){
		.table = pace.v4_bits == 0 ? ACCESS_WINDOW_RULES : ACCESS_WINDOW_SOURCES,
		.key = access_limit_key_of(memory, name, &client, pace.v4_bits, pace.v6_bits),
		.count = pace.count,
		.span_ms = (uint64_t)pace.span_s * 1000,
	};
}

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

/* Of a thousand that are not run eleven are told. */
static void tell_not_run(const struct wrap_trap *trap, const char *why, unsigned times, const char *command)
{
	if ((times & (times - 1)) == 0)
		libwrap_diag_warn("not run for %s, %s (%u times by now): %.*s", client_of(trap), why, times, SHOWN, command);
}

static void tell_pace(const struct wrap_trap *trap, const struct wrap_trap_pace *pace, unsigned times, const char *command)
{
	char why[80];
	snprintf(why, sizeof why, "%u in %u s %s reached", pace->count, pace->span_s,
		pace->v4_bits == 0 ? "of all clients are" : pace->count == 1 ? "is" : "are");
	tell_not_run(trap, why, times, command);
}

/* The same line as libwrap_diag_warn() would log, made now for a process that may not call it. */
static void __attribute__((format(printf, 3, 4)))
make_late_line(char line[LIBWRAP_DIAG_SIZE], const char *daemon, const char *format, ...)
{
	char text[LIBWRAP_DIAG_SIZE];
	va_list args;
	va_start(args, format);
	libwrap_diag_line(text, "warning", format, args);
	va_end(args);
	struct text_buffer b = text_buffer_over(line, LIBWRAP_DIAG_SIZE);
	text_buffer_printf(&b, "<%d>", LOG_DAEMON | LOG_ERR);
	text_buffer_add_escaped(&b, daemon, strlen(daemon));
	text_buffer_printf(&b, "[%ld]: %s", (long)getpid(), text);
}

/* ---- so many in a time ------------------------------------------------------------------------------------ */

/* False, and told, if one of the two paces is reached: then none of them has counted it as run. */
static bool is_in_pace(const struct wrap_trap *trap, void *memory, const struct wrap_trap_pace paces[2],
	struct access_window windows[2], const char *command)
{
	const uint64_t now = now_ms();
	unsigned beyond[2] = {0, 0};
	for (int i = 0; i < 2; i++) {
		if (paces[i].count == 0 || access_window_take(memory, &windows[i], now, &beyond[i]))
			continue;
		if (i == 1 && paces[0].count > 0)
			access_window_give_back(memory, &windows[0]);
		tell_pace(trap, &paces[i], beyond[i], command);
		return false;
	}
	if (beyond[0] > 0)
		libwrap_diag_warn("run again for %s, after %u times that it was not: %.*s", client_of(trap), beyond[0], SHOWN, command);
	return true;
}

/* Without memory nothing is bounded, and so nothing is run. */
static bool can_count(const struct wrap_shared *shared, const char *command)
{
	if (!shared->memory)
		libwrap_diag_warn("not run, no memory to count it in: %.*s", SHOWN, command);
	return shared->memory;
}

static void give_back(void *memory, const struct wrap_trap_pace paces[2], const struct access_window windows[2])
{
	for (int i = 0; i < 2; i++) {
		if (paces[i].count > 0)
			access_window_give_back(memory, &windows[i]);
	}
}

/* Counted by the rule: sources that find the host busy may be as many as they like. */
static void tell_busy(const struct wrap_trap *trap, void *memory, struct text_slice written, unsigned most, const char *what,
	const char *command)
{
	char why[40];
	const struct wrap_trap_pace none = {.count = 0, .span_s = WRAP_TRAP_SPAN_SECONDS};
	const struct access_window w = window_of(memory, trap, none, written);
	unsigned beyond = 1;
	(void)access_window_take(memory, &w, now_ms(), &beyond);
	snprintf(why, sizeof why, "%u %s are running", most, what);
	tell_not_run(trap, why, beyond, command);
}

/* ---- so many at a time ------------------------------------------------------------------------------------ */

struct crowd {
	void *memory;
	struct access_limit_key key;
	unsigned most;
};

static struct crowd crowd_of(void *memory, const char *what, unsigned most)
{
	const struct addr nobody = {0};
	return (struct crowd){memory, access_limit_key_of(memory, what, &nobody, 0, 0), most};
}

/* Also in the keeper: takes no lock. */
static bool enter(void *self)
{
	const struct crowd *c = self;
	return access_limit_enter(c->memory, c->key, c->most, wrap_visitor_self(), wrap_visitor_is_there, NULL) ==
	       ACCESS_LIMIT_INSIDE;
}

/* ---- spawn ------------------------------------------------------------------------------------------------ */

void wrap_trap_shell(const char *command)
{
	static const struct errand of_no_rule = {
		.daemon = "libwrap", .at_most = WRAP_TRAP_SPAWNS, .seconds = WRAP_TRAP_SPAWN_SECONDS};
	const struct errand *e = errand ? errand : &of_no_rule;
	char late_line[LIBWRAP_DIAG_SIZE];
	const struct wrap_shared shared = wrap_shared_open(WRAP_SHARED_LIMITS);
	if (!can_count(&shared, command))
		return;
	struct crowd crowd = crowd_of(shared.memory, "spawn", e->at_most);
	make_late_line(late_line, e->daemon, "killed after %u s: %.*s", e->seconds, SHOWN, command);
	const struct wrap_command order = {.text = command,
		.wait_seconds = WRAP_COMMAND_SECONDS,
		.life_seconds = e->seconds,
		.may_run = enter,
		.self = &crowd,
		.late_line = late_line};
	switch (wrap_command_run(&order)) {
	case WRAP_COMMAND_ZERO:
	case WRAP_COMMAND_OTHER: /* its own affair, as ever */
		break;
	case WRAP_COMMAND_LATE:
		libwrap_diag_warn("killed after %u s: %.*s", e->seconds, SHOWN, command);
		break;
	case WRAP_COMMAND_RUNS_ON:
		libwrap_diag_warn("not waited for any longer after %d s: %.*s", WRAP_COMMAND_SECONDS, SHOWN, command);
		break;
	case WRAP_COMMAND_REFUSED:
		if (errand)
			errand->refused = true; /* and is told by who sent us */
		else
			libwrap_diag_warn("not run, %u commands are running: %.*s", e->at_most, SHOWN, command);
		break;
	case WRAP_COMMAND_NOT_RUN:
		libwrap_diag_warn("cannot start a command: %m");
		break;
	}
	wrap_shared_close(&shared);
}

void wrap_trap_spawn(const struct wrap_trap *trap, struct text_slice written, char *command)
{
	const struct wrap_trap_terms *t = trap->terms;
	const struct wrap_trap_pace paces[2] = {
		t->source.count > 0 ? t->source : of_source, t->rule.count > 0 ? t->rule : of_rule};
	struct errand mine = {.daemon = trap->q->daemon,
		.at_most = t->at_most > 0 ? t->at_most : WRAP_TRAP_SPAWNS,
		.seconds = t->seconds > 0 ? t->seconds : WRAP_TRAP_SPAWN_SECONDS};
	trap->terms->commands++;
	const struct wrap_shared shared = wrap_shared_open(WRAP_SHARED_TRAPS);
	if (!can_count(&shared, command))
		return;
	struct access_window windows[2] = {
		window_of(shared.memory, trap, paces[0], written), window_of(shared.memory, trap, paces[1], written)};
	if (is_in_pace(trap, shared.memory, paces, windows, command)) {
		errand = &mine;
		shell_cmd(command);
		errand = NULL;
	}
	if (mine.refused) {
		give_back(shared.memory, paces, windows);
		tell_busy(trap, shared.memory, written, mine.at_most, "commands", command);
	}
	wrap_shared_close(&shared);
}

/* ---- twist ------------------------------------------------------------------------------------------------ */

static bool has_room(unsigned most)
{
	const struct wrap_shared shared = wrap_shared_open(WRAP_SHARED_LIMITS);
	bool admitted = false;
	if (shared.memory) {
		struct crowd crowd = crowd_of(shared.memory, "twist", most);
		admitted = enter(&crowd);
	}
	wrap_shared_close(&shared);
	return admitted;
}

static void set_end(const struct wrap_trap *trap, unsigned seconds, const char *command)
{
	char late_line[LIBWRAP_DIAG_SIZE];
	make_late_line(late_line, trap->q->daemon, "twist killed after %u s: %.*s", seconds, SHOWN, command);
	if (!wrap_command_end_self(seconds, late_line))
		libwrap_diag_warn("twist without a time limit: %m");
}

bool wrap_trap_may_twist(const struct wrap_trap *trap, struct text_slice written, const char *command)
{
	const struct wrap_trap_terms *t = trap->terms;
	const struct wrap_trap_pace paces[2] = {t->source, t->rule};
	const unsigned most = t->at_most > 0 ? t->at_most : trap->denies ? WRAP_TRAP_TWISTS : 0;
	const unsigned seconds = t->seconds > 0 ? t->seconds : trap->denies ? WRAP_TRAP_TWIST_SECONDS : 0;
	trap->terms->commands++;
	const struct wrap_shared shared = wrap_shared_open(WRAP_SHARED_TRAPS);
	if (!can_count(&shared, command))
		return false;
	struct access_window windows[2] = {
		window_of(shared.memory, trap, paces[0], written), window_of(shared.memory, trap, paces[1], written)};
	bool admitted = is_in_pace(trap, shared.memory, paces, windows, command);
	if (admitted && most > 0 && !has_room(most)) {
		admitted = false;
		give_back(shared.memory, paces, windows);
		tell_busy(trap, shared.memory, written, most, "twists", command);
	}
	wrap_shared_close(&shared);
	if (admitted && seconds > 0)
		set_end(trap, seconds, command);
	return admitted;
}
