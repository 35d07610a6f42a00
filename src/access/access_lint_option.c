/* SPDX-License-Identifier: ISC */
/*
 * The fields are judged one by one and written anew; only if one of them had to be corrected does the caller take
 * what was written, so that a good line keeps its blanks.
 */
#include "access/access_lint_option.h"

#include "access/access_lint_value.h"
#include "access/access_option.h"
#include "access/access_text.h"
#include "base/word_guess.h"

enum { FIELDS_MAX = 64 }; /* more options than that nobody writes; they are left alone */

enum kind {
	NONE,     /* takes no value */
	SEVERITY, /* [facility.]level */
	COMMAND,  /* a shell command */
	TEXT,     /* anything */
	VARIABLE, /* name value */
	COUNT,    /* a number */
	MAYBE,    /* a number or nothing */
	OCTAL,    /* up to 777 */
	NAME,
};

static const struct row {
	const char *name;
	enum kind kind;
	bool last;                  /* nothing may stand behind it */
	enum access_lint_code code; /* what is always to be said about it */
	enum access_lint_code form; /* what is said where its value is none */
} rows[] = {
	{"allow", NONE, true, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"deny", NONE, true, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"severity", SEVERITY, false, ACCESS_LINT_SEVERITY_STICKS, ACCESS_LINT_OPTION_VALUE},
	{"spawn", COMMAND, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"twist", COMMAND, true, ACCESS_LINT_TWIST_STAYS, ACCESS_LINT_OPTION_VALUE},
	{"aclexec", COMMAND, false, ACCESS_LINT_ACLEXEC_STICKS, ACCESS_LINT_OPTION_VALUE},
	{"rfc931", MAYBE, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"banners", TEXT, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"setenv", VARIABLE, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"umask", OCTAL, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"nice", MAYBE, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"keepalive", NONE, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"linger", COUNT, false, ACCESS_LINT_CODES, ACCESS_LINT_OPTION_VALUE},
	{"user", NAME, false, ACCESS_LINT_USER_KEPT, ACCESS_LINT_OPTION_VALUE},
	{"group", NAME, false, ACCESS_LINT_USER_KEPT, ACCESS_LINT_OPTION_VALUE},
	{"expires", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_EXPIRES_FORM},
	{"note", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_OPTION_VALUE},
	{"limit", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_LIMIT_FORM},
	{"at-most", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_AT_MOST_FORM},
	{"trap-limit", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_LIMIT_FORM},
	{"trap-at-most", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_AT_MOST_FORM},
	{"trap-time", TEXT, false, ACCESS_LINT_OPTION_OURS, ACCESS_LINT_TRAP_TIME_FORM},
};

enum { ROWS = sizeof rows / sizeof *rows };

struct field {
	struct text_slice text; /* trimmed, with its backslashes */
	struct text_slice keyword, value;
	const struct row *row; /* null: no option */
};

static const struct row *row_of(struct text_slice keyword)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (access_text_equals(keyword, rows[i].name))
			return &rows[i];
	}
	return NULL;
}

static struct field field_of(struct text_slice text)
{
	struct field f = {.text = access_text_chop(text)};
	size_t n = 0;
	while (n < f.text.length && f.text.start[n] != '=' &&
		!access_text_is_space(f.text.start[n]))
		n++;
	f.keyword = (struct text_slice){f.text.start, n};
	f.value = access_text_trim((struct text_slice){f.text.start + n, f.text.length - n});
	if (f.value.length > 0 && f.value.start[0] == '=')
		f.value = access_text_trim(
			(struct text_slice){f.value.start + 1, f.value.length - 1});
	f.row = row_of(f.keyword);
	return f;
}

/* Takes the next field off the front; ends at a ':' without a backslash. False at the end. */
static bool next_field(struct text_slice *rest, bool *more, struct text_slice *field)
{
	if (!*more)
		return false;
	size_t n = 0;
	while (n < rest->length && rest->start[n] != ':')
		n += rest->start[n] == '\\' && n + 1 < rest->length && rest->start[n + 1] == ':'
			     ? 2
			     : 1;
	*field = (struct text_slice){rest->start, n};
	*more = n < rest->length;
	*rest = (struct text_slice){
		rest->start + n + (*more ? 1 : 0), rest->length - n - (*more ? 1 : 0)};
	return true;
}

