/* SPDX-License-Identifier: ISC */
/*
 * corners - asks the corners of corner_list of both libraries, and compares with the verdicts that stand there.
 *
 * usage: corners --theirs LIBRARY --ours LIBRARY [WORD]...   (only corners whose name has one of the words; shown in full)
 * An "ok" or "not ok" line for each corner and library; ends with 1 if one is not as it should be, 77 where it may not
 * make a place of its own.
 */
#include "access_case.h"
#include "case_trait.h"
#include "case_world.h"
#include "corner_list.h"
#include "library_runner.h"
#include "outcome_compare.h"
#include "private_place.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char *const verdict_name[] = {
	[CORNER_DENIED] = "denied", [CORNER_GRANTED] = "granted", [CORNER_LOST] = "the process was lost"};

static enum corner_verdict verdict_of(const struct outcome *o, const struct access_case *c)
{
	if (o->end != END_RETURNED)
		return CORNER_LOST;
	return o->round[c->rounds - 1].verdict == 1 ? CORNER_GRANTED : CORNER_DENIED;
}

static bool shows(const struct outcome *o, const char *text)
{
	return !text || strstr(o->said, text) || strstr(o->ran, text) || strstr(o->environment, text) ||
	       strstr(o->round[0].asked, text);
}

static bool look(const char *whose, const struct corner *k, const struct access_case *c, const struct outcome *o,
	enum corner_verdict wanted)
{
	const enum corner_verdict got = verdict_of(o, c);
	const bool good = got == wanted && shows(o, k->shows);
	printf("%s %s: %s\n", good ? "ok" : "not ok", whose, k->name);
	if (!good) {
		printf("    wanted: %s%s%s\n", verdict_name[wanted], k->shows ? ", showing " : "", k->shows ? k->shows : "");
		access_case_print(c, stdout);
		outcome_print("got", c, o, stdout);
	}
	return good;
}

/* Where the verdicts are the same and no row says otherwise, everything else must be, too. */
static bool look_at_rest(const struct corner *k, const struct access_case *c, const struct outcome *theirs, const struct outcome *ours)
{
	if (k->row && strcmp(k->row, case_trait_name(TRAIT_USER_DROPPED)) == 0)
		return case_trait_is_user(theirs, ours) && theirs->uid == 0;
	if (k->row)
		return true;
	const char *what = outcome_compare(c, theirs, ours, (struct outcome_view){.with_user = true, .with_lines = true, .with_effects = true});
	if (!what)
		return true;
	printf("not ok both do the same: %s\n    they differ in: %s\n", k->name, what);
	outcome_print("original", c, theirs, stdout);
	outcome_print("ours", c, ours, stdout);
	return false;
}

static bool is_wanted(const char *name, char **words)
{
	if (!*words)
		return true;
	for (; *words; words++) {
		if (strstr(name, *words))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"theirs", 1, NULL, 't'}, {"ours", 1, NULL, 'o'}, {0}};
	const char *libraries[2] = {NULL, NULL};
	unsigned long corners = 0, bad = 0;
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (o == '?')
			return 2;
		libraries[o == 'o'] = optarg;
	}
	if (!libraries[0] || !libraries[1]) {
		fputs("usage: corners --theirs LIBRARY --ours LIBRARY [WORD]...\n", stderr);
		return 2;
	}
	if (!private_place_enter(world_hosts_file, world_netgroups))
		return 77;
	access_case_prepare_place();
	struct access_case *c = library_runner_share(sizeof *c);
	struct library_runner *theirs = library_runner_start(libraries[0], "theirs", c);
	struct library_runner *ours = library_runner_start(libraries[1], "ours", c);
	for (size_t i = 0; i < corner_list_count; i++) {
		const struct corner *k = &corner_list[i];
		if (!is_wanted(k->name, argv + optind))
			continue;
		corner_list_make(k, c);
		access_case_write(c);
		library_runner_begin(theirs);
		library_runner_begin(ours);
		const struct outcome *a = library_runner_wait(theirs), *b = library_runner_wait(ours);
		bool good = look("the original", k, c, a, k->original);
		good = look("ours", k, c, b, k->ours) && good;
		good = good && look_at_rest(k, c, a, b);
		corners++;
		bad += !good;
	}
	printf("# %lu corners, %lu not as they should be\n", corners, bad);
	library_runner_stop(theirs);
	library_runner_stop(ours);
	return bad ? 1 : 0;
}
