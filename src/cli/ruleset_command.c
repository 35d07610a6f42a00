/* SPDX-License-Identifier: ISC */
#include "cli/ruleset_command.h"

#include "base/diag.h"
#include "base/memory.h"
#include "cli/option_number.h"
#include "cli/ruleset_report.h"
#include "firewall/loaded_ruleset.h"
#include "firewall/ruleset_text.h"
#include "sensor/listening_set.h"
#include "sensor/nflog_groups.h"
#include "sensor/socket_owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum option {
	OPTION_CHECK,
	OPTION_LOG,
	OPTION_GROUP,
	OPTION_ALLOW,
	OPTION_JSON,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_CHECK] = {"check", 0, NULL, "judge the ruleset that is loaded"},
	[OPTION_LOG] = {"log", 0, "WHERE", "nflog (default), or kernel: lines of text"},
	[OPTION_GROUP] = {"group", 'g', "N", "the log group (default 5)"},
	[OPTION_ALLOW] = {"allow", 0, "PORT", "open this, too: tcp/443 (repeatable)"},
	[OPTION_JSON] = {"json", 'j', NULL, "with --check: one JSON object"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct request {
	struct port_set allowed;
	enum ruleset_log log;
	uint16_t group;
	bool check, json, for_printing; /* the last: an option that --check has no use for */
};

static bool set_log(struct request *r, const char *value)
{
	r->for_printing = true;
	r->log = strcmp(value, "kernel") == 0 ? RULESET_LOG_KERNEL : RULESET_LOG_NFLOG;
	if (r->log == RULESET_LOG_KERNEL || strcmp(value, "nflog") == 0)
		return true;
	diag_error("--log %s: expected nflog or kernel", value);
	return false;
}

static bool add_allowed(struct request *r, const char *value)
{
	struct port_range range;
	r->for_printing = true;
	if (!port_range_parse(value, strlen(value), &range) || range.last == 0) {
		diag_error("--allow %s: expected a port such as tcp/443 or udp/5000-5010", value);
		return false;
	}
	port_set_add_range(&r->allowed, range.proto, range.first, range.last);
	return true;
}

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	uint64_t n;
	switch ((enum option)index) {
	case OPTION_CHECK:
		r->check = true;
		return true;
	case OPTION_LOG:
		return set_log(r, value);
	case OPTION_GROUP:
		if (!option_number_parse("group", value, 0, UINT16_MAX, &n))
			return false;
		r->group = (uint16_t)n;
		return true;
	case OPTION_ALLOW:
		return add_allowed(r, value);
	case OPTION_JSON:
		r->json = true;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

static const char *owner_of(const void *context, enum port_set_proto proto, uint16_t port)
{
	const struct socket_owner *found =
		context ? socket_owners_find(context, proto, port) : NULL;
	return found ? found->name : "";
}

/* UDP in the ephemeral range that is there for longer than a question: maybe a server. What the kernel itself
 * has bound (WireGuard) is one. */
static void sort_out_doubtful(
	struct listening_set *set, const struct socket_owners *owners, struct port_set *doubtful)
{
	for (unsigned port = set->ephemeral_first; port <= set->ephemeral_last; port++) {
		for (unsigned f = 0; f < DOOR_FAMILIES; f++) {
			if (!port_set_holds(&set->busy[f], PORT_SET_UDP, (uint16_t)port))
				continue;
			const struct socket_owner *found =
				owners ? socket_owners_find(owners, PORT_SET_UDP, (uint16_t)port)
				       : NULL;
			port_set_add(found && found->inode == 0 ? &set->offered.all[f] : doubtful,
				PORT_SET_UDP, (uint16_t)port);
		}
	}
}

/* Twice: only what was there both times counts as in use in the ephemeral range. */
static bool read_doors(struct listening_set *set)
{
	char error[256];
	struct listening_reader *reader = listening_reader_open(false, error, sizeof error);
	bool read = reader && listening_set_read(reader, set) && listening_set_read(reader, set);
	if (!read)
		diag_error(
			"%s", reader ? "the kernel does not tell which ports are in use" : error);
	listening_reader_close(reader);
	return read;
}

static enum stop_code print_ruleset(struct request *r)
{
	struct listening_set *set = memory_calloc(1, sizeof *set);
	struct port_set *doubtful = memory_calloc(1, sizeof *doubtful);
	enum stop_code code = STOP_INTERNAL;
	if (read_doors(set)) {
		struct socket_owners *owners = socket_owners_read();
		sort_out_doubtful(set, owners, doubtful);
		struct ruleset_plan plan = {.log = r->log,
			.group = r->group,
			.offered = &set->offered,
			.allowed = &r->allowed,
			.doubtful = doubtful,
			.forwards = set->forwards[DOOR_FAMILY_V4] || set->forwards[DOOR_FAMILY_V6],
			.owner = owner_of,
			.context = owners};
		ruleset_text_write(&plan, stdout);
		if (set->offered.widened > 0)
			diag_warn(
				"more doors on single addresses than fit: %u of them are opened on "
				"all addresses",
				set->offered.widened);
		socket_owners_destroy(owners);
		code = STOP_DONE;
	}
	free(doubtful);
	free(set);
	return code;
}

static bool is_read(const void *context, uint16_t group)
{
	return nflog_groups_find(context, group) != NULL;
}

static bool does_forward(void)
{
	struct listening_set *set = memory_calloc(1, sizeof *set);
	bool forwards =
		!read_doors(set) || set->forwards[DOOR_FAMILY_V4] || set->forwards[DOOR_FAMILY_V6];
	free(set);
	return forwards;
}

static enum stop_code judge(const struct request *r, const struct loaded_ruleset *loaded)
{
	char error[256];
	struct nflog_groups groups;
	struct ruleset_model model;
	struct ruleset_judge_options how = {.forwards = does_forward(), .context = &groups};
	if (nflog_groups_read(&groups))
		how.is_read = is_read;
	if (!ruleset_model_read(&model, loaded->json, strlen(loaded->json), loaded->listing, error,
		    sizeof error)) {
		diag_error("the loaded ruleset: %s", error);
		return STOP_INTERNAL;
	}
	struct ruleset_verdict *verdict = memory_calloc(1, sizeof *verdict);
	ruleset_judge(&model, &how, verdict);
	struct ruleset_report report = {&model, verdict, loaded->legacy, r->group};
	if (r->json)
		ruleset_report_print_json(&report, stdout);
	else
		ruleset_report_print(&report, stdout);
	enum stop_code code = ruleset_report_is_good(&report) ? STOP_DONE : STOP_NO;
	free(verdict);
	ruleset_model_clear(&model);
	return code;
}

static enum stop_code check_loaded(const struct request *r)
{
	char error[512];
	struct loaded_ruleset loaded;
	if (!loaded_ruleset_read(&loaded, error, sizeof error)) {
		bool refused = errno == EPERM || errno == EACCES;
		diag_error("%s", error);
		return refused ? STOP_NOT_PERMITTED : STOP_INTERNAL;
	}
	enum stop_code code = judge(r, &loaded);
	loaded_ruleset_clear(&loaded);
	return code;
}

static enum stop_code run_ruleset(const struct command *self, int argc, char **argv)
{
	struct request *r = memory_calloc(1, sizeof *r);
	enum stop_code code = STOP_USAGE;
	int first;
	r->group = RULESET_GROUP;
	if (option_row_parse(self->options, argc, argv, set_option, r, &first)) {
		if (first < argc)
			diag_error("ruleset: '%s' is no option", argv[first]);
		else if (r->check && r->for_printing)
			diag_error("ruleset: --log and --allow are for printing, not for --check");
		else if (r->json && !r->check)
			diag_error("ruleset: --json is for --check only");
		else
			code = r->check ? check_loaded(r) : print_ruleset(r);
	}
	free(r);
	return code;
}

const struct command ruleset_command = {
	.name = "ruleset",
	.operands = "",
	.summary = "print a firewall ruleset that tells what it drops, or check one",
	.text = "Prints an nftables ruleset that lets in what this host offers now, drops\n"
		"the rest and logs what it drops. Never loads it: its head tells how to try it.\n"
		"As root it knows which program is behind each port.\n"
		"\n"
		"With --check, tells where the ruleset that is loaded refuses packets without\n"
		"telling us, and what to add. Ends with 0 if all is seen, with 1 if not.\n"
		"\n"
		"  knockwatch ruleset >knockwatch.nft\n"
		"  knockwatch ruleset --check",
	.options = options,
	.run = run_ruleset,
};
