/* SPDX-License-Identifier: ISC */
/*
 * Most decisions read two tables to their end and find nothing, so a line that does not fit must cost little: the fields
 * are slices of the reader's buffer, and only the line that decides is copied.
 *
 * aclexec is the one option that has a say in whether its rule matches. When its command fails the rule does not match,
 * and the search goes on with the next table, not the next line: that is the original's. What is not: an "allow"
 * behind a failed aclexec does not grant, and nothing is remembered.
 */
#include "access/access_decision.h"

#include "access/access_cache.h"
#include "access/access_denial.h"
#include "access/access_expand.h"
#include "access/access_fit.h"
#include "access/access_mark.h"
#include "access/access_quick.h"
#include "access/access_reader.h"
#include "access/access_strict.h"
#include "access/access_text.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum table_result {
	NOT_MATCHED, /* the next table is asked */
	DECIDED,
};

struct deciding {
	struct access_asker asker;
	struct access_place at; /* the table and line looked at */
	bool unread;            /* hosts.allow could not be read, or not to its end */
	struct access_decision *out;
};

static enum table_result decide(struct deciding *d, enum access_verdict verdict, enum access_reason reason)
{
	d->out->verdict = verdict;
	d->out->reason = reason;
	d->out->file = d->at.file;
	d->out->line = d->at.line;
	return DECIDED;
}

static void warn(const struct deciding *d, const char *text)
{
	if (d->at.sink.warn)
		d->at.sink.warn(d->at.sink.self, d->at.file, d->at.line, text);
}

/* The table, or what was left of it, cannot be read. */
static enum table_result give_up_table(struct deciding *d, int fault)
{
	char text[192];
	d->at.line = 0;
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_add(&b, "cannot read it: ");
	access_reader_add_fault(&b, fault);
	warn(d, text);
	if (fault == ENOMEM)
		return decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
	if (d->at.denies)
		return decide(d, ACCESS_DENY, ACCESS_BY_UNREADABLE);
	d->unread = true;
	return NOT_MATCHED;
}

static char *copy_text(struct text_slice text)
{
	char *copy = malloc(text.length + 1);
	if (!copy)
		return NULL;
	memcpy(copy, text.start, text.length);
	copy[text.length] = '\0';
	return copy;
}

/* False: no memory. */
static bool keep_rule(struct deciding *d, struct text_slice line)
{
	d->out->strict = d->at.strict;
	d->out->rule = copy_text(line);
	return d->out->rule;
}

static bool keep_option(struct access_decision *out, const struct access_option *option)
{
	/* Doubled whenever the count is a power of two. */
	if ((out->option_count & (out->option_count - 1)) == 0) {
		size_t room = out->option_count ? 2 * (size_t)out->option_count : 1;
		struct access_option *moved = realloc(out->options, room * sizeof *moved);
		if (!moved)
			return false;
		out->options = moved;
	}
	out->options[out->option_count++] = *option;
	return true;
}

static void forget_rule(struct access_decision *out)
{
	free(out->rule);
	free(out->options);
	free(out->option_text);
	out->strict = false;
	out->rule = NULL;
	out->options = NULL;
	out->option_text = NULL;
	out->option_count = 0;
}

enum acceptance {
	ACCEPTED,
	NOT_ACCEPTED,
	NOT_ASKED, /* the command did not fit */
	NO_MEMORY,
};

/* A command that could not be run never opens a door: its rule fits where it denies, and does not where it grants. */
static enum acceptance ask_command(struct deciding *d, struct text_slice command, bool denies)
{
	const struct access_request *q = d->asker.q;
	if (!q->answers->accepts)
		return ACCEPTED;
	char *memory = malloc(ACCESS_EXPAND_SIZE);
	if (!memory)
		return NO_MEMORY;
	struct text_buffer b = text_buffer_over(memory, ACCESS_EXPAND_SIZE);
	enum acceptance result = NOT_ASKED;
	if (access_expand(&b, command, q, &d->at))
		result = q->answers->accepts(q->self, memory, denies) ? ACCEPTED : NOT_ACCEPTED;
	free(memory);
	return result;
}

static enum table_result deny_for_fault(struct deciding *d)
{
	return decide(d, ACCESS_DENY, ACCESS_BY_OPTION_FAULT); /* which says why: no warning */
}

