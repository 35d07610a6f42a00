/* SPDX-License-Identifier: ISC */
#include "cli/access_call.h"

#include "access/access_lint.h"
#include "access/access_set.h"
#include "base/clock.h"
#include "base/clock_now.h"
#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/access_diff.h"
#include "cli/access_host.h"
#include "cli/access_replace.h"
#include "cli/access_report.h"
#include "cli/access_rule_list.h"
#include "cli/access_set_barrier.h"
#include "cli/access_set_file.h"
#include "cli/access_set_list.h"
#include "cli/access_tables.h"
#include "cli/access_work.h"
#include "report/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const usual_tables[] = {"hosts.allow", "hosts.deny"};

static void add_table(struct access_lint *l, const char *path, enum access_lint_table table, bool *told)
{
	*told = access_work_tell(path) || *told;
	access_lint_add_file(l, path, table);
}

/* The tables of this kind among those that were named, or the usual one. */
static bool add_tables(
	struct access_lint *l, const struct access_call *c, enum access_lint_table table, bool *told)
{
	char path[4096];
	for (int i = 0; i < c->word_count; i++) {
		if (access_lint_table_of(c->words[i]) == table)
			add_table(l, c->words[i], table, told);
	}
	if (c->word_count > 0)
		return true;
	if (!access_call_table(c, usual_tables[table], path, sizeof path))
		return false;
	add_table(l, path, table, told);
	return true;
}

/* Of a host that was not asked before: of some daemons it tells once. */
static enum stop_code judge(struct access_lint *l, const struct access_call *c)
{
	struct access_host *host = access_host_create(c->root, c->inetd_conf);
	const struct access_lint_host asked = {access_host_know_daemon, access_host_lacks, host, time(NULL)};
	access_lint_init(l, &asked, c->root);
	/* Who is granted by the first table never comes to the second. */
	bool told = false, good = add_tables(l, c, ACCESS_LINT_GRANTS, &told) && add_tables(l, c, ACCESS_LINT_DENIES, &told);
	if (good)
		access_lint_finish(l);
	access_work_end(told);
	access_host_destroy(host);
	if (!good)
		return STOP_USAGE;
	if (!l->failed)
		return STOP_DONE;
	diag_error("access check: out of memory");
	return STOP_INTERNAL;
}

/* What is told of the file of entries, which belongs to the tables of a host. */
struct set_state {
	char path[PATH_MAX];
	bool barred;
	struct access_set_barrier barrier;
	struct access_set_list_others others; /* lines by another hand: a rule among them decides before the tables do */
};

static void pass_entry(void *context, const struct access_set_entry *e)
{
	(void)context;
	(void)e;
}

/* Its faults count among the others. */
static void judge_set(struct access_lint *l, const struct access_call *c, struct set_state *set)
{
	const struct access_set_visitor visitor = {pass_entry, access_set_list_take_other, &set->others};
	*set = (struct set_state){.barred = false};
	if (c->word_count > 0 || c->tables != NULL || c->classic != NULL)
		return;
	snprintf(set->path, sizeof set->path, "%s%s", c->root, ACCESS_SET_PATH);
	set->barred = access_set_barrier_find(set->path, &set->barrier);
	l->counts[ACCESS_LINT_FAULT] += set->barred;
	if (access(set->path, R_OK) == 0)
		(void)access_set_file_each(set->path, wall_time_seconds(clock_now()), &visitor);
	l->counts[ACCESS_LINT_NOTE] += set->others.rules;
	l->counts[ACCESS_LINT_WARNING] += set->others.broken;
}

static void put_barrier(const struct access_set_barrier *b, struct json_line *j)
{
	json_line_open_object(j, "set");
	json_line_put_text(j, "path", b->path);
	json_line_put_word(j, "level", "fault");
	json_line_put_text(j, "what", access_set_barrier_words(b));
	json_line_put_word(j, "mend", access_set_barrier_mend(b));
	json_line_close(j);
}

