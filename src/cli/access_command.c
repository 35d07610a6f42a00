/* SPDX-License-Identifier: ISC */
#include "cli/access_command.h"

#include "base/diag.h"
#include "cli/access_call.h"
#include "cli/access_log.h"
#include "cli/option_number.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum option {
	OPTION_FIX,
	OPTION_DRY_RUN,
	OPTION_ALL,
	OPTION_RULES,
	OPTION_TABLES,
	OPTION_SERVER,
	OPTION_PORT,
	OPTION_NAME,
	OPTION_NO_DNS,
	OPTION_ROOT,
	OPTION_FOR,
	OPTION_WHY,
	OPTION_SERVICE,
	OPTION_ALLOW,
	OPTION_FORCE,
	OPTION_SET,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_SOURCE,
	OPTION_DENIED,
	OPTION_STATE,
	OPTION_UTC,
	OPTION_JSON,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_FIX] = {"fix", 0, NULL, "check: write the corrected tables; keep the old"},
	[OPTION_DRY_RUN] = {"dry-run", 'n', NULL, "check: show what --fix would write"},
	[OPTION_ALL] = {"all", 'a', NULL, "check: every line; log: not the latest only"},
	[OPTION_RULES] = {"rules", 'v', NULL, "check: list every rule, and what it decides"},
	[OPTION_TABLES] = {"tables", 'd', "DIR", "where hosts.allow and hosts.deny are"},
	[OPTION_SERVER] = {"server", 0, "ADDRESS", "test: our address the client comes to"},
	[OPTION_PORT] = {"port", 'p', "N", "test: our port"},
	[OPTION_NAME] = {"name", 0, "NAME", "test: the client's name, instead of asking"},
	[OPTION_NO_DNS] = {"no-dns", 0, NULL, "test: as if no name server answered"},
	[OPTION_ROOT] = {"root", 0, "DIR", "check: look at the host below this directory"},
	[OPTION_FOR] = {"for", 0, "TIME", "add: 30s, 15m, 12h or 7d, not for ever"},
	[OPTION_WHY] = {"why", 0, "TEXT", "add: the reason, for whoever reads the list"},
	[OPTION_SERVICE] = {"service", 0, "NAME", "add, remove, log: one daemon, not all"},
	[OPTION_ALLOW] = {"allow", 0, NULL, "add: let in, whatever the tables say"},
	[OPTION_FORCE] = {"force", 0, NULL, "add: even if it keeps you out"},
	[OPTION_SET] = {"set", 0, "FILE", "add, remove, list, export: the file of entries"},
	[OPTION_SINCE] = {"since", 0, "TIME", "log: from then on"},
	[OPTION_UNTIL] = {"until", 0, "TIME", "log: up to then"},
	[OPTION_SOURCE] = {"source", 0, "CLIENT", "log: of this address, prefix or name alone"},
	[OPTION_DENIED] = {"denied", 0, NULL, "log: what was refused alone"},
	[OPTION_STATE] = {"state", 0, "DIR", "log: whose journal (default: as configured)"},
	[OPTION_UTC] = {"utc", 0, NULL, "log: times in UTC instead of the local zone"},
	[OPTION_JSON] = {"json", 'j', NULL, "one JSON object; log: JSON lines"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

/* Where an option that is kept as it was typed has its place. */
static const struct {
	size_t flag, text; /* one of them; 0: not that */
} places[] = {
	[OPTION_FIX] = {.flag = offsetof(struct access_call, fix)},
	[OPTION_DRY_RUN] = {.flag = offsetof(struct access_call, dry_run)},
	[OPTION_ALL] = {.flag = offsetof(struct access_call, all)},
	[OPTION_RULES] = {.flag = offsetof(struct access_call, rules)},
	[OPTION_TABLES] = {.text = offsetof(struct access_call, tables)},
	[OPTION_SERVER] = {.text = offsetof(struct access_call, server)},
	[OPTION_NAME] = {.text = offsetof(struct access_call, name)},
	[OPTION_NO_DNS] = {.flag = offsetof(struct access_call, no_dns)},
	[OPTION_ROOT] = {.text = offsetof(struct access_call, root)},
	[OPTION_FOR] = {.text = offsetof(struct access_call, span)},
	[OPTION_WHY] = {.text = offsetof(struct access_call, why)},
	[OPTION_SERVICE] = {.text = offsetof(struct access_call, service)},
	[OPTION_ALLOW] = {.flag = offsetof(struct access_call, allow)},
	[OPTION_FORCE] = {.flag = offsetof(struct access_call, force)},
	[OPTION_SET] = {.text = offsetof(struct access_call, set)},
	[OPTION_SINCE] = {.text = offsetof(struct access_call, since)},
	[OPTION_UNTIL] = {.text = offsetof(struct access_call, until)},
	[OPTION_SOURCE] = {.text = offsetof(struct access_call, source)},
	[OPTION_DENIED] = {.flag = offsetof(struct access_call, denied)},
	[OPTION_STATE] = {.text = offsetof(struct access_call, state)},
	[OPTION_UTC] = {.flag = offsetof(struct access_call, utc)},
	[OPTION_JSON] = {.flag = offsetof(struct access_call, json)},
	[OPTION_HELP] = {0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct access_call *c = target;
	uint64_t n;
	if (index == OPTION_PORT) {
		if (!option_number_parse("port", value, 1, UINT16_MAX, &n))
			return false;
		c->port = (int)n;
	} else if (places[index].flag) {
		*(bool *)((char *)target + places[index].flag) = true;
	} else if (places[index].text) {
		*(const char **)(void *)((char *)target + places[index].text) = value;
	}
	return true;
}

bool access_call_table(const struct access_call *c, const char *name, char *path, unsigned size)
{
	bool here = c->tables != NULL && strcmp(c->tables, ".") == 0;
	int n = here ? snprintf(path, size, "%s", name)
		     : snprintf(path, size, "%s%s/%s", c->tables ? "" : c->root,
			       c->tables ? c->tables : "/etc", name);
	if (n > 0 && (unsigned)n < size)
		return true;
	diag_error("%s: the name is too long", c->tables ? c->tables : c->root);
	return false;
}

static const struct {
	const char *word;
	enum stop_code (*run)(const struct access_call *c);
	int least, most; /* operands; most -1: any number */
	const char *operands;
} subcommands[] = {
	{"check", access_check_run, 0, -1, "[FILE...]"},
	{"test", access_trial_run, 2, 2, "SERVICE CLIENT"},
	{"compile", access_compile_run, 1, -1, "FILE..."},
	{"add", access_add_run, 1, 1, "ADDRESS[/LENGTH]"},
	{"remove", access_remove_run, 1, 1, "ADDRESS[/LENGTH]"},
	{"list", access_list_run, 0, 0, ""},
	{"export", access_export_run, 0, 1, "[nft]"},
	{"log", access_log_run, 0, -1, "[FILE...]"},
};

static enum stop_code run_access(const struct command *self, int argc, char **argv)
{
	struct access_call c = {.root = "", .port = -1};
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &c, &first))
		return STOP_USAGE;
	const char *word = first < argc ? argv[first] : "";
	c.words = argv + first + 1;
	c.word_count = argc - first - 1;
	for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
		if (strcmp(word, subcommands[i].word) != 0)
			continue;
		if (c.word_count >= subcommands[i].least &&
			(subcommands[i].most < 0 || c.word_count <= subcommands[i].most))
			return subcommands[i].run(&c);
		diag_error("access: it is 'access %s %s'", word, subcommands[i].operands);
		return STOP_USAGE;
	}
	if (*word == '\0')
		diag_error(
			"access: there is check, test, log, compile, add, remove, list and export; see "
			"'knockwatch access --help'");
	else
		diag_error(
			"access: there is check, test, log, compile, add, remove, list and export, not '%s'",
			word);
	return STOP_USAGE;
}