/* Reads the options of the rule that fits; they may turn the table's verdict, or take the rule back. */
static enum table_result follow_options(struct deciding *d, struct text_slice rest, bool denies)
{
	enum access_verdict verdict = d->at.denies ? ACCESS_DENY : ACCESS_GRANT;
	bool taken_back = false, denied = false;
	struct access_option option;
	enum access_option_result result;
	while ((result = access_option_next(&rest, &option, &d->out->fault)) == ACCESS_OPTION_READ) {
		if (!keep_option(d->out, &option))
			return decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
		if (option.kind == ACCESS_OPTION_ALLOW)
			verdict = ACCESS_GRANT;
		denied = option.kind == ACCESS_OPTION_DENY;
		if (option.kind != ACCESS_OPTION_ACLEXEC || taken_back)
			continue;
		switch (ask_command(d, option.value, denies)) {
		case ACCEPTED:
			break;
		case NOT_ACCEPTED:
			taken_back = true;
			break;
		case NOT_ASKED:
			strcpy(d->out->fault.text, "option \"aclexec\": its command is too long with its %-letters");
			return deny_for_fault(d);
		case NO_MEMORY:
			return decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
		}
	}
	if (result == ACCESS_OPTION_FAULT)
		return deny_for_fault(d);
	if (denied)
		return decide(d, ACCESS_DENY, ACCESS_BY_RULE);
	if (!taken_back)
		return decide(d, verdict, ACCESS_BY_RULE);
	forget_rule(d->out);
	return NOT_MATCHED;
}

/* The rule denies. Would it, whatever the name that nobody could say? */
static void look_for_open_question(struct deciding *d, const struct access_rule *rule)
{
	char text[256];
	if (!d->asker.unanswered || d->out->verdict != ACCESS_DENY || d->out->reason != ACCESS_BY_RULE)
		return;
	const struct access_place at = {.file = d->at.file,
		.line = d->at.line,
		.strict = d->at.strict,
		.denies = d->at.denies,
		.rule = rule,
		.hopes = true};
	if (access_pattern_fits_rule(rule, &d->asker, &at))
		return;
	d->out->unanswered = d->asker.unanswered;
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "denied while a name is not known: %s", d->out->unanswered);
	warn(d, text);
}

static enum table_result follow_rule(struct deciding *d, struct text_slice line, const struct access_rule *rule)
{
	if (!keep_rule(d, line))
		return decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
	if (!rule->has_options)
		return decide(d, d->at.denies ? ACCESS_DENY : ACCESS_GRANT, ACCESS_BY_RULE);
	d->out->option_text = copy_text(rule->options);
	if (!d->out->option_text)
		return decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
	return follow_options(d, (struct text_slice){d->out->option_text, rule->options.length},
		access_denial_of(rule, d->at.denies, &d->asker.no_memory));
}

static enum table_result follow_matching(struct deciding *d, struct text_slice line, const struct access_rule *rule)
{
	const enum table_result result = follow_rule(d, line, rule);
	if (result == DECIDED)
		look_for_open_question(d, rule);
	return result;
}

/* The fault is in `out`. */
static enum table_result deny_for_broken_rule(struct deciding *d, struct text_slice line)
{
	char text[256];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "denied, for the table is strict and this rule is broken: %s", d->out->fault.text);
	warn(d, text);
	return decide(d, ACCESS_DENY, keep_rule(d, line) ? ACCESS_BY_BROKEN_RULE : ACCESS_BY_NO_MEMORY);
}

/* False: it is not for this request, and the next line is to be read. */
static bool look_at_line(struct deciding *d, const struct access_line *line, enum table_result *result)
{
	struct access_rule rule;
	d->at.line = line->number;
	if (access_quick_rejects(line->text, d->at.strict, &d->asker) && !line->cut_by_nul)
		return false;
	enum access_fit fit = ACCESS_FIT_BROKEN;
	if (!d->at.strict || !access_strict_line_is_odd(line, &d->out->fault)) {
		fit = access_fit_line(line->text, &d->asker, &d->at, &rule);
		if (fit == ACCESS_FIT_BROKEN)
			access_strict_text_is_broken(line->text, &d->out->fault);
	}
	if (d->asker.no_memory) {
		*result = decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
		return true;
	}
	switch (fit) {
	case ACCESS_FIT_YES:
		*result = follow_matching(d, line->text, &rule);
		return true;
	case ACCESS_FIT_BROKEN:
		*result = deny_for_broken_rule(d, line->text);
		return true;
	case ACCESS_FIT_NO_RULE:
		warn(d, "missing \":\" between daemons and clients");
		return false;
	case ACCESS_FIT_NOT:
		return false;
	}
	return false;
}