static void print_barrier(const struct access_set_barrier *b)
{
	enum { LABEL = 9 }; /* as access_report has them */
	const struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	page_put(&page, PAGE_BOLD, b->path);
	page_end_line(&page);
	page_put_spaces(&page, PAGE_INDENT);
	page_put_cell(&page, PAGE_RED, PAGE_LEFT, LABEL, "FAULT");
	page_put_wrapped(&page, PAGE_PLAIN, PAGE_INDENT + LABEL, PAGE_INDENT + LABEL,
		access_set_barrier_words(b));
	page_put_spaces(&page, PAGE_INDENT);
	page_put_cell(&page, PAGE_PLAIN, PAGE_LEFT, LABEL, "type");
	printf("%s %s\n\n", access_set_barrier_mend(b), b->path);
}

static void put_set(const struct set_state *set, struct json_line *j)
{
	if (set->barred)
		put_barrier(&set->barrier, j);
	access_set_list_put_others(j, "set_lines", &set->others);
}

static void print_set(const struct set_state *set)
{
	const struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	if (set->barred)
		print_barrier(&set->barrier);
	access_set_list_print_others(&page, set->path, &set->others);
	if (set->others.rules + set->others.broken > 0)
		page_end_line(&page);
}

/* How it ends: 1 where something is to be done; 5 where a table could not be read for want of rights. */
static enum stop_code code_of(const struct access_lint *l)
{
	for (unsigned i = 0; i < l->file_count; i++) {
		const struct access_lint_file *f = l->files[i];
		if (f->error == EACCES || f->error == EPERM)
			return STOP_NOT_PERMITTED;
	}
	return l->counts[ACCESS_LINT_FAULT] + l->counts[ACCESS_LINT_WARNING] > 0 ? STOP_NO
										 : STOP_DONE;
}

/* --- rules --- */

static bool is_table(const struct access_lint_file *f)
{
	return f->error == 0 && f->table != ACCESS_LINT_CLIENTS;
}

static void put_rules(const struct access_lint *l, const struct access_call *c, struct json_line *j)
{
	if (!c->rules && !c->implicit)
		return;
	json_line_open_list(j, "rules");
	for (unsigned i = 0; i < l->file_count; i++) {
		const struct access_lint_file *f = l->files[i];
		if (is_table(f))
			access_rule_list_put_json(f->path, f->table == ACCESS_LINT_DENIES, j);
	}
	json_line_close(j);
}

static void print_rules(const struct access_lint *l, const struct access_call *c)
{
	bool any = false;
	for (unsigned i = 0; c->rules && i < l->file_count; i++) {
		const struct access_lint_file *f = l->files[i];
		if (is_table(f))
			access_rule_list_print(f->path, f->table == ACCESS_LINT_DENIES, stdout);
	}
	for (unsigned i = 0; c->implicit && i < l->file_count; i++) {
		const struct access_lint_file *f = l->files[i];
		if (is_table(f))
			any |= access_rule_list_print_implicit(
				f->path, f->table == ACCESS_LINT_DENIES, stdout);
	}
	if (any)
		puts("");
}

/* --- what was found --- */

static enum stop_code report(const struct access_call *c)
{
	struct access_lint l;
	struct set_state set = {.barred = false};
	enum stop_code code = judge(&l, c);
	if (code == STOP_DONE)
		judge_set(&l, c, &set);
	if (code == STOP_DONE && c->json) {
		struct json_line j = {0};
		json_line_start(&j);
		json_line_put_count(&j, "v", 1);
		put_rules(&l, c, &j);
		put_set(&set, &j);
		access_report_put_json(&l, &j);
		json_line_close(&j);
		json_line_print(&j, stdout);
		json_line_clear(&j);
	} else if (code == STOP_DONE) {
		print_rules(&l, c);
		print_set(&set);
		access_report_print(&l, c->all, stdout);
		access_report_print_sum(&l, stdout);
	}
	if (code == STOP_DONE)
		code = code_of(&l);
	access_lint_clear(&l);
	return code == STOP_NO && c->classic ? STOP_DONE : code;
}

/* --- --fix --- */

static bool tell_failure(const char *path, int fault, enum stop_code *code)
{
	diag_error("%s: %s; it is as it was", path,
		fault == ESTALE ? "somebody else has changed it meanwhile" : strerror(fault));
	*code = stop_code_of_errno(fault);
	return false;
}