struct access_lint_effect access_lint_option_effect(struct text_slice options)
{
	struct access_lint_effect effect = {0};
	struct text_slice text;
	for (bool more = true; next_field(&options, &more, &text);) {
		struct field f = field_of(text);
		effect.grants = effect.grants || access_text_equals(f.keyword, "allow");
		effect.denies = effect.denies || access_text_equals(f.keyword, "deny");
		effect.may_not_match = effect.may_not_match ||
				       access_text_equals(f.keyword, "aclexec") ||
				       access_text_equals(f.keyword, "expires");
	}
	return effect;
}

bool access_lint_option_is_in(struct text_slice text)
{
	struct text_slice field;
	bool more = true;
	next_field(&text, &more, &field);
	while (next_field(&text, &more, &field)) {
		if (field_of(field).row != NULL)
			return true;
	}
	return false;
}

/* --- values --- */

static bool is_number(struct text_slice s, char highest)
{
	for (size_t i = 0; i < s.length; i++) {
		if (s.start[i] < '0' || s.start[i] > highest)
			return i == 0 && s.length > 1 && s.start[0] == '-' && highest == '9'
				       ? is_number((struct text_slice){s.start + 1, s.length - 1},
						 '9')
				       : false;
	}
	return s.length > 0 && s.length < 10;
}

static bool is_good_value(const struct field *f)
{
	switch (f->row->kind) {
	case NONE:
		return f->value.length == 0;
	case SEVERITY:
	case COMMAND:
	case TEXT:
	case VARIABLE:
	case NAME:
		return f->value.length > 0;
	case COUNT:
		return is_number(f->value, '9') && f->value.start[0] != '-';
	case MAYBE:
		return f->value.length == 0 || is_number(f->value, '9');
	case OCTAL:
		return is_number(f->value, '7') && f->value.length <= 4;
	}
	return true;
}

/* As the library reads it, which carries it out or denies. Its copy is undone in place; without memory nothing is said. */
static bool library_reads(const struct field *f, struct access_draft *copy, struct access_option *option)
{
	struct access_option_fault why;
	access_draft_clear(copy);
	access_draft_add_slice(copy, f->text);
	struct text_slice rest = access_draft_slice(copy);
	return copy->failed || access_option_next(&rest, option, &why) == ACCESS_OPTION_READ;
}

/* "date +%H:%M": where in the value such a word begins, and ends; false if there is none. */
static bool find_date(struct text_slice value, size_t *from, size_t *end)
{
	static const char date[] = "date ";
	for (size_t i = 0; i + sizeof date <= value.length; i++) {
		size_t at = i + sizeof date - 1;
		if (memcmp(value.start + i, date, sizeof date - 1) != 0)
			continue;
		while (at < value.length && strchr(" \"'", value.start[at]) && value.start[at] != '\0')
			at++;
		if (at == value.length || value.start[at] != '+')
			continue;
		*from = *end = at;
		while (*end < value.length && !access_text_is_space(value.start[*end]))
			++*end;
		struct text_slice word = {value.start + at, *end - at};
		const char *percent = memchr(word.start, '%', word.length);
		if (percent != NULL && percent + 1 < word.start + word.length && percent[1] != '%')
			return true;
	}
	return false;
}

static void judge_letters(const struct field *f, const struct access_lint_hearer *h)
{
	size_t from, end;
	if (f->row->kind == COMMAND && find_date(f->value, &from, &end)) {
		access_lint_tell(h, ACCESS_LINT_PERCENT_DATE, (struct text_slice){f->value.start + from, end - from});
		return;
	}
	static const char letters[] = "%aAcdhHnNprRsu";
	for (size_t i = 0; i + 1 < f->value.length; i++) {
		char letter = f->value.start[i + 1];
		if (f->value.start[i] != '%')
			continue;
		if (letter == '\0' || strchr(letters, letter) == NULL)
			access_lint_tell(h, ACCESS_LINT_PERCENT_LETTER,
				(struct text_slice){f->value.start + i, 2});
		i++;
	}
}