/* A rule that fits ends the reading, also where its aclexec took it back. */
static enum table_result read_table(struct deciding *d, struct access_reader *reader)
{
	struct access_mark_head head = {.over = false};
	struct access_line line;
	enum table_result decided;
	enum access_reader_result result;
	while ((result = access_reader_next(reader, &line)) == ACCESS_READER_LINE) {
		access_mark_take(&head, line.text);
		d->at.strict = head.strict;
		if (look_at_line(d, &line, &decided))
			return decided;
	}
	return result == ACCESS_READER_FAILED ? give_up_table(d, errno) : NOT_MATCHED;
}

static enum table_result read_from_top(struct deciding *d, const char *path)
{
	d->at.line = 0;
	int fd = access_reader_open(path);
	if (fd < 0)
		return errno == ENOENT ? NOT_MATCHED : give_up_table(d, errno);
	struct access_reader reader;
	access_reader_init(&reader, fd, 0, 0);
	enum table_result result = read_table(d, &reader);
	access_reader_clear(&reader);
	close(fd);
	return result;
}

/* What an index gave. */
static enum table_result follow_found(struct deciding *d, const struct access_found *found)
{
	const struct access_line *line = &found->line;
	d->at.line = line->number;
	d->at.strict = line->strict;
	if (!line->broken)
		return follow_matching(d, line->text, &found->rule);
	access_strict_text_is_broken(line->text, &d->out->fault);
	return deny_for_broken_rule(d, line->text);
}

/* A table without a path is one that cannot be read, and still has to be called something. */
static const char *name_of(const char *path, bool denies)
{
	return path ? path : denies ? "hosts.deny" : "hosts.allow";
}

static enum table_result ask_table(struct deciding *d, struct access_cache *cache, const char *path, bool denies)
{
	struct access_found found;
	d->at.file = name_of(path, denies);
	d->at.line = 0;
	d->at.denies = denies;
	d->at.strict = false;
	if (!path)
		return give_up_table(d, EFAULT);
	const enum access_found_answer answer = access_cache_find(cache, path, &d->asker, &d->at, &found);
	if (d->asker.no_memory)
		return decide(d, ACCESS_DENY, ACCESS_BY_NO_MEMORY);
	switch (answer) {
	case ACCESS_FOUND_MATCH:
		return follow_found(d, &found);
	case ACCESS_FOUND_NONE:
		return NOT_MATCHED;
	case ACCESS_FOUND_STALE:
	case ACCESS_FOUND_ODD:
		break;
	}
	return read_from_top(d, path);
}

_Static_assert(offsetof(struct access_decision, fault) + sizeof(struct access_option_fault) == sizeof(struct access_decision),
	"the fault is the last");

/* All but the text of a fault, which nobody reads where there is none. */
static void begin(struct access_decision *d, enum access_verdict verdict, enum access_reason reason)
{
	memset(d, 0, offsetof(struct access_decision, fault));
	d->fault.text[0] = '\0';
	d->verdict = verdict;
	d->reason = reason;
}

static void ask_tables(const struct access_tables *tables, struct access_cache *cache, const struct access_request *q,
	struct access_warning_sink sink, struct access_decision *out)
{
	struct deciding d = {.asker = access_asker_of(q), .at.sink = sink, .out = out};
	begin(out, ACCESS_GRANT, ACCESS_BY_DEFAULT);
	if ((!tables->set || ask_table(&d, cache, tables->set, true) == NOT_MATCHED) &&
		ask_table(&d, cache, tables->allow, false) == NOT_MATCHED &&
		ask_table(&d, cache, tables->deny, true) == NOT_MATCHED && d.unread) {
		/* It may hold rules that deny: whom no rule fits may enter only where all of them could be read. */
		d.at = (struct access_place){.file = name_of(tables->allow, false)};
		decide(&d, ACCESS_DENY, ACCESS_BY_UNREADABLE);
	}
}

void access_decision_make(const struct access_tables *tables, const struct access_request *q,
	struct access_warning_sink sink, struct access_decision *out)
{
	if (tables->cache != NULL) {
		ask_tables(tables, tables->cache, q, sink, out);
		return;
	}
	struct access_cache once = {.resident = false};
	ask_tables(tables, &once, q, sink, out);
	access_cache_clear(&once);
}

void access_decision_clear(struct access_decision *d)
{
	forget_rule(d);
	begin(d, ACCESS_DENY, ACCESS_BY_DEFAULT);
}