static bool fix_file(const struct access_call *c, const struct access_lint_file *f,
	struct json_line *j, enum stop_code *code)
{
	char backup[ACCESS_REPLACE_PATH] = "", index[ACCESS_REPLACE_PATH] = "";
	if (f->change_count == 0)
		return true;
	if (!c->json)
		access_diff_print(f, stdout);
	if (!c->dry_run && !access_replace(f->path, access_draft_slice(&f->bytes),
				   access_draft_slice(&f->fixed), backup))
		return tell_failure(f->path, errno, code);
	bool outdated = !c->dry_run && access_tables_has_index(f->path, index);
	if (c->json) {
		json_line_open_object(j, NULL);
		json_line_put_text(j, "path", f->path);
		json_line_put_text(j, "backup", backup);
		json_line_put_text(j, "outdated_index", outdated ? index : NULL);
		json_line_close(j);
	} else if (!c->dry_run) {
		printf("%s is written; the old one is %s\n", f->path, backup);
		if (outdated)
			printf("%s does not fit it any more: knockwatch access compile %s\n", index, f->path);
	}
	return true;
}

static void put_rest(unsigned left)
{
	const struct page page = {.out = stdout, .terminal = terminal_of(stdout)};
	char text[128];
	snprintf(text, sizeof text, "%s left that only a person can decide: 'knockwatch access check' tells them.",
		number_text_with(left, "finding").text);
	page_put_wrapped(&page, PAGE_PLAIN, 0, 0, text);
}

/* What is left to be decided by a person. */
static enum stop_code tell_rest(const struct access_call *c)
{
	struct access_lint l;
	struct set_state set = {.barred = false};
	enum stop_code code = judge(&l, c);
	judge_set(&l, c, &set);
	unsigned left = l.counts[ACCESS_LINT_FAULT] + l.counts[ACCESS_LINT_WARNING];
	if (code == STOP_DONE && c->json)
		; /* the counts are those of before */
	else if (code == STOP_DONE && left == 0)
		puts("Nothing is left to be corrected.");
	else if (code == STOP_DONE)
		put_rest(left);
	if (code == STOP_DONE)
		code = code_of(&l);
	access_lint_clear(&l);
	return code;
}

static enum stop_code fix(const struct access_call *c)
{
	struct access_lint l;
	struct json_line j = {0};
	enum stop_code code = judge(&l, c);
	bool good = code == STOP_DONE;
	unsigned changed = 0;
	json_line_start(&j);
	json_line_put_count(&j, "v", 1);
	json_line_open_list(&j, c->dry_run ? "to_write" : "written");
	for (unsigned i = 0; good && i < l.file_count; i++) {
		changed += l.files[i]->change_count > 0;
		good = fix_file(c, l.files[i], &j, &code);
	}
	json_line_close(&j);
	if (c->json) {
		access_report_put_json(&l, &j);
		json_line_close(&j);
		json_line_print(&j, stdout);
	}
	json_line_clear(&j);
	access_lint_clear(&l);
	if (!good)
		return code;
	if (changed == 0 && !c->json)
		puts("Nothing is to be written.");
	if (c->dry_run)
		return changed > 0 ? STOP_NO : STOP_DONE;
	return tell_rest(c);
}

/* What was named is there: a table that is not denies nobody, and would be praised for it. */
static bool is_there(const struct access_call *c)
{
	bool there = access_call_has_directories(c, "access check");
	for (int i = 0; i < c->word_count; i++) {
		struct stat facts;
		if (stat(c->words[i], &facts) == 0 || (errno != ENOENT && errno != ENOTDIR))
			continue;
		diag_error("access check: %s: %s", c->words[i], strerror(errno));
		there = false;
	}
	return there;
}

enum stop_code access_check_run(const struct access_call *c)
{
	struct access_call chosen = *c;
	if (c->classic == NULL && !is_there(c))
		return STOP_USAGE;
	enum stop_code code = STOP_USAGE;
	chosen.words = access_tables_choose(c, &chosen.word_count);
	if (c->word_count == 0 || chosen.word_count > 0)
		code = c->fix || c->dry_run ? fix(&chosen) : report(&chosen);
	free(chosen.words);
	return code;
}