/* --- fields --- */

struct judge {
	const struct access_lint_hearer *hearer;
	struct access_draft *out;
	struct access_draft *comment;
	struct access_draft word; /* scratch */
	struct field before;      /* the last field that was kept */
	struct text_slice last;   /* options that must be the last, taken out where they are not */
	unsigned lasts;
	size_t spawn_at; /* where in `out` the value of a spawn begins that may go on behind a colon; 0: none */
	bool denies;     /* whom the rule fits */
	bool has_pace, has_command; /* a trap-limit for each source, a command came before */
	struct text_slice bound; /* the last bound of commands, while no command came behind it */
	bool changed, ended, unsure;
	size_t tail;             /* bytes of the last physical line */
	struct text_slice rest;  /* fields to come */
	bool more;               /* there are some */
	char time[40];           /* an expires as it should be */
};

/* The spawn before is complete: does the service wait for it? */
static void settle_spawn(struct judge *j)
{
	if (j->spawn_at > 0 && j->out->used > j->spawn_at &&
		j->out->text[j->out->used - 1] != '&') {
		access_lint_tell(j->hearer, ACCESS_LINT_SPAWN_WAITS,
			(struct text_slice){
				j->out->text + j->spawn_at, j->out->used - j->spawn_at});
		access_draft_add_text(j->out, " &");
		j->changed = true;
	}
	j->spawn_at = 0;
}

static void put(struct judge *j, struct text_slice text)
{
	settle_spawn(j);
	access_draft_add_text(j->out, j->out->used ? " : " : " ");
	access_draft_add_slice(j->out, text);
}

static bool takes_text(const struct row *row)
{
	return row != NULL && (row->kind == COMMAND || row->kind == TEXT || row->kind == VARIABLE);
}

static const char *guess_option(struct text_slice keyword)
{
	char text[WORD_GUESS_LENGTH + 1];
	if (!word_guess_copy(keyword, text))
		return NULL;
	struct word_guess guess = word_guess_of(text);
	for (size_t i = 0; i < ROWS; i++)
		word_guess_offer(&guess, rows[i].name);
	return guess.best;
}

static void judge_unknown(struct judge *j, struct field *f)
{
	const char *near = guess_option(f->keyword);
	access_draft_clear(&j->word);
	if (f->text.start[0] == '(' || f->text.start[0] == '/') {
		access_lint_tell(j->hearer, ACCESS_LINT_SHELL_COMMAND, f->text);
		access_draft_add_text(&j->word, "spawn ");
		access_draft_add_slice(&j->word, f->text);
	} else if (near != NULL) {
		access_lint_tell(j->hearer, ACCESS_LINT_OPTION_UNKNOWN, f->keyword);
		access_draft_add_text(&j->word, near);
		access_draft_add(&j->word, f->keyword.start + f->keyword.length,
			f->text.length - f->keyword.length);
	} else if (takes_text(j->before.row)) {
		access_lint_tell(j->hearer, ACCESS_LINT_OPTION_COLON, f->text);
		access_draft_add_text(j->out, "\\:");
		access_draft_add_slice(j->out, f->text);
		j->changed = true;
		return;
	} else {
		access_lint_tell(j->hearer, ACCESS_LINT_OPTION_UNKNOWN, f->keyword);
		put(j, f->text);
		return;
	}
	j->changed = true;
	put(j, access_draft_slice(&j->word));
	j->before =
		(struct field){.row = row_of(near ? text_slice_of(near) : text_slice_of("spawn"))};
}

/* --- what the host and the clock know --- */

