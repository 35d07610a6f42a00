/* SPDX-License-Identifier: ISC */
/*
 * differential - the same questions to the original library and to ours; every difference must have its reason.
 *
 * usage: differential --theirs LIBRARY --ours LIBRARY [--seed N] [--cases N] [--only N] [--faults N] [--match N [--program PATH]]
 *   --seed   where the numbers begin (default 1); it is printed
 *   --only   just case N of the seed, shown with both answers
 *   --faults stop after so many unexplained differences (default 5)
 *   --match  every Nth case is put to PATH, too (default /usr/sbin/tcpdmatch): with the original library, and with ours
 * Prints "ok" and "not ok" lines and a table of what was asked and answered; ends with 1 after an unexplained difference,
 * 77 where it may not make a place of its own.
 */
#include "access_case.h"
#include "case_maker.h"
#include "case_shrink.h"
#include "case_trait.h"
#include "case_world.h"
#include "library_runner.h"
#include "match_program.h"
#include "outcome_compare.h"
#include "private_place.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHRINK_BUDGET = 1500 };

struct differential {
	struct access_case *c; /* shared with the runners */
	struct library_runner *theirs, *ours;
	uint64_t seed;
	unsigned long cases, faults_allowed;
	const char *library, *program; /* ours; tcpdmatch */
	unsigned long match_every;     /* 0: never */
};

struct tally {
	unsigned long cases, rounds, granted_by_rule, granted_by_default, denied, not_returned;
	unsigned long same, explained[TRAIT_COUNT], explained_by_several, unexplained;
	unsigned long warned_both, warned_theirs, warned_ours;
	unsigned long matched, matched_as_library;
};

static const struct outcome_view everything = {.with_user = true, .with_lines = true, .with_effects = true};

static void ask_both(struct differential *d)
{
	access_case_write(d->c);
	library_runner_begin(d->theirs);
	library_runner_begin(d->ours);
	library_runner_wait(d->ours);
	library_runner_wait(d->theirs);
}

static const struct outcome *ask(struct library_runner *r, const struct access_case *c)
{
	access_case_write(c);
	library_runner_begin(r);
	return library_runner_wait(r);
}

/* What the original says of another case than that in d->c. */
static const struct outcome *ask_theirs(struct differential *d, const struct access_case *other)
{
	struct access_case *kept = malloc(sizeof *kept);
	if (!kept)
		abort();
	*kept = *d->c;
	*d->c = *other;
	const struct outcome *theirs = ask(d->theirs, d->c);
	*d->c = *kept;
	free(kept);
	return theirs;
}

/* Does the original say of the case without these traits what ours said of it as it was? */
static bool mended_agrees(struct differential *d, const struct access_case *mended, const struct outcome *ours, unsigned traits)
{
	const struct outcome *theirs = ask_theirs(d, mended);
	const bool user = traits & (1U << TRAIT_USER_DROPPED | 1U << TRAIT_USER_TWICE) && case_trait_has_user(theirs);
	const struct outcome_view view = {.with_user = !user, .with_lines = !(traits & 1U << TRAIT_NUL_LINE),
		.with_effects = !(traits & (1U << TRAIT_ACLEXEC_STICKS | 1U << TRAIT_ACLEXEC_FIRST))};
	return outcome_compare(mended, theirs, ours, view) == NULL && (!user || case_trait_is_user(theirs, ours));
}

/* What the original does with everybody by such a rule alone. */
static bool denies_alone(void *self, const char *options, bool table_denies)
{
	struct differential *d = self;
	struct access_case *alone = malloc(sizeof *alone);
	if (!alone)
		abort();
	*alone = *d->c;
	alone->rounds = 1;
	alone->plain = false;
	for (unsigned i = 0; i < 2; i++)
		alone->table[i].kind = FILE_MISSING;
	struct case_file *table = &alone->table[table_denies ? TABLE_DENY : TABLE_ALLOW];
	case_file_set(table, "ALL: ALL");
	case_file_add(table, options, strlen(options));
	case_file_add(table, "\n", 1);
	const struct outcome *theirs = ask_theirs(d, alone);
	const bool denies = theirs->end != END_RETURNED || theirs->round[0].verdict != 1;
	access_case_write(d->c);
	free(alone);
	return denies;
}

/* Takes these traits out; false where one of them is not there. */
static bool mend(struct differential *d, unsigned traits, struct access_case *mended, const struct outcome *theirs)
{
	const unsigned of_rules = ~0U << TRAIT_ACLEXEC_STICKS; /* these depend on which rule matched */
	const struct table_walk_judge judge = {denies_alone, d};
	access_case_write(d->c); /* which trait is there can depend on it */
	*mended = *d->c;
	for (unsigned t = 0; t < TRAIT_COUNT; t++) {
		if (!(traits & 1U << t))
			continue;
		if ((t == TRAIT_ACLEXEC_STICKS && traits & ~of_rules) || (t == TRAIT_ACLEXEC_AGAIN && traits & 1U << TRAIT_ACLEXEC_STICKS))
			theirs = ask_theirs(d, mended);
		if (!case_trait_mend((enum case_trait)t, mended, theirs, &judge))
			return false;
	}
	return true;
}

