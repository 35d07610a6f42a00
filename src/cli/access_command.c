/* SPDX-License-Identifier: ISC */
#include "cli/access_command.h"

#include "access/access_reader.h"
#include "base/diag.h"
#include "base/text_buffer.h"
#include "cli/access_call.h"
#include "cli/access_log.h"
#include "cli/option_number.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
	OPTION_RENEW,
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
	[OPTION_RENEW] = {"renew", 0, NULL, "compile: only an index that no longer fits"},
	[OPTION_FOR] = {"for", 0, "TIME", "add: 30s, 15m, 12h or 7d, not for ever"},
	[OPTION_WHY] = {"why", 0, "TEXT", "add: the reason, for whoever reads the list"},
	[OPTION_SERVICE] = {"service", 0, "NAME", "add, remove, log: one daemon, not all"},
	[OPTION_ALLOW] = {"allow", 0, NULL, "add: let in, whatever the tables say"},
	[OPTION_FORCE] = {"force", 0, NULL, "add: even if it keeps you out"},
	[OPTION_SET] = {"set", 0, "FILE", "the file of entries (not check, compile, log)"},
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

/* The words, a bit each. */
enum {
	CHECK = 1 << 0,
	TEST = 1 << 1,
	COMPILE = 1 << 2,
	ADD = 1 << 3,
	REMOVE = 1 << 4,
	LIST = 1 << 5,
	EXPORT = 1 << 6,
	LOG = 1 << 7,
	EVERY = (1 << 8) - 1,
};

/* Where an option that is kept as it was typed has its place, and the words it belongs to. */
static const struct {
	size_t flag, text; /* one of them; 0: not that */
	unsigned words;
} places[] = {
	[OPTION_FIX] = {.flag = offsetof(struct access_call, fix), .words = CHECK},
	[OPTION_DRY_RUN] = {.flag = offsetof(struct access_call, dry_run), .words = CHECK},
	[OPTION_ALL] = {.flag = offsetof(struct access_call, all), .words = CHECK | LOG},
	[OPTION_RULES] = {.flag = offsetof(struct access_call, rules), .words = CHECK},
	[OPTION_TABLES] = {.text = offsetof(struct access_call, tables), .words = CHECK | TEST},
	[OPTION_SERVER] = {.text = offsetof(struct access_call, server), .words = TEST},
	[OPTION_NAME] = {.text = offsetof(struct access_call, name), .words = TEST},
	[OPTION_NO_DNS] = {.flag = offsetof(struct access_call, no_dns), .words = TEST},
	[OPTION_ROOT] = {.text = offsetof(struct access_call, root), .words = CHECK},
	[OPTION_RENEW] = {.flag = offsetof(struct access_call, renew), .words = COMPILE},
	[OPTION_FOR] = {.text = offsetof(struct access_call, span), .words = ADD},
	[OPTION_WHY] = {.text = offsetof(struct access_call, why), .words = ADD},
	[OPTION_SERVICE] = {.text = offsetof(struct access_call, service), .words = ADD | REMOVE | LOG},
	[OPTION_ALLOW] = {.flag = offsetof(struct access_call, allow), .words = ADD},
	[OPTION_FORCE] = {.flag = offsetof(struct access_call, force), .words = ADD},
	[OPTION_SET] = {.text = offsetof(struct access_call, set), .words = TEST | ADD | REMOVE | LIST | EXPORT},
	[OPTION_SINCE] = {.text = offsetof(struct access_call, since), .words = LOG},
	[OPTION_UNTIL] = {.text = offsetof(struct access_call, until), .words = LOG},
	[OPTION_SOURCE] = {.text = offsetof(struct access_call, source), .words = LOG},
	[OPTION_DENIED] = {.flag = offsetof(struct access_call, denied), .words = LOG},
	[OPTION_STATE] = {.text = offsetof(struct access_call, state), .words = LOG},
	[OPTION_UTC] = {.flag = offsetof(struct access_call, utc), .words = LOG},
	[OPTION_JSON] = {.flag = offsetof(struct access_call, json), .words = CHECK | TEST | COMPILE | LIST | LOG},
	[OPTION_PORT] = {.words = TEST},
	[OPTION_HELP] = {.words = EVERY},
};

