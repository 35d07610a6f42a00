/* SPDX-License-Identifier: ISC */
#include "cli/wrappers_command.h"

#include "base/diag.h"
#include "base/memory.h"
#include "cli/shell_word.h"
#include "cli/wrap_drop_in.h"
#include "cli/wrap_outcome.h"
#include "cli/wrap_status.h"
#include "version.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum option {
	OPTION_ALL,
	OPTION_DRY_RUN,
	OPTION_LIBRARY,
	OPTION_TCPD,
	OPTION_ROOT,
	OPTION_JSON,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_ALL] = {"all", 'a', NULL, "disable: all that enable has done"},
	[OPTION_DRY_RUN] = {"dry-run", 'n', NULL, "enable, disable: only tell what would be done"},
	[OPTION_LIBRARY] = {"library", 0, "DIR", "where our libwrap.so.0 is"},
	[OPTION_TCPD] = {"tcpd", 0, "FILE", "our tcpd"},
	[OPTION_ROOT] = {"root", 0, "DIR", "look at the host below this directory"},
	[OPTION_JSON] = {"json", 'j', NULL, "one JSON object"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct call {
	struct wrap_place place;
	bool dry_run, json, all;
	char **words;
	int word_count;
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct call *c = target;
	switch ((enum option)index) {
	case OPTION_ALL:
		c->all = true;
		return true;
	case OPTION_DRY_RUN:
		c->dry_run = true;
		return true;
	case OPTION_LIBRARY:
		c->place.directory = value;
		return true;
	case OPTION_TCPD:
		c->place.tcpd = value;
		return true;
	case OPTION_ROOT:
		c->place.root = strcmp(value, "/") == 0 ? "" : value;
		return true;
	case OPTION_JSON:
		c->json = true;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

/* It is written into files where blanks, quotes, colons and dollars have a meaning. */
static bool is_plain_path(const char *option, const char *path)
{
	static const char others[] = "/._+-@%~";
	if (path[0] == '/' && strlen(path) < 1024) {
		const char *c = path;
		while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			(*c >= '0' && *c <= '9') || (*c != '\0' && strchr(others, *c) != NULL))
			c++;
		if (*c == '\0')
			return true;
	}
	diag_error("wrap: --%s: an absolute path of letters, digits and %s, not '%s'", option,
		others, path);
	return false;
}

/* --- status --- */

static void print_status(const struct call *c, const struct wrap_ways *chosen)
{
	if (geteuid() != 0 && c->place.root[0] == '\0')
		diag_note("wrap: what processes of others have mapped only root is told");
	if (c->json)
		wrap_status_print_json(chosen, stdout);
	else
		wrap_status_print(chosen, stdout);
}

/* Keeps those that the word means, or, for a null word, those in which something asks. */
static unsigned choose(struct wrap_ways *all, const char *word, struct wrap_ways *chosen)
{
	unsigned count = 0;
	for (unsigned i = 0; i < all->count; i++) {
		struct wrap_way *way = &all->items[i];
		bool asks = way->how == WRAP_LINKED || way->how == WRAP_TCPD;
		if (word != NULL ? !wrap_way_is_meant(all->place, way, word) : !asks)
			continue;
		chosen->items =
			memory_realloc(chosen->items, (chosen->count + 1) * sizeof *chosen->items);
		chosen->items[chosen->count++] = *way;
		count++;
	}
	return count;
}

static enum stop_code run_status(const struct call *c)
{
	struct wrap_ways all, chosen = {.place = &c->place};
	enum stop_code code = STOP_DONE;
	wrap_ways_read(&all, &c->place);
	if (c->word_count == 0)
		choose(&all, NULL, &chosen);
	for (int i = 0; i < c->word_count; i++) {
		if (choose(&all, c->words[i], &chosen) > 0)
			continue;
		unsigned before = all.count;
		if (wrap_ways_add_program(&all, c->words[i])) {
			chosen.items = memory_realloc(
				chosen.items, (chosen.count + 1) * sizeof *chosen.items);
			chosen.items[chosen.count++] = all.items[before];
			continue;
		}
		diag_error("wrap: %s: no unit, no service of inetd or xinetd, and no program",
			c->words[i]);
		code = STOP_NO;
	}
	if (code == STOP_DONE || chosen.count > 0)
		print_status(c, &chosen);
	free(chosen.items); /* what they own belongs to `all` */
	wrap_ways_clear(&all);
	return code;
}

/* --- enable, disable --- */

static bool is_same_unit(const struct wrap_way *a, const struct wrap_way *b)
{
	return a->kind == WRAP_BY_UNIT && b->kind == WRAP_BY_UNIT && strcmp(a->name, b->name) == 0;
}

/* Something of ours may be there. */
static bool has_ours(const struct wrap_place *place, const struct wrap_way *way)
{
	char path[PATH_MAX];
	if (way->kind == WRAP_BY_INETD)
		return way->how == WRAP_TCPD && way->ours;
	return way->kind == WRAP_BY_UNIT && wrap_drop_in_path(place, way->name, path) &&
	       access(path, F_OK) == 0;
}

/* The ways that are meant, with a null word those that have something of ours; of a unit that has many lines one. */
static unsigned gather(const struct wrap_ways *all, const char *word, struct wrap_change **changes)
{
	unsigned count = 0;
	*changes = memory_calloc(all->count + 1, sizeof **changes);
	for (unsigned i = 0; i < all->count; i++) {
		unsigned k = 0;
		if (word != NULL ? !wrap_way_is_meant(all->place, &all->items[i], word)
				 : !has_ours(all->place, &all->items[i]))
			continue;
		while (k < count && !is_same_unit((*changes)[k].way, &all->items[i]))
			k++;
		bool better = k < count && (*changes)[k].way->unit == NULL;
		if (k == count || better)
			(*changes)[k].way = &all->items[i];
		count += k == count;
	}
	return count;
}

static enum stop_code code_of(const struct wrap_change *changes, unsigned count)
{
	enum stop_code code = STOP_DONE;
	for (unsigned i = 0; i < count; i++) {
		switch (changes[i].state) {
		case WRAP_CHANGE_FAILED:
			return stop_code_of_errno(changes[i].error);
		case WRAP_CHANGE_REFUSED:
		case WRAP_CHANGE_BY_HAND:
			code = STOP_NO;
			break;
		case WRAP_CHANGE_WRITTEN:
		case WRAP_CHANGE_REMOVED:
		case WRAP_CHANGE_ALREADY:
		case WRAP_CHANGE_ABSENT:
			break;
		}
	}
	return code;
}

/* `word` null: all that has something of ours. */
static enum stop_code change(const struct call *c, const char *word, bool enable)
{
	struct wrap_ways all;
	struct wrap_change *changes;
	wrap_ways_read(&all, &c->place);
	if (!enable)
		wrap_ways_add_left_overs(&all);
	unsigned count = gather(&all, word, &changes);
	if (count == 0 && enable && wrap_ways_add_program(&all, word))
		changes[count++].way = &all.items[all.count - 1];
	enum stop_code code = word != NULL && count == 0 ? STOP_NO : STOP_DONE;
	if (code == STOP_NO) {
		diag_error("wrap: %s: no unit, no service of inetd or xinetd%s; see 'knockwatch wrap "
			   "status'",
			word, enable ? ", and no program" : "");
	} else {
		(enable ? wrap_change_enable : wrap_change_disable)(
			&c->place, changes, count, c->dry_run);
		const struct wrap_outcome report = {&all, changes, count, word, enable, c->dry_run};
		if (c->json)
			wrap_outcome_print_json(&report, stdout);
		else
			wrap_outcome_print(&report, stdout);
		code = code_of(changes, count);
	}
	free(changes);
	wrap_ways_clear(&all);
	return code;
}

static bool has_root(const char *root)
{
	struct stat facts;
	int fault = *root == '\0' ? 0 : stat(root, &facts) != 0 ? errno : S_ISDIR(facts.st_mode) ? 0 : ENOTDIR;
	if (fault != 0)
		diag_error("wrap: %s: %s", shell_word_show(root).text, strerror(fault));
	return fault == 0;
}

static enum stop_code refuse_word(const char *word)
{
	static const char *const words[] = {"status", "enable", "disable", NULL};
	const char *near = option_row_nearest(words, word);
	if (near != NULL)
		diag_error("wrap: there is no '%s'; did you mean '%s'?", shell_word_show(word).text, near);
	else
		diag_error("wrap: there is status, enable and disable, not '%s'", shell_word_show(word).text);
	return STOP_USAGE;
}

/* What is not heeded is not accepted: whoever typed it means something by it. */
static bool takes_options(const struct call *c, bool enable, bool disable)
{
	if (c->all && !disable)
		diag_error("wrap: --all is of disable; see 'knockwatch wrap status' for programs");
	else if (c->dry_run && !enable && !disable)
		diag_error("wrap: --dry-run is of enable and disable");
	else
		return true;
	return false;
}

static enum stop_code run_wrap(const struct command *self, int argc, char **argv)
{
	struct call c = {
		.place = {
			.root = "", .directory = KNOCKWATCH_LIBRARY_DIR, .tcpd = KNOCKWATCH_TCPD}};
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &c, &first) ||
		!is_plain_path("library", c.place.directory) ||
		!is_plain_path("tcpd", c.place.tcpd) || !has_root(c.place.root))
		return STOP_USAGE;
	const char *word = first < argc ? argv[first] : "status"; /* without a word it is that */
	bool enable = strcmp(word, "enable") == 0, disable = strcmp(word, "disable") == 0;
	c.word_count = first < argc ? argc - first - 1 : 0;
	c.words = argv + argc - c.word_count;
	if (!enable && !disable && strcmp(word, "status") != 0)
		return refuse_word(word);
	if (!takes_options(&c, enable, disable))
		return STOP_USAGE;
	if (!enable && !disable)
		return run_status(&c);
	if (c.word_count == (c.all ? 0 : 1))
		return change(&c, c.all ? NULL : c.words[0], enable);
	diag_error("wrap: it is 'wrap %s PROGRAM'%s", word, enable ? "" : " or 'wrap disable --all'");
	return STOP_USAGE;
}

const struct command wrappers_command = {
	.name = "wrap",
	.operands = "status [PROGRAM...] | enable PROGRAM | disable PROGRAM",
	.summary = "have a program ask hosts.allow by knockwatch's library or tcpd",
	.text = "'wrap status' lists the programs that ask hosts.allow and hosts.deny, by\n"
		"libwrap.so.0 or through a tcpd before them: who starts them, whose library\n"
		"or tcpd they would use, and which one those that run do use.\n"
		"\n"
		"'wrap enable' has one use knockwatch's: by a drop-in for its unit of systemd, or\n"
		"by a changed line in inetd.conf. The system's own files stay where they are.\n"
		"What else is to be typed is told. 'wrap disable' takes back what enable did, no\n"
		"more. PROGRAM is a unit, a service of inetd, a path, or a program's name.\n"
		"\n"
		"  knockwatch wrap status\n"
		"  knockwatch wrap enable --dry-run sshd\n"
		"  knockwatch wrap enable in.fingerd\n"
		"  knockwatch wrap disable sshd\n"
		"  knockwatch wrap disable --all",
	.options = options,
	.run = run_wrap,
};