/* The fewest traits that explain the difference. Returns a set of bits, 0 for none. */
static unsigned explain(struct differential *d, const struct outcome *theirs, const struct outcome *ours)
{
	struct access_case *mended = malloc(sizeof *mended);
	unsigned set = 0, there = 0;
	if (!mended)
		abort();
	for (unsigned t = 0; t < TRAIT_COUNT; t++)
		there |= mend(d, 1U << t, mended, theirs) ? 1U << t : 0;
	if (there & ((1U << TRAIT_ACLEXEC_STICKS) - 1))
		there |= 1U << TRAIT_ACLEXEC_STICKS | 1U << TRAIT_ACLEXEC_AGAIN; /* they may show only then */
	if (there & 1U << TRAIT_NUL_LINE)
		there |= 1U << TRAIT_UNREADABLE_LIST; /* what a NUL hides may hold a ':' */
	for (int most = 1; most <= 4 && !set; most++) {
		for (unsigned traits = 1; traits < 1U << TRAIT_COUNT && !set; traits++) {
			if (!(traits & ~there) && __builtin_popcount(traits) == most && mend(d, traits, mended, theirs) &&
				mended_agrees(d, mended, ours, traits))
				set = traits;
		}
	}
	free(mended);
	return set;
}

/* Asks about the case in d->c. Null: the same. Else in what they differ, with `set` why (0: unexplained). */
static const char *judge(struct differential *d, struct outcome *theirs, struct outcome *ours, unsigned *set)
{
	ask_both(d);
	*theirs = *library_runner_outcome(d->theirs);
	*ours = *library_runner_outcome(d->ours);
	const char *what = outcome_compare(d->c, theirs, ours, everything);
	*set = what ? explain(d, theirs, ours) : 0;
	return what;
}

struct fault {
	struct differential *d;
	const char *what;
};

static bool still_unexplained(void *self, const struct access_case *c)
{
	const struct fault *f = self;
	struct outcome theirs, ours;
	unsigned set;
	*f->d->c = *c;
	const char *what = judge(f->d, &theirs, &ours, &set);
	return what && strcmp(what, f->what) == 0 && set == 0;
}

static void show(struct differential *d, const char *title, const char *what, const struct outcome *theirs, const struct outcome *ours)
{
	printf("  %s%s%s\n", title, what ? ", they differ in: " : "", what ? what : "");
	access_case_print(d->c, stdout);
	outcome_print("original", d->c, theirs, stdout);
	outcome_print("ours", d->c, ours, stdout);
}

static void show_fault(struct differential *d, unsigned long number, const char *what, const struct outcome *theirs,
	const struct outcome *ours)
{
	struct outcome small_theirs, small_ours;
	struct access_case *small = malloc(sizeof *small);
	unsigned set;
	if (!small)
		abort();
	printf("not ok: case %lu of seed %" PRIu64 " differs without a reason\n", number, d->seed);
	show(d, "as it was made", what, theirs, ours);
	*small = *d->c;
	case_shrink(small, still_unexplained, &(struct fault){d, what}, SHRINK_BUDGET);
	*d->c = *small;
	what = judge(d, &small_theirs, &small_ours, &set);
	show(d, "made smaller", what, &small_theirs, &small_ours);
	fflush(stdout);
	free(small);
}

static void count_answers(struct tally *t, const struct access_case *c, const struct outcome *theirs, const struct outcome *ours)
{
	t->cases++;
	t->rounds += c->rounds;
	t->not_returned += theirs->end != END_RETURNED;
	for (unsigned i = 0; i < c->rounds; i++) {
		const struct outcome_round *r = &theirs->round[i];
		t->granted_by_rule += r->verdict == 1 && r->table != 0;
		t->granted_by_default += r->verdict == 1 && r->table == 0;
		t->denied += r->verdict == 0;
	}
	t->warned_both += theirs->warnings && ours->warnings;
	t->warned_theirs += theirs->warnings && !ours->warnings;
	t->warned_ours += !theirs->warnings && ours->warnings;
}

static void count_reasons(struct tally *t, unsigned set)
{
	if (set & (set - 1)) {
		t->explained_by_several++;
		return;
	}
	for (unsigned i = 0; i < TRAIT_COUNT; i++) {
		if (set == 1U << i)
			t->explained[i]++;
	}
}

/* Does the case have a trait that may count only for tcpdmatch, which is told less of the caller? */
static bool is_odd(struct differential *d, const struct outcome *theirs)
{
	struct access_case *mended = malloc(sizeof *mended);
	bool odd = false;
	if (!mended)
		abort();
	for (unsigned t = TRAIT_NO_NEWLINE; t <= TRAIT_UNREADABLE_LIST; t++)
		odd = odd || mend(d, 1U << t, mended, theirs);
	free(mended);
	return odd;
}

