/* SPDX-License-Identifier: ISC */
/*
 * An argument is a text; a text that holds blanks is a list of words, as a shell would see it, and a word in
 * quotes is a text again. So "mysql -px" is found as three arguments, in sh -c "mysql -px", and in
 * ssh host "su -c 'mysql -px'". What a word says about the next one (--password x) is remembered from word to
 * word and from argument to argument.
 *
 * Some texts are one word in spite of their blanks: those that begin with a secret name (an argument
 * "Authorization: Bearer x", whose blanks belong to the value), unless they are a command (behind -c), where
 * "PGPASSWORD=x psql -h y" is to keep its end.
 *
 * Inside a word names, URLs and tokens are looked for wherever a run of letters begins. The value of a name
 * ends with the quote that opened it, with & in a query, and else with the word: a password may hold any
 * sign, so where it ends is not guessed.
 */
#include "event/secret_mask.h"

#include "base/text_buffer.h"
#include "event/secret_rules.h"

#include <strings.h>

enum { DEPTH_MAX = 4 }; /* quotes in quotes; deeper text is one word */

struct masker {
	const struct secret_mask_names *more;
	struct text_buffer *out;
	secret_program program;  /* whose words these are */
	unsigned bare;           /* its words without a dash so far */
	enum secret_form expect; /* of the next word, or argument */
	bool command;            /* the next argument is a command line: -c came before */
	bool cut;                /* the text may go on behind its end */
};

static void mask_text(struct masker *m, struct text_slice text, unsigned depth);
static void scan_word(struct masker *m, struct text_slice word);

static void put(struct masker *m, const char *start, size_t length)
{
	text_buffer_add_bytes(m->out, start, length);
}

static struct text_slice from(struct text_slice text, size_t at)
{
	return (struct text_slice){text.start + at, text.length - at};
}

static struct text_slice part(struct text_slice text, size_t at, size_t end)
{
	return (struct text_slice){text.start + at, end - at};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
	       c == '-' || c == '.';
}

static size_t find(struct text_slice text, char c)
{
	const char *at = text.length > 0 ? memchr(text.start, c, text.length) : NULL;
	return at != NULL ? (size_t)(at - text.start) : text.length;
}

static enum secret_form form_of_name(const struct masker *m, struct text_slice name)
{
	while (name.length > 0 && *name.start == '-')
		name = from(name, 1);
	for (unsigned i = 0; m->more != NULL && i < m->more->count; i++) {
		const char *item = m->more->items[i] + strspn(m->more->items[i], "-");
		if (strlen(item) == name.length && name.length > 0 &&
			strncasecmp(item, name.start, name.length) == 0)
			return SECRET_FORM_ALL;
	}
	return secret_rules_name(name);
}

static void put_stars(struct masker *m, struct text_slice secret)
{
	if (secret.length > 0)
		text_buffer_add(m->out, SECRET_MASK_STARS);
}

/* "Bearer x": what kind of secret it is may stay. */
static void put_header(struct masker *m, struct text_slice value)
{
	static const char *const schemes[] = {"Bearer", "Basic", "Digest", "Token", "Negotiate"};
	size_t word = 0;
	while (word < value.length && !is_blank(value.start[word]))
		word++;
	for (size_t i = 0; word < value.length && i < sizeof schemes / sizeof schemes[0]; i++) {
		if (word == strlen(schemes[i]) && strncasecmp(value.start, schemes[i], word) == 0) {
			put(m, value.start, word + 1);
			value = from(value, word + 1);
			break;
		}
	}
	put_stars(m, value);
}

/* What stands behind `sign`. Before it there may be a secret of another kind. */
static void put_after(struct masker *m, struct text_slice value, char sign)
{
	size_t at = find(value, sign);
	scan_word(m, part(value, 0, at));
	if (at == value.length)
		return;
	put(m, value.start + at, 1);
	put_stars(m, from(value, at + 1));
}

static void put_value(struct masker *m, struct text_slice value, enum secret_form form)
{
	switch (form) {
	case SECRET_FORM_NONE:
		put(m, value.start, value.length);
		break;
	case SECRET_FORM_ALL:
		put_stars(m, value);
		break;
	case SECRET_FORM_HEADER:
		put_header(m, value);
		break;
	case SECRET_FORM_AFTER_COLON:
		put_after(m, value, ':');
		break;
	case SECRET_FORM_AFTER_SIGN:
		put_after(m, value, '%');
		break;
	case SECRET_FORM_AFTER_COMMA:
		put_after(m, value, ',');
		break;
	case SECRET_FORM_AFTER_SLASH:
		put_after(m, value, '/');
		break;
	}
}