struct parse {
	struct access_call call;
	uint32_t given; /* options, a bit each */
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct parse *parse = target;
	struct access_call *c = &parse->call;
	uint64_t n;
	parse->given |= UINT32_C(1) << index;
	if (index == OPTION_PORT) {
		if (!option_number_parse("port", value, 1, UINT16_MAX, &n))
			return false;
		c->port = (int)n;
	} else if (places[index].flag) {
		*(bool *)((char *)c + places[index].flag) = true;
	} else if (places[index].text) {
		*(const char **)(void *)((char *)c + places[index].text) = value;
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

enum stop_code access_call_code_of(int fault)
{
	switch (fault) {
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ACCESS_READER_NO_FILE:
		return STOP_USAGE;
	default:
		return stop_code_of_errno(fault);
	}
}

static bool has_directory(const char *who, const char *path)
{
	struct stat facts;
	int error = stat(path, &facts) != 0 ? errno : S_ISDIR(facts.st_mode) ? 0 : ENOTDIR;
	if (error != 0)
		diag_error("%s: %s: %s", who, path, strerror(error));
	return error == 0;
}

bool access_call_has_directories(const struct access_call *c, const char *who)
{
	return (c->tables == NULL || has_directory(who, c->tables)) &&
	       (*c->root == '\0' || has_directory(who, c->root));
}

static const struct subcommand {
	const char *word;
	unsigned bit;
	enum stop_code (*run)(const struct access_call *c);
	int least, most; /* operands; most -1: any number */
	const char *operands;
} subcommands[] = {
	{"check", CHECK, access_check_run, 0, -1, " [FILE...]"},
	{"test", TEST, access_trial_run, 2, 2, " SERVICE CLIENT"},
	{"compile", COMPILE, access_compile_run, 1, -1, " FILE..."},
	{"add", ADD, access_add_run, 1, 1, " ADDRESS[/LENGTH]"},
	{"remove", REMOVE, access_remove_run, 1, 1, " ADDRESS[/LENGTH]"},
	{"list", LIST, access_list_run, 0, 0, ""},
	{"export", EXPORT, access_export_run, 0, 1, " [nft]"},
	{"log", LOG, access_log_run, 0, -1, " [FILE...]"},
};

enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

/* "add, remove and log". */
static void name_words(unsigned words, struct text_buffer *out)
{
	bool first = true;
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		if ((words & subcommands[i].bit) == 0)
			continue;
		words &= ~subcommands[i].bit;
		text_buffer_add(out, first ? "" : words == 0 ? " and " : ", ");
		text_buffer_add(out, subcommands[i].word);
		first = false;
	}
}

/* What is not heeded is not accepted: whoever typed it means something by it. */
static bool takes_options(const struct subcommand *sub, uint32_t given)
{
	for (unsigned i = 0; options[i].name != NULL; i++) {
		char text[128];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		if ((given >> i & 1) == 0 || (places[i].words & sub->bit) != 0)
			continue;
		name_words(places[i].words, &b);
		diag_error("access: --%s is of %s", options[i].name, text);
		diag_note("see 'knockwatch access --help'");
		return false;
	}
	return true;
}

static enum stop_code refuse_word(const char *word)
{
	const char *names[SUBCOMMANDS + 1] = {NULL};
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		names[i] = subcommands[i].word;
	const char *near = option_row_nearest(names, word);
	if (*word == '\0')
		diag_error("access: a word is missing; see 'knockwatch access --help'");
	else if (near != NULL)
		diag_error("access: there is no '%s'; did you mean '%s'?", word, near);
	else
		diag_error("access: there is no '%s'; see 'knockwatch access --help'", word);
	return STOP_USAGE;
}

static enum stop_code run_access(const struct command *self, int argc, char **argv)
{
	struct parse parse = {.call = {.root = "", .port = -1}};
	struct access_call *c = &parse.call;
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &parse, &first))
		return STOP_USAGE;
	if (first == argc)
		return refuse_word("");
	c->words = argv + first + 1;
	c->word_count = argc - first - 1;
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		const struct subcommand *sub = &subcommands[i];
		if (strcmp(argv[first], sub->word) != 0)
			continue;
		if (c->word_count < sub->least || (sub->most >= 0 && c->word_count > sub->most)) {
			diag_error("access: it is 'access %s%s'", sub->word, sub->operands);
			return STOP_USAGE;
		}
		return takes_options(sub, parse.given) ? sub->run(c) : STOP_USAGE;
	}
	return refuse_word(argv[first]);
}

const struct command access_command = {
	.name = "access",
	.operands = "check [FILE...] | test SERVICE CLIENT | compile FILE... | add ADDRESS[/LENGTH] | "
		    "remove ADDRESS[/LENGTH] | list | export [nft] | log [FILE...]",
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
		"table stays as it is. --renew makes anew only what is there and does not fit.\n"
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