/* Does tcpdmatch say the same with both libraries? Of a case of which the libraries themselves say the same. */
static void one_match(struct differential *d, struct tally *t, unsigned long number, const struct outcome *theirs)
{
	struct match_answer with_theirs, with_ours;
	if (!match_program_takes(d->c) || is_odd(d, theirs))
		return;
	if (!match_program_ask(d->program, NULL, d->c, &with_theirs) ||
		!match_program_ask(d->program, d->library, d->c, &with_ours)) {
		fprintf(stderr, "differential: %s could not be run\n", d->program);
		exit(7);
	}
	const int verdict = theirs->round[0].verdict == 1 ? MATCH_GRANTED : MATCH_DENIED;
	t->matched++;
	t->matched_as_library += with_theirs.verdict == (enum match_verdict)verdict;
	if (with_theirs.verdict != MATCH_NONE && strcmp(with_theirs.text, with_ours.text) == 0)
		return;
	t->same--;
	t->unexplained++;
	printf("not ok: case %lu of seed %" PRIu64 ": tcpdmatch says otherwise with ours\n", number, d->seed);
	access_case_print(d->c, stdout);
	printf("  with the original:\n%s  with ours:\n%s", with_theirs.text, with_ours.text);
}

static void one_case(struct differential *d, struct tally *t, unsigned long number, bool shown)
{
	struct outcome theirs, ours;
	unsigned set;
	case_maker_make(d->c, d->seed * UINT64_C(1000003) + number);
	const char *what = judge(d, &theirs, &ours, &set);
	count_answers(t, d->c, &theirs, &ours);
	if (shown)
		show(d, "the case", what, &theirs, &ours);
	if (!what) {
		t->same++;
		if (d->match_every && number % d->match_every == 0)
			one_match(d, t, number, &theirs);
	} else if (set) {
		count_reasons(t, set);
	} else {
		t->unexplained++;
		show_fault(d, number, what, &theirs, &ours);
	}
}

static void report(const struct differential *d, const struct tally *t, double seconds)
{
	printf("# seed %" PRIu64 ": %lu cases, %lu decisions in %.1f s; of the original: %lu granted by a rule, %lu by default, "
	       "%lu denied, %lu cases did not return\n",
		d->seed, t->cases, t->rounds, seconds, t->granted_by_rule, t->granted_by_default, t->denied, t->not_returned);
	printf("# something was logged as wrong by both %lu, by the original only %lu, by ours only %lu\n", t->warned_both,
		t->warned_theirs, t->warned_ours);
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		printf("# differs on purpose, %s: %lu\n", case_trait_name((enum case_trait)i), t->explained[i]);
	printf("# differs on purpose, for several reasons: %lu\n", t->explained_by_several);
	if (t->matched)
		printf("# tcpdmatch was asked %lu times; its verdict was that of the original library %lu times\n", t->matched,
			t->matched_as_library);
	printf("%s %lu cases: %lu the same, %lu differ on purpose, %lu unexplained\n", t->unexplained ? "not ok" : "ok", t->cases,
		t->same, t->cases - t->same - t->unexplained, t->unexplained);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"theirs", 1, NULL, 't'}, {"ours", 1, NULL, 'o'}, {"seed", 1, NULL, 's'},
		{"cases", 1, NULL, 'c'}, {"only", 1, NULL, 'n'}, {"faults", 1, NULL, 'f'}, {"match", 1, NULL, 'm'},
		{"program", 1, NULL, 'p'}, {0}};
	struct differential d = {.seed = 1, .cases = 1000, .faults_allowed = 5, .program = "/usr/sbin/tcpdmatch"};
	struct tally t = {0};
	const char *theirs = NULL, *ours = NULL, *only = NULL;
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (o) {
		case 't': theirs = optarg; break;
		case 'o': ours = optarg; break;
		case 's': d.seed = strtoull(optarg, NULL, 10); break;
		case 'c': d.cases = strtoul(optarg, NULL, 10); break;
		case 'n': only = optarg; break;
		case 'f': d.faults_allowed = strtoul(optarg, NULL, 10); break;
		case 'm': d.match_every = strtoul(optarg, NULL, 10); break;
		case 'p': d.program = optarg; break;
		default: return 2;
		}
	}
	if (!theirs || !ours) {
		fputs("usage: differential --theirs LIBRARY --ours LIBRARY [--seed N] [--cases N] [--only N] [--faults N]\n", stderr);
		return 2;
	}
	d.library = ours;
	if (!private_place_enter(world_hosts_file, world_netgroups))
		return 77;
	access_case_prepare_place();
	d.c = library_runner_share(sizeof *d.c);
	d.theirs = library_runner_start(theirs, "theirs", d.c);
	d.ours = library_runner_start(ours, "ours", d.c);
	const double begin = now();
	if (only) {
		one_case(&d, &t, strtoul(only, NULL, 10), true);
	} else {
		for (unsigned long i = 0; i < d.cases && t.unexplained < d.faults_allowed; i++)
			one_case(&d, &t, i, false);
	}
	report(&d, &t, now() - begin);
	library_runner_stop(d.theirs);
	library_runner_stop(d.ours);
	return t.unexplained ? 1 : 0;
}