/* The end of a value that begins at `at`: see the head of this file. */
static size_t value_end(struct text_slice word, size_t at, char quote, bool query)
{
	for (size_t i = at; i < word.length && (quote != 0 || query); i++) {
		char c = word.start[i];
		if (quote != 0 && c == '\\')
			i++;
		else if (quote != 0 ? c == quote : c == '&' || c == '#')
			return i;
	}
	/* A word in quotes keeps its last one. */
	if (quote == 0 && word.length > at + 1 && is_quote(word.start[0]) &&
		word.start[word.length - 1] == word.start[0])
		return word.length - 1;
	return word.length;
}

/* A name at `at`, up to `end`, and what gives it a value: = or :, blanks and a quote around it. Returns where
 * the value begins, or 0 if it has none. */
static size_t value_start(struct text_slice word, size_t end, char *quote)
{
	size_t i = end;
	*quote = 0;
	while (i < word.length && (is_quote(word.start[i]) || word.start[i] == '\\'))
		i++;
	while (i < word.length && is_blank(word.start[i]))
		i++;
	if (i >= word.length || (word.start[i] != '=' && word.start[i] != ':'))
		return 0;
	if (word.start[i] == ':' && i + 2 < word.length && word.start[i + 1] == '/' &&
		word.start[i + 2] == '/')
		return 0;
	i++;
	while (i < word.length && is_blank(word.start[i]))
		i++;
	if (i + 1 < word.length && word.start[i] == '\\' && is_quote(word.start[i + 1]))
		return i +
		       2; /* a quote that is escaped itself: its value goes to the end of the word */
	if (i < word.length && is_quote(word.start[i]))
		*quote = word.start[i++];
	return i;
}

/* Writes a secret that the name at `at` has, up to its end, which is returned; `at` if it has none. */
static size_t put_named(struct masker *m, struct text_slice word, size_t at, size_t end)
{
	char quote;
	enum secret_form form = form_of_name(m, part(word, at, end));
	size_t start = form == SECRET_FORM_NONE ? 0 : value_start(word, end, &quote);
	if (start == 0)
		return at;
	bool query = at > 0 && (word.start[at - 1] == '?' || word.start[at - 1] == '&');
	size_t stop = form == SECRET_FORM_HEADER && quote == 0
			      ? value_end(word, start, 0, false)
			      : value_end(word, start, quote, query);
	put(m, word.start + at, start - at);
	if (start >= word.length && word.start[start - 1] != '=')
		m->expect = form;
	put_value(m, part(word, start, stop), form);
	return stop;
}

/* Where the password of user:password@host begins and ends, in a text that begins with the user; false if
 * there is none. A port ("host:8080/@scope") is no password. */
static bool find_password(
	const struct masker *m, struct text_slice text, size_t *start, size_t *end)
{
	size_t stop = 0, colon = find(text, ':');
	while (stop < text.length && strchr("/?#\"' ", text.start[stop]) == NULL)
		stop++;
	const char *at = stop > 0 ? memrchr(text.start, '@', stop) : NULL;
	if (colon >= stop)
		return false;
	*start = colon + 1;
	if (at != NULL && (size_t)(at - text.start) > colon) {
		*end = (size_t)(at - text.start);
		return true;
	}
	size_t digits = *start;
	while (digits < stop && is_digit(text.start[digits]))
		digits++;
	if (digits == stop && stop > *start)
		return false;
	at = text.length > 0 ? memrchr(text.start, '@', text.length) : NULL;
	*end = at != NULL && (size_t)(at - text.start) > colon ? (size_t)(at - text.start)
							       : text.length;
	return at != NULL ? *end < text.length : m->cut;
}

/* At "://": writes it and the authority up to its password's end; returns the place behind. */
static size_t put_authority(struct masker *m, struct text_slice word, size_t at)
{
	size_t start, end, skip = strlen("://");
	struct text_slice rest = from(word, at + skip);
	put(m, word.start + at, skip);
	if (!find_password(m, rest, &start, &end))
		return at + skip;
	put(m, rest.start, start);
	put_stars(m, part(rest, start, end));
	return at + skip + end;
}