/* An absolute path in front, of letters that mean themselves, perhaps behind a bracket. */
static bool names_file(struct text_slice value, struct text_slice *file)
{
	size_t n = 0;
	while (value.length > 0 && (value.start[0] == '(' || value.start[0] == ' '))
		value = (struct text_slice){value.start + 1, value.length - 1};
	while (n < value.length && !access_text_is_space(value.start[n]) && value.start[n] != ';' && value.start[n] != ')')
		n++;
	*file = (struct text_slice){value.start, n};
	for (size_t i = 0; i < n; i++) {
		if (value.start[i] == '\0' || strchr("%$`*?~|&<>\"'\\{}[]", value.start[i]))
			return false;
	}
	return n > 1 && value.start[0] == '/';
}

static void judge_facts(struct judge *j, const struct field *f, const struct access_option *o)
{
	struct text_slice file;
	const struct access_lint_hearer *h = j->hearer;
	if (o->kind == ACCESS_OPTION_EXPIRES && h->now_s > 0 && o->time_s <= h->now_s)
		access_lint_tell(h, ACCESS_LINT_EXPIRES_PAST, f->text);
	if (h->lacks == NULL)
		return;
	if (o->kind == ACCESS_OPTION_USER && h->lacks(h->self, ACCESS_LINT_FACT_USER, o->name))
		access_lint_tell(h, ACCESS_LINT_USER_UNKNOWN, o->name);
	if ((f->row->kind == COMMAND || o->kind == ACCESS_OPTION_BANNERS) && names_file(o->value, &file) &&
		h->lacks(h->self, ACCESS_LINT_FACT_FILE, file))
		access_lint_tell(h, ACCESS_LINT_FILE_MISSING, file);
	struct text_slice group = o->kind == ACCESS_OPTION_GROUP ? o->name : o->value;
	if ((o->kind == ACCESS_OPTION_USER || o->kind == ACCESS_OPTION_GROUP) && group.length > 0 &&
		h->lacks(h->self, ACCESS_LINT_FACT_GROUP, group))
		access_lint_tell(h, ACCESS_LINT_USER_UNKNOWN, group);
}

static void judge_value(struct judge *j, struct field *f)
{
	struct access_option read = {0};
	const bool has_words_of_its_own = f->row->kind == SEVERITY && f->value.length > 0;
	if (!is_good_value(f) || (!has_words_of_its_own && !library_reads(f, &j->word, &read))) {
		access_lint_tell(j->hearer, f->row->form, f->text);
		if (f->row->kind == NONE) {
			f->text = f->keyword;
			j->changed = true;
		}
		return;
	}
	if (!has_words_of_its_own && !j->word.failed)
		judge_facts(j, f, &read);
	if (strncmp(f->row->name, "trap-", 5) == 0) {
		j->bound = f->text;
	} else if (read.kind == ACCESS_OPTION_SPAWN || read.kind == ACCESS_OPTION_TWIST) {
		j->bound.length = 0;
		j->has_command = true;
	}
	j->has_pace = j->has_pace || (read.kind == ACCESS_OPTION_TRAP_LIMIT && read.v4_bits > 0);
	if (f->row->kind == SEVERITY) {
		bool same;
		access_draft_clear(&j->word);
		access_draft_add(&j->word, f->text.start, (size_t)(f->value.start - f->text.start));
		bool known = access_lint_value_severity(f->value, &j->word, &same);
		if (!same)
			access_lint_tell(j->hearer, ACCESS_LINT_SEVERITY_WORD, f->value);
		if (known && !same) {
			f->text = access_draft_slice(&j->word);
			j->changed = true;
		}
	}
	if (f->row->kind == COMMAND || f->row->kind == VARIABLE)
		judge_letters(f, j->hearer);
}

/* A '#' at the beginning of a word; commands have comments of their own. */
static bool find_comment(const struct field *f, size_t *at)
{
	for (size_t i = 0; i < f->text.length; i++) {
		if (f->text.start[i] == '#' &&
			(i == 0 || access_text_is_space(f->text.start[i - 1]))) {
			*at = i;
			return true;
		}
	}
	return false;
}

