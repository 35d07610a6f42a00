/* SPDX-License-Identifier: ISC */
#include "cli/watch_request.h"

#include "base/diag.h"
#include "cli/option_number.h"
#include "cli/run_settings.h"
#include "priv/held_capability.h"
#include "sensor/kernel_hook.h"
#include "sensor/packet_ring.h"

#include <string.h>

enum { SECONDS_MOST = 31536000 }; /* a year */

enum option {
	OPTION_INTERFACE,
	OPTION_LOG,
	OPTION_NFLOG,
	OPTION_JOURNAL,
	OPTION_SYSLOG,
	OPTION_SYSLOG_FROM,
	OPTION_EXEC,
	OPTION_WRAPPERS,
	OPTION_FROM_START,
	OPTION_HOME,
	OPTION_LOOPBACK,
	OPTION_PATH,
	OPTION_CONTAINERS,
	OPTION_STATE,
	OPTION_NO_STORE,
	OPTION_USER,
	OPTION_JSON,
	OPTION_KNOCKS,
	OPTION_EXECS,
	OPTION_ALL,
	OPTION_FOR,
	OPTION_UTC,
	OPTION_CONFIG,
	OPTION_MEMORY,
	OPTION_QUIET,
	OPTION_HELP,
};

const struct option_row watch_request_options[] = {
	[OPTION_INTERFACE] = {"interface", 'i', "NAME",
		"listen here (repeatable); without it on all of them"},
	[OPTION_LOG] = {"log", 'l', "FILE", "follow this log (repeatable); alone: no interface"},
	[OPTION_NFLOG] = {"nflog", 0, "GROUP", "hear this log group of the firewall; no interface"},
	[OPTION_JOURNAL] = {"journal", 0, NULL, "follow the systemd journal; alone: no interface"},
	[OPTION_SYSLOG] = {"syslog", 0, "ADDRESS", "receive syslog at udp:IP:PORT, tcp: or tls:"},
	[OPTION_SYSLOG_FROM] = {"syslog-from", 0, "PREFIX",
		"who may send it; without it this host alone"},
	[OPTION_EXEC] = {"exec", 0, "WAY", "hear root commands: auto, hook, audit, proc or off"},
	[OPTION_WRAPPERS] = {"wrappers", 0, "WAY",
		"our wrappers tell what they decide: auto, on or off"},
	[OPTION_FROM_START] = {"from-start", 0, NULL, "logs: read what is there already, too"},
	[OPTION_HOME] = {"home", 0, "PREFIX", "our addresses beside this host's own (repeatable)"},
	[OPTION_LOOPBACK] = {"loopback", 0, NULL, "listen on the loopback interface as well"},
	[OPTION_PATH] = {"path", 0, "PATH", "how: auto (default), hook, packet, nflog, log"},
	[OPTION_CONTAINERS] = {"containers", 0, NULL, "knocks on other network namespaces, too"},
	[OPTION_STATE] = {"state", 0, "DIR", "where to keep it (default /var/lib/knockwatch)"},
	[OPTION_NO_STORE] = {"no-store", 0, NULL, "keep nothing on disk"},
	[OPTION_USER] = {"user", 'u', "NAME", "whom to become (default knockwatch, else nobody)"},
	[OPTION_JSON] = {"json", 'j', NULL, "incidents as JSON lines"},
	[OPTION_KNOCKS] = {"knocks", 0, NULL, "with --json: every new door of a source, too"},
	[OPTION_EXECS] = {"execs", 0, NULL, "with --json: every program started as root, too"},
	[OPTION_ALL] = {"all", 'a', NULL, "tell the harmless stories, too"},
	[OPTION_FOR] = {"for", 0, "SECONDS", "stop after this long"},
	[OPTION_UTC] = {"utc", 0, NULL, "times in UTC instead of the local zone"},
	[OPTION_CONFIG] = {"config", 'c', "FILE", "instead of " RUN_SETTINGS_FILE},
	[OPTION_MEMORY] = {"memory", 0, "SIZE",
		"resident memory in all, at least 24M (default 76M)"},
	[OPTION_QUIET] = {"quiet", 'q', NULL, "no notes on standard error"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

static bool add_name(const char **list, unsigned *count, const char *option, const char *value)
{
	if (*count == WATCH_EARS_MAX) {
		diag_error("--%s: more than %d", option, WATCH_EARS_MAX);
		return false;
	}
	list[(*count)++] = value;
	return true;
}

static bool add_group(struct watch_ears_request *r, const char *value)
{
	uint64_t n;
	if (!option_number_parse("nflog", value, 0, UINT16_MAX, &n))
		return false;
	for (unsigned i = 0; i < r->nflogs_count; i++) {
		if (r->nflogs[i] == n)
			return true;
	}
	if (r->nflogs_count == WATCH_EARS_NFLOGS) {
		diag_error("--nflog: more than %d", WATCH_EARS_NFLOGS);
		return false;
	}
	r->nflogs[r->nflogs_count++] = (uint16_t)n;
	return true;
}

static void add_address(struct watch_ears_request *r, const struct syslog_address *a)
{
	for (unsigned i = 0; i < r->syslog.count; i++) {
		const struct syslog_address *known = &r->syslog_addresses[i];
		if (known->transport == a->transport && known->port == a->port &&
			addr_equal(&known->addr, &a->addr))
			return;
	}
	r->syslog_addresses[r->syslog.count++] = *a;
}

static bool add_syslog(struct watch_ears_request *r, const char *value)
{
	struct syslog_address a;
	if (!syslog_address_parse(value, strlen(value), &a)) {
		diag_error("--syslog %s: expected " SYSLOG_ADDRESS_HELP, value);
		return false;
	}
	if (r->syslog.count == SYSLOG_LISTENERS_MAX) {
		diag_error("--syslog: more than %d", SYSLOG_LISTENERS_MAX);
		return false;
	}
	add_address(r, &a);
	return true;
}

static bool set_path(struct watch_request *r, const char *value)
{
	r->named_path = true;
	r->path.has_path = path_probe_find(value, &r->path.path);
	if (r->path.has_path || strcmp(value, "auto") == 0)
		return true;
	diag_error("--path: '%s' is none of auto, hook, packet, nflog and log", value);
	return false;
}

static bool set_seconds(struct watch_request *r, const char *value)
{
	uint64_t n;
	if (!option_number_parse("for", value, 1, SECONDS_MOST, &n))
		return false;
	r->seconds = (long)n;
	return true;
}

static bool set_exec(struct watch_request *r, const char *value)
{
	r->named_exec = exec_ear_parse_wish(value, &r->exec);
	if (!r->named_exec)
		diag_error("--exec %s: expected " EXEC_EAR_WISH_HELP, value);
	return r->named_exec;
}

static bool set_wrappers(struct watch_request *r, const char *value)
{
	r->named_wrappers = wrapper_settings_parse_wish(value, &r->wrappers);
	if (!r->named_wrappers)
		diag_error("--wrappers %s: expected " WRAPPER_WISH_HELP, value);
	return r->named_wrappers;
}

bool watch_request_set(void *target, unsigned index, const char *value)
{
	struct watch_request *r = target;
	bool *flags[] = {[OPTION_FROM_START] = &r->ears.from_start,
		[OPTION_JOURNAL] = &r->ears.journal_wanted,
		[OPTION_LOOPBACK] = &r->ears.loopback,
		[OPTION_CONTAINERS] = &r->path.containers,
		[OPTION_NO_STORE] = &r->no_store,
		[OPTION_JSON] = &r->json,
		[OPTION_KNOCKS] = &r->knocks,
		[OPTION_EXECS] = &r->execs,
		[OPTION_ALL] = &r->all,
		[OPTION_UTC] = &r->utc,
		[OPTION_QUIET] = &r->quiet};
	switch ((enum option)index) {
	case OPTION_INTERFACE:
		return add_name(r->ears.interfaces, &r->ears.interfaces_count, "interface", value);
	case OPTION_LOG:
		return add_name(r->ears.logs, &r->ears.logs_count, "log", value);
	case OPTION_NFLOG:
		return add_group(&r->ears, value);
	case OPTION_SYSLOG:
		return add_syslog(&r->ears, value);
	case OPTION_SYSLOG_FROM:
		return run_settings_add_prefix(&r->ears.syslog.from, "syslog-from", value);
	case OPTION_EXEC:
		return set_exec(r, value);
	case OPTION_WRAPPERS:
		return set_wrappers(r, value);
	case OPTION_HOME:
		return run_settings_add_prefix(&r->home, "home", value);
	case OPTION_PATH:
		return set_path(r, value);
	case OPTION_STATE:
		r->state = value;
		r->named_state = true;
		return true;
	case OPTION_USER:
		r->user = value;
		return true;
	case OPTION_CONFIG:
		r->config = value;
		return true;
	case OPTION_MEMORY:
		return run_settings_parse_memory(value, &r->memory);
	case OPTION_FOR:
		return set_seconds(r, value);
	case OPTION_JOURNAL:
	case OPTION_FROM_START:
	case OPTION_LOOPBACK:
	case OPTION_CONTAINERS:
	case OPTION_NO_STORE:
	case OPTION_JSON:
	case OPTION_KNOCKS:
	case OPTION_EXECS:
	case OPTION_ALL:
	case OPTION_UTC:
	case OPTION_QUIET:
		*flags[index] = true;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

/* Each name once, and where `all` is among them that alone: what is heard twice counts twice.
 * Returns how many are left. */
static unsigned drop_repeats(const char **list, unsigned count, const char *all)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned same = 0;
		while (same < kept && strcmp(list[same], list[i]) != 0)
			same++;
		if (strcmp(list[i], all) == 0) {
			list[0] = list[i];
			return 1;
		}
		if (same == kept)
			list[kept++] = list[i];
	}
	return kept;
}

/* Where it is received comes from the command line or the file, and all else of it from both. */
static void complete_syslog(
	struct watch_ears_request *e, const struct log_settings *logs, bool named)
{
	for (unsigned i = 0; !named && i < logs->syslog_count; i++)
		add_address(e, &logs->syslog[i]);
	for (unsigned i = 0; i < logs->syslog_from.count; i++)
		prefix_set_add(&e->syslog.from, &logs->syslog_from.items[i]);
	e->syslog.tls = (struct syslog_tls_options){
		logs->syslog_certificate, logs->syslog_key, logs->syslog_clients};
}

static void complete_journal(struct watch_request *r, const struct log_settings *logs)
{
	struct watch_ears_request *e = &r->ears;
	e->journal_wanted |= !r->named_ears && logs->journal;
	e->journal.units = (const char *const *)logs->journal_units;
	e->journal.units_count = logs->journal_units_count;
	e->journal.identifiers = (const char *const *)logs->journal_identifiers;
	e->journal.identifiers_count = logs->journal_identifiers_count;
}

bool watch_request_may_listen(void)
{
	return held_capability_has(CAP_NET_RAW);
}

static void complete_path(struct watch_request *r, const struct path_settings *s)
{
	struct watch_ears_request *e = &r->ears;
	e->path = *s;
	e->path.containers |= r->path.containers;
	if (r->named_path) {
		e->path.has_path = r->path.has_path;
		e->path.path = r->path.path;
	}
	/* Those two hear no interface. */
	if (e->path.has_path && (e->path.path == PATH_NFLOG || e->path.path == PATH_LOG))
		e->interfaces_count = 0;
	/* Nobody named an interface, and the way that is left is a log. */
	if (!r->ears_elsewhere && !r->named_ears && !e->path.has_path && e->logs_count > 0 &&
		!watch_request_may_listen()) {
		diag_warn("heard by the log alone: what the interfaces tell needs root");
		e->interfaces_count = 0;
	}
}

/* Whether there is something to hear on the path that was asked for. */
static bool check_path(const struct watch_request *r)
{
	const struct path_settings *p = &r->ears.path;
	if (p->has_path && p->path == PATH_NFLOG && r->ears.nflogs_count == 0)
		diag_error("watch: path nflog: no group is named; say --nflog GROUP");
	else if (p->has_path && p->path == PATH_LOG && r->ears.logs_count == 0 &&
		 r->ears.syslog.count == 0 && !r->ears.journal_wanted)
		diag_error("watch: path log: no log is named; say --log FILE");
	else
		return true;
	return false;
}

/* The kernel hook's ring is mapped twice, and takes half of what can be spared at most. Returns what it will have
 * resident. */
static uint64_t choose_hook_ring(struct watch_ears_request *r, uint64_t spare)
{
	size_t ring = KERNEL_HOOK_RING_DEFAULT;
	r->hook_ring_bytes = 0;
	if (r->interfaces_count == 0 || (r->path.has_path && r->path.path != PATH_HOOK))
		return 0;
	while (ring > KERNEL_HOOK_RING_LEAST && 2 * (uint64_t)ring > spare / 2)
		ring /= 2;
	r->hook_ring_bytes = ring;
	return 2 * (uint64_t)ring;
}

/* Two processes took 25,008 KiB in a flood at 24M with a whole ring, and 22,628 with half of one. */
#define SCARCE_BYTES (UINT64_C(32) << 20)

/* One ring is set aside; more of them share what can be spared, and get smaller for it. */
static bool choose_rings(struct watch_request *r, uint64_t memory_bytes)
{
	uint64_t spare = memory_plan_inputs_most(memory_bytes);
	uint64_t most = MEMORY_PLAN_RING + spare - choose_hook_ring(&r->ears, spare);
	unsigned rings = r->ears.interfaces_count;
	/* Where memory is scarce a second process weighs more than a longer ring. */
	uint64_t each = memory_bytes < SCARCE_BYTES ? MEMORY_PLAN_RING / 2 : MEMORY_PLAN_RING;
	if (rings > 0 && each > most / rings)
		each = most / rings;
	if (each < PACKET_RING_BYTES_MIN) {
		diag_error(
			"watch: %u interfaces are too many for a memory of %lluM; give more with "
			"--memory, or listen on \"any\"",
			rings, (unsigned long long)(memory_bytes >> 20));
		return false;
	}
	r->ears.ring_bytes = (size_t)(each - each % PACKET_RING_BYTES_MIN);
	return true;
}

bool watch_request_complete(struct watch_request *r, struct run_settings *settings)
{
	struct settings *s = &settings->settings;
	struct watch_ears_request *e = &r->ears;
	r->named_ears = e->logs_count > 0 || e->interfaces_count > 0 || e->nflogs_count > 0 ||
			e->syslog.count > 0 || e->journal_wanted;
	if (!r->named_ears) {
		for (unsigned i = 0; i < s->interfaces_count && i < WATCH_EARS_MAX; i++)
			e->interfaces[e->interfaces_count++] = s->interfaces[i];
		if (s->log != NULL)
			e->logs[e->logs_count++] = s->log;
		if (s->has_nflog)
			e->nflogs[e->nflogs_count++] = s->nflog;
		/* A group tells what the firewall refused, which the interfaces tell, too. */
		if (e->interfaces_count == 0 && !s->has_nflog)
			e->interfaces[e->interfaces_count++] = "any";
	}
	complete_syslog(e, &settings->logs, r->named_ears);
	complete_journal(r, &settings->logs);
	if (!r->named_exec)
		r->exec = settings->execs.wish;
	r->mask = exec_settings_names(&settings->execs);
	if (!r->named_wrappers)
		r->wrappers = settings->wrappers.wish;
	r->wrapper_users = (const char *const *)settings->wrappers.users;
	r->wrapper_users_count = settings->wrappers.users_count;
	e->interfaces_count = drop_repeats(e->interfaces, e->interfaces_count, "any");
	complete_path(r, &settings->path);
	e->logs_count = drop_repeats(e->logs, e->logs_count, "");
	for (unsigned i = 0; i < s->home.count; i++)
		prefix_set_add(&r->home, &s->home.items[i]);
	if (r->state == NULL)
		r->state = s->state;
	e->home = &r->home;
	e->dark = &s->dark;
	if (r->memory > 0)
		s->memory_bytes = r->memory;
	return check_path(r) && choose_rings(r, s->memory_bytes);
}

bool watch_request_overrules(const struct watch_request *r, const char *key)
{
	const struct {
		const char *key;
		bool overruled;
	} rows[] = {
		{"interfaces", r->named_ears},
		{"log", r->named_ears},
		{"nflog", r->named_ears},
		{"syslog", r->named_ears},
		{"journal", r->named_ears},
		{"path", r->named_path},
		{"containers", r->path.containers},
		{"exec", r->named_exec},
		{"wrappers", r->named_wrappers},
		{"state", r->named_state || r->no_store},
		{"memory", r->memory > 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].key, key) == 0)
			return rows[i].overruled;
	}
	return false;
}

uint64_t watch_request_ring_bytes(const struct watch_request *r)
{
	return (uint64_t)r->ears.ring_bytes * r->ears.interfaces_count +
	       2 * (uint64_t)r->ears.hook_ring_bytes;
}

bool watch_request_parse(struct watch_request *r, int argc, char **argv)
{
	int first;
	if (!option_row_parse(watch_request_options, argc, argv, watch_request_set, r, &first))
		return false;
	if (first < argc) {
		diag_error("watch: '%s' is no option; to follow a log say --log %s, to read a file "
			   "'knockwatch read %s'",
			argv[first], argv[first], argv[first]);
		return false;
	}
	if ((r->knocks || r->execs) && !r->json) {
		diag_error(
			"watch: --%s is for --json only; say both", r->knocks ? "knocks" : "execs");
		return false;
	}
	diag_set_quiet(r->quiet);
	return true;
}