/* "user:password@host" without a scheme, at the beginning of a word. An image ("nginx:1@sha256:...") is none. */
static size_t put_account(struct masker *m, struct text_slice word)
{
	size_t name = 0;
	while (name < word.length && is_name(word.start[name]))
		name++;
	if (name == 0 || name + 1 >= word.length || word.start[name] != ':' ||
		word.start[name + 1] == '/')
		return 0;
	size_t sign = name + 1;
	while (sign < word.length && strchr("@/\"' ", word.start[sign]) == NULL)
		sign++;
	struct text_slice host = sign < word.length ? from(word, sign + 1) : from(word, sign);
	if (sign >= word.length || word.start[sign] != '@' || sign == name + 1 ||
		host.length == 0 || !is_name(host.start[0]) ||
		(host.length > 7 && memcmp(host.start, "sha256:", 7) == 0))
		return 0;
	put(m, word.start, name + 1);
	put_stars(m, part(word, name + 1, sign));
	return sign;
}

/* One run of letters at `at`: a token, a name with a value, or neither. Returns the place behind. */
static size_t put_run(struct masker *m, struct text_slice word, size_t at)
{
	size_t length, end = at;
	size_t keep = secret_rules_token(from(word, at), m->cut, &length);
	if (keep > 0) {
		put(m, word.start + at, keep);
		text_buffer_add(m->out, SECRET_MASK_STARS);
		return at + length;
	}
	while (end < word.length && is_name(word.start[end]))
		end++;
	size_t behind = put_named(m, word, at, end);
	if (behind > at)
		return behind;
	put(m, word.start + at, end - at);
	return end;
}

static void scan_word(struct masker *m, struct text_slice word)
{
	size_t at = word.length > 0 && is_quote(word.start[0]) ? 1 : 0;
	put(m, word.start, at);
	at += put_account(m, from(word, at));
	while (at < word.length) {
		if (is_name(word.start[at])) {
			at = put_run(m, word, at);
		} else if (word.length - at >= 3 && memcmp(word.start + at, "://", 3) == 0) {
			at = put_authority(m, word, at);
		} else {
			put(m, word.start + at, 1);
			at++;
		}
	}
}

/* An option of the program that is being read; false if it is none with a secret. */
static bool put_program_option(struct masker *m, struct text_slice word)
{
	size_t used;
	enum secret_form form = secret_rules_option(m->program, word, &used);
	if (form == SECRET_FORM_NONE)
		return false;
	put(m, word.start, used);
	if (used == word.length)
		m->expect = form;
	else
		put_value(m, from(word, used), form);
	return true;
}

/* "--password" alone: the next word is the secret. "--exec=mysql -px": a command behind it. */
static bool put_long_option(struct masker *m, struct text_slice word, unsigned depth)
{
	size_t end = 0;
	while (end < word.length && is_name(word.start[end]))
		end++;
	enum secret_form form = end > 2 ? form_of_name(m, part(word, 0, end)) : SECRET_FORM_NONE;
	if (end == word.length && form != SECRET_FORM_NONE) {
		put(m, word.start, word.length);
		/* "--auth user:x" and the like; a header never comes apart like this. */
		m->expect = form;
		return true;
	}
	if (end < word.length && word.start[end] == '=' && form == SECRET_FORM_NONE &&
		depth < DEPTH_MAX) {
		put(m, word.start, end + 1);
		mask_text(m, from(word, end + 1), depth + 1);
		return true;
	}
	return false;
}

static void mask_word(struct masker *m, struct text_slice word, unsigned depth)
{
	if (m->expect != SECRET_FORM_NONE) {
		enum secret_form form = m->expect;
		m->expect = SECRET_FORM_NONE;
		put_value(m, word, form);
		return;
	}
	if (put_program_option(m, word))
		return;
	if (word.length > 0 && word.start[0] == '-') {
		if (!put_long_option(m, word, depth))
			scan_word(m, word);
		return;
	}
	secret_program named = secret_rules_program(m->program, word);
	if (named != NULL) {
		m->program = named;
		m->bare = 0;
		put(m, word.start, word.length);
		return;
	}
	enum secret_form form = secret_rules_bare(m->program, ++m->bare);
	if (form != SECRET_FORM_NONE)
		put_value(m, word, form);
	else
		scan_word(m, word);
}