static void take_comment(struct judge *j, struct field *f, size_t at, const char *end)
{
	struct text_slice comment = {f->text.start + at, (size_t)(end - f->text.start) - at};
	access_lint_tell(j->hearer, ACCESS_LINT_TRAILING_COMMENT,
		(struct text_slice){comment.start, f->text.length - at});
	j->unsure = comment.length > j->tail || access_lint_option_is_in(comment);
	access_draft_add_slice(j->comment, access_text_trim(comment));
	*f = field_of((struct text_slice){f->text.start, at});
	j->changed = j->ended = true;
}

/* Its colons end the field: the fields that they made are taken with it. */
static void mend_time(struct judge *j, struct field *f, const char *end)
{
	struct access_option read;
	struct text_slice s = {f->value.start, (size_t)(end - f->value.start)};
	memcpy(j->time, "expires ", 8);
	if (f->value.length == 0 || !access_lint_value_time(&s, j->time + 8))
		return;
	struct field now = field_of(text_slice_of(j->time));
	struct text_slice left = s;
	while (left.length > 0 && access_text_is_space(left.start[0]))
		left = (struct text_slice){left.start + 1, left.length - 1};
	if ((left.length > 0 && left.start[0] != ':') || !library_reads(&now, &j->word, &read))
		return;
	access_lint_tell(j->hearer, ACCESS_LINT_EXPIRES_FORM,
		(struct text_slice){f->text.start, (size_t)(s.start - f->text.start)});
	j->more = left.length > 0;
	j->rest = (struct text_slice){left.start + j->more, left.length - j->more};
	*f = now;
	j->changed = true;
}

static void judge_field(struct judge *j, struct text_slice text, const char *end)
{
	struct field f = field_of(text);
	size_t at;
	if ((f.row == NULL || f.row->kind != COMMAND) && find_comment(&f, &at)) {
		take_comment(j, &f, at, end);
		if (f.text.length == 0)
			return;
	}
	if (f.text.length == 0) {
		access_lint_tell(j->hearer, ACCESS_LINT_OPTION_EMPTY, f.text);
		j->changed = true;
		return;
	}
	if (f.row == NULL) {
		judge_unknown(j, &f);
		return;
	}
	if (strcmp(f.row->name, "expires") == 0)
		mend_time(j, &f, end);
	if (f.row->code != ACCESS_LINT_CODES)
		access_lint_tell(j->hearer, f.row->code, f.text);
	j->before = f;
	judge_value(j, &f);
	if (f.row->last && j->more && !j->ended) {
		access_lint_tell(j->hearer, ACCESS_LINT_OPTION_ORDER, f.keyword);
		j->last = f.row->kind == NONE ? f.keyword : f.text;
		j->lasts++;
		j->changed = true;
		return;
	}
	j->lasts += f.row->last;
	put(j, f.text);
	if (strcmp(f.row->name, "spawn") == 0) {
		if (!j->denies && !j->has_pace)
			access_lint_tell(j->hearer, ACCESS_LINT_SPAWN_BOUNDED, f.text);
		j->spawn_at = j->out->used - f.value.length;
	}
}

bool access_lint_option_judge(struct text_slice options, bool table_denies, size_t tail,
	const struct access_lint_hearer *h, struct access_draft *out, struct access_draft *comment, bool *unsure)
{
	const struct access_lint_effect effect = access_lint_option_effect(options);
	struct judge j = {.hearer = h, .out = out, .comment = comment, .tail = tail, .rest = options, .more = true};
	j.denies = effect.denies || (table_denies && !effect.grants);
	const char *end = options.start + options.length;
	struct text_slice field;
	unsigned count = 0;
	while (!j.ended && count++ < FIELDS_MAX && next_field(&j.rest, &j.more, &field))
		judge_field(&j, field, end);
	/* Two that each want to be the last contradict each other: only a person knows. */
	settle_spawn(&j);
	if (j.has_command && j.bound.length > 0)
		access_lint_tell(h, ACCESS_LINT_TRAP_LATE, j.bound);
	bool solvable = j.lasts <= 1 && count <= FIELDS_MAX;
	if (j.last.length > 0 && solvable)
		put(&j, j.last);
	access_draft_free(&j.word);
	*unsure = *unsure || j.unsure;
	return j.changed && solvable;
}