const struct command access_command = {
	.name = "access",
	.operands = "WORD ...",
	.summary = "find the traps in hosts.allow and hosts.deny; who may enter?",
	.text = "'access check' finds what hosts.allow and hosts.deny do not do as they seem to:\n"
		"what happens, what was probably meant, and the line that says so. --fix writes\n"
		"the corrected tables; --dry-run shows the difference first. A table that begins\n"
		"with the comment '# knockwatch: strict' is good, or shut: knockwatch-access(5).\n"
		"\n"
		"'access test' tells whether a client may use a service, by which rule, what\n"
		"else would have matched, and which names were asked for. CLIENT is an address,\n"
		"a name, or USER@HOST. With --no-dns it tells what holds while no name server\n"
		"answers. Ends with 0 if it may enter, with 1 if not.\n"
		"\n"
		"'access compile' makes the index of a large table, FILE.idx; used as long as the\n"
		"table stays as it is.\n"
		"\n"
		"'access add' keeps an address or a block out for a time, or lets it in; 'access\n"
		"remove' undoes it, 'access list' shows them, 'access export' prints them for\n"
		"nftables.\n"
		"\n"
		"'access log' lists what was decided, in order of time: from this host's journal,\n"
		"or from logs and state directories of several hosts as one.\n"
		"\n"
		"  knockwatch access check\n"
		"  knockwatch access check --fix --dry-run hosts.deny\n"
		"  knockwatch access test sshd 192.0.2.7\n"
		"  knockwatch access add 198.51.100.0/24 --for 1d --why 'guesses passwords'\n"
		"  knockwatch access log --denied --since yesterday\n"
		"  knockwatch access log north/auth.log south/auth.log",
	.options = options,
	.run = run_access,
};