/* The end of the shell word at `at`; a quote that is never closed is a sign like any other. */
static size_t word_end(struct text_slice text, size_t at)
{
	while (at < text.length && !is_blank(text.start[at]) &&
		strchr(";|&<>()", text.start[at]) == NULL) {
		size_t close = text.length;
		if (text.start[at] == '\\' && at + 1 < text.length)
			at++;
		else if (is_quote(text.start[at]))
			close = at + 1 + find(from(text, at + 1), text.start[at]);
		at = close < text.length ? close + 1 : at + 1;
	}
	return at;
}

/* A word in quotes that holds blanks is a text of its own. */
static void mask_quoted(struct masker *m, struct text_slice word, unsigned depth)
{
	bool quoted = word.length > 2 && is_quote(word.start[0]) &&
		      word.start[word.length - 1] == word.start[0];
	if (!quoted || m->expect != SECRET_FORM_NONE) {
		mask_word(m, word, depth);
		return;
	}
	put(m, word.start, 1);
	mask_text(m, part(word, 1, word.length - 1), depth + 1);
	put(m, word.start, 1);
}

static void mask_words(struct masker *m, struct text_slice text, unsigned depth)
{
	for (size_t at = 0; at < text.length;) {
		size_t end = word_end(text, at);
		if (m->expect == SECRET_FORM_HEADER && end > at) {
			m->expect = SECRET_FORM_NONE;
			put_header(m, from(text, at));
			return;
		}
		if (end > at) {
			mask_quoted(m, part(text, at, end), depth);
			at = end;
			continue;
		}
		if (strchr(";|&()", text.start[at]) != NULL) {
			m->program = NULL;
			m->expect = SECRET_FORM_NONE;
		}
		put(m, text.start + at, 1);
		at++;
	}
}

/* Does the text begin with a name whose value is secret? Then its blanks are the value's. */
static bool begins_with_secret(const struct masker *m, struct text_slice text)
{
	char quote;
	size_t end = 0;
	while (end < text.length && is_name(text.start[end]))
		end++;
	return end > 0 && form_of_name(m, part(text, 0, end)) != SECRET_FORM_NONE &&
	       value_start(text, end, &quote) != 0;
}

static void mask_text(struct masker *m, struct text_slice text, unsigned depth)
{
	bool blank = false;
	for (size_t i = 0; i < text.length && !blank; i++)
		blank = is_blank(text.start[i]);
	if (!blank || depth >= DEPTH_MAX || m->expect != SECRET_FORM_NONE ||
		(!m->command && begins_with_secret(m, text)) ||
		(depth == 0 && text.start[0] == '-'))
		mask_word(m, text, depth);
	else
		mask_words(m, text, depth);
}

/* -c, -lc, -ec: what follows is a command. */
static bool asks_for_command(struct text_slice arg)
{
	return arg.length >= 2 && arg.length <= 6 && arg.start[0] == '-' && arg.start[1] != '-' &&
	       arg.start[arg.length - 1] == 'c';
}

size_t secret_mask_args(const char *args, size_t size, bool cut,
	const struct secret_mask_names *more, char *out, size_t room)
{
	struct text_buffer buffer = text_buffer_over(out, room + 1);
	struct masker m = {.more = more, .out = &buffer};
	for (size_t at = 0; at < size;) {
		struct text_slice arg = {args + at, strnlen(args + at, size - at)};
		at += arg.length + 1;
		m.cut = cut && at >= size;
		mask_text(&m, arg, 0);
		m.command = asks_for_command(arg);
		if (at <= size)
			text_buffer_add_bytes(&buffer, "", 1);
	}
	return buffer.used;
}

void secret_mask_event(struct exec_event *e, const struct secret_mask_names *more)
{
	char masked[EXEC_ARGS_MAX + 1];
	bool cut = exec_event_is_cut(e);
	size_t used = secret_mask_args(e->args, e->args_size, cut, more, masked, EXEC_ARGS_MAX);
	memcpy(e->args, masked, used);
	e->args[used] = '\0';
	e->args_size = (uint32_t)used;
	/* Stars may be longer than what they hide: a full block has lost its end. */
	if (!cut)
		e->args_true = (uint32_t)used + (used == EXEC_ARGS_MAX);
	else if (e->args_true <= used)
		e->args_true = (uint32_t)used + 1;
}
